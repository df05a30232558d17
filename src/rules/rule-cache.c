/* rule-cache.c - the rule files of a user: found, compiled when they have changed, kept compiled in a file */
#include "config.h"

#include "rules/rule-cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/check.h"
#include "util/buffer.h"
#include "util/child.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/translate.h"

#define ENDING ".rules"

struct rule_cache {
    struct rule_set set;
    bool has_set;
    void *mapped; /* the image in a file, or NULL */
    size_t mapped_size;
    char *allocated; /* the image in memory, or NULL */
};

struct telling {
    rule_cache_notice *notice;
    void *context;
};

static void tell(const struct telling *telling, enum log_severity severity, const char *text)
{
    if (telling->notice)
        telling->notice(telling->context, severity, text);
}

/* --- the files ---------------------------------------------------------------------------------------------------- */

struct found_file {
    const char *path;
    struct stat status;
};

/* The files of all sources, in order. */
struct found_files {
    struct arena *arena;
    struct found_file *files[LIMIT_RULE_FILES]; /* each on its own: there are fewer, and all would be 30 KB to zero */
    size_t count;
    bool too_many;
    bool incomplete; /* the system did not say just now what all there is, or what is in it */
};

/* Nobody but root and this user can have written it. */
static bool is_trusted(const struct stat *status)
{
    return S_ISREG(status->st_mode) && (status->st_uid == 0 || status->st_uid == geteuid())
        && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int by_path(const void *a, const void *b)
{
    const struct found_file *const *left = a, *const *right = b;
    return strcmp((*left)->path, (*right)->path);
}

/* Why something could not be read that may be readable the next time, and nothing in the stamp would tell.  Rights are
 * another matter: who changes them changes the time that is in it. */
static bool is_for_the_moment(int error)
{
    return error != 0 && error != ENOENT && error != ENOTDIR && error != EACCES && error != ELOOP;
}

static bool is_rule_file_name(const char *name)
{
    size_t length = strlen(name), ending = strlen(ENDING);
    return name[0] != '.' && length > ending && strcmp(name + length - ending, ENDING) == 0;
}

static void find_in(struct found_files *found, const char *directory, bool must_be_trusted)
{
    size_t first = found->count;
    DIR *stream = directory && *directory ? opendir(directory) : NULL;
    if (!stream) { /* none of the folders has to exist */
        found->incomplete |= directory && *directory && is_for_the_moment(errno);
        return;
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(stream)); errno = 0) {
        char path[PATH_MAX];
        struct stat status;
        if (!is_rule_file_name(entry->d_name) || !file_join(path, sizeof path, directory, entry->d_name))
            continue;
        if (fstatat(dirfd(stream), entry->d_name, &status, 0) != 0) {
            found->incomplete |= is_for_the_moment(errno);
            continue;
        }
        if (!S_ISREG(status.st_mode) || (must_be_trusted && !is_trusted(&status)))
            continue;
        found->too_many |= found->count == LIMIT_RULE_FILES;
        if (found->count == LIMIT_RULE_FILES) {
            errno = 0;
            break;
        }
        struct found_file *file = arena_new_object(found->arena, struct found_file);
        *file = (struct found_file){ arena_copy(found->arena, span_of(path)).data, status };
        found->files[found->count++] = file;
    }
    found->incomplete |= is_for_the_moment(errno);
    closedir(stream);
    qsort(found->files + first, found->count - first, sizeof found->files[0], by_path);
}

static void find_files(const struct rule_sources *sources, struct arena *arena, struct found_files *found)
{
    found->arena = arena;
    found->count = 0;
    found->too_many = false;
    find_in(found, sources->shipped, false);
    find_in(found, sources->administrator, false);
    find_in(found, sources->user, true);
}

/* Changes with every file, and with the checks of the program, which rules refer to.  Each step takes in the one
 * before. */
static void make_stamp(const struct found_files *found, uint8_t stamp[IMAGE_STAMP_SIZE])
{
    struct {
        uint64_t before; /* all names so far */
        int64_t numbers[5];
        uint8_t stamp[IMAGE_STAMP_SIZE];
    } facts = { .before = IMAGE_FORMAT };
    for (size_t i = 0; i < check_count; i++)
        facts.before = hash_bytes(check_table[i]->name, strlen(check_table[i]->name), facts.before);
    hash_identity(&facts, sizeof facts, check_count, stamp);
    for (size_t i = 0; i < found->count; i++) {
        const struct stat *status = &found->files[i]->status;
        const int64_t numbers[] = { status->st_size, status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
                                    status->st_ctim.tv_sec, status->st_ctim.tv_nsec };
        facts.before = hash_bytes(found->files[i]->path, strlen(found->files[i]->path), facts.before);
        memcpy(facts.numbers, numbers, sizeof numbers);
        memcpy(facts.stamp, stamp, sizeof facts.stamp);
        hash_identity(&facts, sizeof facts, i, stamp);
    }
}

/* --- an image in a file ------------------------------------------------------------------------------------------- */

/* Maps the image when it is to be trusted and is of these files. */
static bool map_image(struct rule_cache *cache, const char *path, const uint8_t stamp[IMAGE_STAMP_SIZE])
{
    struct stat status;
    int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
    if (fd < 0)
        return false;
    void *mapped = MAP_FAILED;
    if (fstat(fd, &status) == 0 && is_trusted(&status) && status.st_size > 0
        && (size_t)status.st_size <= LIMIT_RULE_IMAGE)
        mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED)
        return false;
    size_t size = (size_t)status.st_size;
    if (!rule_set_view(span_make(mapped, size), stamp, &cache->set)) {
        munmap(mapped, size);
        return false;
    }
    cache->mapped = mapped;
    cache->mapped_size = size;
    cache->has_set = true;
    return true;
}

static bool write_image(const char *path, struct span image, bool for_all, struct failure *failure)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
        if (!file_make_directories(directory, for_all ? 0755 : 0700, failure))
            return false;
    }
    return file_replace(path, image, for_all ? 0644 : 0600, failure);
}

/* --- compiling, in a child ---------------------------------------------------------------------------------------- */

struct work {
    struct found_files *found;
    struct file_bytes *contents; /* of each file; data NULL: could not be read */
    uint8_t stamp[IMAGE_STAMP_SIZE];
};

/* Before the image in a child's answer. */
struct answer_header {
    uint64_t mistakes; /* bytes of text, one mistake a line, filled up with line ends to a multiple of 8 */
};

static void append_mistakes(const struct rule_list *list, struct buffer *answer)
{
    for (const struct rule_mistake *mistake = list->mistakes; mistake; mistake = mistake->next) {
        buffer_append_string(answer, mistake->text);
        buffer_append_byte(answer, '\n');
    }
    while (answer->length % 8)
        buffer_append_byte(answer, '\n');
}

static int compile_in_child(struct child *child, void *context)
{
    const struct work *work = context;
    struct rule_list list = rule_list_new(arena_new(LIMIT_RULE_ARENA));
    for (size_t i = 0; i < work->found->count; i++)
        if (work->contents[i].data)
            rule_file_read(&list, work->found->files[i]->path,
                           span_make(work->contents[i].data, work->contents[i].length));
    struct rule_compiled compiled;
    struct failure failure = { 0 };
    if (!rule_compile(&list, work->stamp, &compiled, &failure))
        rule_list_complain(&list, "rules", 0, "%s", failure.reason);
    struct buffer mistakes = buffer_new(list.arena, (size_t)256 * 1024);
    append_mistakes(&list, &mistakes);
    struct answer_header header = { mistakes.length };
    return child_write(child, &header, sizeof header) && child_write(child, mistakes.data, mistakes.length)
                && child_write(child, compiled.image.data, compiled.image.length)
        ? 0
        : 1;
}

static void tell_mistakes(const struct telling *telling, struct span text)
{
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)length, text.data);
        if (length)
            tell(telling, LOG_SEVERITY_WARNING, line);
        text = span_from(text, length + 1);
    }
}

/* Takes the image out of an answer.  NULL: there is none that is sound. */
static char *take_image(const struct child_answer *answer, const struct work *work, const struct telling *telling,
                        struct rule_set *set)
{
    struct answer_header header;
    if (answer->end != CHILD_ANSWERED || answer->length < sizeof header) {
        char text[500];
        snprintf(text, sizeof text, _("the rule files could not be compiled, mail is judged without them: %.400s"),
                 answer->why.reason);
        tell(telling, LOG_SEVERITY_ERROR, text);
        return NULL;
    }
    memcpy(&header, answer->bytes, sizeof header);
    struct span rest = span_from(span_make(answer->bytes, answer->length), sizeof header);
    tell_mistakes(telling, span_head(rest, header.mistakes));
    struct span image = span_from(rest, header.mistakes);
    char *copy = malloc(image.length + 1);
    if (copy && image.length)
        memcpy(copy, image.data, image.length);
    if (copy && rule_set_view(span_make(copy, image.length), work->stamp, set))
        return copy;
    free(copy);
    return NULL;
}

static void read_contents(struct work *work, const struct telling *telling)
{
    size_t left = LIMIT_RULE_BYTES;
    for (size_t i = 0; i < work->found->count; i++) {
        struct failure failure = { 0 };
        size_t limit = left < LIMIT_RULE_FILE_BYTES ? left : LIMIT_RULE_FILE_BYTES;
        if (limit && file_read(work->found->files[i]->path, limit, &work->contents[i], &failure)) {
            left -= work->contents[i].length;
        } else {
            work->found->incomplete |= limit && is_for_the_moment(errno);
            tell(telling, LOG_SEVERITY_WARNING,
                 limit ? failure.reason : "the rule files are too large together: the last ones are left out");
        }
    }
    if (work->found->too_many)
        tell(telling, LOG_SEVERITY_WARNING, "there are too many rule files: some are left out");
}

/* The image of all files, on the heap, seen through `set`.  NULL: there is none, and it was told why. */
static char *compile_files(struct found_files *found, const uint8_t stamp[IMAGE_STAMP_SIZE],
                           const struct telling *telling, struct rule_set *set)
{
    struct work work = { .found = found };
    struct child_limits limits = { .wall_milliseconds = LIMIT_RULE_COMPILE_SECONDS * 2000,
                                   .cpu_seconds = LIMIT_RULE_COMPILE_SECONDS };
    memcpy(work.stamp, stamp, sizeof work.stamp);
    work.contents = arena_new_array(found->arena, struct file_bytes, found->count);
    read_contents(&work, telling);
    struct child_answer answer = child_run(NULL, compile_in_child, &work, &limits);
    char *image = take_image(&answer, &work, telling, set);
    child_answer_free(&answer);
    for (size_t i = 0; i < found->count; i++)
        file_bytes_free(&work.contents[i]);
    return image;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* Paths and stamps of LIMIT_RULE_FILES files. */
#define FILES_CEILING ((size_t)8 * 1024 * 1024)

/* What was compiled of the rest serves this run alone: kept, it would be taken for the rules until a file changes. */
static const char not_all_read[] = N_("not all rule files could be read just now: their rules are missing this time");

static void keep_image(struct rule_cache *cache, const struct rule_sources *sources, const struct telling *telling)
{
    struct failure failure = { 0 };
    char text[700];
    struct span image = span_make(cache->allocated, cache->set.header->size);
    bool has_place = sources->user_cache && *sources->user_cache;
    if (has_place && write_image(sources->user_cache, image, false, &failure))
        return;
    snprintf(text, sizeof text,
             _("the rules were compiled for this run only, which costs time with each message: %.500s"),
             has_place ? failure.reason : _("there is no state folder to keep them in"));
    tell(telling, LOG_SEVERITY_WARNING, text);
}

struct rule_cache *rule_cache_open(const struct rule_sources *sources, rule_cache_notice *notice, void *context)
{
    const struct telling telling = { notice, context };
    struct rule_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    struct arena *arena = arena_new(FILES_CEILING);
    struct found_files *found = arena_new_object(arena, struct found_files);
    find_files(sources, arena, found);
    if (found->count) {
        uint8_t stamp[IMAGE_STAMP_SIZE];
        make_stamp(found, stamp);
        if (!map_image(cache, sources->shared_cache, stamp) && !map_image(cache, sources->user_cache, stamp)) {
            cache->allocated = compile_files(found, stamp, &telling, &cache->set);
            cache->has_set = cache->allocated != NULL;
            if (cache->has_set && !found->incomplete)
                keep_image(cache, sources, &telling);
        }
    }
    if (found->incomplete)
        tell(&telling, LOG_SEVERITY_WARNING, _(not_all_read));
    arena_free(arena);
    return cache;
}

void rule_cache_close(struct rule_cache **cache)
{
    if (*cache && (*cache)->mapped)
        munmap((*cache)->mapped, (*cache)->mapped_size);
    if (*cache)
        free((*cache)->allocated);
    free(*cache);
    *cache = NULL;
}

const struct rule_set *rule_cache_set(const struct rule_cache *cache)
{
    return cache && cache->has_set ? &cache->set : NULL;
}

bool rule_cache_write(const struct rule_sources *sources, const char *path, rule_cache_notice *notice, void *context,
                      size_t *count, struct failure *failure)
{
    const struct telling telling = { notice, context };
    struct arena *arena = arena_new(FILES_CEILING);
    struct found_files *found = arena_new_object(arena, struct found_files);
    struct rule_set set;
    uint8_t stamp[IMAGE_STAMP_SIZE];
    find_files(sources, arena, found);
    make_stamp(found, stamp);
    char *image = compile_files(found, stamp, &telling, &set);
    bool written = false;
    if (!image)
        failure_set(failure, FAILURE_CONFIGURATION, "the rules could not be compiled");
    else if (found->incomplete)
        failure_set(failure, FAILURE_TEMPORARY, not_all_read);
    else if (!(path && *path))
        failure_set(failure, FAILURE_CONFIGURATION, "there is no state folder to keep compiled rules in");
    else
        written = write_image(path, span_make(image, set.header->size), path == sources->shared_cache, failure);
    *count = written ? set.rule_count : 0;
    free(image);
    arena_free(arena);
    return written;
}

void rule_cache_read_files(const struct rule_sources *sources, struct rule_list *list)
{
    struct found_files *found = arena_new_object(list->arena, struct found_files);
    find_files(sources, list->arena, found);
    for (size_t i = 0; i < found->count; i++) {
        struct file_bytes bytes;
        struct failure failure = { 0 };
        if (!file_read(found->files[i]->path, LIMIT_RULE_FILE_BYTES, &bytes, &failure)) {
            rule_list_complain(list, found->files[i]->path, 0, "%s", failure.reason);
            continue;
        }
        rule_file_read(list, found->files[i]->path, span_make(bytes.data, bytes.length));
        file_bytes_free(&bytes);
    }
}

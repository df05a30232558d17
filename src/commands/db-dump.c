/* db-dump.c - everything that has been learned as one text, and back */
#include "commands/db-dump.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/correspondents-run.h"
#include "senders/correspondents.h"
#include "senders/dated-list.h"
#include "senders/ruling.h"
#include "store/history.h"
#include "store/imported.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/log.h"

#define DUMP_VERSION 1
#define RELAYS_VERSION 1

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* The key of the store, which what was imported is kept under.  Waits for who learns, as store_dump() does: a dump
 * without what was imported takes it away where it is loaded. */
static bool find_key(const struct settings *settings, uint64_t *key, struct failure *failure)
{
    struct store_options options = settings->store;
    enum store_state state;
    options.lock_wait_milliseconds = LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS;
    struct store *store = store_open(&options, STORE_READ, &state, failure);
    if (!store)
        return false;
    *key = store_key(store);
    store_close(&store);
    return true;
}

static bool write_imported(const struct settings *settings, FILE *out, struct failure *failure)
{
    char path[PATH_MAX];
    uint64_t key;
    struct failure why = { 0 };
    if (file_join(path, sizeof path, settings->state_directory, IMPORTED_FILE) && access(path, F_OK) != 0 &&
        errno == ENOENT)
        return true;
    if (!find_key(settings, &key, failure))
        return false;
    struct imported *imported = imported_open(settings->state_directory, key, &why);
    if (imported)
        imported_write_text(imported, out);
    imported_close(&imported);
    return why.kind == FAILURE_NONE || failure_set(failure, why.kind, "%s", why.reason);
}

static bool write_correspondents(const struct settings *settings, FILE *out, struct failure *failure)
{
    struct failure why = { 0 };
    if (!correspondents_run_fetch(settings, &why))
        return failure_set(failure, why.kind, "%s", why.reason);
    struct correspondents_gathering *gathering = correspondents_gather(settings->state_directory, &why);
    if (why.kind == FAILURE_NONE && !correspondents_are_none(gathering))
        correspondents_write_text(gathering, out);
    correspondents_gather_end(&gathering);
    return why.kind == FAILURE_NONE || failure_set(failure, why.kind, "%s", why.reason);
}

static bool relays_path(const struct settings *settings, char path[PATH_MAX], struct failure *failure)
{
    return file_join(path, PATH_MAX, settings->state_directory, LIST_KNOWN_RELAYS) ||
           failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", LIST_KNOWN_RELAYS);
}

/* A file of text: its lines as they are. */
static bool write_relays(const struct settings *settings, FILE *out, struct failure *failure)
{
    char path[PATH_MAX];
    struct file_bytes bytes = { 0 };
    if (!relays_path(settings, path, failure))
        return false;
    if (!file_read(path, DATED_LIST_BYTES, &bytes, failure))
        return errno == ENOENT;
    struct span rest = span_make(bytes.data, bytes.length);
    uint64_t lines = 1;
    fprintf(out, "tamis-known-relays %d\n", RELAYS_VERSION);
    for (; rest.length; lines++) {
        size_t length = span_find_byte(rest, '\n');
        fprintf(out, "relay %.*s\n", (int)length, rest.data);
        rest = span_from(rest, length + 1);
    }
    fprintf(out, "end %" PRIu64 "\n", lines);
    file_bytes_free(&bytes);
    return true;
}

typedef bool write_section(const struct settings *settings, FILE *out, struct failure *failure);

static bool write_history(const struct settings *settings, FILE *out, struct failure *failure)
{
    struct failure why = { 0 };
    struct history_text *text = store_read_history(&settings->store, &why);
    if (text)
        history_write_text(text, out);
    free(text);
    return why.kind == FAILURE_NONE || failure_set(failure, why.kind, "%s", why.reason);
}

/* What is damaged beside the store costs no more than itself: the dump goes without it, and says so. */
static void write_beside(const struct settings *settings, FILE *out)
{
    static write_section *const sections[] = { write_imported, write_history, write_correspondents, write_relays };
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        struct failure failure = { 0 };
        if (!sections[i](settings, out, &failure))
            log_line(LOG_SEVERITY_WARNING, "not in the dump: %s", failure.reason);
    }
}

bool dump_write(const struct settings *settings, FILE *out, struct failure *failure)
{
    fprintf(out, "tamis-dump %d\n", DUMP_VERSION);
    write_beside(settings, out);
    if (fflush(out) != 0 || ferror(out))
        return failure_set_errno(failure, FAILURE_TEMPORARY, errno, "cannot write the dump");
    return store_dump(&settings->store, fileno(out), failure);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* What has been read and waits for the rest to be sound. */
struct loading {
    const struct settings *settings;
    bool is_whole; /* not of a store alone, which says nothing of the rest */
    unsigned seen; /* bits: of sections[], those that are there */
    struct text_lines lines;
    struct imported *imported;
    struct history_text *history;
    struct correspondents_gathering *correspondents;
    char *relays; /* the file's text */
    size_t relays_length;
    FILE *relays_stream; /* writes `relays` */
};

static bool read_imported(struct loading *loading, struct failure *failure)
{
    loading->imported = imported_read_text(&loading->lines, failure);
    return loading->imported != NULL;
}

static bool read_history(struct loading *loading, struct failure *failure)
{
    loading->history = history_read_text(&loading->lines, failure);
    return loading->history != NULL;
}

static bool read_correspondents(struct loading *loading, struct failure *failure)
{
    loading->correspondents =
        correspondents_read_text(&loading->lines, loading->settings->state_directory, failure);
    return loading->correspondents != NULL;
}

static bool read_relays(struct loading *loading, struct failure *failure)
{
    struct text_lines *lines = &loading->lines;
    uint64_t first = lines->number;
    loading->relays_stream = open_memstream(&loading->relays, &loading->relays_length);
    while (loading->relays_stream && text_lines_next(lines)) {
        const char *word = text_lines_word(lines);
        if (strcmp(word, "end") == 0 && (uint64_t)text_lines_number(lines, 1, INT64_MAX) == lines->number - first &&
            text_lines_done(lines))
            return fflush(loading->relays_stream) == 0;
        if (strcmp(word, "relay") != 0 || !lines->good)
            break;
        fprintf(loading->relays_stream, "%s\n", lines->rest ? lines->rest : "");
        if (ftell(loading->relays_stream) > (long)DATED_LIST_BYTES)
            break;
    }
    return text_lines_fail(lines, "known relays", failure);
}

/* --- putting it in place ------------------------------------------------------------------------------------------ */

static bool save_imported(const struct loading *loading, struct failure *failure)
{
    return imported_save(loading->imported, loading->settings->state_directory, failure);
}

static bool save_history(const struct loading *loading, struct failure *failure)
{
    return store_write_history(&loading->settings->store, loading->history, failure);
}

static bool save_correspondents(const struct loading *loading, struct failure *failure)
{
    const struct companion_mark none = { { 0 } }; /* the store is new */
    return correspondents_save(loading->correspondents, false, failure) &&
           correspondents_share(&loading->settings->store, &none, failure);
}

static bool save_relays(const struct loading *loading, struct failure *failure)
{
    char path[PATH_MAX];
    return relays_path(loading->settings, path, failure) &&
           file_replace(path, span_make(loading->relays, loading->relays_length), 0600, failure);
}

/* --- sections ----------------------------------------------------------------------------------------------------- */

static const struct section {
    const char *head, *file;
    bool (*read)(struct loading *loading, struct failure *failure);
    bool (*save)(const struct loading *loading, struct failure *failure);
} sections[] = {
    { "tamis-imported 1", IMPORTED_FILE, read_imported, save_imported },
    { "tamis-history 1", HISTORY_FILE, read_history, save_history },
    { "tamis-correspondents 1", CORRESPONDENTS_FILE, read_correspondents, save_correspondents },
    { "tamis-known-relays 1", LIST_KNOWN_RELAYS, read_relays, save_relays },
};

/* One section, each once at most. */
static bool read_section(struct loading *loading, struct failure *failure)
{
    const struct text_lines *lines = &loading->lines;
    for (unsigned i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strcmp(lines->line, sections[i].head) == 0 && !(loading->seen & 1u << i)) {
            loading->seen |= 1u << i;
            return sections[i].read(loading, failure);
        }
    return failure_set(failure, FAILURE_INPUT,
                       "line %" PRIu64 ": no section that this program knows begins here, or one that was there "
                       "already", lines->number);
}

/* Up to the first line of the store, which is left to be read by whom it belongs to. */
static bool read_beside(struct loading *loading, struct failure *failure)
{
    struct text_lines *lines = &loading->lines;
    while (text_lines_next(lines)) {
        if (strncmp(lines->line, "tamis-store ", 12) == 0) {
            text_lines_again(lines);
            return true;
        }
        if (lines->number == 1 && strcmp(lines->line, "tamis-dump 1") != 0)
            return failure_set(failure, FAILURE_INPUT, "line 1: not a dump that this program can read");
        loading->is_whole = true;
        if (lines->number > 1 && !read_section(loading, failure))
            return false;
    }
    return text_lines_ended(lines, "tamis-store", failure);
}

/* What stood beside the old state and is not in the dump goes: the state is what the dump says. */
static bool save_beside(const struct loading *loading, struct failure *failure)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (loading->seen & 1u << i) {
            if (!sections[i].save(loading, failure))
                return false;
        } else if (file_join(path, sizeof path, loading->settings->state_directory, sections[i].file)) {
            unlink(path);
        }
    return true;
}

static void free_loading(struct loading *loading)
{
    text_lines_free(&loading->lines);
    imported_close(&loading->imported);
    free(loading->history);
    correspondents_gather_end(&loading->correspondents);
    if (loading->relays_stream)
        fclose(loading->relays_stream);
    free(loading->relays);
}

/* On a server the history goes with the store that makes room; a dump of a store alone leaves it as it is. */
static bool keep_history(struct loading *loading, struct failure *failure)
{
    struct failure why = { 0 };
    if (!loading->is_whole && store_is_remote(&loading->settings->store))
        loading->history = store_read_history(&loading->settings->store, &why);
    return why.kind == FAILURE_NONE || failure_set(failure, why.kind, "%s", why.reason);
}

bool dump_load(const struct settings *settings, FILE *in, bool replace, struct failure *failure)
{
    struct loading loading = { .settings = settings, .lines = text_lines_from(in) };
    bool done = read_beside(&loading, failure) && keep_history(&loading, failure) &&
                store_load(&settings->store, &loading.lines, replace, failure);
    if (done && text_lines_next(&loading.lines))
        log_line(LOG_SEVERITY_WARNING, "loaded; what stands behind the dump from line %" PRIu64 " on is left",
                 loading.lines.number);
    if (done && loading.history && !loading.is_whole)
        done = save_history(&loading, failure);
    if (done && loading.is_whole)
        done = save_beside(&loading, failure);
    free_loading(&loading);
    return done;
}

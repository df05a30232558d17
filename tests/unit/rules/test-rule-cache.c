/* test-rule-cache.c - compiled rules are kept, made anew when a file changes, and believed only when they are ours */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rule-cache.h"
#include "util/file.h"

struct scratch {
    char root[64], rules[128], file[160], cache[160];
    struct rule_sources sources;
    char told[2000]; /* all notices */
};

static void note(void *context, enum log_severity severity, const char *text)
{
    struct scratch *scratch = context;
    (void)severity;
    size_t used = strlen(scratch->told);
    snprintf(scratch->told + used, sizeof scratch->told - used, "%s\n", text);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    assert_true(file_replace(path, span_of(text), mode, NULL));
}

static void set_up(struct scratch *scratch)
{
    *scratch = (struct scratch){ .root = "/tmp/test-rule-cache-XXXXXX" };
    assert_non_null(mkdtemp(scratch->root));
    snprintf(scratch->rules, sizeof scratch->rules, "%s/rules", scratch->root);
    snprintf(scratch->file, sizeof scratch->file, "%s/a.rules", scratch->rules);
    snprintf(scratch->cache, sizeof scratch->cache, "%s/state/rules.cache", scratch->root);
    assert_int_equal(mkdir(scratch->rules, 0755), 0);
    write_file(scratch->file, "rule A\n describe d\n points 1\n text /abc/\n", 0644);
    scratch->sources = (struct rule_sources){ .shipped = scratch->rules, .user_cache = scratch->cache };
}

static void tear_down(struct scratch *scratch)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", scratch->root);
    assert_int_equal(system(command), 0);
}

static size_t rule_count(struct scratch *scratch)
{
    scratch->told[0] = '\0';
    struct rule_cache *cache = rule_cache_open(&scratch->sources, note, scratch);
    const struct rule_set *set = rule_cache_set(cache);
    size_t count = set ? set->rule_count : 0;
    rule_cache_close(&cache);
    return count;
}

static struct stat status_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status;
}

static void is_kept_until_a_file_changes(void **state)
{
    struct scratch scratch;
    set_up(&scratch);
    assert_int_equal(rule_count(&scratch), 1);
    assert_string_equal(scratch.told, "");
    struct stat first = status_of(scratch.cache);
    assert_int_equal(first.st_mode & 0777, 0600);
    assert_int_equal(rule_count(&scratch), 1);
    assert_int_equal(status_of(scratch.cache).st_ino, first.st_ino); /* not written again */
    write_file(scratch.file, "rule A\n describe d\n points 1\n text /abc/\nrule _B\n text /x/\n", 0644);
    assert_int_equal(rule_count(&scratch), 2);
    char other[200];
    snprintf(other, sizeof other, "%s/b.rules", scratch.rules);
    write_file(other, "rule C\n describe d\n points 1\n text /abc/\nrule D\n text\n", 0644);
    assert_int_equal(rule_count(&scratch), 3);
    assert_non_null(strstr(scratch.told, "b.rules:6: \"\": /expression/flags"));
    assert_int_equal(rule_count(&scratch), 3);
    assert_string_equal(scratch.told, ""); /* told once */
    unlink(other);
    unlink(scratch.file);
    assert_int_equal(rule_count(&scratch), 0);
    tear_down(&scratch);
}

static void flip(const char *path, off_t at)
{
    char byte;
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

/* A damaged image is not believed but made anew, wherever the damage is. */
static void damage_is_noticed(void **state)
{
    struct scratch scratch;
    set_up(&scratch);
    assert_int_equal(rule_count(&scratch), 1);
    off_t size = status_of(scratch.cache).st_size;
    for (off_t at = 0; at < size; at += 1 + size / 60) {
        ino_t before = status_of(scratch.cache).st_ino;
        flip(scratch.cache, at);
        assert_int_equal(rule_count(&scratch), 1);
        if (status_of(scratch.cache).st_ino == before)
            fail_msg("a changed byte %ld was believed", (long)at);
    }
    for (off_t length = 0; length < size; length += 1 + size / 20) {
        assert_int_equal(truncate(scratch.cache, length), 0);
        assert_int_equal(rule_count(&scratch), 1);
        assert_int_equal(status_of(scratch.cache).st_size, size);
    }
    tear_down(&scratch);
}

static void what_others_can_write_is_not_believed(void **state)
{
    struct scratch scratch;
    set_up(&scratch);
    for (mode_t mode = 0602; mode <= 0620; mode += 016) {
        assert_int_equal(rule_count(&scratch), 1);
        ino_t before = status_of(scratch.cache).st_ino;
        assert_int_equal(chmod(scratch.cache, mode), 0);
        assert_int_equal(rule_count(&scratch), 1);
        assert_int_not_equal(status_of(scratch.cache).st_ino, before);
    }
    if (geteuid() == 0) {
        ino_t before = status_of(scratch.cache).st_ino;
        assert_int_equal(chown(scratch.cache, 12345, 12345), 0);
        assert_int_equal(rule_count(&scratch), 1);
        assert_int_not_equal(status_of(scratch.cache).st_ino, before);
    }
    /* Nor are a user's rules that somebody else can write. */
    scratch.sources.user = scratch.rules;
    scratch.sources.shipped = NULL;
    assert_int_equal(rule_count(&scratch), 1);
    assert_int_equal(chmod(scratch.file, 0666), 0);
    assert_int_equal(rule_count(&scratch), 0);
    tear_down(&scratch);
}

static void works_without_a_place_to_keep_it(void **state)
{
    struct scratch scratch;
    char in_the_way[200];
    set_up(&scratch);
    snprintf(in_the_way, sizeof in_the_way, "%s/state", scratch.root);
    write_file(in_the_way, "", 0600);
    assert_int_equal(rule_count(&scratch), 1);
    assert_non_null(strstr(scratch.told, "compiled for this run only"));
    scratch.sources.user_cache = NULL;
    assert_int_equal(rule_count(&scratch), 1);
    assert_non_null(strstr(scratch.told, "there is no state folder"));
    tear_down(&scratch);
}

/* All users take the machine's image, as long as they have no rules of their own. */
static void the_shared_image_serves_all(void **state)
{
    struct scratch scratch;
    char shared[200];
    struct failure failure = { 0 };
    size_t count = 0;
    set_up(&scratch);
    snprintf(shared, sizeof shared, "%s/cache/rules.cache", scratch.root);
    scratch.sources.shared_cache = shared;
    assert_true(rule_cache_write(&scratch.sources, shared, NULL, NULL, &count, &failure));
    assert_int_equal(count, 1);
    assert_int_equal(status_of(shared).st_mode & 0777, 0644);
    assert_int_equal(rule_count(&scratch), 1);
    assert_int_not_equal(access(scratch.cache, F_OK), 0);
    char own[200];
    snprintf(own, sizeof own, "%s/own.rules", scratch.root);
    write_file(own, "rule OWN\n describe d\n points 1\n text /abc/\n", 0600);
    scratch.sources.user = scratch.root;
    assert_int_equal(rule_count(&scratch), 2);
    assert_int_equal(access(scratch.cache, F_OK), 0);
    tear_down(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_kept_until_a_file_changes),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(what_others_can_write_is_not_believed),
        cmocka_unit_test(works_without_a_place_to_keep_it),
        cmocka_unit_test(the_shared_image_serves_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

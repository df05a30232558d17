/* test-dns-cache.c - answers kept for as long as they hold, and a damaged file that says nothing */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outside/dns-cache.h"

#define NOW INT64_C(1795341600)

static char folder[] = "/tmp/tamis-dns-XXXXXX";
static char path[80];

static int make_folder(void **state)
{
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/" DNS_CACHE_FILE, folder);
    return 0;
}

static int remove_folder(void **state)
{
    unlink(path);
    rmdir(path);
    return rmdir(folder);
}

static void note(const char *name, enum dns_outcome outcome, uint32_t seconds)
{
    struct dns_query query = { .name = name, .outcome = outcome, .seconds = seconds };
    for (uint32_t i = 0; outcome == DNS_RECORDS && i < 7; i++)
        query.addresses[query.address_count++] = 0x7F000002 + i;
    struct dns_cache *cache = dns_cache_open(folder);
    assert_non_null(cache);
    dns_cache_note(cache, &query, NOW);
    dns_cache_close(&cache);
}

static bool find(const char *name, int64_t later, struct dns_query *query)
{
    struct dns_cache *cache = dns_cache_open(folder);
    *query = (struct dns_query){ .name = name };
    bool found = dns_cache_find(cache, query, NOW + later);
    dns_cache_close(&cache);
    return found;
}

static void answers_are_kept_as_long_as_they_hold(void **state)
{
    static const struct {
        const char *name;
        enum dns_outcome outcome;
        uint32_t seconds;
        int64_t later;
        bool want;
    } cases[] = {
        { "a.example", DNS_RECORDS, 300, 299, true },
        { "b.example", DNS_RECORDS, 300, 300, false },
        { "c.example", DNS_RECORDS, 0, DNS_CACHE_LEAST_SECONDS - 1, true },
        { "d.example", DNS_RECORDS, 2000000000, DNS_CACHE_MOST_SECONDS, false },
        { "e.example", DNS_RECORDS, 2000000000, DNS_CACHE_MOST_SECONDS - 1, true },
        { "f.example", DNS_NO_RECORD, 0, DNS_CACHE_NO_RECORD_SECONDS - 1, true },
        { "g.example", DNS_NO_RECORD, 86400, DNS_CACHE_NO_RECORD_SECONDS, false },
        { "h.example", DNS_NOT_TOLD, 300, 0, false },
        { "i.example", DNS_RECORDS, 300, -90000, false }, /* the clock was wrong then or is wrong now */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dns_query got;
        note(cases[i].name, cases[i].outcome, cases[i].seconds);
        if (find(cases[i].name, cases[i].later, &got) != cases[i].want)
            fail_msg("%s after %d s is %s", cases[i].name, (int)cases[i].later, cases[i].want ? "gone" : "there");
        if (cases[i].want)
            assert_int_equal(got.outcome, cases[i].outcome);
        if (cases[i].want && cases[i].outcome == DNS_RECORDS)
            assert_int_equal(got.addresses[DNS_CACHE_ADDRESSES - 1], 0x7F000002 + DNS_CACHE_ADDRESSES - 1);
        assert_false(find("other.example", 0, &got));
    }
}

/* Whatever byte of the file is changed: the answer as it was, or none. */
static void damage_says_nothing(void **state)
{
    struct stat status;
    note("a.example", DNS_RECORDS, 300);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    size_t size = (size_t)status.st_size, forgotten = 0;
    char *whole = malloc(size);
    int fd = open(path, O_RDWR);
    assert_int_equal(read(fd, whole, size), size);
    for (size_t i = 0; i < size; i += size > 4096 ? 7 : 1) {
        char byte = (char)(whole[i] ^ 0x10);
        struct dns_query got;
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
        if (find("a.example", 0, &got))
            assert_int_equal(got.addresses[0], 0x7F000002);
        else
            forgotten++;
        assert_int_equal(pwrite(fd, whole, size, 0), size);
    }
    assert_true(forgotten > 0);
    close(fd);
    free(whole);
}

static void what_is_no_file_is_left_alone(void **state)
{
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_null(dns_cache_open(folder));
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_null(dns_cache_open(folder));
    unlink(path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_null(dns_cache_open(folder));
    unlink(path);
    assert_null(dns_cache_open(""));
    struct dns_query query = { .name = "a.example" };
    assert_false(dns_cache_find(NULL, &query, NOW));
    dns_cache_note(NULL, &query, NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_kept_as_long_as_they_hold),
        cmocka_unit_test(damage_says_nothing),
        cmocka_unit_test(what_is_no_file_is_left_alone),
    };
    return cmocka_run_group_tests_name("cache of DNS lists", tests, make_folder, remove_folder);
}

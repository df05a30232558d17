/* test-places.c - paths with names of users in them, and the names that must never become part of a path */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "config/places.h"

#define LONG_NAME_100 \
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjjj"

static const struct {
    const char *user, *path, *want;
} expansions[] = {
    { "joe", "/var/lib/tamis/%u", "/var/lib/tamis/joe" },
    { "joe@example.org", "/srv/%d/%n/tamis", "/srv/example.org/joe/tamis" },
    { "joe@example.org", "/srv/%u", "/srv/joe@example.org" },
    { "joe", "~/Maildir", "/home/joe/Maildir" },
    { "joe", "~", "/home/joe" },
    { "joe", "%h/mail", "/home/joe/mail" },
    { "joe", "/100%%/x", "/100%/x" },
    { "joe", "/a~b/~", "/a~b/~" },
    { "joe", "mail", NULL },
    { "joe", "~fred/mail", NULL },
    { "joe", "%u/mail", NULL },
    { "joe", "/x/%q", NULL },
    { "joe", "/x/%", NULL },
    { "joe", "/x/%d", NULL },
    { "@example.org", "/x/%n", NULL },
    { "..", "/var/lib/tamis/%u", NULL },
    { ".", "/var/lib/tamis/%u", NULL },
    { ".ssh", "/var/lib/tamis/%u", NULL },
    { "../root", "/var/lib/tamis/%u", NULL },
    { "a/b", "/var/lib/tamis/%u", NULL },
    { "a@../../etc", "/var/lib/%d", NULL },
    { "a@..", "/var/lib/%d", NULL },
    { "a\nb", "/var/lib/%u", NULL },
    { LONG_NAME_100 LONG_NAME_100 LONG_NAME_100, "/var/lib/%u", NULL },
};

static void paths_are_expanded_or_refused(void **state)
{
    setenv("HOME", "/home/joe", 1);
    for (size_t i = 0; i < sizeof expansions / sizeof expansions[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct failure failure = { 0 };
        struct places places = places_find(arena, expansions[i].user);
        const char *got = places_expand(&places, expansions[i].path, &failure), *want = expansions[i].want;
        if (!got != !want || (got && strcmp(got, want) != 0))
            fail_msg("%s for %s: got %s, want %s", expansions[i].path, expansions[i].user, got ? got : "(refused)",
                     want ? want : "(refused)");
        if (!got)
            assert_true(failure.kind == FAILURE_CONFIGURATION && failure.reason[0]);
        arena_free(arena);
    }
}

/* Of the command line: also below the current directory, which is / here. */
static const struct {
    const char *user, *path, *want;
} given[] = {
    { "joe", "/s/%u", "/s/joe" },
    { "joe", "mail/%u", "/mail/joe" },
    { "joe", "50%%", "/50%" },
    { "joe", "%h/mail", "/home/joe/mail" },
    { "joe", "~/mail", "/home/joe/mail" },
    { "joe", "~fred/mail", NULL },
    { "joe", "", NULL },
    { "../x", "/s/%u", NULL },
    { "../x", "mail/%u", NULL },
    { "joe", "mail/%d", NULL },
    { "../x", "/s/joe", "/s/joe" },
};

static void paths_of_the_command_line_are_expanded_or_refused(void **state)
{
    setenv("HOME", "/home/joe", 1);
    assert_int_equal(chdir("/"), 0);
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct failure failure = { 0 };
        struct places places = places_find(arena, given[i].user);
        const char *got = places_expand_given(&places, given[i].path, &failure), *want = given[i].want;
        if (!got != !want || (got && strcmp(got[1] == '/' ? got + 1 : got, want) != 0))
            fail_msg("%s for %s: got %s, want %s", given[i].path, given[i].user, got ? got : "(refused)",
                     want ? want : "(refused)");
        if (!got)
            assert_true(failure.kind == FAILURE_CONFIGURATION && failure.reason[0]);
        arena_free(arena);
    }
}

static void what_is_quoted_is_expanded_to_itself(void **state)
{
    static const char *const paths[] = { "/a", "/50%", "/%u/%%/%", "/a b/%h" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct failure failure = { 0 };
        struct places places = places_find(arena, "..");
        const char *got = places_expand_given(&places, places_quote(arena, paths[i]), &failure);
        assert_non_null(got);
        assert_string_equal(got, paths[i]);
        arena_free(arena);
    }
}

static void a_path_of_many_percents_is_bounded(void **state)
{
    char path[4096] = "/";
    for (size_t i = 1; i + 2 < sizeof path; i += 2)
        memcpy(path + i, "%u", 3);
    struct arena *arena = arena_new(1 << 20);
    struct failure failure = { 0 };
    struct places places = places_find(arena, LONG_NAME_100);
    assert_null(places_expand(&places, path, &failure));
    assert_non_null(strstr(failure.reason, "longer than"));
    arena_free(arena);
}

static void a_relative_home_is_none(void **state)
{
    setenv("HOME", "tmp", 1);
    struct arena *arena = arena_new(1 << 20);
    struct places places = places_find(arena, "joe");
    assert_true(!places.home || places.home[0] == '/');
    arena_free(arena);
}

static void user_comes_from_the_environment_when_not_given(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct failure failure = { 0 };
    setenv("USER", "", 1);
    setenv("LOGNAME", "ann", 1);
    struct places places = places_find(arena, NULL);
    assert_string_equal(places_expand(&places, "/%u", &failure), "/ann");
    setenv("USER", "bob", 1);
    places = places_find(arena, NULL);
    assert_string_equal(places_expand(&places, "/%u", &failure), "/bob");
    unsetenv("USER");
    unsetenv("LOGNAME");
    places = places_find(arena, NULL);
    const char *path = places_expand(&places, "/%u", &failure);
    assert_true(path && strlen(path) > 1);
    arena_free(arena);
}

static void xdg_counts_only_when_absolute(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    setenv("HOME", "/home/joe", 1);
    struct places places = places_find(arena, "joe");
    setenv("XDG_STATE_HOME", "/state", 1);
    assert_string_equal(places_by_xdg(&places, "XDG_STATE_HOME", ".local/state", "tamis"), "/state/tamis");
    setenv("XDG_STATE_HOME", "state", 1);
    assert_string_equal(places_by_xdg(&places, "XDG_STATE_HOME", ".local/state", "tamis"),
                        "/home/joe/.local/state/tamis");
    unsetenv("XDG_STATE_HOME");
    places.home = NULL;
    assert_null(places_by_xdg(&places, "XDG_STATE_HOME", ".local/state", "tamis"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_expanded_or_refused),
        cmocka_unit_test(paths_of_the_command_line_are_expanded_or_refused),
        cmocka_unit_test(what_is_quoted_is_expanded_to_itself),
        cmocka_unit_test(a_path_of_many_percents_is_bounded),
        cmocka_unit_test(a_relative_home_is_none),
        cmocka_unit_test(user_comes_from_the_environment_when_not_given),
        cmocka_unit_test(xdg_counts_only_when_absolute),
    };
    return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}

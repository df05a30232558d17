/* test-starter.c - starter knowledge: what is made of mail, what a file is believed, when it fades */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "learn/starter-building.h"
#include "learn/starter.h"
#include "message-fixture.h"
#include "util/file.h"

static char directory[] = "/tmp/tamis-starter.XXXXXX";

static const char *path_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void add(struct starter_building *building, const char *domain, const char *text, enum label label)
{
    char message[500];
    struct arena *arena = fixture_arena();
    struct failure failure = { 0 };
    snprintf(message, sizeof message, "From: somebody@%s\nSubject: news\n\n%s\n", domain, text);
    const struct message *read = fixture_message(message, arena);
    struct starter_example example = starter_example_of(read, 0, arena);
    assert_true(starter_building_add(building, &example, example.sender, label, &failure));
    arena_free(arena);
}

/* Ham about gardens and spam about watches, of four senders each; and words that only one sender, or few messages,
 * have. */
static void write_starter(const char *path)
{
    static const char *const domains[] = { "a.example", "b.example", "c.example", "d.example" };
    struct starter_building *building = starter_building_new(STARTER_SENDERS_LEAST, false);
    struct arena *arena = arena_new(STARTER_BYTES * 4);
    struct buffer file = buffer_new(arena, STARTER_BYTES);
    struct failure failure = { 0 };
    for (int i = 0; i < 40; i++) {
        add(building, domains[i % 4], "the garden wall and the roses", LABEL_HAM);
        add(building, domains[i % 4], "cheap watches for 1234 euros", LABEL_SPAM);
        add(building, "one.example", "swordfish", LABEL_SPAM);
    }
    for (int i = 0; i < 3; i++)
        add(building, domains[i], "seldom", LABEL_SPAM);
    assert_true(starter_building_finish(building, &file, &failure));
    assert_int_equal(file.length, STARTER_BYTES);
    assert_true(file_replace(path, buffer_span(&file), 0600, &failure));
    starter_building_free(&building);
    arena_free(arena);
}

static double says(const char *text)
{
    struct failure failure = { 0 };
    struct arena *arena = fixture_arena();
    struct starter *starter = starter_open(path_of("words"), &failure);
    assert_non_null(starter);
    double log_odds = starter_log_odds(starter, fixture_message(text, arena), arena);
    starter_close(&starter);
    assert_null(starter);
    arena_free(arena);
    return log_odds;
}

#define UNKNOWN "Subject: x\n\nzzzz\n" /* what is said of a message of which no word is known */

static void words_are_weighed(void **state)
{
    static const struct {
        const char *name, *text;
        int want; /* -1 towards ham, 1 towards spam, 0 as unknown */
    } cases[] = {
        { "words of spam", "Subject: x\n\ncheap watches\n", 1 },
        { "words of ham", "Subject: x\n\nthe garden roses\n", -1 },
        { "case is the same word", "Subject: x\n\nCHEAP Watches\n", 1 },
        { "so are other digits", "Subject: x\n\n9876 euros\n", 1 },
        { "and invisible characters inside",
          "Subject: x\nContent-Type: text/plain; charset=utf-8\n\nche\xE2\x80\x8B" "ap wat\xC2\xAD" "ches\n", 1 },
        { "what one sender wrote is in no weight", "Subject: x\n\nswordfish\n", 0 },
        { "nor what stood in few messages", "Subject: x\n\nseldom\n", 0 },
        { "a word of the text is another in the subject", "Subject: cheap watches\n\nzzzz\n", 0 },
        { "header fields take no part", "Subject: x\nX-Mailer: cheap watches\n\nzzzz\n", 0 },
    };
    (void)state;
    double unknown = says(UNKNOWN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = says(cases[i].text), difference = got - unknown;
        int sign = difference > 0.05 ? 1 : difference < -0.05 ? -1 : 0;
        if (sign != cases[i].want)
            fail_msg("%s: %g, unknown words %g", cases[i].name, got, unknown);
    }
}

static void the_same_mail_gives_the_same_file(void **state)
{
    struct failure failure = { 0 };
    struct file_bytes first, second;
    (void)state;
    write_starter(path_of("again"));
    assert_true(file_read(path_of("words"), 0, &first, &failure));
    assert_true(file_read(path_of("again"), 0, &second, &failure));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    file_bytes_free(&first);
    file_bytes_free(&second);
}

static void one_class_is_not_enough(void **state)
{
    struct starter_building *building = starter_building_new(STARTER_SENDERS_LEAST, false);
    struct arena *arena = arena_new(STARTER_BYTES * 4);
    struct buffer file = buffer_new(arena, STARTER_BYTES);
    struct failure failure = { 0 };
    (void)state;
    add(building, "a.example", "cheap watches", LABEL_SPAM);
    assert_false(starter_building_finish(building, &file, &failure));
    assert_int_equal(failure.kind, FAILURE_INPUT);
    starter_building_free(&building);
    arena_free(arena);
}

static void share_fades_with_the_rarer_class(void **state)
{
    static const struct {
        uint64_t lessons[2];
        double want;
    } cases[] = {
        { { 0, 0 }, 1 },         { { 0, 5000 }, 1 },    { { 500, 500 }, 0.5 },
        { { 5000, 250 }, 0.75 }, { { 1000, 1000 }, 0 }, { { UINT64_MAX, UINT64_MAX }, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(starter_share(cases[i].lessons) > cases[i].want - 1e-9 &&
                    starter_share(cases[i].lessons) < cases[i].want + 1e-9);
}

/* The file with one byte changed, or cut or lengthened. */
static void what_is_not_one_is_not_believed(void **state)
{
    static const struct {
        const char *name;
        long flip;     /* the byte that is changed; -1 none */
        size_t length;
        bool opens;    /* but is not sound */
    } cases[] = {
        { "mark", 0, STARTER_BYTES, false },         { "version", 8, STARTER_BYTES, false },
        { "slot bits", 12, STARTER_BYTES, false },   { "unit", 16, STARTER_BYTES, false },
        { "its sum", 32, STARTER_BYTES, false },     { "sum of weights", 40, STARTER_BYTES, true },
        { "a weight", 5000, STARTER_BYTES, true },   { "cut", -1, STARTER_BYTES - 1, false },
        { "longer", -1, STARTER_BYTES + 1, false },  { "empty", -1, 0, false },
    };
    struct file_bytes bytes;
    struct failure failure = { 0 };
    (void)state;
    assert_true(file_read(path_of("words"), 0, &bytes, &failure));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = calloc(1, STARTER_BYTES + 1);
        memcpy(copy, bytes.data, bytes.length);
        if (cases[i].flip >= 0)
            copy[cases[i].flip] = (char)(copy[cases[i].flip] ^ 0x11);
        assert_true(file_replace(path_of("changed"), span_make(copy, cases[i].length), 0600, &failure));
        struct starter *starter = starter_open(path_of("changed"), &failure);
        bool sound = starter && starter_is_sound(starter);
        if ((starter != NULL) != cases[i].opens || sound || (!starter && failure.kind != FAILURE_INPUT))
            fail_msg("%s: %s", cases[i].name, starter ? "opened" : failure.reason);
        starter_close(&starter);
        free(copy);
        failure = (struct failure){ 0 };
    }
    file_bytes_free(&bytes);
    assert_null(starter_open(path_of("none"), &failure));
    assert_int_equal(failure.kind, FAILURE_NONE);
    assert_null(starter_open(directory, &failure));
    assert_int_equal(failure.kind, FAILURE_INPUT);
}

/* Three users know that roses are ham; one says a hundred times that they are spam.  Written to `words2`. */
static double roses_say(bool even, int lies)
{
    struct starter_building *building = starter_building_new(2, even);
    struct arena *arena = fixture_arena();
    struct buffer file = buffer_new(arena, STARTER_BYTES);
    struct failure failure = { 0 };
    const struct message *of_roses = fixture_message("Subject: x\n\nroses\n", arena);
    const struct message *of_watches = fixture_message("Subject: x\n\nwatches\n", arena);
    const struct starter_example roses = starter_example_of(of_roses, 0, arena);
    const struct starter_example watches = starter_example_of(of_watches, 0, arena);
    for (uint64_t i = 0; i < 30; i++) {
        assert_true(starter_building_add(building, &roses, i % 3, LABEL_HAM, &failure));
        assert_true(starter_building_add(building, &watches, i % 3, LABEL_SPAM, &failure));
    }
    for (int i = 0; i < lies; i++)
        assert_true(starter_building_add(building, &roses, 3, LABEL_SPAM, &failure));
    assert_true(starter_building_finish(building, &file, &failure));
    assert_true(file_replace(path_of("even"), buffer_span(&file), 0600, &failure));
    starter_building_free(&building);
    struct starter *starter = starter_open(path_of("even"), &failure);
    assert_non_null(starter);
    double log_odds = starter_log_odds(starter, of_roses, arena);
    starter_close(&starter);
    arena_free(arena);
    return log_odds;
}

static void one_user_does_not_decide_for_the_others(void **state)
{
    (void)state;
    double honest = roses_say(true, 0), lied = roses_say(true, 100), many = roses_say(true, 400);
    double uneven = roses_say(false, 400);
    if (!(honest < 0.2 && lied < 1 && many < 1 && uneven > many))
        fail_msg("without lies %g, with 100 %g, with 400 %g, and where users weigh what they have %g", honest, lied,
                 many, uneven);
}

static int make_directory(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return 1;
    write_starter(path_of("words"));
    return 0;
}

static int remove_directory(void **state)
{
    static const char *const names[] = { "words", "again", "changed", "even" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(directory);
}

/* What a child may answer that has been taken over: slots that are none, or one twice. */
static void examples_are_not_trusted(void **state)
{
    static const struct {
        const char *name;
        uint32_t slots[3];
        size_t count;  /* that it says */
        size_t length; /* of the slots there are, in bytes */
        bool want;
    } cases[] = {
        { "none", { 0 }, 0, 0, true },
        { "in any order", { 7, 3, STARTER_SLOTS - 1 }, 3, 12, true },
        { "too large a slot", { 7, STARTER_SLOTS }, 2, 8, false },
        { "one twice", { 7, 3, 7 }, 3, 12, false },
        { "fewer than it says", { 7, 3 }, 3, 8, false },
        { "more than it says", { 7, 3 }, 1, 8, false },
        { "half a slot", { 7, 3 }, 1, 6, false },
        { "no end of slots", { 7 }, UINT32_MAX, 4, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = fixture_arena();
        struct buffer bytes = buffer_new(arena, 1000);
        const struct starter_example given = { 9, -120, cases[i].slots, cases[i].length / sizeof(uint32_t) };
        struct starter_example got;
        starter_example_encode(&given, &bytes);
        for (size_t k = 0; k < sizeof(uint32_t); k++)
            bytes.data[12 + k] = (char)(cases[i].count >> 8 * k);
        buffer_append(&bytes, span_make("\0\0\0", cases[i].length % sizeof(uint32_t)));
        bool good = starter_example_decode(buffer_span(&bytes), arena, &got);
        if (good != cases[i].want || (good && (got.sender != 9 || got.points != -120 || got.count != cases[i].count)))
            fail_msg("%s: %d", cases[i].name, good);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_weighed),
        cmocka_unit_test(the_same_mail_gives_the_same_file),
        cmocka_unit_test(one_class_is_not_enough),
        cmocka_unit_test(share_fades_with_the_rarer_class),
        cmocka_unit_test(examples_are_not_trusted),
        cmocka_unit_test(one_user_does_not_decide_for_the_others),
        cmocka_unit_test(what_is_not_one_is_not_believed),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}

/* test-import.c - dumps of other filters: what is taken from them, and what is refused by the number of its line */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/import.h"
#include "learn/tokens.h"

#define KEY 42

/* The feature of a word or of two words side by side, as a message would have it. */
static uint32_t feature_of(const char *text)
{
    uint32_t features[8];
    struct token_sink sink = { .seed = tokens_seed(KEY), .features = features, .capacity = 8 };
    struct canonical canonical = { .text = span_of(text) };
    token_words.draw(&canonical, NULL, &sink);
    return features[sink.count - 1];
}

static struct import *read_text(const char *text, size_t length, struct failure *failure)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");
    assert_non_null(file);
    struct import *import = import_read(file, KEY, NULL, NULL, failure);
    fclose(file);
    return import;
}

/* "ham/spam" of a word. */
static const char *counts_of(const struct imported *imported, const char *word, char out[32])
{
    uint32_t feature = feature_of(word);
    struct pair_counts counts = { 0 };
    uint64_t lessons[2] = { 0, 0 };
    imported_add(imported, 0, &feature, 1, &counts, lessons);
    snprintf(out, 32, "%u/%u", counts.ham, counts.spam);
    return out;
}

#define BOGOFILTER ".MSG_COUNT 100 200 20261122\n"
#define SPAMPROBE "200,100,1,\"__COUNT__\"\n"
#define SPAMASSASSIN "v\t3\tdb_version # this must be the first line!!!\nv\t100\tnum_spam\nv\t200\tnum_nonspam\n"
/* printf lottery | sha1sum | cut -c 31-40 */
#define HASH_OF_LOTTERY "6efad5ef13"

static const struct {
    const char *name, *dump, *words, *from, *word, *want;
} dumps[] = {
    { "a word of bogofilter", BOGOFILTER "lottery 9 2 20261122\n", NULL, "bogofilter", "lottery", "2/9" },
    { "its case counts", BOGOFILTER "lottery 9 2 20261122\n", NULL, "bogofilter", "Lottery", "0/0" },
    { "the totals may come last", "lottery 9 2 20261122\n" BOGOFILTER, NULL, "bogofilter", "lottery", "2/9" },
    { "a list of timestamp=no", ".ENCODING 2 0\n.MSG_COUNT 100 200\nlottery 9 2\nother 2 2\n", NULL, "bogofilter",
      "lottery", "2/9" },
    { "a list of which a part has days", ".MSG_COUNT 100 200\nlottery 9 2 1\nother 3 4\n", NULL, "bogofilter",
      "lottery", "2/9" },
    { "of several places the largest counts",
      BOGOFILTER "subj:lottery 9 2 1\nlottery 8 7 1\nhead:lottery 1 1 1\n", NULL,
      "bogofilter", "lottery", "7/9" },
    { "of one message it says nothing", BOGOFILTER "lottery 1 0 1\nother 2 2 1\n", NULL, "bogofilter", "lottery",
      "0/0" },
    { "the envelope is no word", BOGOFILTER "rtrn:lottery 9 9 1\nother 2 2 1\n", NULL, "bogofilter", "lottery", "0/0" },
    { "what is cut otherwise here is no word", BOGOFILTER "lot*tery 9 9 1\nother 2 2 1\n", NULL, "bogofilter", "tery",
      "0/0" },
    { "years of mail count for a thousand lessons", ".MSG_COUNT 40000 4000 1\nlottery 20000 400 1\n", NULL,
      "bogofilter", "lottery", "100/500" },
    { "a word of spamprobe", SPAMPROBE "2,9,1,\"lottery\"\n", NULL, "spamprobe", "lottery", "2/9" },
    { "which knows small letters alone", SPAMPROBE "2,9,1,\"lottery\"\n", NULL, "spamprobe", "Lottery", "2/9" },
    { "and two words side by side", SPAMPROBE "2,9,1,\"win lottery\"\n", NULL, "spamprobe", "win lottery", "2/9" },
    { "and words of header fields", SPAMPROBE "2,9,1,\"Hsubject_lottery\"\n", NULL, "spamprobe", "lottery", "2/9" },
    { "counts of occurrences are at most all messages", SPAMPROBE "2,900,1,\"lottery\"\n", NULL, "spamprobe", "lottery",
      "2/100" },
    { "the sums of messages are no words", SPAMPROBE "2,2,1,\"__MD5__lottery\"\n3,3,1,\"other\"\n", NULL, "spamprobe",
      "lottery", "0/0" },
    { "a word of SpamAssassin that is offered",
      SPAMASSASSIN "t\t9\t2\t1\t" HASH_OF_LOTTERY "\ns\th\tabc@sa_generated\n",
      "you win the lottery", "SpamAssassin", "lottery", "2/9" },
    { "one with a large letter is found small", SPAMASSASSIN "t\t9\t2\t1\t" HASH_OF_LOTTERY "\n", "Lottery",
      "SpamAssassin", "Lottery", "2/9" },
};

static void words_are_taken_as_ours(void **state)
{
    for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++) {
        struct failure failure = { 0 };
        struct import_summary summary;
        char got[32];
        struct import *import = read_text(dumps[i].dump, strlen(dumps[i].dump), &failure);
        if (!import)
            fail_msg("%s: %s", dumps[i].name, failure.reason);
        assert_int_equal(import_wants_words(import), dumps[i].words != NULL);
        if (dumps[i].words)
            import_offer_words(import, span_of(dumps[i].words));
        struct imported *imported = import_finish(import, &summary, &failure);
        if (!imported)
            fail_msg("%s: %s", dumps[i].name, failure.reason);
        if (strcmp(counts_of(imported, dumps[i].word, got), dumps[i].want) != 0 ||
            strcmp(summary.from, dumps[i].from) != 0)
            fail_msg("%s: got %s of %s, want %s of %s", dumps[i].name, got, summary.from, dumps[i].want, dumps[i].from);
        imported_close(&imported);
        import_free(&import);
    }
}

static const struct {
    const char *name, *dump, *want; /* part of the reason */
} refused[] = {
    { "nothing", "\n", "line 1: not the output of" },
    { "a message", "From: a@example.org\n", "line 1: not the output of" },
    { "one number", "lottery 9\n", "line 1: not the output of" },
    { "a word where a number belongs", BOGOFILTER "lottery many 2 1\n", "line 2: not a line of a dump of bogofilter" },
    { "a negative count", BOGOFILTER "lottery -9 2 1\n", "line 2:" },
    { "a count beyond all counts", BOGOFILTER "lottery 99999999999999999999 2 1\n", "line 2:" },
    { "no word", BOGOFILTER " 9 2 1\n", "line 2:" },
    { "no word and no day", BOGOFILTER " 9 2\n", "line 2:" },
    { "one count", BOGOFILTER "lottery 9\n", "line 2:" },
    { "a count that is none", BOGOFILTER "lottery 9 x 1\n", "line 2:" },
    { "an unclosed quote", SPAMPROBE "2,9,1,\"lottery\n", "line 2: not a line of a dump of spamprobe" },
    { "another filter's line", SPAMPROBE "lottery 9 2 1\n", "line 2:" },
    { "a hash that is none", SPAMASSASSIN "t\t9\t2\t1\t6efa\n", "line 4: not a line of a dump of SpamAssassin" },
    { "a line of a kind nobody knows", SPAMASSASSIN "x\t9\n", "line 4:" },
};

static void nonsense_is_refused_by_its_line(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct failure failure = { 0 };
        struct import *import = read_text(refused[i].dump, strlen(refused[i].dump), &failure);
        if (import || failure.kind != FAILURE_INPUT || !strstr(failure.reason, refused[i].want))
            fail_msg("%s: got \"%s\", want \"%s\"", refused[i].name, import ? "read" : failure.reason, refused[i].want);
    }
}

static void a_line_without_end_is_refused(void **state)
{
    size_t length = 3 * IMPORT_LINE_MOST;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, BOGOFILTER, strlen(BOGOFILTER));
    struct failure failure = { 0 };
    assert_null(read_text(text, length, &failure));
    assert_non_null(strstr(failure.reason, "line 2"));
    free(text);
}

static const char *const too_little[] = {
    ".MSG_COUNT 0 200 1\nlottery 9 2 1\n", /* no spam */
    ".MSG_COUNT 100 0 1\nlottery 9 2 1\n",
    "lottery 9 2 1\n",                     /* no totals */
    BOGOFILTER,                            /* no words */
    SPAMASSASSIN "t\t9\t2\t1\t" HASH_OF_LOTTERY "\n", /* none that was offered */
};

static void what_says_too_little_is_no_import(void **state)
{
    for (size_t i = 0; i < sizeof too_little / sizeof *too_little; i++) {
        struct failure failure = { 0 };
        struct import_summary summary;
        struct import *import = read_text(too_little[i], strlen(too_little[i]), &failure);
        assert_non_null(import);
        assert_null(import_finish(import, &summary, &failure));
        assert_int_equal(failure.kind, FAILURE_INPUT);
        import_free(&import);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_as_ours),
        cmocka_unit_test(nonsense_is_refused_by_its_line),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(what_says_too_little_is_no_import),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}

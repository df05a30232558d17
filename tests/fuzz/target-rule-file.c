/* target-rule-file.c - rule files: read, compiled, and run on a message without regard to what they say */
#include "config.h"

#include "fuzz.h"

#include "mail/message.h"
#include "rules/evaluate.h"
#include "rules/rule-compile.h"
#include "util/limits.h"
#include "util/utf8.h"

static const char letter[] = "From: \"Bank of Africa\" <a@free.example>\n"
                             "To: user@example.net\n"
                             "Subject: account suspended\n"
                             "Content-Type: text/html; charset=utf-8\n"
                             "\n"
                             "<p>Dear friend, click <a href=\"https://pay.login.example/a?b=1\">here</a>: "
                             "aaaaaaaaaaaaaaaa "
                             "1,000,000 dollars for v1agra</p><div style=\"display:none\">secret words</div>\n";

/* Complaints go to terminals and logs. */
static void check_mistakes(const struct rule_list *list)
{
    size_t count = 0;
    for (const struct rule_mistake *mistake = list->mistakes; mistake; mistake = mistake->next, count++)
        fuzz_require(fuzz_is_printable(span_of(mistake->text)));
    fuzz_require(count == (list->mistake_count <= LIMIT_RULE_MISTAKES ? list->mistake_count : LIMIT_RULE_MISTAKES + 1));
}

static void run_rules(const struct rule_set *set, struct arena *arena)
{
    struct rules_settings settings = { .rules = set };
    struct hits hits;
    const struct message *message = message_parse(span_of(letter), arena);
    rules_evaluate(message, NULL, &settings, arena, &hits);
    for (size_t i = 0; i < hits.count; i++) {
        fuzz_require(utf8_is_valid(hits.items[i].detail) && hits.items[i].detail.length <= 300);
        fuzz_require(fuzz_is_printable(hits.items[i].detail));
    }
}

FUZZ_TARGET(rule_file, "rule files are read, compiled and run")
{
    static const uint8_t stamp[IMAGE_STAMP_SIZE] = { 1, 2, 3 };
    struct arena *rules_arena = arena_new(LIMIT_RULE_ARENA);
    struct rule_list list = rule_list_new(rules_arena);
    struct rule_compiled compiled;
    struct rule_set set;
    struct failure failure = { 0 };
    rule_file_read(&list, "fuzz.rules", input);
    check_mistakes(&list);
    fuzz_require(list.count <= LIMIT_RULES && list.condition_count <= LIMIT_RULES_CONDITIONS);
    if (rule_compile(&list, stamp, &compiled, &failure)) {
        check_mistakes(&list);
        fuzz_require(rule_set_view(compiled.image, stamp, &set));
        fuzz_require(set.rule_count <= list.count);
        run_rules(&set, arena);
    } else {
        fuzz_require(failure.kind != FAILURE_NONE);
    }
    arena_free(rules_arena);
}

/* test-option-table.c - what each kind of setting takes and refuses, and that the table agrees with itself */
#include "unit.h"

#include <stdio.h>

#include "fake-rules.h"

#include "config/option-table.h"

static const struct {
    const char *option, *value;
    bool want_accepted;
} values[] = {
    { "required", "5", true },
    { "required", "-100", true },
    { "required", "+100.00", true },
    { "required", ".5", true },
    { "required", "5.", true },
    { "required", "100.01", false },
    { "required", "5.001", false },
    { "required", "5,5", false },
    { "required", "", false },
    { "required", ".", false },
    { "required", "-", false },
    { "required", "--5", false },
    { "required", "1e1", false },
    { "required", "0x10", false },
    { "required", "nan", false },
    { "required", "99999999999999999999999999", false },
    { "required", "5 # five", false },
    { "filter", "yes", true },
    { "filter", "OFF", true },
    { "filter", "1", true },
    { "filter", "maybe", false },
    { "filter", "", false },
    { "headers", "bogofilter", true },
    { "headers", "Minimal", true },
    { "headers", "rspamd", false },
    { "log", "auto", true },
    { "log", "-1", false },
    { "maildir", "/var/mail/%u", true },
    { "maildir", "", false },
    { "junk_days", "0", true },
    { "junk_days", "365", true },
    { "junk_days", "", false },
    { "junk_days", "-1", false },
    { "junk_days", "10.5", false },
    { "junk_days", "10 days", false },
    { "junk_days", "36501", false },
    { "junk_days", "99999999999999999999", false },
    { "expire_most", "0", false },
    { "digest", "Weekly", true },
    { "digest", "hourly", false },
    { "junk_folder", "Junk", true },
    { "junk_folder", "Lists.Junk", true },
    { "junk_folder", "Ind&AOk-sirables", true },
    { "junk_folder", "", false },
    { "junk_folder", ".Junk", false },
    { "junk_folder", "Junk.", false },
    { "junk_folder", "..", false },
    { "junk_folder", "a..b", false },
    { "junk_folder", "../../etc", false },
    { "junk_folder", "a/b", false },
    { "junk_folder", "Ind\xC3\xA9sirables", false },
    { "junk_folder", "a\nb", false },
    { "trusted_networks", "", true },
    { "trusted_networks", "192.0.2.0/24, 2001:db8::/32 198.51.100.7", true },
    { "trusted_networks", "192.0.2.0/33", false },
    { "friend_networks", "example.org", false },
    { "own_domains", "example.org,mail.example.net", true },
    { "own_domains", "example..org", false },
    { "own_domains", "anna@example.org", false },
    { "internal_addresses", "staff@example.org all@example.org", true },
    { "internal_addresses", "example.org", false },
    { "authserv_id", "mx.example.org", true },
    { "authserv_id", "mx.example.org;", false },
};

static void values_are_taken_or_refused(void **state)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const struct option *option = option_find(values[i].option);
        assert_non_null(option);
        bool got = option_store(option, values[i].value, NULL);
        if (got != values[i].want_accepted)
            fail_msg("%s = %s: got %s", values[i].option, values[i].value, got ? "accepted" : "refused");
    }
}

static void numbers_are_hundredths(void **state)
{
    static const struct {
        const char *value;
        int want;
    } numbers[] = { { "5", 500 },  { "5.0", 500 },     { "7.31", 731 }, { "-0.5", -50 }, { ".05", 5 },
                    { "3.", 300 }, { "-100", -10000 }, { "0", 0 },      { "-0", 0 },     { "0099.9", 9990 } };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int got = 123456;
        assert_true(option_read_points(&option_score, numbers[i].value, &got));
        if (got != numbers[i].want)
            fail_msg("%s: got %d, want %d", numbers[i].value, got, numbers[i].want);
    }
}

static void every_default_is_accepted_and_every_entry_complete(void **state)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &option_table[i];
        char accepted[200];
        if (!option_store(option, option->default_value, NULL))
            fail_msg("%s: its own default \"%s\" is refused", option->name, option->default_value);
        option_describe_accepted(option, accepted, sizeof accepted);
        assert_true(strlen(accepted) > 5 && strlen(accepted) < sizeof accepted - 1);
        assert_true(option->help[strlen(option->help) - 1] == '.');
        assert_ptr_equal(option_find(option->name), option);
    }
}

/* Each field is filled by one option: two entries with the same field would be a slip of copying. */
static void no_field_is_filled_twice(void **state)
{
    for (size_t i = 0; i < option_count; i++)
        for (size_t j = 0; j < i; j++)
            if (option_table[i].offset == option_table[j].offset)
                fail_msg("%s and %s fill the same field", option_table[i].name, option_table[j].name);
}

static void choices_are_listed_in_a_sentence(void **state)
{
    char accepted[200];
    option_describe_accepted(option_find("headers"), accepted, sizeof accepted);
    assert_string_equal(accepted, "spamassassin, bogofilter or minimal");
    option_describe_accepted(option_find("required"), accepted, sizeof accepted);
    assert_string_equal(accepted, "a number from -100 to 100 with at most two decimals");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_taken_or_refused),
        cmocka_unit_test(numbers_are_hundredths),
        cmocka_unit_test(every_default_is_accepted_and_every_entry_complete),
        cmocka_unit_test(no_field_is_filled_twice),
        cmocka_unit_test(choices_are_listed_in_a_sentence),
    };
    return cmocka_run_group_tests_name("option table", tests, NULL, NULL);
}

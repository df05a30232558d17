/* test-sightings.c - what a line of a bad list is worth: a person's all, the program's by how often it was met */
#include "unit.h"

#include "rules/sightings.h"

static const struct {
    const char *name, *line;
    unsigned sightings, share;
} rows[] = {
    { "no comment", "evil.example", SIGHTINGS_BY_HAND, 100 },
    { "a person's comment", "evil.example # seen on 14 March", SIGHTINGS_BY_HAND, 100 },
    { "met once", "evil.example  # trap 2026-11-22 1", 1, 30 },
    { "met twice", "evil.example  # trap 2026-11-22 2\r", 2, 50 },
    { "met three times", "evil.example  # trap 2026-11-22 3", 3, 75 },
    { "met often enough", "evil.example  # trap 2026-11-22 4", 4, 100 },
    { "met very often", "evil.example  # trap 2026-11-22 999999999", 999999999, 100 },
    { "without a blank", "evil.example#trap 2026-11-22 1", 1, 30 },
    { "another mark", "evil.example  # trapped 2026-11-22 1", SIGHTINGS_BY_HAND, 100 },
    { "a mark and more", "evil.example  # trap 2026-11-22 1 and still there", SIGHTINGS_BY_HAND, 100 },
    { "no count", "evil.example  # trap 2026-11-22", SIGHTINGS_BY_HAND, 100 },
    { "a count of none", "evil.example  # trap 2026-11-22 0", SIGHTINGS_BY_HAND, 100 },
    { "a count beyond all numbers", "evil.example  # trap 2026-11-22 99999999999999999999", SIGHTINGS_BY_HAND, 100 },
    { "a count that is none", "evil.example  # trap 2026-11-22 2x", SIGHTINGS_BY_HAND, 100 },
    { "nothing", "", SIGHTINGS_BY_HAND, 100 },
};

static void lines_are_worth_what_stands_behind_them(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned sightings = sightings_of_line(span_of(rows[i].line));
        if (sightings != rows[i].sightings || sightings_share(sightings) != rows[i].share)
            fail_msg("%s: got %u (%u %%), want %u (%u %%)", rows[i].name, sightings, sightings_share(sightings),
                     rows[i].sightings, rows[i].share);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lines_are_worth_what_stands_behind_them) };
    return cmocka_run_group_tests_name("sightings", tests, NULL, NULL);
}

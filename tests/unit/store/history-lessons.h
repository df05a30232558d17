/* history-lessons.h - lessons of one name and what is known of it then, of a history alone and of a store's */
#ifndef TAMIS_TESTS_UNIT_STORE_HISTORY_LESSONS_H
#define TAMIS_TESTS_UNIT_STORE_HISTORY_LESSONS_H

/* Each letter is a lesson: h, s learn a message as ham or spam, H, S take that of the letter before it back. */
static const struct history_lessons {
    const char *name, *lessons;
    unsigned ham, spam;
} history_lessons[] = {
    { "none", "", 0, 0 },
    { "ham", "hh", 2, 0 },
    { "spam", "s", 0, 1 },
    { "both", "hshs", 2, 2 },
    { "one taken back", "hhHs", 1, 1 },
    { "changed from ham to spam", "hHs", 0, 1 },
    { "all taken back", "hHsS", 0, 0 },
};

#define HISTORY_LESSONS (sizeof history_lessons / sizeof *history_lessons)

#endif

/* decision.c - what is learned from where a message lies: the table */
#include "mailbox/decision.h"

#include <stddef.h>

#define ANY (-1)

/* A row holds when all its columns do; the first that holds decides. */
static const struct row {
    int own;             /* bool */
    int belief;          /* enum belief */
    int place;           /* enum place */
    int place_changed;   /* bool */
    int keyword;         /* enum junk_keyword */
    int keyword_changed; /* bool */
    struct decision decision;
} rows[] = {
    /* own belief      place           moved  keyword           marked   lesson          why */
    { true, ANY,           ANY,            ANY,   ANY,              ANY,   { BELIEF_NONE, "the user's own mail" } },
    { ANY,  ANY,           PLACE_NOWHERE,  ANY,   ANY,              ANY,   { BELIEF_NONE, "gone" } },
    { ANY,  ANY,           PLACE_TRASH,    ANY,   ANY,              ANY,   { BELIEF_NONE, "in Trash" } },
    { ANY,  ANY,           PLACE_OWN,      ANY,   ANY,              ANY,   { BELIEF_NONE, "in Sent or Drafts" } },

    /* A move against the belief is the strongest word. */
    { ANY,  BELIEF_NONE,   PLACE_JUNK,     true,  ANY,              ANY,   { BELIEF_SPAM, "moved into Junk" } },
    { ANY,  BELIEF_HAM,    PLACE_JUNK,     true,  ANY,              ANY,   { BELIEF_SPAM, "moved into Junk" } },
    { ANY,  BELIEF_UNSURE, PLACE_JUNK,     true,  ANY,              ANY,   { BELIEF_SPAM, "moved into Junk" } },
    { ANY,  BELIEF_SPAM,   PLACE_ORDINARY, true,  ANY,              ANY,   { BELIEF_HAM, "moved out of Junk" } },

    /* Then a mark that is new.  A mark that came along with a move from a folder where it was right is old. */
    { ANY,  BELIEF_SPAM,   ANY,            ANY,   KEYWORD_JUNK,     true,  { BELIEF_NONE, "marked as what it is" } },
    { ANY,  ANY,           ANY,            ANY,   KEYWORD_JUNK,     true,  { BELIEF_SPAM, "marked as junk" } },
    { ANY,  BELIEF_HAM,    ANY,            ANY,   KEYWORD_NOT_JUNK, true,  { BELIEF_NONE, "marked as what it is" } },
    { ANY,  BELIEF_NONE,   ANY,            ANY,   KEYWORD_NOT_JUNK, true,  { BELIEF_NONE, "marked, and unknown" } },
    { ANY,  ANY,           ANY,            ANY,   KEYWORD_NOT_JUNK, true,  { BELIEF_HAM, "marked as not junk" } },

    /* A mark taken back leaves what the place says. */
    { ANY,  BELIEF_HAM,    PLACE_JUNK,     ANY,   KEYWORD_NONE,     true,  { BELIEF_SPAM, "good mark taken back" } },
    { ANY,  BELIEF_SPAM,   PLACE_ORDINARY, ANY,   KEYWORD_NONE,     true,  { BELIEF_HAM, "junk mark taken back" } },

    { ANY,  ANY,           ANY,            ANY,   ANY,              ANY,   { BELIEF_NONE, "nothing new" } },
};

static bool holds(int want, int is)
{
    return want == ANY || want == is;
}

struct decision decision_make(bool own, enum belief belief, struct sight before, struct sight now)
{
    const struct row *row = rows;
    bool moved = before.place != now.place, marked = before.keyword != now.keyword;
    while (!(holds(row->own, own) && holds(row->belief, (int)belief) && holds(row->place, (int)now.place)
             && holds(row->place_changed, moved) && holds(row->keyword, (int)now.keyword)
             && holds(row->keyword_changed, marked)))
        row++; /* the last row holds always */
    return row->decision;
}

enum belief decision_filed(enum said said, enum place place, bool put, bool files_spam)
{
    switch (said) {
    case SAID_HAM:
        return BELIEF_HAM;
    case SAID_UNSURE:
        return BELIEF_UNSURE;
    case SAID_SPAM:
        if (place == PLACE_ORDINARY)
            return put && files_spam ? BELIEF_SPAM : BELIEF_UNSURE;
        return place == PLACE_JUNK || files_spam ? BELIEF_SPAM : BELIEF_UNSURE;
    case SAID_NOTHING:
        break;
    }
    return place == PLACE_JUNK ? BELIEF_SPAM : place == PLACE_ORDINARY ? BELIEF_HAM : BELIEF_NONE;
}

enum place decision_place(enum folder_use use)
{
    static const enum place places[] = { [FOLDER_ORDINARY] = PLACE_ORDINARY, [FOLDER_JUNK] = PLACE_JUNK,
                                         [FOLDER_TRASH] = PLACE_TRASH,       [FOLDER_SENT] = PLACE_OWN,
                                         [FOLDER_DRAFTS] = PLACE_OWN };
    return places[use];
}

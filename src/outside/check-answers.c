/* check-answers.c - what the ends of a checking program mean, as its section says it */
#include "outside/check-answers.h"

#include "outside/points-text.h"

#define SEPARATORS " \t,"

static bool read_rule(struct span word, unsigned *status, int *points)
{
    return points_take_number(&word, 255, status) && points_take_byte(&word, '=') && points_take(&word, points) &&
           word.length == 0;
}

bool check_exits_are_sound(const char *text)
{
    struct span rest = span_of(text);
    unsigned status;
    int points;
    for (struct span word = span_take_word(&rest, SEPARATORS); word.length; word = span_take_word(&rest, SEPARATORS))
        if (!read_rule(word, &status, &points))
            return false;
    return true;
}

bool check_exits_points(const char *exits, int status, int *points)
{
    struct span rest = span_of(exits);
    unsigned named;
    for (struct span word = span_take_word(&rest, SEPARATORS); word.length; word = span_take_word(&rest, SEPARATORS))
        if (read_rule(word, &named, points) && (int)named == status)
            return true;
    return false;
}

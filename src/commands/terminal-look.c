/* terminal-look.c - what stdout is: a terminal, how wide, in colour */
#include "commands/terminal-look.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

static bool wants_colour(bool is_terminal)
{
    const char *kind = getenv("TERM");
    return is_terminal && !is_set("NO_COLOR") && kind && strcmp(kind, "dumb") != 0;
}

/* locale(7): the first of these that is set decides. */
static bool draws_unicode(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (!value || !value[0])
            continue;
        const char *charset = strchr(value, '.');
        return charset && (strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
    }
    return false;
}

static size_t find_width(void)
{
    struct winsize size = { 0 };
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = TERMINAL_USUAL_WIDTH;
    if (width < TERMINAL_LEAST_WIDTH)
        return TERMINAL_LEAST_WIDTH;
    return width > TERMINAL_MOST_WIDTH ? TERMINAL_MOST_WIDTH : (size_t)width;
}

bool terminal_look_find(const char *color, struct terminal_look *look)
{
    bool is_terminal = isatty(STDOUT_FILENO) == 1;
    bool always = color && strcmp(color, "always") == 0, never = color && strcmp(color, "never") == 0;
    *look = (struct terminal_look){ .for_people = is_terminal || always };
    look->terminal.colour = always || (!never && wants_colour(is_terminal));
    look->terminal.unicode = draws_unicode();
    look->terminal.width = find_width();
    return !color || always || never || strcmp(color, "auto") == 0;
}

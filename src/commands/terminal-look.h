/* terminal-look.h - what stdout is: a terminal, how wide, in colour
 *
 * Colour as people expect it: `--color` first, then NO_COLOR (https://no-color.org/), then whether stdout is a terminal
 * other than a "dumb" one.  The width is that of COLUMNS, else of the terminal, else TERMINAL_USUAL_WIDTH.
 */
#ifndef TAMIS_COMMANDS_TERMINAL_LOOK_H
#define TAMIS_COMMANDS_TERMINAL_LOOK_H

#include <stdbool.h>

#include "verdict/terminal.h"

struct terminal_look {
    bool for_people; /* stdout is a terminal, or colour was asked for: else the plain form is wanted */
    struct terminal terminal;
};

/* `color` is what stands behind --color, NULL: "auto".  False for a word that is none of auto, always, never. */
bool terminal_look_find(const char *color, struct terminal_look *look);

#endif

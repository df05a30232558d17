/* explanation-terminal.h - what lies behind a judgement, for a person at a terminal
 *
 * The same sections as on the page (explanation-page.h), in as few lines as they need.  For a pipe there is the plain
 * form of report_text() and explanation_text(), which stays as it is.
 */
#ifndef TAMIS_VERDICT_EXPLANATION_TERMINAL_H
#define TAMIS_VERDICT_EXPLANATION_TERMINAL_H

#include "util/buffer.h"
#include "verdict/explanation.h"
#include "verdict/terminal.h"

void explanation_terminal(const struct explanation *explanation, const struct terminal *terminal, struct buffer *out);

#endif

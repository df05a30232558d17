/* each-message.h - the messages that a command's operands name, one after the other
 *
 * For commands that say something of each: files, mailboxes (mailbox/source.h), or stdin where there are no operands.
 */
#ifndef TAMIS_COMMANDS_EACH_MESSAGE_H
#define TAMIS_COMMANDS_EACH_MESSAGE_H

#include "commands/command.h"
#include "mailbox/source.h"
#include "verdict/verdict.h"

typedef int each_message_visit(const struct invocation *invocation, void *context,
                               const struct source_message *message);

/* Calls `visit` for each, and gives the status that it gave for the last: EX_OK where there was none, and EX_TEMPFAIL
 * once one had that, or could not be read, which the log says. */
int each_message(const struct invocation *invocation, each_message_visit *visit, void *context);

/* The status that stands for a verdict: 0 ham, 1 spam, 2 unsure. */
int each_message_status(enum verdict verdict);

#endif

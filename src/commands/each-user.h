/* each-user.h - the same command for many mailboxes, each with the rights of its owner and nobody else's
 *
 * What `--all-users` of every command that has it means.  LIST is a pattern of Maildirs as the shell has it (quoted, so
 * that the shell leaves it alone), or "-": standard input, a mailbox a line,
 *
 *     USER                  the Maildir is what the settings say for this user       (doveadm user '*')
 *     USER <tab> MAILDIR
 *     MAILDIR               a path; its user is whom it belongs to
 *
 * For each of them a process is forked that gives up all rights but the owner's (setgroups, setgid, setuid, in this
 * order, each checked), with an environment of its own: HOME is the user's home directory when the Maildir lies in it,
 * else the directory above the Maildir, as mail servers with virtual users have it; USER is the user's name.  Then it
 * runs this program anew, so that the user's own settings hold and nothing of root's is left.  One mailbox that fails
 * does not keep the others waiting.  Mailboxes that belong to root are refused: nobody's mail does.
 */
#ifndef TAMIS_COMMANDS_EACH_USER_H
#define TAMIS_COMMANDS_EACH_USER_H

#include "commands/command.h"
#include "util/span.h"
#include "util/translate.h"

/* The option for a command's table. */
#define EACH_USER_OPTION \
    { "all-users", 0, "LIST", N_("do it for the mailboxes of a pattern or of a list on stdin (-), as their owners") }

/* Runs the command of `invocation` for each mailbox of `list`; gives EX_OK, or the exit status of the last that
 * failed. */
int each_user_run(const struct invocation *invocation, const char *list);

/* The same, with what each of them writes to standard output given to `take`, for who puts it together.  It comes from
 * a process that the user could be behind, and is at most EACH_USER_OUTPUT bytes: more is that mailbox's failure, and
 * not given.  `read_r`: how many mailboxes were well. */
#define EACH_USER_OUTPUT ((size_t)1024 * 1024)
typedef void each_user_taker(void *context, struct span output);
int each_user_collect(const struct invocation *invocation, const char *list, each_user_taker *take, void *context,
                      size_t *read_r);

#endif

/* explanation.h - what lies behind a judgement: the words, the path, the links, the hidden text
 *
 * The second half of `explain`: what a person wants to see who doubts the reasons or wants to teach better.  Written
 * inside the child that has the message; nothing of the message is written raw (report_escape()).  Here are the plain
 * form, for pipes, and JSON; explanation-terminal.h and explanation-page.h have the others.
 */
#ifndef TAMIS_VERDICT_EXPLANATION_H
#define TAMIS_VERDICT_EXPLANATION_H

#include "learn/explain-tokens.h"
#include "mail/message.h"
#include "rules/inspection.h"
#include "util/buffer.h"
#include "verdict/json.h"
#include "verdict/verdict.h"

/* All there is to say about one message. */
struct explanation {
    struct span source;                /* the file it is in; empty or "-": standard input */
    const struct judgement *judgement;
    const struct message *message;
    const struct explained *words;
    struct inspection *inspection;     /* of the message, with what the settings say of our own servers */
    const struct hits *outside;        /* what others said; NULL: nobody was asked */
    unsigned written_to;               /* messages the user has sent to the sender */
};

/* Sections with a heading each; one that has nothing to say is left out.
 *
 *     Words, by what they add; seen in so many of 80 spam and 120 ham that were counted
 *         +3.21  order now                             12     0
 *         -2.80  allotment                              0     7
 *     Path, nearest first; only the first line is certain
 *       mx.example.org  from  localhost (pc1.example.net [203.0.113.5])
 *     Links
 *       www.bank.example  ->  http://203.0.113.80/login
 *     Hidden text
 *       ...
 */
void explanation_text(const struct message *message, const struct explained *words, struct buffer *out);

/* The same as members "words", "path", "links", "hidden_text" of the object that is open. */
void explanation_json(const struct message *message, const struct explained *words, struct json *json);

#endif

/* limits.h - every bound on hostile input, with its reason
 *
 * A message over a limit is still judged, on what was read up to it; which limits were met is a fact of the message
 * (enum oddity in mail/message.h) and may itself be evidence.  Delivery never depends on these: the bytes as received
 * are passed on or delivered whole, whatever their size.
 */
#ifndef TAMIS_UTIL_LIMITS_H
#define TAMIS_UTIL_LIMITS_H

/* --- the process that reads a message ------------------------------------------------------------------------- */

/* Memory for everything parsed out of one message; with a 50 MB message itself in memory the process stays under 64
 * MB. */
#define LIMIT_MESSAGE_ARENA ((size_t)12 * 1024 * 1024)
/* A judgement of a 3 KB message takes some 2 ms; whoever needs a thousand times as long is hostile. */
#define LIMIT_CHILD_CPU_SECONDS 2
/* Wall clock of the same, for a machine that swaps; callers (Dovecot: 10 s) wait longer than this. */
#define LIMIT_CHILD_WALL_MILLISECONDS 5000
/* How long one that was killed may take to be gone.  The kernel ends at once what runs or sleeps; what waits for a disk
 * or a file server that does not answer it ends when that does, perhaps never.  With the time before it, less than
 * callers wait. */
#define LIMIT_CHILD_DEATH_MILLISECONDS 2000
/* What a child may answer: a judgement with its reasons, or the text of `explain`. */
#define LIMIT_CHILD_ANSWER ((size_t)4 * 1024 * 1024)

/* --- header ---------------------------------------------------------------------------------------------------- */

/* Real messages have 10 to 120 fields and 8 to 20 KB of header (phishing_pot 2022-26: p90 18.5 KB). */
#define LIMIT_HEADER_FIELDS 1000
#define LIMIT_HEADER_BYTES ((size_t)256 * 1024)
/* One field after unfolding and decoding; a To with 1,000 addresses takes 40 KB. */
#define LIMIT_FIELD_BYTES ((size_t)64 * 1024)
#define LIMIT_ADDRESSES 1000
#define LIMIT_RELAYS 64
/* Address fields of nested messages that GMime will parse: 40,000 nested groups (80 KB) overflow its 8 MB stack. */
#define LIMIT_NESTED_ADDRESS_BYTES ((size_t)4 * 1024)

/* --- MIME ------------------------------------------------------------------------------------------------------- */

/* What the MIME parser gets to see of a message; the rest is attachments' tails. */
#define LIMIT_MIME_BYTES ((size_t)8 * 1024 * 1024)
/* Dovecot allows 100 as well (message-parser.h); real mail nests 6 deep.  GMime is quadratic in it. */
#define LIMIT_MIME_DEPTH 100
/* A digest of a busy list has some 100 parts; GMime takes 1.4 KB for each. */
#define LIMIT_MIME_PARTS 1000
/* Boundaries declared in one message: each may be a level that GMime compares every boundary line with. */
#define LIMIT_MIME_BOUNDARIES 256
/* Of messages in the message that are encoded as a whole, so much is looked at, of all together. */
#define LIMIT_ENCODED_MESSAGES ((size_t)1536 * 1024)
/* Decoded text of one part, and of all parts together, that becomes visible or hidden text. */
#define LIMIT_PART_TEXT ((size_t)1024 * 1024)
#define LIMIT_MESSAGE_TEXT ((size_t)2 * 1024 * 1024) /* before HTML is taken off */
#define LIMIT_VISIBLE_TEXT ((size_t)1024 * 1024)
#define LIMIT_HIDDEN_TEXT ((size_t)256 * 1024)
/* Stretches of hidden text whose place is noted, for who wants to see them; newsletters have some ten. */
#define LIMIT_HIDDEN_STRETCHES 500
/* Bytes of an attachment that are decoded to see what it is (magic, zip listing). */
#define LIMIT_ATTACHMENT_PEEK ((size_t)64 * 1024)
#define LIMIT_ATTACHMENTS 200
/* Of its end: a ZIP archive's directory takes some 80 bytes a member. */
#define LIMIT_ATTACHMENT_TAIL ((size_t)16 * 1024)
/* Archives whose members are listed, and members of each; 16 tails and lists take less than 1 MB. */
#define LIMIT_ARCHIVES 16
#define LIMIT_ARCHIVE_MEMBERS 1000
#define LIMIT_FILE_NAME ((size_t)1024)

/* --- HTML, style and URLs ---------------------------------------------------------------------------------------- */

#define LIMIT_HTML_DEPTH 256         /* open elements; browsers stop at 512 */
#define LIMIT_STYLE_BYTES ((size_t)128 * 1024) /* all <style> together; newsletters reach 40 KB */
#define LIMIT_STYLE_RULES 1024
#define LIMIT_LINKS 500
#define LIMIT_IMAGES 500
#define LIMIT_URLS 500
#define LIMIT_URL_BYTES ((size_t)4 * 1024)

/* --- rule files --------------------------------------------------------------------------------------------------- */

/* The rules of SpamAssassin are 1.5 MB in 60 files; these are for the same job. */
#define LIMIT_RULE_FILES 200
#define LIMIT_RULE_FILE_BYTES ((size_t)1024 * 1024)
#define LIMIT_RULE_BYTES ((size_t)8 * 1024 * 1024) /* of all files */
#define LIMIT_RULES 5000
#define LIMIT_RULE_NAME 40
#define LIMIT_RULE_LINE ((size_t)4 * 1024)
#define LIMIT_RULE_CONDITIONS 64
#define LIMIT_RULES_CONDITIONS 20000
#define LIMIT_RULE_COUNT 1000 /* N of "count N of": so many matches of one expression are looked for */
/* One word or phrase, and all of them together; those that ship are 5,400 with 91 KB. */
#define LIMIT_RULE_ENTRY ((size_t)200)
#define LIMIT_RULE_ENTRIES 20000
#define LIMIT_RULE_LITERALS ((size_t)384 * 1024)
/* Rules that refer to rules that refer to rules... */
#define LIMIT_RULE_DEPTH 16
#define LIMIT_RULE_MISTAKES 50
/* All rules compiled: what a child may answer, as that is how they come, less what it has to say about them. */
#define LIMIT_RULE_IMAGE (LIMIT_CHILD_ANSWER - (size_t)512 * 1024)
/* For reading and compiling them; 300 take 5 ms. */
#define LIMIT_RULE_COMPILE_SECONDS 10
#define LIMIT_RULE_ARENA ((size_t)128 * 1024 * 1024)

/* --- learning ----------------------------------------------------------------------------------------------------- */

/* How long a delivery waits for the user's database before it goes on without learned evidence. */
#define LIMIT_LOCK_WAIT_MILLISECONDS 300
/* How long a training command waits for it. */
#define LIMIT_TRAINING_LOCK_WAIT_MILLISECONDS 30000

#endif

/* log.h - one line per event, to syslog, stderr or both
 *
 * Lines never hold text out of a message unless the caller passes it through log_escape() and the user asked
 * for it; control bytes are escaped in any case, so that no message can forge a log line.
 * Severities follow syslog(3): LOG_ERROR something a person must mend; LOG_WARNING something went
 * another way than it should, the mail is safe; LOG_INFO one line per message; LOG_DEBUG for -v.
 */
#ifndef TAMIS_UTIL_LOG_H
#define TAMIS_UTIL_LOG_H

#include <stdbool.h>
#include <stddef.h>

enum log_severity { LOG_SEVERITY_ERROR, LOG_SEVERITY_WARNING, LOG_SEVERITY_INFO, LOG_SEVERITY_DEBUG };

/* BOTH: all lines to syslog; errors and warnings to stderr as well, so that who started the command reads why it failed
 * in a pipe, in a file or in cron's mail. */
enum log_target { LOG_TARGET_STDERR, LOG_TARGET_SYSLOG, LOG_TARGET_BOTH, LOG_TARGET_NONE };

/* Where lines go and how much: severities up to and including `most` are written.  Before the first call: stderr,
 * warnings and errors. */
void log_open(enum log_target target, enum log_severity most);

/* Bytes of a line with its end. */
#define LOG_LINE_MOST 2048

/* From now on lines go to `sink`, escaped, whatever the target: from a process that may not write (child.h). */
typedef void log_sink(void *context, enum log_severity severity, const char *line);
void log_divert(log_sink *sink, void *context);

/* Writes one line, "tamis: " before it on stderr. */
void log_line(enum log_severity severity, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Copies `text` into `out` (size `size`, always terminated) with control bytes, DEL and invalid UTF-8 as \xNN. */
void log_escape(const char *text, size_t length, char *out, size_t size);

#endif

/* log.c - one line per event, to syslog, stderr or both
 *
 * The target is process-wide on purpose: stderr and syslog are.
 */
#include "util/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "util/translate.h"

static enum log_target current_target = LOG_TARGET_STDERR;
static enum log_severity current_most = LOG_SEVERITY_WARNING;
static log_sink *current_sink; /* NULL: the target */
static void *current_context;

static const int syslog_priorities[] = {
    [LOG_SEVERITY_ERROR] = LOG_ERR,
    [LOG_SEVERITY_WARNING] = LOG_WARNING,
    [LOG_SEVERITY_INFO] = LOG_INFO,
    [LOG_SEVERITY_DEBUG] = LOG_DEBUG,
};

void log_open(enum log_target target, enum log_severity most)
{
    current_target = target;
    current_most = most;
    if (target == LOG_TARGET_SYSLOG || target == LOG_TARGET_BOTH)
        openlog("tamis", LOG_PID, LOG_MAIL);
}

void log_divert(log_sink *sink, void *context)
{
    current_sink = sink;
    current_context = context;
}

/* How many bytes of valid UTF-8 sequence start at `text`; 0 when none does. */
static size_t valid_sequence(const unsigned char *text, size_t length)
{
    size_t size = text[0] < 0x80 ? 1 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2 : (text[0] & 0xF0) == 0xE0 ? 3
                  : text[0] >= 0xF0 && text[0] < 0xF5                    ? 4
                                                                         : 0;
    if (size == 0 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

/* C0, DEL, and the C1 controls U+0080..U+009F, which terminals obey. */
static bool is_control(const unsigned char *text, size_t size)
{
    return (size == 1 && (text[0] < 0x20 || text[0] == 0x7F)) || (size == 2 && text[0] == 0xC2 && text[1] < 0xA0);
}

void log_escape(const char *text, size_t length, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        const unsigned char *at = (const unsigned char *)text + i;
        size_t sequence = valid_sequence(at, length - i);
        if (sequence && !is_control(at, sequence)) {
            if (used + sequence >= size)
                break;
            memcpy(out + used, at, sequence);
            used += sequence;
            i += sequence;
        } else {
            if (used + 4 >= size)
                break;
            snprintf(out + used, size - used, "\\x%02X", at[0]);
            used += 4;
            i++;
        }
    }
    if (size)
        out[used] = '\0';
}

static void write_line(enum log_severity severity, const char *line)
{
    if (current_target != LOG_TARGET_STDERR)
        syslog(syslog_priorities[severity], "%s", line);
    if (current_target == LOG_TARGET_STDERR ||
        (current_target == LOG_TARGET_BOTH && severity <= LOG_SEVERITY_WARNING))
        fprintf(stderr, "tamis: %s\n", line);
}

void log_line(enum log_severity severity, const char *format, ...)
{
    if (current_target == LOG_TARGET_NONE || severity > current_most)
        return;
    char raw[1024], line[LOG_LINE_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, translate_reason(format), arguments);
    va_end(arguments);
    log_escape(raw, strlen(raw), line, sizeof line);
    if (current_sink)
        current_sink(current_context, severity, line);
    else
        write_line(severity, line);
}

/* pattern.c - regular expressions of rules; the only place that includes pcre2 */
#include "config.h"

#include "rules/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Begins every expression: PCRE2 calls us before each attempt, wherever it starts.  The group keeps alternatives
 * together; the line end closes a comment under flag x. */
#define ATTEMPT_BEGIN "(?C1)(?:"
#define ATTEMPT_END "\n)"
#define ATTEMPT_END_PLAIN ")"

/* Attempts between two looks at the clock.  One takes at most some 2 ms (PATTERN_MATCH_LIMIT). */
#define ATTEMPTS_BETWEEN_LOOKS 32

struct pattern_runs {
    pcre2_match_context *context;
    pcre2_match_data *data;
    size_t bytes_left;
    unsigned attempts;
    bool started;
    int64_t deadline; /* processor time, in nanoseconds */
};

/* struct pattern is PCRE2's own structure under a name of ours. */
static const pcre2_code *code_of(const struct pattern *pattern)
{
    return (const pcre2_code *)(const void *)pattern;
}

/* --- compiling ---------------------------------------------------------------------------------------------------- */

static uint32_t options_of(const char *flags, bool bytes)
{
    uint32_t options = PCRE2_NEVER_BACKSLASH_C | (bytes ? PCRE2_NEVER_UTF | PCRE2_NEVER_UCP : PCRE2_UTF);
    for (; *flags; flags++)
        switch (*flags) {
        case 'i':
            options |= PCRE2_CASELESS;
            break;
        case 'm':
            options |= PCRE2_MULTILINE;
            break;
        case 's':
            options |= PCRE2_DOTALL;
            break;
        case 'x':
            options |= PCRE2_EXTENDED;
            break;
        case 'u':
            options |= bytes ? 0 : PCRE2_UCP;
            break;
        }
    return options;
}

static pcre2_code *compile(struct span expression, uint32_t options, struct failure *failure)
{
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression.data, expression.length, options, &error, &offset, NULL);
    if (!code) {
        PCRE2_UCHAR reason[160];
        if (pcre2_get_error_message(error, reason, sizeof reason) < 0)
            reason[0] = '\0';
        failure_set(failure, FAILURE_CONFIGURATION, "the expression is wrong behind character %zu: %s", (size_t)offset,
                    (const char *)reason);
    }
    return code;
}

struct pattern *pattern_compile(struct span expression, const char *flags, bool bytes, struct failure *failure)
{
    uint32_t options = options_of(flags, bytes);
    /* First as it stands: inside our group "a)(b" would be well-formed. */
    pcre2_code *alone = compile(expression, options, failure);
    if (!alone)
        return NULL;
    pcre2_code_free(alone);
    const char *end = strchr(flags, 'x') ? ATTEMPT_END : ATTEMPT_END_PLAIN;
    size_t size = strlen(ATTEMPT_BEGIN) + expression.length + strlen(end) + 1;
    char *text = malloc(size);
    if (!text) {
        failure_set(failure, FAILURE_TEMPORARY, "no memory for an expression");
        return NULL;
    }
    /* Not by printf: NUL bytes may be in it. */
    char *at = mempcpy(text, ATTEMPT_BEGIN, strlen(ATTEMPT_BEGIN));
    at = mempcpy(at, expression.data ? expression.data : "", expression.length);
    at = mempcpy(at, end, strlen(end));
    pcre2_code *code = compile(span_make(text, (size_t)(at - text)), options, failure);
    free(text);
    return (struct pattern *)code;
}

void pattern_free(struct pattern **pattern)
{
    pcre2_code_free((pcre2_code *)*pattern);
    *pattern = NULL;
}

/* --- writing and reading ------------------------------------------------------------------------------------------ */

struct span pattern_encode(struct pattern *const *patterns, size_t count, struct arena *arena)
{
    const pcre2_code *codes[PATTERN_GROUP];
    uint8_t *bytes = NULL;
    PCRE2_SIZE size = 0;
    if (count == 0 || count > PATTERN_GROUP)
        return SPAN_EMPTY;
    for (size_t i = 0; i < count; i++)
        codes[i] = code_of(patterns[i]);
    if (pcre2_serialize_encode(codes, (int32_t)count, &bytes, &size, NULL) != (int32_t)count)
        return SPAN_EMPTY;
    struct span copy = arena_copy(arena, span_make((const char *)bytes, size));
    pcre2_serialize_free(bytes);
    return copy;
}

bool pattern_decode(struct span bytes, struct pattern **patterns, size_t count)
{
    pcre2_code *codes[PATTERN_GROUP];
    const uint8_t *data = (const uint8_t *)bytes.data;
    if (count == 0 || count > PATTERN_GROUP || pcre2_serialize_get_number_of_codes(data) != (int32_t)count)
        return false;
    if (pcre2_serialize_decode(codes, (int32_t)count, data, NULL) != (int32_t)count)
        return false;
    for (size_t i = 0; i < count; i++)
        patterns[i] = (struct pattern *)codes[i];
    return true;
}

void pattern_library(char out[PATTERN_LIBRARY_SIZE])
{
    char version[32] = "";
    uint32_t link_size = 0;
    const uint16_t order = 1;
    pcre2_config(PCRE2_CONFIG_VERSION, version);
    pcre2_config(PCRE2_CONFIG_LINKSIZE, &link_size);
    memset(out, 0, PATTERN_LIBRARY_SIZE);
    snprintf(out, PATTERN_LIBRARY_SIZE, "%.31s link %u size %zu %s", version, (unsigned)link_size, sizeof(size_t),
             *(const char *)&order ? "little" : "big");
}

/* --- matching ----------------------------------------------------------------------------------------------------- */

static int64_t processor_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Before each attempt; anything but 0 ends the run with that code. */
static int before_attempt(pcre2_callout_block *block, void *context)
{
    struct pattern_runs *runs = context;
    if (block->callout_number != 1 || ++runs->attempts % ATTEMPTS_BETWEEN_LOOKS != 0)
        return 0;
    int64_t now = processor_time();
    if (!runs->started) {
        runs->started = true;
        runs->deadline = now + (int64_t)PATTERN_CPU_MILLISECONDS * 1000000;
    }
    return now >= runs->deadline ? PCRE2_ERROR_CALLOUT : 0;
}

struct pattern_runs *pattern_runs_start(void)
{
    struct pattern_runs *runs = calloc(1, sizeof *runs);
    if (!runs)
        return NULL;
    runs->bytes_left = PATTERN_MESSAGE_BYTES;
    runs->context = pcre2_match_context_create(NULL);
    runs->data = pcre2_match_data_create(1, NULL);
    if (!runs->context || !runs->data) {
        pattern_runs_end(&runs);
        return NULL;
    }
    pcre2_set_match_limit(runs->context, PATTERN_MATCH_LIMIT);
    pcre2_set_depth_limit(runs->context, PATTERN_DEPTH_LIMIT);
    pcre2_set_heap_limit(runs->context, PATTERN_HEAP_KIBIBYTES);
    pcre2_set_callout(runs->context, before_attempt, runs);
    return runs;
}

void pattern_runs_end(struct pattern_runs **runs)
{
    if (*runs) {
        pcre2_match_data_free((*runs)->data);
        pcre2_match_context_free((*runs)->context);
        free(*runs);
    }
    *runs = NULL;
}

/* The next place at or before `at` where a UTF-8 character begins. */
static size_t character_start(struct span text, size_t at)
{
    while (at > 0 && at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* One window, which ends at `end`. */
static enum outcome find_in_window(struct pattern_runs *runs, const struct pattern *pattern, struct span subject,
                                   size_t from, size_t end, struct span *found)
{
    uint32_t options = PCRE2_NO_UTF_CHECK | (end < subject.length ? PCRE2_NOTEOL : 0);
    const char *text = subject.data ? subject.data : "";
    int result = pcre2_match(code_of(pattern), (PCRE2_SPTR)text, end, from, options, runs->data, runs->context);
    if (result == PCRE2_ERROR_NOMATCH)
        return OUTCOME_SILENT;
    if (result < 0)
        return OUTCOME_COULD_NOT_TELL;
    const PCRE2_SIZE *where = pcre2_get_ovector_pointer(runs->data);
    size_t first = where[0] < where[1] ? where[0] : where[1]; /* \K in a look-ahead can turn them round */
    *found = span_make(text + first, where[1] - first);
    return OUTCOME_HIT;
}

/* Behind a match, and always further than `from`: an empty one is stepped over by a whole character. */
static size_t behind(struct span subject, struct span found, size_t from)
{
    size_t at = (size_t)(found.data - (subject.data ? subject.data : found.data)) + found.length;
    if (at > from)
        return at;
    for (at = from + 1; at < subject.length && ((unsigned char)subject.data[at] & 0xC0) == 0x80;)
        at++;
    return at;
}

enum outcome pattern_find(struct pattern_runs *runs, const struct pattern *pattern, struct span subject, size_t *from,
                          struct span *found)
{
    for (size_t start = *from; start <= subject.length;) {
        size_t end = subject.length;
        if (end - start > PATTERN_WINDOW)
            end = character_start(subject, start + PATTERN_WINDOW);
        size_t cost = end - start + 1;
        if (cost > runs->bytes_left)
            return OUTCOME_COULD_NOT_TELL;
        runs->bytes_left -= cost;
        enum outcome outcome = find_in_window(runs, pattern, subject, start, end, found);
        if (outcome == OUTCOME_HIT)
            *from = behind(subject, *found, *from);
        if (outcome != OUTCOME_SILENT || end == subject.length)
            return outcome;
        start = character_start(subject, end - PATTERN_OVERLAP);
    }
    return OUTCOME_SILENT;
}

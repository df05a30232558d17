/* settings-file.c - one file of settings, line by line into the assignments
 *
 * Files are read by inih, one line at a time through next_line() below.  It knows the number of each line (the Debian
 * build of inih does not tell), keeps back lines that are longer than inih's buffer, which it would cut silently, and
 * takes the white space before a line away, which inih would take for "this goes on with the line above": a copied,
 * indented line must not vanish into the value before it.
 */
#include "config/settings-file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/option-family.h"
#include "util/file.h"
#include "util/nearest.h"
#include "util/translate.h"

/* A settings file has 20 lines; 64 KB hold a score for every rule. */
#define LARGEST_FILE ((size_t)64 * 1024)

enum section { SECTION_SETTINGS, SECTION_LOCKED, SECTION_MEMBER, SECTION_UNKNOWN };

/* Longer than any keyword and name of a section that is accepted. */
#define LONGEST_SECTION 120

struct reading {
    struct assignments *assignments;
    const char *path;
    bool may_lock;    /* the system file */
    struct span rest; /* what is still to be read */
    struct span line; /* the current line, without white space at its ends */
    unsigned number;  /* of the current line, from 1 */
    bool answered;    /* the current line needs no setting, or gave one */
    enum section section;
    char prefix[LONGEST_SECTION]; /* SECTION_MEMBER: "dns_list.spamhaus." */
    char origin[600]; /* "path:number" */
};

/* A line that is no comment and no section must have given a setting by the time the next one is asked for. */
static void settle_line(struct reading *reading)
{
    if (!reading->answered)
        assignments_mistake(reading->assignments, "%s: \"%.*s\" sets nothing: a line \"name = value\" is accepted",
                            reading->origin, (int)span_head(reading->line, 60).length, reading->line.data);
    reading->answered = true;
}

/* "dns_list spamhaus" -> "dns_list.spamhaus."; false when no such sections are known. */
static bool enter_member(struct reading *reading, struct span section)
{
    struct span keyword = span_take_word(&section, " \t"), member = span_trim(section);
    int length = snprintf(reading->prefix, sizeof reading->prefix, "%.*s.%.*s.", (int)span_head(keyword, 60).length,
                          keyword.data, (int)span_head(member, FAMILY_NAME_MOST + 1).length, member.data);
    return member.length && length < (int)sizeof reading->prefix && option_family_of(reading->prefix);
}

/* " and [dns_list NAME]" */
static void list_families(char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < option_family_count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s[%s NAME]",
                                 i + 1 < option_family_count ? ", " : translate_reason(N_(" and ")),
                                 option_families[i].keyword);
}

/* A section that there is none of: what it was probably meant to be, or else all that there are. */
static void complain_of_section(struct reading *reading, struct span name)
{
    char keyword[LONGEST_SECTION], families[200];
    struct span line = span_head(reading->line, 60), word = span_take_word(&name, " \t"), member = span_trim(name);
    snprintf(keyword, sizeof keyword, "%.*s", (int)span_head(word, 60).length, word.data);
    struct nearest nearest = nearest_to(keyword);
    nearest_offer(&nearest, "settings");
    nearest_offer(&nearest, "locked");
    option_family_offer(&nearest);
    list_families(families, sizeof families);
    if (nearest.name && nearest.distance > 0)
        assignments_mistake(reading->assignments,
                            "%s: \"%.*s\": there is no such section; did you mean [%s%s%.*s]? What follows is ignored",
                            reading->origin, (int)line.length, line.data, nearest.name, member.length ? " " : "",
                            (int)span_head(member, FAMILY_NAME_MOST).length, member.data);
    else
        assignments_mistake(reading->assignments,
                            "%s: \"%.*s\": the sections [settings], [locked]%s are accepted; what follows is ignored",
                            reading->origin, (int)line.length, line.data, families);
}

static void enter_section(struct reading *reading)
{
    struct span line = reading->line;
    struct span name = span_trim(span_make(line.data + 1, span_find_byte(line, ']') - 1));
    reading->section = SECTION_UNKNOWN;
    if (span_is(name, "settings"))
        reading->section = SECTION_SETTINGS;
    else if (span_is(name, "locked") && reading->may_lock)
        reading->section = SECTION_LOCKED;
    else if (enter_member(reading, name))
        reading->section = SECTION_MEMBER;
    else if (span_is(name, "locked"))
        assignments_mistake(reading->assignments,
                            "%s: [locked]: only the system file can lock settings; they are ignored", reading->origin);
    else
        complain_of_section(reading, name);
}

/* Takes the next line off the rest. */
static void take_line(struct reading *reading)
{
    size_t length = span_find_byte(reading->rest, '\n');
    reading->line = span_trim(span_head(reading->rest, length));
    reading->rest = span_from(reading->rest, length + 1);
    reading->number++;
    snprintf(reading->origin, sizeof reading->origin, "%.560s:%u", reading->path, reading->number);
}

/* Is the current line to be handed to inih?  What it need not see is dealt with here. */
static bool is_for_parser(struct reading *reading, size_t longest)
{
    struct span line = reading->line;
    reading->answered = true;
    if (line.length == 0 || line.data[0] == '#' || line.data[0] == ';')
        return false;
    if (line.length > longest) {
        assignments_mistake(reading->assignments,
                            "%s: the line has %zu bytes: at most %zu are accepted, the line is ignored",
                            reading->origin, line.length, longest);
        return false;
    }
    if (line.data[0] == '[' && span_find_byte(line, ']') < line.length)
        enter_section(reading);
    else
        reading->answered = false;
    return true;
}

/* What inih calls for each line, in the manner of fgets(). */
static char *next_line(char *out, int size, void *context)
{
    struct reading *reading = context;
    settle_line(reading);
    if (reading->rest.length == 0)
        return NULL;
    take_line(reading);
    struct span line = is_for_parser(reading, (size_t)size - 1) ? reading->line : SPAN_EMPTY;
    if (line.length)
        memcpy(out, line.data, line.length);
    out[line.length] = '\0';
    return out;
}

/* What inih calls for each setting. */
static int take_setting(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    char full_name[2 * LONGEST_SECTION];
    reading->answered = true;
    if (reading->section == SECTION_UNKNOWN)
        return 1;
    snprintf(full_name, sizeof full_name, "%s%.100s", reading->section == SECTION_MEMBER ? reading->prefix : "", name);
    assignments_set(reading->assignments, full_name, value, reading->origin,
                    reading->section == SECTION_LOCKED ? ASSIGN_LOCKED : ASSIGN_PLAIN);
    return 1;
}

static void read_text(struct assignments *assignments, const char *path, struct span text, bool may_lock)
{
    struct reading reading = {
        .assignments = assignments,
        .path = path,
        .may_lock = may_lock,
        .rest = text,
        .answered = true,
    };
    if (span_starts_nocase(text, "\xEF\xBB\xBF"))
        reading.rest = span_from(text, 3);
    if (span_find_byte(text, '\0') < text.length) {
        assignments_mistake(assignments, "%s: this is no text file, it holds a NUL byte: it is ignored", path);
        return;
    }
    /* The result is the number of the first bad line; settle_line() has told of every one. */
    (void)ini_parse_stream(next_line, &reading, take_setting, &reading);
    settle_line(&reading);
}

/* Settings can name programs to run: who may write them must be root or who runs them. */
static bool is_trusted(struct assignments *assignments, const char *path, const struct stat *status)
{
    if (status->st_uid != 0 && status->st_uid != geteuid())
        assignments_mistake(assignments, "%s: the file is ignored: it belongs to user %u, who is neither root nor you",
                            path, (unsigned)status->st_uid);
    else if (status->st_mode & S_IWOTH)
        assignments_mistake(assignments, "%s: the file is ignored: everybody may write to it (chmod o-w mends that)",
                            path);
    else
        return true;
    return false;
}

void settings_file_read(struct assignments *assignments, const char *path, bool must_exist, bool may_lock)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (must_exist || (errno != ENOENT && errno != ENOTDIR))
            assignments_mistake(assignments, "%s: %s: the file is ignored", path, strerror(errno));
        return;
    }
    struct file_bytes bytes;
    struct failure failure;
    if (S_ISREG(status.st_mode) && !is_trusted(assignments, path, &status))
        return;
    if (!file_read(path, LARGEST_FILE, &bytes, &failure)) {
        assignments_mistake(assignments, "%s: the file is ignored: %s", path, failure.reason);
        return;
    }
    read_text(assignments, path, span_make(bytes.data, bytes.length), may_lock);
    file_bytes_free(&bytes);
}

/* check-attachments.c - files that would do harm when opened, and the disguises they come in */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/files.h"
#include "rules/hosts.h"
#include "rules/inspection.h"
#include "util/translate.h"
#include "util/utf8.h"

static enum file_ending ending_of(const struct part *part)
{
    return file_ending(file_extension(part->file_name));
}

/* The first part whose file name has that kind of ending, or NULL. */
static const struct part *find_ending(struct inspection *inspection, enum file_ending ending)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++)
        if (message->parts[i].file_name.length && ending_of(&message->parts[i]) == ending)
            return &message->parts[i];
    return NULL;
}

static enum outcome has_ending(struct inspection *inspection, struct buffer *detail, enum file_ending ending,
                               const char *format)
{
    const struct part *part = find_ending(inspection, ending);
    if (!part)
        return OUTCOME_SILENT;
    detail_say(detail, format, part->file_name, SPAN_EMPTY);
    return OUTCOME_HIT;
}

static enum outcome program_attached(struct inspection *inspection, struct buffer *detail)
{
    return has_ending(inspection, detail, FILE_ENDING_PROGRAM, N_("the attachment \"%s\" would run when opened"));
}

const struct check check_program_attached = {
    .name = "PROGRAM_ATTACHED",
    .description = N_("has an attachment that runs as a program when opened"),
    .points = 500, /* in neither corpus */
    .danger = true,
    .evaluate = program_attached,
};

static enum outcome unsafe_attachment(struct inspection *inspection, struct buffer *detail)
{
    return has_ending(inspection, detail, FILE_ENDING_UNSAFE,
                      N_("the attachment \"%s\" is of a kind that can change the system"));
}

const struct check check_unsafe_attachment = {
    .name = "UNSAFE_ATTACHMENT",
    .description = N_("has an attachment of a kind that can change the system when opened"),
    .points = 150, /* 2003: 0.02 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.00 % of spam */
    .evaluate = unsafe_attachment,
};

static enum outcome macro_document(struct inspection *inspection, struct buffer *detail)
{
    return has_ending(inspection, detail, FILE_ENDING_MACROS, N_("the document \"%s\" may carry programs (macros)"));
}

const struct check check_macro_document = {
    .name = "MACRO_DOCUMENT",
    .description = N_("has a document attached that may carry programs (macros)"),
    .points = 150, /* in neither corpus */
    .evaluate = macro_document,
};

static enum outcome disk_image(struct inspection *inspection, struct buffer *detail)
{
    return has_ending(inspection, detail, FILE_ENDING_DISK, N_("the attachment \"%s\" is a disk image"));
}

const struct check check_disk_image = {
    .name = "DISK_IMAGE",
    .description = N_("has a disk image attached"),
    .points = 250, /* in neither corpus */
    .evaluate = disk_image,
};

/* Some programs name the HTML text itself ("message.html"); here only what says it is an attachment, or is of another
 * type than its name. */
static bool is_page(const struct part *part)
{
    return ending_of(part) == FILE_ENDING_PAGE
        && (span_is(part->disposition, "attachment") || !span_is(part->type, "text/html")) && !part->content_id.length;
}

static enum outcome page_attached(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!is_page(&message->parts[i]))
            continue;
        detail_say(detail, "the attachment \"%s\" is a web page to be opened from the disk",
                   message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_page_attached = {
    .name = "PAGE_ATTACHED",
    .description = N_("has a web page attached (HTML or SVG)"),
    .points = 150, /* 2003: 0.02 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 0.05 % of spam */
    .evaluate = page_attached,
};

static enum outcome double_extension(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        struct span name = message->parts[i].file_name, last = file_extension(name);
        enum file_ending ending = file_ending(last);
        if (ending != FILE_ENDING_PROGRAM && ending != FILE_ENDING_UNSAFE && ending != FILE_ENDING_PAGE)
            continue;
        struct span front = span_head(name, (size_t)(last.data - name.data) - 1);
        if (file_ending(file_extension(front)) != FILE_ENDING_DOCUMENT)
            continue;
        detail_say(detail, "the file name \"%s\" ends in another kind of file than it seems to", name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_double_extension = {
    .name = "DOUBLE_EXTENSION",
    .description = N_("has an attachment that pretends to be a document by a double extension"),
    .points = 300, /* in neither corpus */
    .danger = true,
    .evaluate = double_extension,
};

/* U+202E and U+202D turn the rest of a name around ("annexe" + RLO + "fdp.exe"); honest right-to-left names need
 * neither. */
static enum outcome file_name_reversed(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        struct span name = message->parts[i].file_name;
        for (size_t at = 0; at + 3 <= name.length; at++) {
            if (memcmp(name.data + at, "\xE2\x80\xAE", 3) != 0 && memcmp(name.data + at, "\xE2\x80\xAD", 3) != 0)
                continue;
            detail_say(detail, "the file name \"%s\" has a character that turns its end around", name, SPAN_EMPTY);
            return OUTCOME_HIT;
        }
    }
    return OUTCOME_SILENT;
}

const struct check check_file_name_reversed = {
    .name = "FILE_NAME_REVERSED",
    .description = N_("has an attachment whose name is shown backwards"),
    .points = 400, /* in neither corpus */
    .danger = true,
    .evaluate = file_name_reversed,
};

/* An ending that is worth hiding.  Names in other alphabets come through some programs as nothing but underscores
 * ("______________.pdf"): those hide nothing. */
static bool is_worth_hiding(enum file_ending ending)
{
    return ending != FILE_ENDING_DOCUMENT && ending != FILE_ENDING_OTHER;
}

static enum outcome file_name_padded(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        struct span name = message->parts[i].file_name;
        unsigned run = 0;
        for (size_t at = 0; at < name.length && run < 10; at++)
            run = name.data[at] == ' ' || name.data[at] == '_' ? run + 1 : 0;
        if (run < 10 || !is_worth_hiding(ending_of(&message->parts[i])))
            continue;
        detail_say(detail, "the file name \"%s\" hides its ending behind blanks", name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_file_name_padded = {
    .name = "FILE_NAME_PADDED",
    .description = N_("has an attachment whose name hides its ending behind blanks"),
    .points = 200, /* in neither corpus */
    .evaluate = file_name_padded,
};

static enum outcome program_by_content(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        if (file_kind(message->parts[i].head) != FILE_KIND_PROGRAM)
            continue;
        detail_say(detail, "the content of \"%s\" is a Windows program", message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_program_by_content = {
    .name = "PROGRAM_BY_CONTENT",
    .description = N_("has an attachment that is a program by its content"),
    .points = 400, /* in neither corpus */
    .danger = true,
    .evaluate = program_by_content,
};

/* Does a part that calls itself an image, sound, PDF or plain text hold something that opens otherwise?  Reports named
 * .xls that are HTML, .doc that are RTF, and anything under application/octet-stream are honest and common: not asked.
 */
static bool contradicts(const struct part *part, enum file_kind kind)
{
    struct span extension = file_extension(part->file_name);
    bool says_image = span_starts_nocase(part->type, "image/") && !span_starts_nocase(part->type, "image/svg");
    bool says_sound = span_starts_nocase(part->type, "audio/") || span_starts_nocase(part->type, "video/");
    bool says_pdf = span_is_nocase(part->type, "application/pdf") || span_is_nocase(extension, "pdf");
    bool is_active = kind == FILE_KIND_PROGRAM || kind == FILE_KIND_HTML || kind == FILE_KIND_ZIP
                  || kind == FILE_KIND_RAR || kind == FILE_KIND_7Z || kind == FILE_KIND_ELF;
    return is_active && (says_image || says_sound || says_pdf);
}

static enum outcome type_contradicts_content(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        const struct part *part = &message->parts[i];
        enum file_kind kind = file_kind(part->head);
        if (!contradicts(part, kind))
            continue;
        detail_say(detail, "the attachment \"%s\" (%s) is in truth ", part->file_name, part->type);
        buffer_append_string(detail, file_kind_name(kind));
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_type_contradicts_content = {
    .name = "TYPE_CONTRADICTS_CONTENT",
    .description = N_("has an attachment that is something else than it says"),
    .points = 250, /* in neither corpus */
    .evaluate = type_contradicts_content,
};

static enum outcome file_names_differ(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!message->parts[i].file_names_differ)
            continue;
        detail_say(detail, "the attachment \"%s\" has two different names", message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_file_names_differ = {
    .name = "FILE_NAMES_DIFFER",
    .description = N_("has an attachment with two different names"),
    .points = 60, /* 2003: 0.02 % of ham, 0.16 % of spam; 2022-26: 0.12 % of ham, 0.40 % of spam */
    .evaluate = file_names_differ,
};

static enum outcome file_name_ambiguous(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!message->parts[i].file_name_is_ambiguous)
            continue;
        detail_say(detail, "the attachment \"%s\" is named so that programs read different names",
                   message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_file_name_ambiguous = {
    .name = "FILE_NAME_AMBIGUOUS",
    .description = N_("has an attachment whose name is written to be read differently by different programs"),
    .points = 200, /* in neither corpus */
    .evaluate = file_name_ambiguous,
};

static enum outcome file_name_once(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!message->parts[i].file_name_stands_once)
            continue;
        detail_say(detail, "the attachment \"%s\" has its name in one of two places", message->parts[i].file_name,
                   SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_file_name_once = {
    .name = "FILE_NAME_ONCE",
    .description = N_("has an attachment named in only one of the two places for names"),
    .points = 5, /* 2003: 0.19 % of ham, 0.69 % of spam; 2022-26: 1.46 % of ham, 1.39 % of spam: for the learners */
    .evaluate = file_name_once,
};

/* A page for the browser that runs code, asks for something or leads on: phishing without a link in the mail. */
static enum outcome active_page_attached(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    if (!message->html)
        return OUTCOME_SILENT;
    const struct html_counts *counts = &message->html->counts;
    if (counts->scripts + counts->event_handlers + counts->forms + counts->meta_refreshes == 0)
        return OUTCOME_SILENT;
    for (size_t i = 0; i < message->part_count; i++) {
        if (!is_page(&message->parts[i]))
            continue;
        detail_say(detail, "the attached page \"%s\" runs code, asks for input or leads on",
                   message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_active_page_attached = {
    .name = "ACTIVE_PAGE_ATTACHED",
    .description = N_("has a web page attached that runs code, asks for input or leads on"),
    .points = 250, /* 2003: 0.00 % of ham, 0.16 % of spam; 2022-26: 0.00 % of ham, 0.05 % of spam */
    .evaluate = active_page_attached,
};

/* Invitations enter calendars by themselves, links and all.  Those to meet online lead to few places. */
static enum outcome calendar_link(struct inspection *inspection, struct buffer *detail)
{
    static const char *const places[] = { "zoom.us", "meet.google.com", "google.com", "teams.microsoft.com",
                                          "teams.live.com", "office.com", "microsoft.com", "webex.com",
                                          "gotomeeting.com", "whereby.com", "jitsi.org", "meet.jit.si" };
    const struct message *message = inspection->message;
    bool has_calendar = false;
    for (size_t i = 0; i < message->part_count; i++)
        has_calendar |= span_is(message->parts[i].type, "text/calendar")
                     || span_is_nocase(file_extension(message->parts[i].file_name), "ics");
    for (size_t i = 0; has_calendar && i < message->url_count; i++) {
        struct span host = message->urls[i].host;
        if (host.length == 0 || host_within_any(host, places, sizeof places / sizeof *places)
            || host_same_site(host, inspection_from_site(inspection)))
            continue;
        detail_say(detail, "it invites to a date, with a link to %s", host, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_calendar_link = {
    .name = "CALENDAR_LINK",
    .description = N_("is an invitation with a link that does not lead to the sender or a place to meet online"),
    .points = 80, /* 2003: 0.00 % of ham, 0.00 % of spam; 2022-26: 0.00 % of ham, 0.64 % of spam */
    .evaluate = calendar_link,
};

/* Names that PDF readers act on (ISO 32000-1, 12.6.4), where they are not packed away. */
static enum outcome active_document(struct inspection *inspection, struct buffer *detail)
{
    static const char *const actions[] = { "/JavaScript", "/Launch" };
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        struct span head = message->parts[i].head;
        if (file_kind(head) != FILE_KIND_PDF)
            continue;
        for (size_t a = 0; a < 2; a++) {
            if (!span_contains(head, span_of(actions[a])))
                continue;
            detail_say(detail, "the document \"%s\" runs code (%s)", message->parts[i].file_name, span_of(actions[a]));
            return OUTCOME_HIT;
        }
    }
    return OUTCOME_SILENT;
}

const struct check check_active_document = {
    .name = "ACTIVE_DOCUMENT",
    .description = N_("has a PDF attached that runs code or starts programs"),
    .points = 150, /* in neither corpus */
    .evaluate = active_document,
};

/* Objects in RTF are what the exploits of Word's equation editor came in (CVE-2017-11882 and its kin). */
static enum outcome object_in_rtf(struct inspection *inspection, struct buffer *detail)
{
    const struct message *message = inspection->message;
    for (size_t i = 0; i < message->part_count; i++) {
        struct span head = message->parts[i].head;
        bool has_object = file_kind(head) == FILE_KIND_RTF && span_contains(head, span_of("\\objdata"));
        if (!has_object)
            continue;
        detail_say(detail, "the document \"%s\" has an object embedded", message->parts[i].file_name, SPAN_EMPTY);
        return OUTCOME_HIT;
    }
    return OUTCOME_SILENT;
}

const struct check check_object_in_rtf = {
    .name = "OBJECT_IN_RTF",
    .description = N_("has an RTF document attached with an object embedded"),
    .points = 200, /* in neither corpus */
    .evaluate = object_in_rtf,
};

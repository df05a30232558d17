/* check-archives.c - what is in the archives attached: programs out of a scanner's sight */
#include "rules/check.h"
#include "rules/detail.h"
#include "rules/inspection.h"
#include "rules/password.h"
#include "util/translate.h"

/* "the archive "a.zip" holds ... "b"" */
static enum outcome found_in_archive(const struct archive_find *find, struct buffer *detail, const char *format)
{
    if (!find->part)
        return OUTCOME_SILENT;
    detail_say(detail, format, find->part->file_name, find->member);
    return OUTCOME_HIT;
}

static enum outcome program_in_archive(struct inspection *inspection, struct buffer *detail)
{
    const struct archives *archives = inspection_archives(inspection);
    enum outcome outcome =
        found_in_archive(&archives->program, detail, N_("the archive \"%s\" holds the program \"%s\""));
    return outcome == OUTCOME_SILENT && archives->incomplete ? OUTCOME_COULD_NOT_TELL : outcome;
}

const struct check check_program_in_archive = {
    .name = "PROGRAM_IN_ARCHIVE",
    .description = N_("has an archive attached that holds a program"),
    .points = 350, /* in neither corpus */
    .danger = true,
    .evaluate = program_in_archive,
};

static enum outcome program_among_files(struct inspection *inspection, struct buffer *detail)
{
    return found_in_archive(&inspection_archives(inspection)->one_of_many, detail,
                            N_("the archive \"%s\" holds, among many files, the program \"%s\""));
}

const struct check check_program_among_files = {
    .name = "PROGRAM_AMONG_FILES",
    .description = N_("has an archive of many files attached, one of which is a program"),
    .points = 100, /* in neither corpus */
    .evaluate = program_among_files,
};

static enum outcome container_in_archive(struct inspection *inspection, struct buffer *detail)
{
    return found_in_archive(&inspection_archives(inspection)->container, detail,
                            N_("the archive \"%s\" holds \"%s\", which opens something else in turn"));
}

const struct check check_container_in_archive = {
    .name = "CONTAINER_IN_ARCHIVE",
    .description = N_("has an archive attached that holds a disk image, web page or the like"),
    .points = 180, /* in neither corpus */
    .evaluate = container_in_archive,
};

static enum outcome macros_inside(struct inspection *inspection, struct buffer *detail)
{
    return found_in_archive(&inspection_archives(inspection)->macros, detail,
                            N_("the document \"%s\" carries programs (macros): \"%s\""));
}

const struct check check_macros_inside = {
    .name = "MACROS_INSIDE",
    .description = N_("has a document attached that carries programs (macros), whatever it is named"),
    .points = 200, /* in neither corpus */
    .evaluate = macros_inside,
};

static enum outcome two_faced_archive(struct inspection *inspection, struct buffer *detail)
{
    return found_in_archive(&inspection_archives(inspection)->two_faced, detail,
                            N_("the archive \"%s\" shows different programs different files, one of them \"%s\""));
}

const struct check check_two_faced_archive = {
    .name = "TWO_FACED_ARCHIVE",
    .description = N_("has a ZIP archive attached that shows a scanner other files than its reader"),
    .points = 300, /* in neither corpus */
    .evaluate = two_faced_archive,
};

static enum outcome encrypted_archive(struct inspection *inspection, struct buffer *detail)
{
    return found_in_archive(&inspection_archives(inspection)->encrypted, detail,
                            N_("the archive \"%s\" is encrypted, so that no scanner can look into it"));
}

const struct check check_encrypted_archive = {
    .name = "ENCRYPTED_ARCHIVE",
    .description = N_("has an encrypted archive or document attached"),
    .points = 120, /* in neither corpus */
    .evaluate = encrypted_archive,
};

/* The key under the mat: encryption that keeps out nobody but scanners. */
static enum outcome archive_password(struct inspection *inspection, struct buffer *detail)
{
    const struct archive_find *find = &inspection_archives(inspection)->encrypted;
    struct span password;
    if (!find->part || !password_find(inspection->message->visible_text, &password))
        return OUTCOME_SILENT;
    detail_say(detail, "the attachment \"%s\" is encrypted, and its password is in the text: \"%s\"",
               find->part->file_name, password);
    return OUTCOME_HIT;
}

const struct check check_archive_password = {
    .name = "ARCHIVE_PASSWORD",
    .description = N_("has an encrypted attachment, and its password in the text"),
    .points = 300, /* in neither corpus */
    .evaluate = archive_password,
};

/* target-mailbox-names.c - names of files and folders in a Maildir, its keywords, and fingerprints of messages */
#include "config.h"

#include "fuzz.h"

#include "mailbox/fingerprint.h"
#include "mailbox/folders.h"
#include "mailbox/keywords.h"
#include "mailbox/maildir-folder.h"
#include "mailbox/maildir-name.h"
#include "mailbox/name-record.h"

static const struct folder_names names = { "Junk", "Trash", "Sent", "Drafts", "Quarantine" };

static void check_file_name(const char *name, const struct keyword_letters *letters)
{
    struct file_flags flags = keywords_of_file(name, letters);
    struct span whole = span_of(name);
    fuzz_require(fuzz_is_within(flags.unique, whole) && flags.unique.length <= whole.length);
    fuzz_require(flags.keyword <= KEYWORD_BOTH);
    struct maildir_name parts = maildir_name_read(name);
    fuzz_require(fuzz_is_within(parts.flags, whole) && span_equal(parts.unique, flags.unique));
    fuzz_require(parts.unique.length + (parts.has_flags ? 3 : 0) + parts.flags.length <= whole.length);
    struct span key = name_record_key(name);
    fuzz_require(fuzz_is_within(key, whole) && key.length <= flags.unique.length);
}

static void check_folder_name(const char *name, struct arena *arena)
{
    fuzz_require(folders_use_of_name(span_of(name), &names, arena) <= 16);
    folders_decode_name(span_of(name), arena);
    if (maildir_folder_name_is_valid(name))
        fuzz_require(!strchr(name, '/') && !strstr(name, "..") && *name != '.' && strlen(name) < 255);
}

FUZZ_TARGET(mailbox_names, "names of a Maildir's files and folders, and its keywords, are read")
{
    struct keyword_letters letters = keywords_read(input);
    fuzz_require(letters.junk >> 26 == 0 && letters.not_junk >> 26 == 0);
    struct fingerprint whole = fingerprint_of(input), again = fingerprint_of(arena_copy(arena, input));
    fuzz_require(memcmp(whole.bytes, again.bytes, sizeof whole.bytes) == 0 && whole.said == again.said);
    while (input.length) {
        const char *name = fuzz_string(fuzz_take_line(&input), arena);
        check_file_name(name, &letters);
        check_folder_name(name, arena);
    }
}

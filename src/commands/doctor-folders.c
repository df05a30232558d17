/* doctor-folders.c - `tamis doctor`: what the folders of the Maildir are taken for, and the marks in them */
#include <string.h>
#include <unistd.h>

#include "commands/doctor.h"
#include "mailbox/folders.h"
#include "mailbox/keywords.h"
#include "util/file.h"

/* Of so many folders it is told; what is wrong with more is likely the same. */
#define WRONG_KEYWORDS_AT_MOST 5

static bool is_top_level(const char *name)
{
    const char *rest = span_starts_nocase(span_of(name), "INBOX.") ? name + 6 : name;
    return !strpbrk(rest, "./");
}

/* Several folders for spam: the mail program may use another one than tamis. */
static void check_other_junk(struct doctor *doctor, const struct folders *folders)
{
    const char *junk = doctor->settings->maildir.junk;
    for (size_t i = 0; i < folders->count; i++) {
        const struct folder *folder = &folders->list[i];
        if (folder->use != FOLDER_JUNK || !is_top_level(folder->name) || strcmp(folder->name, junk) == 0)
            continue;
        doctor_find(doctor, STATE_NOTE,
                    "there is a folder %s beside junk_folder = %s; moves into both are learned, only %s is emptied "
                    "by tamis expire",
                    folder->name, junk, junk);
        doctor_advise(doctor, "if the mail program puts spam into %s, set junk_folder = %s", folder->name,
                      folder->name);
    }
}

/* Learning looks through all folders or none.  What doctor_check_maildir() has told is not told again. */
static void tell_why_not_found(struct doctor *doctor, const struct failure *failure)
{
    for (size_t i = 0; i < doctor->count; i++)
        if (doctor->findings[i].state == STATE_PROBLEM && strcmp(doctor->findings[i].subject, "maildir") == 0)
            return;
    doctor_find(doctor, STATE_PROBLEM, "%s", failure->reason);
    doctor_advise(doctor, "mend that: until then nothing is learned from what is moved between folders");
}

void doctor_check_folders(struct doctor *doctor)
{
    const struct folder_names *names = &doctor->settings->folders;
    struct folders folders;
    struct failure failure = { 0 };
    if (!folders_find(doctor->settings->maildir.path, names, doctor->arena, &folders, &failure)) {
        tell_why_not_found(doctor, &failure);
        return;
    }
    size_t uses[FOLDER_DRAFTS + 1] = { 0 };
    bool has_junk = false;
    for (size_t i = 0; i < folders.count; i++) {
        uses[folders.list[i].use]++;
        has_junk = has_junk || strcmp(folders.list[i].name, names->junk) == 0;
    }
    doctor_find(doctor, STATE_FINE, "%zu folders: %zu for junk, %zu trash, %zu sent, %zu drafts", folders.count,
                uses[FOLDER_JUNK], uses[FOLDER_TRASH], uses[FOLDER_SENT], uses[FOLDER_DRAFTS]);
    if (!has_junk)
        doctor_find(doctor, STATE_NOTE, "there is no folder %s yet; the first spam makes it", names->junk);
    if (!uses[FOLDER_TRASH]) {
        doctor_find(doctor, STATE_NOTE, "no folder looks like trash: a move from Junk to it would be learned as ham");
        doctor_advise(doctor, "set trash_folder; tamis relearn --folders lists what each folder is taken for");
    }
    if (folders.truncated) {
        doctor_find(doctor, STATE_PROBLEM, "there are more than %d folders", FOLDERS_AT_MOST);
        doctor_advise(doctor, "remove some");
    }
    check_other_junk(doctor, &folders);
}

/* Reads the keywords of one folder as relearn does; true when nothing is wrong with them. */
static bool check_keywords_of(struct doctor *doctor, const char *path)
{
    struct failure failure = { 0 };
    struct keyword_letters letters = keywords_of_folder(path, &failure);
    if (letters.unknown) {
        doctor_find(doctor, STATE_PROBLEM, "marks such as $NotJunk are not seen: %s", failure.reason);
        if (failure.kind == FAILURE_PERMISSION)
            doctor_advise(doctor, "let user %lu read it", (unsigned long)geteuid());
        else
            doctor_advise(doctor, "it is the mail server's file, for its folder alone: put that in its place");
    } else if (letters.bad_line) {
        doctor_find(doctor, STATE_PROBLEM, "line %zu of %s/dovecot-keywords is not understood, its mark is not seen",
                    letters.bad_line, path);
        doctor_advise(doctor, "lines are a number from 0 to 25, a blank and a keyword, written by the mail server");
    }
    return !letters.unknown && !letters.bad_line;
}

void doctor_check_keywords(struct doctor *doctor)
{
    char path[PATH_MAX];
    struct folders folders;
    const struct settings *settings = doctor->settings;
    size_t wrong = 0;
    if (!folders_find(settings->maildir.path, &settings->folders, doctor->arena, &folders, NULL))
        return; /* doctor_check_folders() has told */
    for (size_t i = 0; i < folders.count && wrong < WRONG_KEYWORDS_AT_MOST; i++) {
        const struct folder *folder = &folders.list[i];
        bool good = check_keywords_of(doctor, folder->path);
        wrong += !good;
        if (!good || strcmp(folder->name, settings->maildir.junk) != 0)
            continue;
        if (file_join(path, sizeof path, folder->path, "dovecot-keywords") && access(path, F_OK) == 0)
            doctor_find(doctor, STATE_FINE, "keywords in Junk can be read");
        else
            doctor_find(doctor, STATE_NOTE, "no keywords in Junk: marks such as $NotJunk are not used, moves are");
    }
}

/* doctor-folders.c - `tamis doctor`: what the folders of the Maildir are taken for, the marks and the files in them */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/doctor.h"
#include "mailbox/folders.h"
#include "mailbox/keywords.h"
#include "mailbox/maildir-name.h"
#include "mailbox/packing.h"
#include "util/file.h"

/* Of so many folders it is told; what is wrong with more is likely the same. */
#define WRONG_KEYWORDS_AT_MOST 5
/* So many files of new/ and of cur/ are looked into, the newest: a server packs what came since its plugin is on. */
#define LOOKED_INTO 8

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

/* --- packed files ------------------------------------------------------------------------------------------------- */

struct newest {
    struct {
        int64_t named; /* seconds since 1970 */
        char name[NAME_MAX + 1];
    } files[LOOKED_INTO]; /* the newest first */
    size_t count;
};

static void take_newest(struct newest *newest, const char *name)
{
    int64_t named = maildir_name_time(name);
    size_t place = newest->count;
    while (place > 0 && newest->files[place - 1].named < named)
        place--;
    if (place == LOOKED_INTO)
        return;
    size_t moved = (newest->count < LOOKED_INTO ? newest->count : LOOKED_INTO - 1) - place;
    memmove(&newest->files[place + 1], &newest->files[place], moved * sizeof newest->files[0]);
    newest->files[place].named = named;
    snprintf(newest->files[place].name, sizeof newest->files[place].name, "%s", name);
    newest->count += newest->count < LOOKED_INTO;
}

/* NULL as well for what cannot be read: relearn says so of each message. */
static const char *packing_of_file(int directory_fd, const char *name)
{
    char bytes[PACKING_BYTES];
    struct stat status;
    int fd = openat(directory_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    ssize_t length = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? read(fd, bytes, sizeof bytes) : -1;
    close(fd);
    return length > 0 ? packing_name(span_make(bytes, (size_t)length)) : NULL;
}

static const char *packing_of_directory(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct newest newest = { .count = 0 };
    const char *packing = NULL;
    DIR *directory = file_join(path, sizeof path, folder, name) ? opendir(path) : NULL;
    if (!directory)
        return NULL;
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            take_newest(&newest, entry->d_name);
    for (size_t i = 0; i < newest.count && !packing; i++)
        packing = packing_of_file(dirfd(directory), newest.files[i].name);
    closedir(directory);
    return packing;
}

void doctor_check_packing(struct doctor *doctor)
{
    struct folders folders;
    const struct settings *settings = doctor->settings;
    if (!folders_find(settings->maildir.path, &settings->folders, doctor->arena, &folders, NULL))
        return; /* doctor_check_folders() has told */
    for (size_t i = 0; i < folders.count; i++) {
        const struct folder *folder = &folders.list[i];
        const char *packing = packing_of_directory(folder->path, "cur");
        if (!packing)
            packing = packing_of_directory(folder->path, "new");
        if (!packing)
            continue; /* of one folder it is told: the server's settings are the same for all */
        if (doctor_last_reported(doctor)) {
            doctor_find(doctor, STATE_NOTE,
                        "the mail server packs messages (%s in %s): of them, only moves that it reports are learned",
                        packing, folder->name);
            return;
        }
        doctor_find(doctor, STATE_PROBLEM, "the mail server packs messages (%s in %s): nothing is learned of them",
                    packing, folder->name);
        doctor_advise(doctor, "let Dovecot report moves, with their text: examples/dovecot/tamis-imap.conf; or turn "
                              "off its plugin zlib or mail_crypt, for mail to come");
        return;
    }
}

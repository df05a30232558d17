/* moves-scan.c - looking at the folders: which files are new, and what follows for their messages */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/maildir-name.h"
#include "mailbox/moves-records.h"
#include "util/file.h"
#include "util/log.h"

/* A directory changed this short a time ago may change again within the same tick of its clock: look again next time.
 * Two seconds are the coarsest clock in use (FAT, some network file systems). */
#define UNSETTLED_NANOSECONDS INT64_C(2000000000)
/* Delivery names a file and writes it within this time; who copies a message gives it a new name and its old time. */
#define PUT_SECONDS 10

struct scan {
    struct moves *moves;
    struct moves_scan_result *result;
    int64_t now_nanoseconds;
    uint32_t today; /* days since 1970 */
    char *bytes; /* FINGERPRINT_READS */
    int want; /* errno of the first thing that could not be had just now; 0: all could */
};

/* What the system lacks for the moment, as opposed to what a file is. */
static bool is_passing(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS || error == ENOSPC ||
           error == EDQUOT || error == EAGAIN || error == EINTR || error == ESTALE;
}

static void note_unreadable(struct scan *scan, int error)
{
    scan->result->unreadable++;
    if (!scan->want && is_passing(error))
        scan->want = error;
}

/* The files of one folder while they are being listed. */
struct listing {
    struct moves_folder *folder;
    const struct moves_folder *known; /* as of the last scan, or NULL */
    struct keyword_letters letters;
    size_t unclear; /* files with keywords whose meaning could not be read */
    size_t capacity;
};

/* --- one file --------------------------------------------------------------------------------------------------- */

static bool lies_as_filed(enum said said, enum place place)
{
    return (said == SAID_SPAM && place == PLACE_JUNK)
           || ((said == SAID_HAM || said == SAID_UNSURE) && place == PLACE_ORDINARY);
}

static const struct moves_file *find_known(const struct moves_folder *known, uint64_t name)
{
    size_t low = 0, high = known ? known->count : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (known->files[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    return known && low < known->count && known->files[low].name == name ? &known->files[low] : NULL;
}

/* Did a file of that name lie in another folder?  Dovecot and people move files without renaming them. */
static bool was_elsewhere(const struct moves *moves, uint64_t name)
{
    for (size_t i = 0; i < moves->folder_count; i++)
        if (find_known(&moves->folders[i], name))
            return true;
    return false;
}

/* Dovecot keeps name and time of a file that it moves.  Of spam outside of Junk two things tell all the same that it
 * was there, where delivery files spam into Junk (decision_filed() asks for that): the mark that our Sieve script sets
 * as it files; and that it lies in the inbox, but arrived while delivery filed into Junk.  That is not known of mail
 * older than the first look, nor of mail that came after delivery had ceased to. */
static bool was_rescued(const struct scan *scan, const struct moves_folder *folder, enum junk_keyword marks,
                        uint32_t arrived_day)
{
    return marks & KEYWORD_JUNK
           || (!scan->moves->first && strcmp(folder->name, "INBOX") == 0 && arrived_day <= scan->moves->filed_day + 1);
}

/* Opens a file that is new.  False when it is gone (its folder has changed again, and the next scan sees it) or cannot
 * be read. */
static bool read_new_file(struct scan *scan, int directory_fd, const char *name, const struct moves_folder *folder,
                          enum junk_keyword marks, struct moves_file *file)
{
    errno = 0;
    int fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    ssize_t length = -1;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        length = pread(fd, scan->bytes, FINGERPRINT_READS, 0);
    int error = errno;
    bool gone = fd < 0 && error == ENOENT;
    if (fd >= 0)
        close(fd);
    if (length < 0) {
        if (!gone)
            note_unreadable(scan, error);
        return false;
    }
    scan->result->opened++;
    struct fingerprint fingerprint = fingerprint_of(span_make(scan->bytes, (size_t)length));
    enum place place = decision_place(folder->use);
    uint32_t day = status.st_mtime > 0 ? (uint32_t)(status.st_mtime / 86400) : 0;
    file->message = moves_message_find(scan->moves, &fingerprint);
    file->put = maildir_name_time(name) > (int64_t)status.st_mtime + PUT_SECONDS
                || was_elsewhere(scan->moves, file->name)
                || (fingerprint.said == SAID_SPAM && place == PLACE_ORDINARY && was_rescued(scan, folder, marks, day));
    file->as_filed = !file->put && lies_as_filed(fingerprint.said, place);
    if (fingerprint.said == SAID_SPAM && file->as_filed && day > scan->moves->filed_day)
        scan->moves->filed_day = day;
    if (file->put && place == PLACE_JUNK)
        scan->moves->junk_opened = scan->today;
    return true;
}

/* The marks that a file came with can be read at last, and say what they would have said when it was first seen: a
 * message of which nobody has said anything since is looked at as new. */
static void look_anew(struct scan *scan, const struct moves_folder *folder, enum junk_keyword marks,
                      struct moves_file *file)
{
    struct moves_message *message = &scan->moves->messages[file->message];
    if (file->put || message->taught || message->lesson != BELIEF_NONE)
        return;
    if (message->said == SAID_SPAM && decision_place(folder->use) == PLACE_ORDINARY && marks & KEYWORD_JUNK)
        file->put = true; /* as was_rescued() has it */
    message->place = PLACE_NOWHERE;
    message->fresh = true;
}

/* Notes what a file is marked with.  Marks that cannot be read are as they were: "could not tell" is never "no". */
static void note_marks(struct scan *scan, struct listing *listing, const struct file_flags *flags, bool is_new,
                       struct moves_file *file)
{
    file->marked = false;
    if (flags->unclear) {
        listing->unclear++;
        file->unclear = file->unclear || is_new;
        return;
    }
    enum junk_keyword says =
        keywords_say(flags->keyword, (enum junk_keyword)file->marks, (enum junk_keyword)file->keyword);
    if (file->unclear)
        look_anew(scan, listing->folder, flags->keyword, file);
    else
        file->marked = !is_new && file->keyword != says;
    file->marks = flags->keyword & 3;
    file->keyword = says & 3;
    file->unclear = false;
}

static void list_file(struct scan *scan, struct listing *listing, int directory_fd, const char *name)
{
    struct file_flags flags = keywords_of_file(name, &listing->letters);
    struct moves_file file = { .name = moves_name_hash(flags.unique) };
    const struct moves_file *known = find_known(listing->known, file.name);
    if (known)
        file = *known;
    else if (!read_new_file(scan, directory_fd, name, listing->folder, flags.keyword, &file))
        return;
    /* Filing scripts may mark as read what they file.  What we saw unread before, somebody has read. */
    if (known && flags.seen && !known->seen && decision_place(listing->folder->use) == PLACE_JUNK)
        scan->moves->junk_opened = scan->today;
    file.seen = flags.seen;
    file.used = flags.answered || flags.flagged;
    file.deleted = flags.deleted;
    note_marks(scan, listing, &flags, !known, &file);
    struct moves_folder *folder = listing->folder;
    if (folder->count == listing->capacity) {
        listing->capacity = listing->capacity ? listing->capacity * 2 : 16;
        folder->files = moves_allocate(folder->files, listing->capacity, sizeof file);
    }
    folder->files[folder->count++] = file;
}

/* --- one folder ------------------------------------------------------------------------------------------------- */

/* False when it could not be read to its end: then nothing is known of what is not listed. */
static bool list_directory(struct scan *scan, struct listing *listing, const char *which)
{
    char path[PATH_MAX];
    DIR *directory = NULL;
    if (file_join(path, sizeof path, listing->folder->path, which))
        directory = opendir(path);
    if (!directory && errno == ENOENT)
        return true;
    if (!directory) {
        note_unreadable(scan, errno);
        return false;
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(directory)); errno = 0)
        if (entry->d_name[0] != '.')
            list_file(scan, listing, dirfd(directory), entry->d_name);
    bool whole = errno == 0;
    if (!whole)
        note_unreadable(scan, errno);
    closedir(directory);
    return whole;
}

static int compare_files(const void *a, const void *b)
{
    uint64_t left = ((const struct moves_file *)a)->name, right = ((const struct moves_file *)b)->name;
    return left < right ? -1 : left > right;
}

/* A file that went from new/ to cur/ while we looked was listed twice. */
static void sort_files(struct moves_folder *folder)
{
    size_t kept = 0;
    if (folder->count)
        qsort(folder->files, folder->count, sizeof *folder->files, compare_files);
    for (size_t i = 0; i < folder->count; i++)
        if (i == 0 || folder->files[i].name != folder->files[kept - 1].name)
            folder->files[kept++] = folder->files[i];
    folder->count = kept;
}

static void read_times(const struct scan *scan, const char *path, int64_t times[3])
{
    static const char *const names[3] = { "cur", "new", "dovecot-keywords" };
    for (size_t i = 0; i < 3; i++) {
        char inner[PATH_MAX];
        struct stat status;
        times[i] = -1;
        if (!file_join(inner, sizeof inner, path, names[i]) || stat(inner, &status) != 0)
            continue;
        times[i] = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        if (times[i] > scan->now_nanoseconds - UNSETTLED_NANOSECONDS)
            times[i] = 0;
    }
}

static bool is_unchanged(const struct moves_folder *known, const struct moves_folder *now)
{
    for (size_t i = 0; i < 3; i++)
        if (now->times[i] == 0 || now->times[i] != known->times[i])
            return false;
    return known->use == now->use;
}

/* What was known of a folder stays known. */
static void take_over(struct moves_folder *known, struct moves_folder *folder)
{
    free(folder->files);
    folder->files = known ? known->files : NULL;
    folder->count = known ? known->count : 0;
    if (known) {
        known->files = NULL;
        known->count = 0;
    }
}

/* Lists a folder, or takes over what is known of one that did not change.  Where something could not be read, the times
 * are not noted, so that the next scan looks again. */
static void look_into(struct scan *scan, const struct folder *found, struct moves_folder *known,
                      struct moves_folder *folder)
{
    *folder = (struct moves_folder){ .name = strdup(found->name), .path = found->path, .use = found->use };
    if (!folder->name)
        moves_allocate(NULL, SIZE_MAX, 1);
    read_times(scan, found->path, folder->times);
    if (known)
        known->use = found->use;
    if (known && is_unchanged(known, folder)) {
        take_over(known, folder);
        return;
    }
    size_t unreadable = scan->result->unreadable;
    struct failure why = { 0 };
    struct listing listing = { .folder = folder, .known = known, .letters = keywords_of_folder(found->path, &why) };
    bool whole = list_directory(scan, &listing, "new");
    whole = list_directory(scan, &listing, "cur") && whole;
    sort_files(folder);
    if (listing.unclear) {
        note_unreadable(scan, why.error);
        scan->result->unread_keywords = why;
    }
    if (!whole)
        take_over(known, folder);
    if (scan->result->unreadable != unreadable)
        memset(folder->times, 0, sizeof folder->times);
    scan->result->looked_into++;
    scan->moves->changed = true;
}

static void look_into_all(struct scan *scan, const struct folders *folders)
{
    struct moves *moves = scan->moves;
    struct moves_folder *list = moves_allocate(NULL, folders->count, sizeof *list);
    /* Junk first: what is there tells whether delivery files into it. */
    for (size_t i = 0; i < folders->count * 2; i++) {
        size_t which = i % folders->count;
        const struct folder *found = &folders->list[which];
        if ((found->use == FOLDER_JUNK) != (i < folders->count))
            continue;
        look_into(scan, found, moves_folder_find(moves->folders, moves->folder_count, found->name), &list[which]);
        scan->result->files += list[which].count;
    }
    moves->changed = moves->changed || moves->folder_count != folders->count;
    moves_folders_free(moves->folders, moves->folder_count);
    moves->folders = list;
    moves->folder_count = folders->count;
}

/* --- one message, all its files together ------------------------------------------------------------------------- */

enum {
    IN_JUNK_PUT = 1,        /* put there by somebody */
    IN_JUNK_FILED = 2,      /* lies there as delivery filed it */
    IN_ORDINARY_PUT = 4,
    IN_ORDINARY_FILED = 8,
    IN_TRASH = 16,
    IN_OWN = 32,
    WAS_PUT = 64,           /* a file has a later name than time */
    WAS_MARKED = 128,
};
#define IN_JUNK (IN_JUNK_PUT | IN_JUNK_FILED)
#define IN_ORDINARY (IN_ORDINARY_PUT | IN_ORDINARY_FILED)

struct summary {
    uint8_t bits;
    uint8_t keyword;
    bool present; /* a file has it, be it deleted */
};

static uint8_t bits_of(const struct moves_file *file, enum folder_use use)
{
    switch (decision_place(use)) {
    case PLACE_JUNK:
        return file->as_filed ? IN_JUNK_FILED : IN_JUNK_PUT;
    case PLACE_ORDINARY:
        return file->as_filed ? IN_ORDINARY_FILED : IN_ORDINARY_PUT;
    case PLACE_TRASH:
        return IN_TRASH;
    case PLACE_OWN:
        return IN_OWN;
    case PLACE_NOWHERE:
        break;
    }
    return 0;
}

static struct summary *summarise(struct moves *moves)
{
    struct summary *summaries = moves_allocate(NULL, moves->count, sizeof *summaries);
    memset(summaries, 0, moves->count * sizeof *summaries);
    for (size_t i = 0; i < moves->folder_count; i++)
        for (size_t j = 0; j < moves->folders[i].count; j++) {
            struct moves_file *file = &moves->folders[i].files[j];
            struct summary *summary = &summaries[file->message];
            uint8_t place = bits_of(file, moves->folders[i].use);
            bool marked = file->marked;
            file->marked = false;
            summary->present = true;
            if (file->deleted)
                continue;
            summary->bits |= place | (file->put ? WAS_PUT : 0) | (marked ? WAS_MARKED : 0);
            if (place & (IN_JUNK | IN_ORDINARY) && !file->unclear && (marked || summary->keyword == KEYWORD_NONE))
                summary->keyword = file->keyword;
        }
    return summaries;
}

/* Where the message lies.  In Junk and elsewhere at once: a copy that somebody put there speaks, one that was delivered
 * does not; when that does not tell, it lies where it lay. */
static enum place place_of(const struct summary *summary, const struct moves_message *message)
{
    uint8_t bits = summary->bits;
    if (bits & IN_JUNK && bits & IN_ORDINARY) {
        bits &= IN_JUNK_PUT | IN_ORDINARY_PUT;
        if (bits == (IN_JUNK_PUT | IN_ORDINARY_PUT) || bits == 0)
            return (enum place)message->place;
    }
    return bits & IN_JUNK       ? PLACE_JUNK
           : bits & IN_ORDINARY ? PLACE_ORDINARY
           : bits & IN_TRASH    ? PLACE_TRASH
           : bits & IN_OWN      ? PLACE_OWN
                                : PLACE_NOWHERE;
}

/* The mark that a message had before: the same as now unless it was set on a file that stayed where it was.  A mark
 * that came along with a copy is as old as the move. */
static enum junk_keyword keyword_before(const struct moves_message *message, const struct summary *summary)
{
    enum junk_keyword now = (enum junk_keyword)summary->keyword;
    if (!message->fresh)
        return summary->bits & WAS_MARKED ? (enum junk_keyword)message->keyword : now;
    /* Seen for the first time: marks of other filters, of ours (tamis.sieve sets $Junk), and old ones tell nothing. */
    bool old = message->said == SAID_NOTHING || summary->bits & WAS_PUT
               || (message->said == SAID_SPAM && now == KEYWORD_JUNK);
    return old ? now : KEYWORD_NONE;
}

static void conclude(struct moves *moves, struct moves_message *message, const struct summary *summary, uint32_t today)
{
    struct sight now = { place_of(summary, message), (enum junk_keyword)summary->keyword };
    struct sight before = { (enum place)message->place, keyword_before(message, summary) };
    bool telling = now.place == PLACE_JUNK || now.place == PLACE_ORDINARY;
    bool only_filed = !(summary->bits & (now.place == PLACE_JUNK ? IN_JUNK_PUT : IN_ORDINARY_PUT));
    if (summary->bits & IN_OWN && message->said == SAID_NOTHING)
        message->own = true;
    if (message->fresh)
        message->belief = (uint8_t)decision_filed((enum said)message->said, now.place, summary->bits & WAS_PUT,
                                                  moves->filed_day != 0);
    else if (telling && !message->taught && only_filed) /* the same message, delivered once more */
        message->belief = (uint8_t)(now.place == PLACE_JUNK ? BELIEF_SPAM : BELIEF_HAM);
    struct decision decision = decision_make(message->own, (enum belief)message->belief, before, now);
    if (decision.lesson != BELIEF_NONE) {
        message->belief = message->lesson = (uint8_t)decision.lesson;
        message->taught = true;
        message->implicit = false;
        log_line(LOG_SEVERITY_DEBUG, "a message %s", decision.why);
    }
    if (message->fresh || !message->since || now.place != before.place) {
        message->since = today;
        message->weighed = false;
        if (message->implicit)
            message->lesson = BELIEF_NONE;
        message->implicit = false;
    }
    if (telling) {
        message->place = (uint8_t)now.place;
        message->keyword = (uint8_t)now.keyword;
    }
    message->fresh = false;
}

/* Drops what has been gone for long; files name messages by index, so these are counted anew. */
static void drop_gone(struct moves *moves, uint32_t today)
{
    uint32_t *moved_to = moves_allocate(NULL, moves->count, sizeof *moved_to);
    size_t kept = 0;
    for (size_t i = 0; i < moves->count; i++) {
        struct moves_message *message = &moves->messages[i];
        moved_to[i] = (uint32_t)kept;
        if (!message->day || message->day + MOVES_GONE_DAYS > today || message->lesson != BELIEF_NONE)
            moves->messages[kept++] = *message;
    }
    if (kept != moves->count) {
        for (size_t i = 0; i < moves->folder_count; i++)
            for (size_t j = 0; j < moves->folders[i].count; j++)
                moves->folders[i].files[j].message = moved_to[moves->folders[i].files[j].message];
        moves->count = kept;
        moves->changed = true;
        moves_make_slots(moves, kept);
    }
    free(moved_to);
}

bool moves_scan(struct moves *moves, const struct folders *folders, int64_t now, struct moves_scan_result *result,
                struct failure *failure)
{
    if (folders->truncated)
        return failure_set(failure, FAILURE_INPUT, "the Maildir has more than %d folders", FOLDERS_AT_MOST);
    *result = (struct moves_scan_result){ .folders = folders->count };
    uint32_t today = (uint32_t)(now / 86400);
    struct scan scan = { .moves = moves, .result = result, .now_nanoseconds = now * 1000000000, .today = today,
                         .bytes = moves_allocate(NULL, FINGERPRINT_READS, 1) };
    look_into_all(&scan, folders);
    free(scan.bytes);
    /* Of a message that went from one folder to another half would be known: it would be taken for one that has always
     * lain where the next scan finds it. */
    if (scan.want)
        return failure_set_errno(failure, FAILURE_TEMPORARY, scan.want,
                                 "the folders cannot be looked through just now");
    struct summary *summaries = summarise(moves);
    for (size_t i = 0; moves->changed && i < moves->count; i++) {
        struct moves_message *message = &moves->messages[i];
        if (!summaries[i].present)
            message->day = message->day ? message->day : today;
        else
            message->day = 0;
        conclude(moves, message, &summaries[i], today);
    }
    free(summaries);
    drop_gone(moves, today);
    return true;
}

/* correspondents.c - whom the user has written to, and which messages the user wrote: asked at delivery */
#include "senders/correspondents.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "senders/correspondents-layout.h"
#include "util/file.h"

/* --- the file --------------------------------------------------------------------------------------------------- */

static void map(struct correspondents_book *book, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > (off_t)CORRESPONDENTS_BYTES_MOST ||
        status.st_size < (off_t)sizeof(struct layout_head))
        return;
    size_t length = (size_t)status.st_size;
    void *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return;
    book->bytes = bytes;
    book->length = length;
    if (!layout_is_sound(span_make(book->bytes, length)))
        correspondents_close(book);
}

/* The head of the open file, or NULL. */
static const struct layout_head *open_book(struct correspondents_book *book)
{
    char path[PATH_MAX];
    if (!book->opened) {
        book->opened = true;
        int fd = -1;
        bool tried = book->directory && *book->directory &&
                     file_join(path, sizeof path, book->directory, CORRESPONDENTS_FILE);
        if (tried)
            fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        book->unusable = fd < 0 && tried && errno != ENOENT && errno != ENOTDIR;
        if (fd >= 0) {
            map(book, fd);
            close(fd);
            book->unusable = !book->bytes;
        }
    }
    return (const struct layout_head *)(const void *)book->bytes;
}

void correspondents_open(struct correspondents_book *book)
{
    open_book(book);
}

void correspondents_close(struct correspondents_book *book)
{
    if (book->bytes)
        munmap((void *)(uintptr_t)book->bytes, book->length);
    book->bytes = NULL;
    book->length = 0;
}

/* --- searching -------------------------------------------------------------------------------------------------- */

/* The record with this hash among `count` of `size` bytes each, which begin with their hashes; NULL when there is none.
 */
static const void *search(const char *records, size_t count, size_t size, uint64_t hash)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        uint64_t found;
        memcpy(&found, records + middle * size, sizeof found);
        if (found == hash)
            return records + middle * size;
        if (found < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

unsigned correspondents_written_to(struct correspondents_book *book, struct span local, struct span domain,
                                   struct arena *arena)
{
    char joined[ENTRY_LONGEST], lower[ENTRY_LONGEST];
    const struct layout_head *head = open_book(book);
    if (!head || local.length == 0)
        return 0;
    domain = entry_domain(domain, arena);
    if (domain.length == 0 || local.length + 1 + domain.length > sizeof joined)
        return 0;
    memcpy(joined, local.data, local.length);
    joined[local.length] = '@';
    memcpy(joined + local.length + 1, domain.data, domain.length);
    struct span mailbox = layout_mailbox(span_make(joined, local.length + 1 + domain.length), lower);
    const struct layout_person *person =
        search(book->bytes + layout_people_at(), head->people, sizeof *person,
               hash_bytes(mailbox.data, mailbox.length, head->key));
    bool known = person && !layout_is_own(person->sent_from, person->sent_to) &&
                 span_equal(layout_mailbox_of(head, person), mailbox);
    return known ? person->sent_to : 0;
}

bool correspondents_wrote(struct correspondents_book *book, struct span message_id)
{
    const struct layout_head *head = open_book(book);
    struct span identifier = layout_identifier(message_id);
    return head && identifier.length && identifier.length <= CORRESPONDENTS_IDENTIFIER &&
           search(book->bytes + layout_messages_at(head), head->messages, sizeof(struct layout_message),
                  hash_bytes(identifier.data, identifier.length, head->key));
}

void correspondents_visit(struct correspondents_book *book,
                          void (*visit)(void *context, const struct correspondent_shown *shown), void *context)
{
    const struct layout_head *head = open_book(book);
    for (size_t i = 0; head && i < head->people; i++) {
        const struct layout_person *person =
            (const struct layout_person *)(const void *)(book->bytes + layout_people_at()) + i;
        struct correspondent_shown shown = { .mailbox = layout_mailbox_of(head, person), .sent_to = person->sent_to,
                                             .is_own = layout_is_own(person->sent_from, person->sent_to),
                                             .last = person->day };
        visit(context, &shown);
    }
}

/* correspondents-sharing.c - the file of correspondents on many hosts, with a store on a server */
#include "senders/correspondents.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "senders/correspondents-layout.h"
#include "util/file.h"

_Static_assert(sizeof(struct layout_head) == COMPANION_MARK, "the head tells one state of the file from another");

bool correspondents_are_old(struct correspondents_book *book, struct store *store)
{
    struct companion_mark newest = companion_mark_in(store);
    if (companion_is_none(&newest))
        return false;
    correspondents_open(book);
    struct companion_mark here = companion_mark_of(span_make(book->bytes, book->length));
    return !companion_is_same(&here, &newest);
}

/* The file, `bytes->data` NULL when there is none. */
static bool read_file(const struct store_options *options, char path[PATH_MAX], struct file_bytes *bytes,
                      struct failure *failure)
{
    struct failure why = { 0 };
    *bytes = (struct file_bytes){ 0 };
    if (!file_join(path, PATH_MAX, options->directory, CORRESPONDENTS_FILE))
        return failure_set(failure, FAILURE_CONFIGURATION, "the path of %s is too long", CORRESPONDENTS_FILE);
    return file_read(path, CORRESPONDENTS_BYTES_MOST, bytes, &why) || errno == ENOENT ||
           failure_set(failure, why.kind, "%s", why.reason);
}

/* What came from a server is looked at whole before it takes the place of what is there. */
static bool put_file(const struct store_options *options, const char *path, struct span file, struct failure *failure)
{
    if (!layout_is_whole(file))
        return failure_set(failure, FAILURE_DAMAGED, "the correspondents in Redis are damaged or of another version");
    return file_make_directories(options->directory, 0700, failure) && file_replace(path, file, 0600, failure);
}

bool correspondents_fetch(const struct store_options *options, struct companion_mark *mark, struct failure *failure)
{
    char path[PATH_MAX], *newest = NULL;
    struct file_bytes here;
    size_t length;
    *mark = (struct companion_mark){ { 0 } };
    if (!store_is_remote(options))
        return true;
    if (!read_file(options, path, &here, failure))
        return false;
    *mark = companion_mark_of(span_make(here.data, here.length));
    file_bytes_free(&here);
    bool done = companion_read(options, mark, &newest, &length, failure) &&
                (!newest || put_file(options, path, span_make(newest, length), failure));
    free(newest);
    return done;
}

bool correspondents_share(const struct store_options *options, const struct companion_mark *mark,
                          struct failure *failure)
{
    char path[PATH_MAX];
    struct file_bytes here;
    if (!store_is_remote(options))
        return true;
    if (!read_file(options, path, &here, failure))
        return false;
    struct span file = span_make(here.data, here.length);
    struct companion_mark now = companion_mark_of(file);
    bool done = !layout_is_whole(file) || companion_is_same(&now, mark) ||
                companion_write(options, mark, file, failure);
    file_bytes_free(&here);
    return done;
}

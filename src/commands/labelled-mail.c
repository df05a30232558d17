/* labelled-mail.c - mail whose label is known: a directory with a file `index` of lines "ham PATH" or "spam PATH" */
#include "commands/labelled-mail.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "mailbox/packing.h"
#include "util/file.h"

#define LONGEST_LINE (PATH_MAX + 16)

static const char blanks[] = " \t";

/* Without its end; a carriage return before that is none of a name either. */
static void cut_end(char *line)
{
    size_t length = strlen(line);
    if (length && line[length - 1] == '\n')
        line[--length] = '\0';
    if (length && line[length - 1] == '\r')
        line[length - 1] = '\0';
}

static bool read_line(char *line, struct labelled *labelled)
{
    size_t word = strcspn(line, blanks);
    const char *path = line + word + strspn(line + word, blanks);
    bool is_spam = word == strlen("spam") && memcmp(line, "spam", word) == 0;
    if (!is_spam && (word != strlen("ham") || memcmp(line, "ham", word) != 0))
        return false;
    labelled->label = is_spam ? LABEL_SPAM : LABEL_HAM;
    labelled->path = *path ? strdup(path) : NULL;
    return labelled->path != NULL;
}

static bool append(struct labelled_list *list, struct labelled labelled)
{
    struct labelled *items = array_grow(list->items, list->count, &list->capacity, sizeof *items);
    if (!items) {
        free(labelled.path);
        return false;
    }
    list->items = items;
    list->items[list->count++] = labelled;
    return true;
}

bool labelled_read_index(struct labelled_list *list, const char *directory, struct failure *failure)
{
    char path[PATH_MAX], line[LONGEST_LINE];
    if (!file_join(path, sizeof path, directory, "index"))
        return failure_set(failure, FAILURE_INPUT, "%s: the name is too long", directory);
    FILE *index = fopen(path, "re");
    if (!index)
        return failure_set_errno(failure, FAILURE_INPUT, errno, "cannot open %s", path);
    size_t number = 0, before = list->count;
    bool good = true;
    while (good && fgets(line, sizeof line, index)) {
        struct labelled labelled = { .directory = directory };
        number++;
        cut_end(line);
        if (!line[strspn(line, blanks)])
            continue;
        if (!read_line(line, &labelled))
            good = failure_set(failure, FAILURE_INPUT, "%s:%zu: a line holds \"ham PATH\" or \"spam PATH\"", path,
                               number);
        else if (!append(list, labelled))
            good = failure_set(failure, FAILURE_TEMPORARY, "%s: no memory for its list", path);
    }
    if (good && ferror(index))
        good = failure_set_errno(failure, FAILURE_INPUT, errno, "cannot read %s", path);
    fclose(index);
    return good && (list->count > before || failure_set(failure, FAILURE_INPUT, "%s names no message", path));
}

bool labelled_join(char *out, size_t size, const struct labelled *labelled)
{
    return file_join(out, size, labelled->path[0] == '/' ? "" : labelled->directory, labelled->path);
}

bool labelled_add(const struct labelled_list *list, size_t number, struct batches *batches, struct failure *failure)
{
    const struct labelled *labelled = &list->items[number];
    char path[PATH_MAX];
    struct file_bytes bytes;
    if (!labelled_join(path, sizeof path, labelled))
        return failure_set(failure, FAILURE_INPUT, "%s: the name is too long", labelled->path);
    if (!file_read(path, 0, &bytes, failure))
        return false;
    const struct source_message message = { span_make(bytes.data, bytes.length), labelled->path };
    bool good = packing_none(message.bytes, path, failure) && batches_add(batches, &message, number);
    file_bytes_free(&bytes);
    return good;
}

int64_t labelled_arrival(const struct message *message)
{
    return message->relay_count && message->relays[0].date != RELAY_NO_DATE ? message->relays[0].date : 0;
}

void labelled_free(struct labelled_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].path);
    free(list->items);
    *list = (struct labelled_list){ 0 };
}

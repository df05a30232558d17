/* relays-gather.c - the relay books of one user or of many, put together */
#include "commands/relays-gather.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MOST 65535 /* as in a book */

/* --- a book as text --------------------------------------------------------------------------------------------- */

bool relays_write_line(const struct relay_record *record, FILE *out)
{
    char network[NETWORK_TEXT];
    return fprintf(out, "%s %u %u %u %" PRId64 " %" PRId64 " %" PRId64 "\n", network_write(&record->network, network),
                   record->called_spam, record->trapped, record->ham, record->first_spam, record->last_spam,
                   record->last_ham) > 0;
}

/* Digits and nothing else; what is more than `most` is `most`. */
static bool take_number(struct span *line, int64_t most, int64_t *number)
{
    struct span word = span_take_word(line, " ");
    *number = 0;
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] < '0' || word.data[i] > '9')
            return false;
        *number = *number * 10 + (word.data[i] - '0');
        if (*number > most)
            *number = most;
    }
    return word.length > 0;
}

static bool read_line(struct span line, int64_t now, struct relay_record *record)
{
    struct network network;
    int64_t called_spam, trapped, ham;
    bool sound = network_read(span_take_word(&line, " "), &network) && take_number(&line, COUNT_MOST, &called_spam) &&
                 take_number(&line, COUNT_MOST, &trapped) && take_number(&line, COUNT_MOST, &ham) &&
                 take_number(&line, now, &record->first_spam) && take_number(&line, now, &record->last_spam) &&
                 take_number(&line, now, &record->last_ham) && line.length == 0;
    if (!sound)
        return false;
    /* Whatever prefix it says: nobody's word blocks more than one host. */
    record->network = relay_book_network(&network.address);
    record->called_spam = (unsigned)called_spam;
    record->trapped = (unsigned)trapped;
    record->ham = (unsigned)ham;
    return true;
}

/* --- many books ------------------------------------------------------------------------------------------------- */

static int by_network(const void *left, const void *right)
{
    const struct gathered_relay *a = left, *b = right;
    return memcmp(&a->record.network.address, &b->record.network.address, sizeof a->record.network.address);
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a == 0 || (b && b < a) ? b : a;
}

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void add(struct gathered_relay *sum, const struct gathered_relay *other)
{
    struct relay_record *to = &sum->record;
    const struct relay_record *from = &other->record;
    to->called_spam += from->called_spam;
    to->trapped += from->trapped;
    to->ham += from->ham;
    to->first_spam = earliest(to->first_spam, from->first_spam);
    to->last_spam = latest(to->last_spam, from->last_spam);
    to->last_ham = latest(to->last_ham, from->last_ham);
    sum->users += other->users;
}

void relays_merge(struct gathering *gathering)
{
    size_t kept = 0;
    if (gathering->count)
        qsort(gathering->relays, gathering->count, sizeof *gathering->relays, by_network);
    for (size_t i = 0; i < gathering->count; i++)
        if (kept && by_network(&gathering->relays[kept - 1], &gathering->relays[i]) == 0)
            add(&gathering->relays[kept - 1], &gathering->relays[i]);
        else
            gathering->relays[kept++] = gathering->relays[i];
    gathering->count = kept;
}

/* Each sorting makes room for many more, or is the last: the relays of a large host are millions of lines. */
static bool make_room(struct gathering *gathering)
{
    if (gathering->full)
        return false;
    if (gathering->count < gathering->room)
        return true;
    relays_merge(gathering);
    if (gathering->count < gathering->room / 2)
        return true;
    size_t room = gathering->room ? gathering->room * 2 : 1024;
    struct gathered_relay *relays =
        room <= GATHERED_RELAYS_MOST ? realloc(gathering->relays, room * sizeof *relays) : NULL;
    if (relays) {
        gathering->relays = relays;
        gathering->room = room;
    }
    return gathering->count < gathering->room - gathering->room / 8;
}

void relays_gather(struct gathering *gathering, const struct relay_record *record)
{
    bool told = record->called_spam || record->trapped;
    if (make_room(gathering))
        gathering->relays[gathering->count++] = (struct gathered_relay){ .record = *record, .users = told };
    else
        gathering->full = true;
}

/* Who names a relay twice is heard once: the books of the program have each once. */
void relays_gather_text(struct gathering *gathering, struct span text)
{
    struct gathering book = { .now = gathering->now };
    while (text.length) {
        size_t length = span_find_byte(text, '\n');
        struct relay_record record = { 0 };
        if (read_line(span_head(text, length), gathering->now, &record))
            relays_gather(&book, &record);
        text = span_from(text, length + 1);
    }
    relays_merge(&book);
    for (size_t i = 0; i < book.count; i++)
        relays_gather(gathering, &book.relays[i].record);
    free(book.relays);
}

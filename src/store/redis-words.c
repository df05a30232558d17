/* redis-words.c - the words of a question to Redis: the key, and many that name a field of the hash or hold a row */
#include "config.h"

#include "store/redis-words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char redis_table_letters[TABLE_COUNT] = { [TABLE_WEIGHTS] = 'w', [TABLE_PAIRS] = 'p', [TABLE_LEDGER] = 'l',
                                                [TABLE_HISTORY] = 'h', [TABLE_COMPANION] = 'c' };

char *redis_key_of(const struct store_remote *remote, const char *tail)
{
    char *key = NULL;
    int length = asprintf(&key, "%s{%s}%s", remote->prefix ? remote->prefix : "", remote->name ? remote->name : "",
                          tail);
    return length < 0 ? NULL : key;
}

bool words_new(struct words *words, size_t fields, size_t others, struct failure *failure)
{
    size_t most = 2 * fields + others;
    *words = (struct words){ .texts = calloc(most, sizeof *words->texts),
                             .lengths = calloc(most, sizeof *words->lengths),
                             .fields = calloc(fields + 1, sizeof *words->fields) };
    if (words->texts && words->lengths && words->fields)
        return true;
    words_free(words);
    return failure_set(failure, FAILURE_TEMPORARY, "no memory for a question to Redis");
}

void words_free(struct words *words)
{
    free(words->texts);
    free(words->lengths);
    free(words->fields);
}

void words_add(struct words *words, const char *text, size_t length)
{
    words->texts[words->count] = text;
    words->lengths[words->count++] = length;
}

void words_add_text(struct words *words, const char *text)
{
    words_add(words, text, strlen(text));
}

void words_add_field(struct words *words, enum table table, uint32_t number)
{
    char *field = words->fields[words->field_count++];
    int length = snprintf(field, FIELD_BYTES, "%c%x", redis_table_letters[table], number);
    words_add(words, field, (size_t)length);
}

bool words_ask_later(struct words *words, struct redis_link *link, struct failure *failure)
{
    bool added = redis_link_add(link, words->count, words->texts, words->lengths, failure);
    words_free(words);
    return added;
}

bool words_ask(struct words *words, struct redis_link *link, redisReply **answer, struct failure *failure)
{
    return words_ask_later(words, link, failure) && redis_link_ask(link, answer, 1, failure);
}

bool words_ask_plainly(struct redis_link *link, size_t count, const char *const *texts, struct failure *failure)
{
    size_t lengths[4];
    for (size_t i = 0; i < count; i++)
        lengths[i] = strlen(texts[i]);
    return redis_link_add(link, count, texts, lengths, failure);
}

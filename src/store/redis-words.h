/* redis-words.h - the words of a question to Redis: the key, and many that name a field of the hash or hold a row */
#ifndef TAMIS_STORE_REDIS_WORDS_H
#define TAMIS_STORE_REDIS_WORDS_H

#include "store/engine.h"
#include "store/redis-link.h"

/* The key of a user's hash: "PREFIX{USER}" and `tail`; free() it.  NULL without memory. */
char *redis_key_of(const struct store_remote *remote, const char *tail);

/* What a field's name begins with; the row's number comes after it, in hexadecimal. */
extern const char redis_table_letters[TABLE_COUNT];

/* "w", eight digits and a NUL at most. */
#define FIELD_BYTES 12

struct words {
    const char **texts;
    size_t *lengths;
    char (*fields)[FIELD_BYTES];
    size_t count, field_count;
};

/* Room for so many fields, each with a value, and `others` besides.  What was asked is freed. */
bool words_new(struct words *words, size_t fields, size_t others, struct failure *failure);
void words_free(struct words *words);

/* The text is not copied; a field's name is. */
void words_add(struct words *words, const char *text, size_t length);
void words_add_text(struct words *words, const char *text);
void words_add_field(struct words *words, enum table table, uint32_t number);

/* Gives them to the link as one question. */
bool words_ask_later(struct words *words, struct redis_link *link, struct failure *failure);

/* And asks it, with what was given to the link before. */
bool words_ask(struct words *words, struct redis_link *link, redisReply **answer, struct failure *failure);

/* Gives four words at most to the link as one question. */
bool words_ask_plainly(struct redis_link *link, size_t count, const char *const *texts, struct failure *failure);

#endif

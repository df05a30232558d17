/* target-table.c - all fuzz targets, a line each */
#include "config.h"

#include "fuzz.h"

#ifdef TAMIS_REDIS
#define OF_REDIS(each) each(redis)
#else
#define OF_REDIS(each)
#endif

/* What a message is made of, then what files are made of, then what goes out. */
#define TARGETS(each) \
    each(message) \
    each(header) \
    each(encoded_word) \
    each(decode) \
    each(charset) \
    each(parameter) \
    each(address) \
    each(received) \
    each(authentication) \
    each(html) \
    each(style) \
    each(url) \
    each(fold) \
    each(archive) \
    each(rule_file) \
    each(rule_cache) \
    each(pattern) \
    each(configuration) \
    each(list) \
    each(journal) \
    each(snapshot) \
    each(dump) \
    each(sections) \
    each(import) \
    each(history) \
    each(daybook) \
    each(relay_book) \
    each(correspondents) \
    each(moves) \
    each(moves_queue) \
    each(mailbox_names) \
    each(mbox) \
    each(maildir_quota) \
    each(features) \
    each(shared) \
    each(shared_spool) \
    each(subordinates) \
    each(dns_cache) \
    each(clamd) \
    OF_REDIS(each) \
    each(judgement) \
    each(pass_through)

#define DECLARE(name) extern const struct fuzz_target fuzz_##name;
#define REFER(name) &fuzz_##name,

TARGETS(DECLARE)

const struct fuzz_target *const fuzz_targets[] = { TARGETS(REFER) NULL };

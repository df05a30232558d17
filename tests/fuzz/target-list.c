/* target-list.c - allow and deny lists, lists the program dates, networks: lines people write, and what mends them */
#include "config.h"

#include "fuzz.h"

#include "senders/dated-list.h"
#include "senders/entry.h"
#include "senders/list-file.h"
#include "util/network.h"

static size_t count_entries(struct span text, struct arena *arena)
{
    struct entry_reader reader = entry_reader_new(text, arena);
    struct entry entry;
    size_t count = 0;
    for (unsigned line = 0; entry_next(&reader, &entry); line = reader.line) {
        fuzz_require(reader.line > line);
        fuzz_require(entry.kind != ENTRY_NONE);
        fuzz_require(entry.kind != ENTRY_MISTAKEN || entry.mistake);
        fuzz_require(entry.kind == ENTRY_MISTAKEN || entry_same(&entry, &entry));
        count += entry.kind != ENTRY_MISTAKEN;
    }
    return count;
}

/* Adding an entry and taking it away leaves the list as it was, but for a line end. */
static void check_changes(struct span text, struct arena *arena)
{
    const char *path = fuzz_file("list", text, arena);
    bool added = false, removed = false;
    struct failure failure = { 0 };
    struct span entry = span_of("somebody-new@fuzz.example");
    fuzz_require(list_file_add(path, entry, &added, &failure));
    if (!added)
        return;
    fuzz_require(count_entries(fuzz_file_read("list", arena), arena) == count_entries(text, arena) + 1);
    fuzz_require(list_file_remove(path, entry, &removed, &failure) && removed);
    struct span after = fuzz_file_read("list", arena);
    fuzz_require(after.length >= text.length && after.length <= text.length + 1);
    fuzz_require(span_equal(span_head(after, text.length), text));
}

/* What was noted is there, as long as there is room for all, and what a person wrote stays. */
static void check_dated(struct span text, struct arena *arena)
{
    const struct dated_list list = { fuzz_scratch(), "dated", "trap", 100000 };
    struct span key = span_of("host.fuzz.example");
    struct failure failure = { 0 };
    int64_t day;
    fuzz_file("dated", text, arena);
    if (dated_list_note(&list, &key, 1, 1767225600, &failure) && text.length < DATED_LIST_BYTES / 2)
        fuzz_require(dated_list_has(fuzz_file_read("dated", arena), "trap", key, &day));
}

FUZZ_TARGET(list, "lists of senders, hosts and networks are read and changed")
{
    struct network_list networks;
    struct network network;
    check_changes(input, arena);
    check_dated(input, arena);
    fuzz_require(!network_read_list(input, &networks) || networks.count <= NETWORK_LIST_MOST);
    fuzz_require(!network_read(input, &network) || network.bits <= 128);
    fuzz_require(!network_read(input, &network) || network_has(&network, &network.address));
}

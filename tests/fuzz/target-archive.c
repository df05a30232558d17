/* target-archive.c - listings of ZIP and RAR archives; the first byte says how much of the end is given apart */
#include "config.h"

#include "fuzz.h"

#include "mail/archive.h"
#include "util/limits.h"

static void check_listing(const struct archive_listing *listing, struct span head, struct span tail)
{
    fuzz_require(listing->count <= LIMIT_ARCHIVE_MEMBERS);
    for (size_t i = 0; i < listing->count; i++) {
        struct span name = listing->members[i].name;
        fuzz_require(fuzz_is_within(name, head) || fuzz_is_within(name, tail));
    }
}

FUZZ_TARGET(archive, "ZIP and RAR archives are listed")
{
    struct archive_listing listing = { 0 };
    size_t cut = fuzz_take_byte(&input) * 16;
    struct span head = span_head(input, cut ? cut : input.length), tail = span_from(input, cut);
    archive_list_zip(head, tail, arena, &listing);
    check_listing(&listing, head, tail);
    archive_list_zip(input, input, arena, &listing);
    check_listing(&listing, input, input);
    listing = (struct archive_listing){ 0 };
    archive_list_rar(input, arena, &listing);
    check_listing(&listing, input, SPAN_EMPTY);
}

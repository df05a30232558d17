/* target-fold.c - disguised words brought to one form: folding what is folded changes nothing in ASCII */
#include "config.h"

#include "fuzz.h"

#include "rules/search-text.h"
#include "util/fold.h"
#include "util/limits.h"
#include "util/utf8.h"

static const size_t room = 4 * 1024 * 1024;

FUZZ_TARGET(fold, "text is folded for finding words")
{
    struct buffer text = buffer_new(arena, room), folded = buffer_new(arena, room), again = buffer_new(arena, room),
                  word = buffer_new(arena, 4096);
    struct fold_counts counts = { 0 }, more = { 0 };
    utf8_append_repaired(&text, input);
    fold_text(buffer_span(&text), &folded, &counts);
    fuzz_require(utf8_is_valid(buffer_span(&folded)));
    /* U+FDFA is three bytes, and 33 in NFKC. */
    fuzz_require(folded.length <= 11 * text.length + 16);
    if (utf8_is_ascii(buffer_span(&text))) {
        fuzz_require(folded.length == text.length);
        fold_text(buffer_span(&folded), &again, &more);
        fuzz_require(span_equal(buffer_span(&again), buffer_span(&folded)));
    }
    struct span rest = buffer_span(&text);
    fold_word(span_take_word(&rest, " \t\r\n"), &word, &more);
    fuzz_require(utf8_is_valid(buffer_span(&word)));
    struct span search = search_text_make(buffer_span(&text), arena);
    fuzz_require(search.length <= text.length && utf8_is_valid(search));
    fuzz_require(span_equal(search_text_make(search, arena), search));
}

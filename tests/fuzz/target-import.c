/* target-import.c - dumps of other filters: what is taken stays within its bounds, what is not is refused in words */
#include "config.h"

#include "fuzz.h"

#include <stdio.h>

#include "learn/import.h"

FUZZ_TARGET(import, "dumps of other filters are imported")
{
    struct failure failure = { 0 };
    struct import_summary summary;
    uint64_t words, bad_rows;
    FILE *file = input.length ? fmemopen((void *)(uintptr_t)input.data, input.length, "r") : NULL;
    (void)arena;
    if (!file)
        return;
    struct import *import = import_read(file, 1, NULL, NULL, &failure);
    fclose(file);
    fuzz_require(import || (failure.kind != FAILURE_NONE && fuzz_is_printable(span_of(failure.reason))));
    if (!import)
        return;
    import_offer_words(import, input);
    struct imported *imported = import_finish(import, &summary, &failure);
    fuzz_require(imported || failure.kind != FAILURE_NONE);
    if (imported) {
        const struct imported_about *about = imported_about(imported);
        imported_count(imported, &words, &bad_rows);
        fuzz_require(bad_rows == 0 && words == summary.kept && words <= summary.words);
        fuzz_require(about->lessons[0] <= IMPORTED_LESSONS_MOST && about->lessons[1] <= IMPORTED_LESSONS_MOST);
    }
    imported_close(&imported);
    import_free(&import);
}

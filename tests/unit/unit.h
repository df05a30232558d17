/* unit.h - what every unit test includes first: cmocka and what cmocka needs */
#ifndef TAMIS_TESTS_UNIT_H
#define TAMIS_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/span.h"

/* Compares a span with a string and shows both when they differ. */
#define assert_span_is(got, want)                                                                  \
    do {                                                                                           \
        struct span got_ = (got), want_ = span_of(want);                                           \
        if (!span_equal(got_, want_))                                                              \
            fail_msg("got \"%.*s\", want \"%s\"", (int)got_.length, got_.data ? got_.data : "", (want)); \
    } while (0)

#endif

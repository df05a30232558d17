/* target-rule-cache.c - images of compiled rules: none is believed that is not, to the last bit, what was written
 *
 * What an image says is run unchecked once its checksum holds (rules/rule-set.h), so all that counts is that nothing
 * else passes.  The input is changes to a sound image: of two bytes of place, one byte to write; then a length in two.
 */
#include "config.h"

#include "fuzz.h"

#include "rules/rule-compile.h"
#include "util/limits.h"

static const char rules[] = "rule R\n describe Says so\n points 1\n folded words cheap loans\n"
                            "rule S\n describe Says so too\n points 2\n text /v[i1]agra \\d+/i\n";

static const uint8_t stamp[IMAGE_STAMP_SIZE] = { 9, 8, 7 };

FUZZ_TARGET(rule_cache, "images of compiled rules are taken or refused")
{
    struct rule_list list = rule_list_new(arena);
    struct rule_compiled compiled;
    struct rule_set set;
    fuzz_require(!rule_set_view(arena_copy(arena, input), NULL, &set));
    rule_file_read(&list, "f", span_of(rules));
    fuzz_require(list.mistake_count == 0);
    fuzz_require(rule_compile(&list, stamp, &compiled, NULL));
    fuzz_require(rule_set_view(compiled.image, stamp, &set));
    struct span changed = arena_copy(arena, compiled.image);
    char *bytes = (char *)(uintptr_t)changed.data;
    for (size_t i = 0; i + 3 <= input.length && i < 300; i += 3) {
        size_t place = (unsigned char)input.data[i] << 8 | (unsigned char)input.data[i + 1];
        bytes[place % changed.length] = input.data[i + 2];
    }
    if (input.length % 3 == 2)
        changed = span_head(changed, (unsigned char)input.data[input.length - 1] * 16u);
    fuzz_require(rule_set_view(changed, stamp, &set) == span_equal(changed, compiled.image));
}

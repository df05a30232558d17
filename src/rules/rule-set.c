/* rule-set.c - the rules of one user, compiled and ready to run */
#include "rules/rule-set.h"

#include <stddef.h>
#include <string.h>

#include "util/hash.h"
#include "util/sum.h"

uint64_t rule_set_checksum(struct span image)
{
    const size_t before = offsetof(struct image_header, checksum), after = before + sizeof(uint64_t);
    uint64_t head = hash_bytes(image.data, before, 0);
    return sum_bytes(image.data + after, image.length - after, head);
}

static bool is_ours(struct span image, const uint8_t stamp[IMAGE_STAMP_SIZE])
{
    char library[PATTERN_LIBRARY_SIZE];
    if (image.length < sizeof(struct image_header))
        return false;
    const struct image_header *header = (const struct image_header *)(const void *)image.data;
    pattern_library(library);
    return memcmp(header->magic, IMAGE_MAGIC, sizeof header->magic) == 0 && header->format == IMAGE_FORMAT
        && header->layout == IMAGE_LAYOUT && header->size == image.length
        && memcmp(header->library, library, sizeof library) == 0
        && (!stamp || memcmp(header->stamp, stamp, IMAGE_STAMP_SIZE) == 0)
        && header->checksum == rule_set_checksum(image);
}

bool rule_set_view(struct span image, const uint8_t stamp[IMAGE_STAMP_SIZE], struct rule_set *set)
{
    if (!is_ours(image, stamp))
        return false;
    const struct image_header *header = (const struct image_header *)(const void *)image.data;
    const struct image_section *sections = header->sections;
#define PART(name) ((const void *)(image.data + sections[name].offset))
    *set = (struct rule_set){
        .header = header,
        .rules = PART(SECTION_RULES),
        .conditions = PART(SECTION_CONDITIONS),
        .places = PART(SECTION_PLACES),
        .literals = PART(SECTION_LITERALS),
        .uses = PART(SECTION_USES),
        .groups = PART(SECTION_GROUPS),
        .expressions = PART(SECTION_EXPRESSIONS),
        .text = PART(SECTION_TEXT),
        .automaton = { PART(SECTION_SLOTS), PART(SECTION_ENDINGS), sections[SECTION_SLOTS].count,
                       sections[SECTION_ENDINGS].count },
        .rule_count = sections[SECTION_RULES].count,
        .condition_count = sections[SECTION_CONDITIONS].count,
        .place_count = sections[SECTION_PLACES].count,
        .literal_count = sections[SECTION_LITERALS].count,
        .use_count = sections[SECTION_USES].count,
    };
#undef PART
    return true;
}

const struct image_rule *rule_set_find(const struct rule_set *set, const char *name)
{
    for (size_t i = 0; set && i < set->rule_count; i++)
        if (strcmp(rule_set_text(set, set->rules[i].name), name) == 0)
            return &set->rules[i];
    return NULL;
}

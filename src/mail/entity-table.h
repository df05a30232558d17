/* entity-table.h - layout of the generated table of named character references
 *
 * Name number i is entity_names[entity_name_offsets[i] .. entity_name_offsets[i + 1]), without '&' and ';'; the names
 * are sorted as bytes.  Those that start with the letter c are the numbers from entity_first_index[c - 'A'] up to (not
 * including) entity_first_index[c - 'A' + 1] for 'A'..'Z', and from index 27 on the same for 'a'..'z'.
 * entity_values[i]: bits 0-20 the code point, bits 21-24 which of entity_second_codes follows it (0: none), bit 25 the
 * name is also read without its semicolon.
 */
#ifndef TAMIS_MAIL_ENTITY_TABLE_H
#define TAMIS_MAIL_ENTITY_TABLE_H

#include <stdint.h>

#define ENTITY_LONGEST_NAME 31        /* CounterClockwiseContourIntegral */
#define ENTITY_LONGEST_LEGACY_NAME 6  /* Aacute: the longest read without a semicolon */
#define ENTITY_VALUE_CODE(value) ((value) & 0x1FFFFF)
#define ENTITY_VALUE_SECOND(value) ((value) >> 21 & 0xF)
#define ENTITY_VALUE_LEGACY(value) ((value) >> 25 & 1)

extern const uint16_t entity_second_codes[];
extern const uint16_t entity_first_index[];
extern const uint16_t entity_name_offsets[];
extern const uint32_t entity_values[];
extern const char entity_names[];

#endif

/* seal-record.c - puts the right sum at the end of a record of names (name-record.h) that a test has written or changed
 *
 * seal-record FILE: lines "sum ..." go, and one that is right comes behind the others.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

int main(int argc, char **argv)
{
    static char text[1024 * 1024], line[4096];
    size_t used = 0;
    FILE *file = argc == 2 ? fopen(argv[1], "r+") : NULL;
    if (!file) {
        fprintf(stderr, "seal-record: cannot open the record\n");
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof line, file)) {
        size_t length = strlen(line);
        if (strncmp(line, "sum ", 4) == 0)
            continue;
        if (used + length + 64 > sizeof text)
            return EXIT_FAILURE;
        memcpy(text + used, line, length);
        used += length;
    }
    uint64_t sum = hash_bytes(text, used, 0);
    used += (size_t)snprintf(text + used, 64, "sum %016" PRIx64 "\n", sum);
    rewind(file);
    bool written = fwrite(text, 1, used, file) == used && fflush(file) == 0 &&
                   ftruncate(fileno(file), (off_t)used) == 0;
    return fclose(file) == 0 && written ? EXIT_SUCCESS : EXIT_FAILURE;
}

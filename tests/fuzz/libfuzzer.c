/* libfuzzer.c - gives what libFuzzer makes up to one target: tests/fuzz/fuzz --target=NAME [libFuzzer's options]
 * FOLDER... */
#include "config.h"

#include "fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *chosen;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    for (int i = 1; i < *count; i++)
        if (strncmp((*arguments)[i], "--target=", 9) == 0)
            chosen = fuzz_target_named((*arguments)[i] + 9);
    if (!chosen) {
        fprintf(stderr, "--target=NAME is wanted, of one of:\n");
        for (const struct fuzz_target *const *target = fuzz_targets; *target; target++)
            fprintf(stderr, "    %-20s %s\n", (*target)->name, (*target)->what);
        exit(64);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_run(chosen, span_make((const char *)data, size));
    return 0;
}

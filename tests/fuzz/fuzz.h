/* fuzz.h - fuzz targets: each gives hostile bytes to one parser and asserts what must hold whatever they are
 *
 * The same target is run by libFuzzer (tests/fuzz/libfuzzer.c, configure --enable-fuzzing) and, over files, by a
 * program that any compiler builds (tests/fuzz/replay.c), which `make check` runs.  To add a target:
 *   1. write target-NAME.c with one FUZZ_TARGET, and add it to local.mk;
 *   2. add a line to the list in target-table.c;
 *   3. put two or three small inputs into seeds/NAME/, and words its grammar lives of into NAME.dict.
 * An input that once broke something goes into found/NAME/, small, and with nobody's mail in it.
 *
 * A target keeps nothing from one input to the next, and asserts more than "no crash": bounds, what encoders and
 * decoders do to each other, that what is normal stays as it is.
 */
#ifndef TAMIS_TESTS_FUZZ_H
#define TAMIS_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "util/arena.h"
#include "util/span.h"

struct fuzz_target {
    const char *name;
    const char *what; /* one line for people */
    /* The arena holds LIMIT_MESSAGE_ARENA and is the target's own. */
    void (*run)(struct span input, struct arena *arena);
};

/* Defines the target `name_`, whose function has this body. */
#define FUZZ_TARGET(name_, what_)                                                        \
    static void run_##name_(struct span input, struct arena *arena);                     \
    const struct fuzz_target fuzz_##name_ = { #name_, what_, run_##name_ };              \
    static void run_##name_(struct span input, struct arena *arena)

/* Ends the process loudly when `condition` does not hold: a finding. */
#define fuzz_require(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* All targets, ending with NULL. */
extern const struct fuzz_target *const fuzz_targets[];

/* The target of that name ('-' may stand for '_'), or NULL. */
const struct fuzz_target *fuzz_target_named(const char *name);

/* Runs it on a copy of `input` that ends where its memory ends, with an arena that is freed behind it.  That the arena
 * is exhausted is a finding: inputs are small, and what needs more than LIMIT_MESSAGE_ARENA for them escapes
 * judgement. */
void fuzz_run(const struct fuzz_target *target, struct span input);

/* --- for targets ------------------------------------------------------------------------------------------------- */

/* Takes the first line off `*input` (without its line end); all of it when there is none. */
struct span fuzz_take_line(struct span *input);

/* A copy of the lines with "end N" behind them, N of them: what closes a dump, or hardly any input would pass. */
struct span fuzz_counted_lines(struct span text, struct arena *arena);

/* Takes one byte off the front; 0 when there is none. */
unsigned fuzz_take_byte(struct span *input);

/* Does `inner` lie within the bytes of `outer`?  An empty one always does. */
bool fuzz_is_within(struct span inner, struct span outer);

/* No control characters, C1 included: may it go to a terminal? */
bool fuzz_is_printable(struct span text);

/* A NUL-terminated copy without NUL bytes inside. */
char *fuzz_string(struct span text, struct arena *arena);

/* A directory of this process (mode 0700) below TMPDIR, empty at the first call and removed at exit. */
const char *fuzz_scratch(void);

/* Writes a file (mode 0600) there, in the place of any before; gives its path, which lives in the arena. */
const char *fuzz_file(const char *name, struct span bytes, struct arena *arena);

/* The whole of a file there; empty when there is none. */
struct span fuzz_file_read(const char *name, struct arena *arena);

/* Removes it. */
void fuzz_file_remove(const char *name);

#endif

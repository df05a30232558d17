/* target-correspondents.c - the file of correspondents: asked and gathered from, whatever is in it
 *
 * First byte odd: sum and length of the text in the head are put right, so that what lies behind them is reached.
 */
#include "config.h"

#include "fuzz.h"

#include "senders/correspondents-layout.h"
#include "senders/correspondents.h"

static struct span seal(struct span file, struct arena *arena)
{
    struct layout_head head;
    if (file.length < sizeof head)
        return file;
    char *bytes = (char *)(uintptr_t)arena_copy(arena, file).data;
    memcpy(&head, bytes, sizeof head);
    head.magic = CORRESPONDENTS_MAGIC;
    head.version = CORRESPONDENTS_VERSION;
    memset(head.reserved, 0, sizeof head.reserved);
    head.people %= 32;
    head.messages %= 32;
    head.files %= 32;
    head.text_bytes = 0;
    if (layout_length(&head) > file.length)
        head.people = head.messages = head.files = 0;
    head.text_bytes = (uint32_t)(file.length - layout_length(&head));
    head.sum = hash_bytes(bytes + sizeof head, file.length - sizeof head, head.key);
    memcpy(bytes, &head, sizeof head);
    return span_make(bytes, file.length);
}

static void check_shown(void *context, const struct correspondent_shown *shown)
{
    size_t *count = context;
    for (size_t i = 0; i < shown->mailbox.length; i++)
        *count += shown->mailbox.data[i] == '@'; /* reads every byte */
}

static void check_gathering(struct arena *arena)
{
    struct failure failure = { 0 };
    const struct span to = span_of("new@fuzz.example"), from = span_of("me@fuzz.example");
    struct sent_message message = { .identity = span_of("new-message@fuzz.example"), .time = INT64_C(4000000000),
                                    .from = &from, .to = &to, .from_count = 1, .to_count = 1 };
    struct correspondents_gathering *gathering = correspondents_gather(fuzz_scratch(), &failure);
    bool added = correspondents_add(gathering, &message);
    fuzz_require(correspondents_save(gathering, true, &failure));
    correspondents_gather_end(&gathering);
    struct correspondents_book book = { .directory = fuzz_scratch() };
    if (added)
        fuzz_require(correspondents_wrote(&book, span_of("<new-message@fuzz.example>")));
    correspondents_written_to(&book, span_of("new"), span_of("fuzz.example"), arena);
    correspondents_close(&book);
}

FUZZ_TARGET(correspondents, "the file of correspondents is asked, and added to")
{
    unsigned kind = fuzz_take_byte(&input);
    fuzz_file(CORRESPONDENTS_FILE, kind & 1 ? seal(input, arena) : input, arena);
    struct correspondents_book book = { .directory = fuzz_scratch() };
    size_t count = 0;
    correspondents_written_to(&book, span_of("anna"), span_of("example.org"), arena);
    correspondents_wrote(&book, span_of("<1@example.org>"));
    correspondents_visit(&book, check_shown, &count);
    correspondents_close(&book);
    check_gathering(arena);
}

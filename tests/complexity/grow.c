/* grow.c - what ten times as much input costs: at most ten times as many instructions, and a third more
 *
 *   grow FOLDER           measures all families with the processor's counter; TAP.  FOLDER has the shipped rules
 *   grow FOLDER NAME N    does the work of one of them once with N repetitions, for valgrind to count
 *   grow --families       lists them with the number of repetitions each begins with
 *
 * Exit status 77 when there is no counter (a virtual machine without one, or kernel.perf_event_paranoid above 2).
 * Instructions in user mode, by perf_event_open(2): unlike time they are the same on a busy machine.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config/config.h"
#include "families.h"
#include "learn/features.h"
#include "learn/import.h"
#include "learn/starter.h"
#include "learn/starter-building.h"
#include "mail/message.h"
#include "mailbox/fingerprint.h"
#include "mailbox/keywords.h"
#include "mailbox/mbox-reader.h"
#include "mailbox/moves-queue.h"
#include "mailbox/moves.h"
#include "mailbox/name-record.h"
#include "mailbox/pass-through.h"
#include "outside/questions.h"
#include "outside/shared-collation.h"
#include "outside/shared-place.h"
#include "outside/shared-spool.h"
#include "outside/subordinates.h"
#include "rules/evaluate.h"
#include "rules/rule-cache.h"
#include "rules/rule-compile.h"
#include "senders/correspondents.h"
#include "senders/dated-list.h"
#include "senders/entry.h"
#include "store/change.h"
#include "store/journal.h"
#include "store/snapshot.h"
#include "store/text.h"
#include "util/buffer.h"
#include "util/child.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/log.h"
#include "verdict/header-fields.h"
#include "verdict/verdict.h"

/* Three sizes, each ten times the one before; "10x costs at most 10x", with a third for caches that fill and
 * sorting. */
#define SIZES 3
#define RATIO_MOST 13.0

#define STORE_KEY UINT64_C(0xFEEDFACE12345678)
#define FILE_MOST ((size_t)64 * 1024 * 1024)

/* A folder of this process's own, for work on files; they are removed with it at exit. */
static char scratch[PATH_MAX];

struct shipped {
    const char *folder; /* of the rules; the starter knowledge lies above it */
    struct rule_set set;
    struct arena *arena; /* of the set */
};

/* --- the work ----------------------------------------------------------------------------------------------------- */

static void judge(struct span input, const struct shipped *place, struct arena *arena)
{
    struct rules_settings settings = { .rules = &place->set };
    struct rule_context context = { .now = 1767225600, .user = "anna@example.org" };
    struct hits hits;
    struct features features;
    const struct message *message = message_parse(input, arena);
    rules_evaluate(message, &context, &settings, arena, &hits);
    features_extract(message, 7, NULL, arena, &features);
}

static void pass_through(struct span input)
{
    struct tagged_message tagged;
    struct tagged_walk walk = { .message = &tagged };
    struct span piece;
    size_t sum = 0;
    if (!tagged_message_make(input, span_of("X-Tamis: a\n"), header_fields_owned, &tagged, NULL))
        abort();
    while (tagged_walk_next(&walk, &piece))
        sum += piece.length;
    if (sum != tagged.size || tagged_message_crlf_size(&tagged) < sum)
        abort();
    tagged_message_free(&tagged);
}

static void read_rules(struct span input)
{
    static const uint8_t stamp[IMAGE_STAMP_SIZE];
    struct arena *arena = arena_new(LIMIT_RULE_ARENA);
    struct rule_list list = rule_list_new(arena);
    struct rule_compiled compiled;
    struct rule_set set;
    rule_file_read(&list, "grown.rules", input);
    if (rule_compile(&list, stamp, &compiled, NULL) && !rule_set_view(compiled.image, stamp, &set))
        abort();
    arena_free(arena);
}

static void read_list(struct span input, struct arena *arena)
{
    struct entry_reader reader = entry_reader_new(input, arena);
    struct entry entry;
    while (entry_next(&reader, &entry))
        ;
}

static void read_mailbox(struct span input)
{
    struct keyword_letters letters = keywords_read(input);
    fingerprint_of(input);
    while (input.length) {
        char name[NAME_MAX + 1];
        size_t length = span_find_byte(input, '\n');
        snprintf(name, sizeof name, "%.*s", (int)length, input.data);
        keywords_of_file(name, &letters);
        input = span_from(input, length + 1);
    }
}

static void put_file(const char *name, struct span bytes, char path[PATH_MAX])
{
    if (!file_join(path, PATH_MAX, scratch, name))
        abort();
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || !file_write_all(fd, bytes, NULL))
        abort();
    close(fd);
}

static void read_configuration(struct span input)
{
    char path[PATH_MAX];
    put_file("tamis.conf", input, path);
    struct config_sources sources = { .system_file = "/dev/null", .user_file = path, .state_directory = scratch,
                                      .maildir = scratch, .user = "anna", .without_rules = true };
    struct config *config = config_load(&sources);
    config_free(&config);
}

static void read_mbox(struct span input)
{
    char path[PATH_MAX];
    struct mbox_reader reader = { 0 };
    struct failure failure = { 0 };
    struct span bytes;
    bool more;
    put_file("mbox", input, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    mbox_reader_begin(&reader, fd, path, MBOX_ALWAYS, FILE_MOST);
    while (mbox_reader_next(&reader, &bytes, &more, &failure) == 1)
        ;
    mbox_reader_free(&reader);
    close(fd);
}

static void read_names(struct span input)
{
    char path[PATH_MAX];
    struct name_record record = { 0 };
    struct failure failure = { 0 };
    struct arena *arena = arena_new(NAME_RECORD_ARENA);
    struct buffer text = buffer_new(arena, FILE_MOST);
    buffer_append(&text, input);
    buffer_append_format(&text, "sum %016" PRIx64 "\n", hash_bytes(input.data, input.length, 0));
    put_file("names", buffer_span(&text), path);
    if (!name_record_load(path, arena, &record, &failure) || record.count == 0)
        abort();
    arena_free(arena);
}

static void ignore_move(void *context, const struct queued_move *move)
{
    (void)context;
    (void)move;
}

static void read_queue(struct span input)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    size_t bad = 0;
    put_file("moved", input, path);
    if (!queue_take(scratch, ignore_move, NULL, &bad, &failure))
        abort();
    queue_taken(scratch);
}

static size_t lines_in(struct span text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n';
    return lines;
}

static void read_dump(struct span input)
{
    struct arena *arena = arena_new(FILE_MOST);
    struct buffer text = buffer_new(arena, FILE_MOST);
    struct meta_row meta;
    struct failure failure = { 0 };
    buffer_append(&text, input);
    buffer_append_format(&text, "end %zu\n", lines_in(input));
    FILE *file = fmemopen((void *)(uintptr_t)text.data, text.length, "r");
    struct text_lines lines = text_lines_from(file);
    struct tables *tables = text_read(&lines, &meta, &failure);
    if (!tables) {
        fprintf(stderr, "%s\n", failure.reason);
        abort();
    }
    tables_close(&tables);
    text_lines_free(&lines);
    fclose(file);
    arena_free(arena);
}

static void read_import(struct span input)
{
    struct failure failure = { 0 };
    FILE *file = fmemopen((void *)(uintptr_t)input.data, input.length, "r");
    struct import *import = import_read(file, 1, NULL, NULL, &failure);
    fclose(file);
    if (!import)
        abort();
    import_free(&import);
}

struct replayed {
    struct tables *tables;
    struct meta_row *meta;
};

static bool apply(void *context, uint64_t sequence, const struct lesson *lessons, size_t count, struct failure *failure)
{
    struct replayed *replayed = context;
    replayed->meta->sequence = sequence;
    return change_check(replayed->tables, replayed->meta, lessons, count, failure) &&
           change_apply(replayed->tables, replayed->meta, lessons, count, failure);
}

/* The line is all that a lesson differs by. */
static void write_journal(const struct directory *directory, struct span input)
{
    struct failure failure = { 0 };
    uint64_t bytes = 0;
    if (!journal_begin(directory, STORE_KEY, 0, &bytes, &failure))
        abort();
    int fd = journal_open(directory, &failure);
    for (uint64_t sequence = 1; input.length; sequence++) {
        size_t length = span_find_byte(input, '\n');
        uint64_t hash = hash_bytes(input.data, length, 1);
        const uint32_t grams[] = { (uint32_t)hash % 1024, 1024 + (uint32_t)(hash >> 32) % 1024 };
        struct lesson lesson = { .entry = { .label = LABEL_SPAM, .weight_step = 1, .when = 1767225600 },
                                 .grams = grams, .gram_count = 2 };
        memcpy(lesson.identity, &hash, sizeof hash);
        if (!journal_append(fd, &bytes, STORE_KEY, sequence, &lesson, 1, false, &failure))
            abort();
        input = span_from(input, length + 1);
    }
    close(fd);
}

static void read_store(struct span input)
{
    struct directory directory;
    enum store_state state;
    struct failure failure = { 0 };
    struct meta_row meta, again;
    struct journal_found found;
    if (!directory_open(&directory, scratch, true, &state, &failure))
        abort();
    write_journal(&directory, input);
    record_new_meta(&meta, STORE_KEY, 1u << 10, LEDGER_ROWS_FIRST);
    struct replayed replayed = { tables_new_in_memory(&meta, &failure), &meta };
    if (!journal_replay(&directory, STORE_KEY, 0, apply, &replayed, &found, &failure) || found.lost ||
        !snapshot_write(&directory, replayed.tables, &meta, &failure))
        abort();
    struct tables *tables = snapshot_read(&directory, &again, NULL, &state, &failure);
    if (!tables)
        abort();
    tables_close(&tables);
    tables_close(&replayed.tables);
    directory_close(&directory);
}

static bool take_lesson(void *context, const struct moves_lesson *lesson)
{
    (void)lesson;
    ++*(size_t *)context;
    return true;
}

static struct moves *open_moves(const char *path)
{
    struct failure failure = { 0 };
    struct moves *moves = moves_open(path, &failure);
    if (!moves)
        abort();
    return moves;
}

static void read_moves(struct span input)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    size_t wanted = lines_in(input), lessons = 0;
    if (!file_join(path, sizeof path, scratch, "moves"))
        abort();
    unlink(path);
    struct moves *moves = open_moves(path);
    while (input.length) {
        size_t length = span_find_byte(input, '\n') + 1;
        struct move move = { .message = fingerprint_of(span_head(input, length)), .from_known = true,
                             .from = FOLDER_ORDINARY, .to = FOLDER_JUNK };
        moves_reported(moves, &move);
        input = span_from(input, length);
    }
    if (!moves_save(moves, &failure))
        abort();
    moves_close(&moves);
    moves = open_moves(path);
    moves_visit_lessons(moves, take_lesson, &lessons);
    moves_close(&moves);
    if (lessons != wanted)
        abort();
}

static void read_correspondents_text(struct span text)
{
    struct failure failure = { 0 };
    FILE *file = fmemopen((void *)(uintptr_t)text.data, text.length, "r");
    struct text_lines lines = text_lines_from(file);
    struct correspondents_gathering *gathering =
        text_lines_next(&lines) ? correspondents_read_text(&lines, scratch, &failure) : NULL;
    if (!gathering)
        abort();
    correspondents_gather_end(&gathering);
    text_lines_free(&lines);
    fclose(file);
}

static void read_correspondents(struct span input)
{
    char path[PATH_MAX], *bytes = NULL;
    size_t length = 0;
    struct failure failure = { 0 };
    const struct span from = span_of("joe@example.org");
    if (!file_join(path, sizeof path, scratch, CORRESPONDENTS_FILE))
        abort();
    unlink(path);
    struct correspondents_gathering *gathering = correspondents_gather(scratch, &failure);
    for (size_t number = 1; input.length; number++) {
        char identity[32];
        struct span to = span_head(input, span_find_byte(input, '\n'));
        snprintf(identity, sizeof identity, "%zu@example.org", number);
        struct sent_message message = { .identity = span_of(identity), .time = (int64_t)number, .from = &from,
                                        .to = &to, .from_count = 1, .to_count = 1 };
        if (!correspondents_add(gathering, &message))
            abort();
        input = span_from(input, to.length + 1);
    }
    if (!correspondents_save(gathering, true, &failure))
        abort();
    correspondents_gather_end(&gathering);
    gathering = correspondents_gather(scratch, &failure);
    FILE *out = open_memstream(&bytes, &length);
    correspondents_write_text(gathering, out);
    fclose(out);
    correspondents_gather_end(&gathering);
    read_correspondents_text(span_make(bytes, length));
    free(bytes);
}

static void add_to_dated_list(struct span input)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    const struct dated_list list = { .directory = scratch, .name = "bad_hosts", .mark = "trap", .most = 1000000 };
    const struct span keys[] = { span_of("new.example"), span_of("a000007.example"), span_of("newer.example") };
    put_file(list.name, input, path);
    if (!dated_list_note(&list, keys, sizeof keys / sizeof *keys, 1767225600, &failure))
        abort();
}

static void read_subordinates(struct span input)
{
    char path[PATH_MAX];
    struct subordinates subordinates;
    struct failure failure = { 0 };
    put_file("subuid", input, path);
    if (!subordinates_read(path, &subordinates, &failure))
        abort();
    subordinates_free(&subordinates);
}

/* --- what a child sends ------------------------------------------------------------------------------------------- */

/* Takes a line, without its end, off the text. */
static struct span take_line(struct span *text)
{
    size_t length = span_find_byte(*text, '\n');
    struct span line = span_head(*text, length);
    *text = span_from(*text, length < text->length ? length + 1 : length);
    return line;
}

static int send_lines(struct child *child, void *context)
{
    struct span rest = *(const struct span *)context;
    bool good = true;
    while (rest.length && good) {
        struct span line = take_line(&rest);
        good = child_write(child, line.data, line.length);
    }
    return good && child_write_last(child, "", 0) ? 0 : 1;
}

static void read_answer(struct span input, struct arena *arena)
{
    struct judgement judgement;
    struct child_answer answer = child_run(NULL, send_lines, &input, NULL);
    if (answer.end != CHILD_ANSWERED || judgement_decode(span_make(answer.bytes, answer.length), arena, &judgement)) {
        fprintf(stderr, "%s\n", answer.why.reason);
        abort();
    }
    child_answer_free(&answer);
}

static int send_judgement(struct child *child, void *context)
{
    const struct judgement *judgement = context;
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    struct buffer bytes = buffer_new(arena, LIMIT_CHILD_ANSWER);
    judgement_encode(judgement, &bytes);
    return child_write_last(child, bytes.data, bytes.length) ? 0 : 1;
}

/* More than there may be is refused; the rest comes through, and into header fields. */
static void pass_judgement(struct judgement *judgement, struct arena *arena)
{
    struct judgement read;
    judgement->required = 1000000;
    judgement->unsure = judgement->score = (int)judgement->reason_count;
    judgement->verdict = VERDICT_UNSURE;
    judgement->probability = verdict_probability(judgement->score);
    struct child_answer answer = child_run(NULL, send_judgement, judgement, NULL);
    bool good = judgement_decode(span_make(answer.bytes, answer.length), arena, &read);
    if (good != (judgement->reason_count <= VERDICT_REASONS_MOST && judgement->questions.length <=
                 VERDICT_QUESTIONS_MOST))
        abort();
    child_answer_free(&answer);
    good = good && judgement->reason_count;
    for (int style = HEADER_STYLE_SPAMASSASSIN; good && style <= HEADER_STYLE_MINIMAL; style++) {
        struct buffer fields = buffer_new(arena, LIMIT_CHILD_ANSWER);
        header_fields_write(&read, (enum header_style)style, &fields);
    }
}

static void read_judgement(struct span input, struct arena *arena)
{
    struct reason *reasons = arena_new_array(arena, struct reason, lines_in(input) + 1);
    struct judgement judgement = { .reasons = reasons };
    while (input.length)
        reasons[judgement.reason_count++] = (struct reason){ "REASON", "What it means", take_line(&input), 1 };
    pass_judgement(&judgement, arena);
}

static void read_questions(struct span input, struct arena *arena)
{
    struct questions questions;
    struct judgement judgement = { .questions = input };
    pass_judgement(&judgement, arena);
    questions_read(input, arena, &questions);
}

/* --- starter knowledge -------------------------------------------------------------------------------------------- */

static struct starter *open_starter(const char *path)
{
    struct failure failure = { 0 };
    struct starter *starter = starter_open(path, &failure);
    if (!starter || !starter_is_sound(starter)) {
        fprintf(stderr, "%s\n", failure.reason);
        abort();
    }
    return starter;
}

static void read_starter_file(struct span input)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    put_file(STARTER_FILE, input, path);
    if (starter_open(path, &failure) || failure.kind != FAILURE_INPUT)
        abort();
}

static void ask_starter(struct span input, const struct shipped *place, struct arena *arena)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/../%s", place->folder, STARTER_FILE);
    struct starter *starter = open_starter(path);
    starter_log_odds(starter, message_parse(input, arena), arena);
    starter_close(&starter);
}

/* The first word is whose it is, the others are those of the text. */
static void add_example(struct starter_building *building, struct span line, enum label label)
{
    struct failure failure = { 0 };
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    uint32_t *slots = arena_new_array(arena, uint32_t, line.length + 1);
    uint64_t *seen = arena_new_array(arena, uint64_t, STARTER_SLOTS / 64);
    struct starter_example example = { .slots = slots }, read;
    struct buffer bytes = buffer_new(arena, LIMIT_CHILD_ANSWER);
    for (uint64_t word = 0; line.length; word++) {
        size_t length = span_find_byte(line, ' ');
        uint64_t hash = hash_bytes(line.data, length, 0), slot = hash % STARTER_SLOTS;
        if (word == 0)
            example.sender = hash;
        else if (!(seen[slot / 64] >> slot % 64 & 1))
            slots[example.count++] = (uint32_t)slot;
        seen[slot / 64] |= (uint64_t)(word > 0) << slot % 64;
        line = span_from(line, length < line.length ? length + 1 : length);
    }
    starter_example_encode(&example, &bytes);
    if (!starter_example_decode(buffer_span(&bytes), arena, &read) ||
        !starter_building_add(building, &read, read.sender, label, &failure))
        abort();
    arena_free(arena);
}

static void build_starter(struct span input)
{
    char path[PATH_MAX];
    struct failure failure = { 0 };
    struct arena *arena = arena_new(FILE_MOST);
    struct buffer file = buffer_new(arena, STARTER_BYTES);
    struct starter_building *building = starter_building_new(STARTER_SENDERS_LEAST, true);
    add_example(building, span_of("z.example b"), LABEL_HAM);
    add_example(building, span_of("y.example c"), LABEL_SPAM);
    for (uint64_t number = 0; input.length; number++)
        add_example(building, take_line(&input), number % 2 ? LABEL_SPAM : LABEL_HAM);
    if (!starter_building_finish(building, &file, &failure))
        abort();
    put_file(STARTER_FILE, buffer_span(&file), path);
    struct starter *starter = open_starter(path);
    starter_close(&starter);
    starter_building_free(&building);
    arena_free(arena);
}

/* --- what users share --------------------------------------------------------------------------------------------- */

static void report(const char *directory, uint64_t key, uint64_t user, uint64_t message)
{
    struct failure failure = { 0 };
    struct shared_report report = { .message = message | 1, .when = 1767225600, .called = SHARED_SPAM,
                                    .relay = hash_mix(message), .print_count = 4, .host_count = 1 };
    for (size_t i = 0; i < report.print_count; i++)
        report.prints[i] = hash_mix(message + i + 1);
    report.hosts[0] = hash_mix(message + 5);
    if (!shared_spool_note(directory, key, user, &report, 1, &failure)) {
        fprintf(stderr, "%s\n", failure.reason);
        abort();
    }
}

/* Each file of this user's is a user's of its own, as with virtual mailboxes. */
static void collate(struct span input)
{
    static unsigned turn;
    char directory[PATH_MAX];
    uint64_t key;
    struct failure failure = { 0 };
    struct shared_facts facts;
    snprintf(directory, sizeof directory, "%.100s/shared-%u", scratch, turn++);
    if (!shared_place_make(directory, &failure) || !shared_place_key(directory, &key, &failure))
        abort();
    struct shared_collating collating = { .directory = directory, .now = 1767225600, .days = 30,
                                          .virtual_owner = geteuid(), .has_virtual_owner = true,
                                          .subordinates = "/nonexistent/subuid" };
    bool any = input.length > 0;
    while (input.length) {
        struct span line = take_line(&input);
        size_t length = span_find_byte(line, ' ');
        struct span message = span_from(line, length + 1);
        report(directory, key, hash_bytes(line.data, length, 0), hash_bytes(message.data, message.length, 1));
    }
    if (!shared_collate(&collating, &facts, &failure) || (facts.reports > 0) != any) {
        fprintf(stderr, "%s\n", failure.reason);
        abort();
    }
}

static void do_work(enum work work, struct span input, const struct shipped *place)
{
    struct arena *arena = arena_new(LIMIT_MESSAGE_ARENA);
    switch (work) {
    case WORK_MESSAGE: judge(input, place, arena); break;
    case WORK_PASS_THROUGH: pass_through(input); break;
    case WORK_RULES: read_rules(input); break;
    case WORK_LIST: read_list(input, arena); break;
    case WORK_MAILBOX: read_mailbox(input); break;
    case WORK_CONFIGURATION: read_configuration(input); break;
    case WORK_MBOX: read_mbox(input); break;
    case WORK_NAMES: read_names(input); break;
    case WORK_MOVES_QUEUE: read_queue(input); break;
    case WORK_DUMP: read_dump(input); break;
    case WORK_IMPORT: read_import(input); break;
    case WORK_MOVES: read_moves(input); break;
    case WORK_CORRESPONDENTS: read_correspondents(input); break;
    case WORK_DATED_LIST: add_to_dated_list(input); break;
    case WORK_SUBORDINATES: read_subordinates(input); break;
    case WORK_ANSWER: read_answer(input, arena); break;
    case WORK_JUDGEMENT: read_judgement(input, arena); break;
    case WORK_QUESTIONS: read_questions(input, arena); break;
    case WORK_STARTER_FILE: read_starter_file(input); break;
    case WORK_STARTER_WORDS: ask_starter(input, place, arena); break;
    case WORK_STARTER_BUILDING: build_starter(input); break;
    case WORK_SHARED: collate(input); break;
    case WORK_STORE: read_store(input); break;
    }
    arena_free(arena);
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

static int open_counter(void)
{
    struct perf_event_attr attributes = { .type = PERF_TYPE_HARDWARE, .size = sizeof attributes,
                                          .config = PERF_COUNT_HW_INSTRUCTIONS, .disabled = 1, .exclude_kernel = 1,
                                          .exclude_hv = 1 };
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static uint64_t count(int counter, const struct family *family, size_t repetitions, const struct shipped *place)
{
    uint64_t instructions = 0;
    struct span input = family_input(family, repetitions);
    ioctl(counter, PERF_EVENT_IOC_RESET, 0);
    ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
    do_work(family->work, input, place);
    ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
    if (read(counter, &instructions, sizeof instructions) != (ssize_t)sizeof instructions)
        instructions = 0;
    free((void *)(uintptr_t)input.data);
    return instructions;
}

static bool check(int counter, const struct family *family, const struct shipped *place, int number)
{
    uint64_t cost[SIZES];
    double worst = 0;
    size_t repetitions = family->count;
    for (int i = 0; i < SIZES; i++, repetitions *= 10) {
        cost[i] = count(counter, family, repetitions, place);
        double ratio = i ? (double)cost[i] / (double)(cost[i - 1] ? cost[i - 1] : 1) : 0;
        worst = ratio > worst ? ratio : worst;
    }
    bool linear = cost[0] > 0 && worst <= RATIO_MOST;
    printf("%sok %d - %s: %.2f, %.2f, %.2f million instructions, at worst x%.1f\n", linear ? "" : "not ", number,
           family->name, (double)cost[0] / 1e6, (double)cost[1] / 1e6, (double)cost[2] / 1e6, worst);
    fflush(stdout);
    return linear;
}

/* --- */

static void open_rules(struct shipped *place, const char *folder)
{
    static const uint8_t stamp[IMAGE_STAMP_SIZE];
    struct rule_sources sources = { .shipped = folder };
    place->folder = folder;
    place->arena = arena_new(LIMIT_RULE_ARENA);
    struct rule_list list = rule_list_new(place->arena);
    struct rule_compiled compiled;
    struct failure failure = { 0 };
    rule_cache_read_files(&sources, &list);
    if (!list.count || !rule_compile(&list, stamp, &compiled, &failure) ||
        !rule_set_view(compiled.image, stamp, &place->set)) {
        fprintf(stderr, "no rules in %s %s\n", folder, failure.reason);
        exit(66);
    }
}

static int check_all(const struct shipped *place)
{
    int counter = open_counter();
    if (counter < 0) {
        fprintf(stderr, "no counter of instructions: %s\n", strerror(errno));
        return 77;
    }
    bool passed = true;
    printf("1..%zu\n", family_count);
    for (size_t i = 0; i < family_count; i++)
        passed = check(counter, &families[i], place, (int)i + 1) && passed;
    close(counter);
    return passed ? 0 : 1;
}

static int do_one(const char *name, const char *repetitions, const struct shipped *place)
{
    for (size_t i = 0; i < family_count; i++) {
        if (strcmp(families[i].name, name) != 0)
            continue;
        struct span input = family_input(&families[i], strtoul(repetitions, NULL, 10));
        do_work(families[i].work, input, place);
        free((void *)(uintptr_t)input.data);
        return 0;
    }
    fprintf(stderr, "no family is called \"%s\"\n", name);
    return 64;
}

static void remove_scratch(void)
{
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", scratch);
}

static void make_scratch(void)
{
    const char *folder = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/tamis-grow-XXXXXX", folder && *folder ? folder : "/tmp");
    if (!mkdtemp(scratch))
        abort();
    atexit(remove_scratch);
}

int main(int count, char **arguments)
{
    struct shipped place;
    if (count == 2 && strcmp(arguments[1], "--families") == 0) {
        for (size_t i = 0; i < family_count; i++)
            printf("%zu %s\n", families[i].count, families[i].name);
        return 0;
    }
    if (count != 2 && count != 4) {
        fprintf(stderr, "usage: grow FOLDER [NAME N] | grow --families\n");
        return 64;
    }
    make_scratch();
    log_open(LOG_TARGET_NONE, LOG_SEVERITY_ERROR);
    open_rules(&place, arguments[1]);
    int status = count == 2 ? check_all(&place) : do_one(arguments[2], arguments[3], &place);
    arena_free(place.arena);
    return status;
}

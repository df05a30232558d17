/* automaton.c - all literals of all rules found in one pass over a text */
#include "rules/automaton.h"

#define ROOT 0
#define NOWHERE UINT32_MAX
/* A base may point this far below the first slot that is used, so that it never is negative. */
#define FIRST_SLOT 256

/* --- the tree of literals ----------------------------------------------------------------------------------------- */

struct node {
    uint32_t child;   /* the first of them, or 0 */
    uint32_t sibling; /* the next, or 0 */
    uint32_t fail;
    uint32_t ending; /* as in the slot */
    uint32_t slot;
    unsigned char byte;
};

struct builder {
    struct arena *arena;
    struct node *nodes;
    uint32_t node_count;
    uint32_t *order; /* nodes by depth: parents before children, and failures before those that fail to them */
    struct automaton_ending *endings;
    uint32_t ending_count;

    struct automaton_slot *slots;
    uint32_t slot_count;    /* slots that are in use are below */
    uint32_t slot_capacity;
    uint32_t first_free;    /* no slot below is free */
};

static uint32_t child_of(const struct builder *builder, uint32_t node, unsigned char byte)
{
    uint32_t child = builder->nodes[node].child;
    while (child && builder->nodes[child].byte != byte)
        child = builder->nodes[child].sibling;
    return child;
}

static void insert(struct builder *builder, struct span literal, uint32_t number)
{
    uint32_t node = ROOT;
    for (size_t i = 0; i < automaton_prefix(literal.length); i++) {
        unsigned char byte = (unsigned char)literal.data[i];
        uint32_t child = child_of(builder, node, byte);
        if (!child) {
            child = builder->node_count++;
            builder->nodes[child] = (struct node){ .byte = byte, .sibling = builder->nodes[node].child };
            builder->nodes[node].child = child;
        }
        node = child;
    }
    builder->endings[builder->ending_count] = (struct automaton_ending){ number, builder->nodes[node].ending };
    builder->nodes[node].ending = ++builder->ending_count;
}

/* Where a node fails to that is reached by `byte` from a node that fails to `from`. */
static uint32_t failure_of(const struct builder *builder, uint32_t from, unsigned char byte)
{
    for (;;) {
        uint32_t child = child_of(builder, from, byte);
        if (child || from == ROOT)
            return child;
        from = builder->nodes[from].fail;
    }
}

/* What ends at the failure ends here too. */
static void take_endings(struct builder *builder, struct node *node)
{
    uint32_t *last = &node->ending;
    while (*last)
        last = &builder->endings[*last - 1].next;
    *last = builder->nodes[node->fail].ending;
}

static void link_failures(struct builder *builder)
{
    uint32_t done = 0, known = 1;
    builder->order[0] = ROOT;
    for (; done < known; done++) {
        uint32_t at = builder->order[done];
        for (uint32_t child = builder->nodes[at].child; child; child = builder->nodes[child].sibling) {
            struct node *node = &builder->nodes[child];
            node->fail = at == ROOT ? ROOT : failure_of(builder, builder->nodes[at].fail, node->byte);
            take_endings(builder, node);
            builder->order[known++] = child;
        }
    }
}

/* --- into the double array ---------------------------------------------------------------------------------------- */

static bool is_free(const struct builder *builder, uint32_t slot)
{
    return slot >= builder->slot_count || builder->slots[slot].parent == NOWHERE;
}

static void make_slots(struct builder *builder, uint32_t count)
{
    if (count > builder->slot_capacity) {
        uint32_t capacity = count * 2;
        struct automaton_slot *slots = arena_new_array(builder->arena, struct automaton_slot, capacity);
        if (builder->slot_count)
            memcpy(slots, builder->slots, builder->slot_count * sizeof *slots);
        builder->slots = slots;
        builder->slot_capacity = capacity;
    }
    for (; builder->slot_count < count; builder->slot_count++)
        builder->slots[builder->slot_count] = (struct automaton_slot){ .parent = NOWHERE };
}

static bool fits(const struct builder *builder, const struct node *node, uint32_t base)
{
    for (uint32_t child = node->child; child; child = builder->nodes[child].sibling)
        if (!is_free(builder, base + builder->nodes[child].byte))
            return false;
    return true;
}

/* Slots that are looked at for the children of one node before they go to the end: keeps the building linear. */
#define MOST_TRIES 1024

static uint32_t find_base(struct builder *builder, const struct node *node)
{
    unsigned char first = builder->nodes[node->child].byte;
    while (!is_free(builder, builder->first_free))
        builder->first_free++;
    uint32_t slot = builder->first_free;
    for (unsigned tries = 0; tries < MOST_TRIES && slot < builder->slot_count; tries++, slot++)
        if (is_free(builder, slot) && fits(builder, node, slot - first))
            return slot - first;
    return builder->slot_count > FIRST_SLOT ? builder->slot_count : FIRST_SLOT;
}

static void place_children(struct builder *builder, const struct node *node)
{
    struct automaton_slot *slot = &builder->slots[node->slot];
    uint32_t base = find_base(builder, node);
    slot->base = base;
    make_slots(builder, base + 256);
    for (uint32_t child = node->child; child; child = builder->nodes[child].sibling) {
        struct node *placed = &builder->nodes[child];
        placed->slot = base + placed->byte;
        builder->slots[placed->slot] = (struct automaton_slot){
            .parent = node->slot, .fail = builder->nodes[placed->fail].slot, .ending = placed->ending
        };
    }
}

static void fill_slots(struct builder *builder)
{
    make_slots(builder, FIRST_SLOT);
    builder->first_free = FIRST_SLOT;
    for (uint32_t i = 0; i < builder->node_count; i++) {
        const struct node *node = &builder->nodes[builder->order[i]];
        if (node->child)
            place_children(builder, node);
    }
    /* Whatever state a scan is in, its base and any byte stay inside. */
    make_slots(builder, builder->slot_count + 256);
}

bool automaton_build(const struct span *literals, size_t count, struct arena *arena, struct automaton *automaton)
{
    size_t states = 1;
    for (size_t i = 0; i < count; i++)
        states += automaton_prefix(literals[i].length);
    if (states > AUTOMATON_MOST_BYTES)
        return false;
    struct builder builder = {
        .arena = arena,
        .nodes = arena_new_array(arena, struct node, states),
        .node_count = 1,
        .order = arena_new_array(arena, uint32_t, states),
        .endings = arena_new_array(arena, struct automaton_ending, count),
    };
    for (size_t i = 0; i < count; i++)
        insert(&builder, literals[i], (uint32_t)i);
    link_failures(&builder);
    fill_slots(&builder);
    *automaton =
        (struct automaton){ builder.slots, builder.endings, builder.slot_count, builder.ending_count };
    return true;
}

/* --- scanning ----------------------------------------------------------------------------------------------------- */

void automaton_scan(const struct automaton *automaton, struct span text, automaton_found *found, void *context)
{
    const struct automaton_slot *slots = automaton->slots;
    uint32_t state = ROOT;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        for (;;) {
            uint32_t next = slots[state].base + byte;
            if (slots[next].parent == state) {
                state = next;
                break;
            }
            if (state == ROOT)
                break;
            state = slots[state].fail;
        }
        for (uint32_t ending = slots[state].ending; ending; ending = automaton->endings[ending - 1].next)
            found(context, automaton->endings[ending - 1].literal, i + 1);
    }
}

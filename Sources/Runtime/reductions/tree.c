/* A part: a run of nodes of the reduction tree, in the order of their leaves.
 *
 * Node (level, index) stands for the leaves index * 2^level up to (index + 1) * 2^level. Two siblings become their parent. A node
 * becomes its own parent when its sibling is known to be empty: because the run goes on behind it, or started before it, or
 * because the part is closed: nothing comes before it. So the result is a function of the set of leaves alone, wherever runs are
 * cut and whenever they meet.
 *
 * Only odd nodes of growing level at the front and even ones of falling level at the end can lack their sibling: never more than
 * two for each level. A scattered part is no run: what lies between its nodes may be other ranks', until the parts of all meet in one
 * that is closed. It has as many nodes as it needs. */

enum { NODES = 128, NUMBER_BYTES = 16 };

typedef struct { int64_t index, level; } tree_node;

struct pdl_part {
    pdl_combine combine;
    int64_t element_size, count, node_bytes;
    int closed, scattered;
    struct tile_sums *tiles; /* while it gathers tiles: see tiles.c */
    int nodes, room; /* how many values there is room for */
    char *values;    /* `numbers`, or an array of arrays */
    struct pdl_part *next_free;
    tree_node *node; /* `few`, or an array with as much room */
    tree_node few[NODES];
    char *identity; /* `number`, or memory of its own */
    _Alignas(16) char number[NUMBER_BYTES];
    _Alignas(16) char numbers[NODES * NUMBER_BYTES];
};

static int64_t node_begin(const tree_node *it) { return it->index << it->level; }
static int64_t node_end(const tree_node *it) { return (it->index + 1) << it->level; }
static char *value_of(const pdl_part *part, int place) { return part->values + place * part->node_bytes; }

pdl_part *pdl_part_new(int64_t element_size, int64_t count, pdl_combine combine, const void *identity) {
    pdl_part *part = now->reductions.free_parts;
    if (part != NULL) {
        now->reductions.free_parts = part->next_free;
    } else {
        part = pdl_allocate(sizeof *part);
    }
    part->combine = combine;
    part->element_size = element_size;
    part->count = count;
    part->node_bytes = element_size * count;
    part->closed = part->scattered = 0;
    part->tiles = NULL;
    part->node = part->few;
    part->nodes = 0;
    part->room = part->node_bytes <= NUMBER_BYTES ? NODES : 0;
    part->values = part->room > 0 ? part->numbers : NULL;
    part->identity = element_size <= NUMBER_BYTES ? part->number : pdl_allocate(element_size);
    memcpy(part->identity, identity, (size_t)element_size);
    return part;
}

void pdl_part_free(pdl_part *part) {
    if (part->values != part->numbers) pdl_release(part->values);
    if (part->identity != part->number) pdl_release(part->identity);
    if (part->node != part->few) pdl_release(part->node);
    part->next_free = now->reductions.free_parts;
    now->reductions.free_parts = part;
}

static void make_room(pdl_part *part) {
    int room = part->room == 0 ? 4 : 2 * part->room;
    char *values = pdl_allocate(room * part->node_bytes);
    if (part->nodes > 0) memcpy(values, part->values, (size_t)(part->nodes * part->node_bytes));
    if (part->values != part->numbers) pdl_release(part->values);
    part->values = values;
    part->room = room;
    if (room <= NODES) return;
    tree_node *node = pdl_allocate(room * (int64_t)sizeof *node);
    memcpy(node, part->node, (size_t)part->nodes * sizeof *node);
    if (part->node != part->few) pdl_release(part->node);
    part->node = node;
}

static void become_parent(tree_node *it) {
    it->index >>= 1;
    it->level++;
}

/* Lets the last node grow as long as what lies to its left is known. */
static void settle(pdl_part *part) {
    for (;;) {
        tree_node *last = &part->node[part->nodes - 1], *before = last - 1;
        if ((last->index & 1) == 0) return;
        if (part->nodes == 1) {
            if (!part->closed) return;
        } else if (before->level == last->level && before->index == last->index - 1) {
            part->nodes--;
            part->combine(value_of(part, part->nodes - 1), value_of(part, part->nodes), part->count);
            last = before;
        } else if (part->scattered || node_end(before) > (last->index - 1) << last->level) {
            return;
        }
        become_parent(last);
    }
}

/* Nothing lies between the last node and leaf `begin`. */
static void pass_over(pdl_part *part, int64_t begin) {
    for (;;) {
        tree_node *last = &part->node[part->nodes - 1];
        if ((last->index & 1) != 0 || (last->index + 2) << last->level > begin) return;
        become_parent(last);
        settle(part);
    }
}

static void push_node(pdl_part *part, tree_node node, const void *value) {
    if (part->nodes > 0 && !part->scattered) {
        int64_t begin = node_begin(&node);
        if (node_end(&part->node[part->nodes - 1]) != begin) pass_over(part, begin);
    }
    if (part->nodes == part->room) make_room(part);
    part->node[part->nodes] = node;
    if (part->node_bytes == 8) {
        memcpy(part->values + 8 * part->nodes, value, 8);
    } else {
        memcpy(value_of(part, part->nodes), value, (size_t)part->node_bytes);
    }
    part->nodes++;
    settle(part);
}

void pdl_part_push(pdl_part *part, int64_t leaf, const void *value) { push_node(part, (tree_node){leaf, 0}, value); }

void pdl_part_push_node(pdl_part *part, int64_t level, int64_t index, const void *value) {
    push_node(part, (tree_node){index, level}, value);
}

void pdl_part_append(pdl_part *part, pdl_part *later) {
    for (int i = 0; i < later->nodes; i++) push_node(part, later->node[i], value_of(later, i));
    pdl_part_free(later);
}

/* An empty part like this one, of `count` elements a node, in front of which there is nothing. */
static pdl_part *closed_part(const pdl_part *like, int64_t count) {
    pdl_part *part = pdl_part_new(like->element_size, count, like->combine, like->identity);
    part->closed = 1;
    return part;
}

static void fill_identity(const pdl_part *part, char *out) {
    for (int64_t i = 0; i < part->count; i++) memcpy(out + i * part->element_size, part->identity, (size_t)part->element_size);
}

/* Nothing follows either: the value of a closed part, which is freed. */
static void finish(pdl_part *part, void *out) {
    while (part->nodes > 1) {
        become_parent(&part->node[part->nodes - 1]);
        settle(part);
    }
    if (part->nodes == 1) {
        memcpy(out, part->values, (size_t)part->node_bytes);
    } else {
        fill_identity(part, out);
    }
    pdl_part_free(part);
}

void pdl_part_fold(const pdl_part *part, void *out) {
    if (part->nodes == 1) {
        memcpy(out, part->values, (size_t)part->node_bytes);
        return;
    }
    pdl_part *whole = closed_part(part, part->count);
    for (int i = 0; i < part->nodes; i++) push_node(whole, part->node[i], value_of(part, i));
    finish(whole, out);
}

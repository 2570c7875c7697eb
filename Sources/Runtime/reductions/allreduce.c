/* Reductions of numbers and small arrays: one message for all parts.
 *
 * A record holds a rank's nodes of every part. Records have one size on all ranks: room for `capacity` nodes of each part, which is
 * remembered for each shape of message. A record that is too small says so, and all ranks repeat the message with more room.
 * Few ranks gather all records and combine them alike; many let MPI_Allreduce merge the records of neighbours. */

enum { SMALL_NODE = 2048, FEW_RANKS = 16, FIRST_CAPACITY = 8 };

/* int64_t needed: nodes of the part that has most; the rest is set only if that is not above the capacity.
 * Then for each part: int64_t nodes; tree_node node[capacity]; values[capacity]. */
typedef struct record_shape {
    int count;
    pdl_part *const *parts;
    int64_t capacity, bytes;
} record_shape;

static record_shape shape_of(int count, pdl_part *const *parts, int64_t capacity) {
    record_shape shape = {count, parts, capacity, sizeof(int64_t)};
    for (int i = 0; i < count; i++) {
        shape.bytes += (int64_t)sizeof(int64_t) + capacity * ((int64_t)sizeof(tree_node) + parts[i]->node_bytes);
    }
    return shape;
}

static int64_t needed_by(const char *record) {
    int64_t needed;
    memcpy(&needed, record, sizeof needed);
    return needed;
}

static void pack(char *record, const record_shape *shape, pdl_part *const *parts) {
    int64_t needed = 0;
    for (int i = 0; i < shape->count; i++) needed = parts[i]->nodes > needed ? parts[i]->nodes : needed;
    memcpy(record, &needed, sizeof needed);
    if (needed > shape->capacity) return;
    char *to = record + sizeof needed;
    for (int i = 0; i < shape->count; i++) {
        const pdl_part *part = parts[i];
        int64_t nodes = part->nodes;
        memcpy(to, &nodes, sizeof nodes);
        to += sizeof nodes;
        memcpy(to, part->node, (size_t)nodes * sizeof(tree_node));
        to += shape->capacity * (int64_t)sizeof(tree_node);
        if (nodes > 0) memcpy(to, part->values, (size_t)(nodes * part->node_bytes));
        to += shape->capacity * part->node_bytes;
    }
}

/* The nodes of a part in a record that are still to come. */
typedef struct {
    const char *node, *values;
    int64_t nodes;
} record_part;

static record_part part_of(const char *record, const record_shape *shape, int which) {
    const char *from = record + sizeof(int64_t);
    for (int i = 0; i < which; i++) {
        from += (int64_t)sizeof(int64_t) + shape->capacity * ((int64_t)sizeof(tree_node) + shape->parts[i]->node_bytes);
    }
    int64_t nodes;
    memcpy(&nodes, from, sizeof nodes);
    const char *node = from + sizeof nodes;
    return (record_part){node, node + shape->capacity * (int64_t)sizeof(tree_node), nodes};
}

static tree_node next_node(const record_part *it) {
    tree_node next;
    memcpy(&next, it->node, sizeof next);
    return next;
}

static void take_node(record_part *it, pdl_part *onto) {
    push_node(onto, next_node(it), it->values);
    it->node += sizeof(tree_node);
    it->values += onto->node_bytes;
    it->nodes--;
}

/* Records that lie evenly apart. */
typedef struct {
    const char *first;
    int64_t step;
    int count;
} record_list;

/* Appends the nodes of part `which` of records: in the order of their leaves, which is that of the records unless the part is scattered. */
static void unpack(record_list records, const record_shape *shape, int which, pdl_part *onto) {
    if (!shape->parts[which]->scattered) {
        for (int r = 0; r < records.count; r++) {
            record_part it = part_of(records.first + r * records.step, shape, which);
            while (it.nodes > 0) take_node(&it, onto);
        }
        return;
    }
    record_part *parts = pdl_allocate(records.count * (int64_t)sizeof *parts), *first;
    for (int r = 0; r < records.count; r++) parts[r] = part_of(records.first + r * records.step, shape, which);
    do {
        first = NULL;
        int64_t begin = INT64_MAX;
        for (int r = 0; r < records.count; r++) {
            if (parts[r].nodes == 0) continue;
            tree_node next = next_node(&parts[r]);
            if (node_begin(&next) >= begin) continue;
            begin = node_begin(&next);
            first = &parts[r];
        }
        if (first != NULL) take_node(first, onto);
    } while (first != NULL);
    pdl_release(parts);
}

/* ---- Many ranks: MPI merges neighbours ---- */

static void merge_records(const char *left, char *right) {
    const record_shape *merging = now->reductions.merging;
    int64_t a = needed_by(left), b = needed_by(right);
    if (a > merging->capacity || b > merging->capacity) {
        if (a > b) memcpy(right, left, sizeof a);
        return;
    }
    pdl_part **merged = pdl_allocate(merging->count * (int64_t)sizeof *merged);
    for (int i = 0; i < merging->count; i++) {
        const pdl_part *like = merging->parts[i];
        merged[i] = pdl_part_new(like->element_size, like->count, like->combine, like->identity);
        merged[i]->scattered = like->scattered;
        unpack((record_list){left, right - left, 2}, merging, i, merged[i]);
    }
    pack(right, merging, merged);
    for (int i = 0; i < merging->count; i++) pdl_part_free(merged[i]);
    pdl_release(merged);
}

static void merge_operator(void *left, void *right, int *count, MPI_Datatype *type) {
    (void)type;
    int64_t bytes = now->reductions.merging->bytes;
    for (int i = 0; i < *count; i++) merge_records((char *)left + i * bytes, (char *)right + i * bytes);
}

static void allreduce_record(const char *mine, char *all, const record_shape *shape) {
    MPI_Op merge;
    MPI_Datatype type;
    MPI_Op_create(merge_operator, 0, &merge);
    MPI_Type_contiguous((int)shape->bytes, MPI_BYTE, &type);
    MPI_Type_commit(&type);
    now->reductions.merging = shape;
    now->failure.awaited = now->ranks > 1;
    MPI_Allreduce(mine, all, 1, type, merge, now->communicator);
    now->failure.awaited = 0;
    MPI_Type_free(&type);
    MPI_Op_free(&merge);
}

/* ---- The exchange ---- */

/* PDL_ALLREDUCE=gather or tree forces one way; the bits are the same. */
static int by_gathering(void) {
    if (now->reductions.by_gathering == 0) {
        const char *way = getenv("PDL_ALLREDUCE");
        int gathers = way == NULL ? now->ranks <= FEW_RANKS : strcmp(way, "tree") != 0;
        now->reductions.by_gathering = gathers ? 1 : -1;
    }
    return now->reductions.by_gathering > 0;
}

/* One place for each shape of message: what its last exchange needed, the same on all ranks. */
static int64_t *remembered_capacity(int count, pdl_part *const *parts) {
    uint64_t hash = (uint64_t)count;
    for (int i = 0; i < count; i++) hash = 31 * hash + (uint64_t)parts[i]->node_bytes;
    int64_t *capacity = &now->reductions.capacities[hash % SHAPES];
    if (*capacity == 0) *capacity = FIRST_CAPACITY;
    return capacity;
}

static char *scratch(int64_t bytes) {
    reductions *kept = &now->reductions;
    if (bytes > kept->scratch_room) {
        pdl_release(kept->scratch);
        kept->scratch = pdl_allocate(bytes);
        kept->scratch_room = bytes;
    }
    return kept->scratch;
}

/* Exchanges records until they fit; returns how many came, one of every rank when `gathering`, and where they are. */
static int exchange_records(record_shape *shape, int gathering, char **records) {
    int64_t *capacity = remembered_capacity(shape->count, shape->parts);
    int came = gathering ? now->ranks : 1;
    for (;;) {
        *shape = shape_of(shape->count, shape->parts, *capacity);
        char *mine = scratch((1 + came) * shape->bytes);
        *records = mine + shape->bytes;
        memset(mine, 0, (size_t)shape->bytes); /* no stray bytes on the wire */
        pack(mine, shape, shape->parts);
        if (gathering) {
            MPI_Allgather(mine, (int)shape->bytes, MPI_BYTE, *records, (int)shape->bytes, MPI_BYTE, now->communicator);
        } else {
            allreduce_record(mine, *records, shape);
        }
        int64_t needed = 0;
        for (int r = 0; r < came; r++) {
            int64_t here = needed_by(*records + r * shape->bytes);
            needed = here > needed ? here : needed;
        }
        if (needed <= *capacity) return came;
        *capacity = needed;
    }
}

/* The combination of every part on all ranks; outs[i] may be NULL where it isn't wanted. */
static void combine_small(int count, pdl_part *const *parts, void *const *outs) {
    record_shape shape = {.count = count, .parts = parts};
    char *records;
    int came = exchange_records(&shape, by_gathering(), &records);
    for (int i = 0; i < count; i++) {
        if (outs[i] == NULL) continue;
        pdl_part *whole = closed_part(parts[i], parts[i]->count);
        unpack((record_list){records, shape.bytes, came}, &shape, i, whole);
        finish(whole, outs[i]);
    }
}

/* Scans: element i of a line combines the elements before it, and itself unless the scan is exclusive.
 *
 * A line is cut into leaves, inside of which generated code combines (docs/architecture.md, "Bits"); what comes before a leaf is the combination, from left
 * to right, of the complete subtrees that the leaves before it make: the nodes of a part. So ranks exchange their runs of
 * nodes and the bits do not depend on where the line is cut. All lines of an array are scanned side by side. */

enum { LINES_A_MESSAGE = 65536, LARGE_SCAN = 32 << 20 };

static void fill_with_identity(char *out, int64_t count) {
    for (int64_t i = 0; i < count; i++) memcpy(out + i * now->scan.size, now->scan.identity, (size_t)now->scan.size);
}

/* Elements combine one after the other, by calls. What comes before the leaf is combined with each of them last. */
static void scan_by_calls(const pdl_scan_leaf *leaf) {
    size_t bytes = (size_t)(leaf->lines * now->scan.size);
    for (int64_t r = 0; r < leaf->rows; r++) {
        int64_t at = r * leaf->stride * now->scan.size;
        const char *x = (const char *)leaf->from + at;
        char *y = leaf->out == NULL ? NULL : (char *)leaf->out + at;
        if (now->scan.is_exclusive && y != NULL) {
            if (leaf->has_carry) memcpy(y, leaf->carry, bytes);
            else if (r > 0) memcpy(y, leaf->total, bytes);
            else fill_with_identity(y, leaf->lines);
            if (leaf->has_carry && r > 0) now->scan.combine(y, leaf->total, leaf->lines);
        }
        if (r == 0) memcpy(leaf->total, x, bytes);
        else now->scan.combine(leaf->total, x, leaf->lines);
        if (!now->scan.is_exclusive && y != NULL) {
            memcpy(y, leaf->has_carry ? leaf->carry : leaf->total, bytes);
            if (leaf->has_carry) now->scan.combine(y, leaf->total, leaf->lines);
        }
    }
}

void pdl_scan_operator(pdl_combine combine, pdl_scan_kernel kernel, const void *identity, int64_t size, int64_t arrays) {
    now->scan.combine = combine;
    now->scan.kernel = kernel != NULL ? kernel : scan_by_calls;
    now->scan.size = size;
    now->scan.arrays = (int)arrays;
    now->scan.identity = identity;
}

/* `lines` neighbouring lines in each of `outer` boxes of rows; a row of a box is `stride` elements. */
typedef struct {
    char *out;
    const char *from;
    int64_t size, rows, stride, leaf;
    int64_t outer, lines;
} scan_box;

/* A leaf of every box: what it comes to in `totals`; and unless `totals_only` its elements, where `before` is what comes before it
 * or NULL. Overwrites `before`. */
static char *scan_leaf(const scan_box *box, int64_t begin, char *totals, char *before, int totals_only) {
    for (int64_t o = 0; o < box->outer; o++) {
        int64_t at = (o * box->rows + begin) * box->stride * box->size, line = o * box->lines * box->size;
        now->scan.kernel(&(pdl_scan_leaf){
            .out = totals_only ? NULL : box->out + at,
            .from = box->from + at,
            .total = totals + line,
            .carry = before == NULL ? totals + line : before + line,
            .has_carry = before != NULL,
            .rows = box->rows - begin < box->leaf ? box->rows - begin : box->leaf,
            .stride = box->stride,
            .lines = box->lines,
            .is_large = box->rows * box->stride * box->size >= LARGE_SCAN,
        });
    }
    return totals;
}

/* What comes before each node of a part and with it: running[i] is nodes 0..i, combined from left to right. A leaf that is pushed behind
 * the others changes the last node alone. */
typedef struct {
    pdl_part *seen;
    char *running;
    int room;
} prefix;

static char *running_at(const prefix *it, int node) { return it->running + node * it->seen->node_bytes; }

/* Makes running[from..]. */
static void run_on(prefix *it, int from) {
    const pdl_part *seen = it->seen;
    if (seen->nodes > it->room) {
        char *wider = pdl_allocate(2 * seen->nodes * seen->node_bytes);
        if (from > 0) memcpy(wider, it->running, (size_t)(from * seen->node_bytes));
        pdl_release(it->running);
        it->running = wider;
        it->room = 2 * seen->nodes;
    }
    for (int i = from; i < seen->nodes; i++) {
        memcpy(running_at(it, i), i == 0 ? seen->values : running_at(it, i - 1), (size_t)seen->node_bytes);
        if (i > 0) seen->combine(running_at(it, i), value_of(seen, i), seen->count);
    }
}

/* All of it, copied to `out`; NULL when there is nothing. */
static char *what_comes_before(const prefix *it, char *out) {
    if (it->seen->nodes == 0) return NULL;
    memcpy(out, running_at(it, it->seen->nodes - 1), (size_t)it->seen->node_bytes);
    return out;
}

/* Few ranks gather all records, and each takes what is before it. */
static void gather_ranks_before(pdl_part *own, pdl_part *onto) {
    record_shape shape = {.count = 1, .parts = &own};
    char *records;
    exchange_records(&shape, 1, &records);
    unpack((record_list){records, shape.bytes, now->rank}, &shape, 0, onto);
}

/* One attempt of `merge_ranks_before`: `before` begins as an empty record, `all` as this rank's own. In round d a rank hears of as many
 * ranks before it as it knows already: what they hold is in front of all that it has. */
static void double_what_is_known(const record_shape *shape, char *before, char *all, char *heard) {
    now->reductions.merging = shape;
    now->failure.awaited = 1;
    for (int distance = 1; distance < now->ranks; distance *= 2) {
        requests open = {0};
        if (now->rank >= distance) post_receive(&open, heard, shape->bytes, now->rank - distance);
        if (now->rank + distance < now->ranks) post_send(&open, all, shape->bytes, now->rank + distance);
        complete(&open);
        if (now->rank < distance) continue;
        merge_records(heard, before);
        merge_records(heard, all);
    }
    now->failure.awaited = 0;
}

/* Among many ranks each hears of log P others. How much room that takes each knows of its own record alone, so they ask for the most. */
static void merge_ranks_before(pdl_part *own, pdl_part *onto) {
    int64_t *capacity = remembered_capacity(1, &own), needed;
    for (;;) {
        record_shape shape = shape_of(1, &own, *capacity);
        char *before = scratch(3 * shape.bytes), *all = before + shape.bytes;
        memset(before, 0, (size_t)(3 * shape.bytes));
        pack(all, &shape, &own);
        double_what_is_known(&shape, before, all, all + shape.bytes);
        needed = needed_by(before);
        MPI_Allreduce(MPI_IN_PLACE, &needed, 1, MPI_INT64_T, MPI_MAX, now->communicator);
        if (needed <= *capacity) {
            unpack((record_list){before, shape.bytes, 1}, &shape, 0, onto);
            return;
        }
        *capacity = needed;
    }
}

/* The nodes of the ranks before this one, of which `own` is this one's run. */
static void nodes_of_ranks_before(pdl_part *own, pdl_part *onto) {
    if (by_gathering()) {
        gather_ranks_before(own, onto);
    } else {
        merge_ranks_before(own, onto);
    }
}

/* Scans the rows of a box; `first` is the position of the first one in lines that are divided over the ranks, or -1. */
static void scan_rows(const scan_box *box, int64_t first) {
    int64_t count = box->outer * box->lines;
    char *totals = pdl_allocate(2 * count * box->size), *before = totals + count * box->size;
    pdl_part *seen = pdl_part_new(box->size, count, now->scan.combine, now->scan.identity);
    int64_t begin_leaf = first > 0 ? first / box->leaf : 0;
    if (first >= 0 && now->ranks > 1) {
        pdl_part *own = pdl_part_new(box->size, count, now->scan.combine, now->scan.identity);
        for (int64_t at = 0; at < box->rows && now->rank < now->ranks - 1; at += box->leaf) {
            pdl_part_push(own, begin_leaf + at / box->leaf, scan_leaf(box, at, totals, NULL, 1));
        }
        nodes_of_ranks_before(own, seen);
        pdl_part_free(own);
    }
    prefix prefix = {.seen = seen};
    run_on(&prefix, 0);
    for (int64_t at = 0; at < box->rows; at += box->leaf) {
        scan_leaf(box, at, totals, what_comes_before(&prefix, before), 0);
        pdl_part_push(seen, begin_leaf + at / box->leaf, totals);
        run_on(&prefix, seen->nodes - 1);
    }
    pdl_release(prefix.running);
    pdl_part_free(seen);
    pdl_release(totals);
}

/* Where the numbers of a node stand, as C lays out a struct of one of each array's elements. */
static void node_offsets(const pdl_array *arrays, int count, int64_t *offsets) {
    int64_t end = 0;
    for (int k = 0; k < count; k++) {
        int64_t size = (int64_t)pdl_element_size(arrays[k].element);
        offsets[k] = (end + size - 1) / size * size;
        end = offsets[k] + size;
    }
}

/* Numbers that stand `step` bytes apart: an array's, or one of each node. */
typedef struct {
    char *first;
    int64_t step;
} strided;

static void copy_strided(strided to, strided from, int64_t count, size_t size) {
    for (int64_t i = 0; i < count; i++) memcpy(to.first + i * to.step, from.first + i * from.step, size);
}

/* The lines of one array, or of an array of nodes, whose shape is the operand's. */
static void scan_lines(scan_box box, const pdl_array *shape, int axis, char *out, const char *from) {
    int64_t outer = held_product(shape, 0, axis), inner = held_product(shape, axis + 1, shape->axes);
    int64_t extent = shape->extents[axis];
    if (outer * inner == 0) return;
    int is_cut = shape->cuts[axis] != PDL_CUT_WHOLE;
    box.rows = held_extent(shape, axis);
    box.stride = inner;
    box.leaf = is_cut ? pdl_leaf(extent) : PDL_SCAN_LEAF;
    int64_t first = is_cut ? held_begin(shape, axis) : -1;
    now->failure.awaited = is_cut && now->ranks > 1;
    /* Many lines go in several messages, each of bounded length. */
    int64_t boxes = outer * inner <= LINES_A_MESSAGE ? 1 : outer, width = inner < LINES_A_MESSAGE ? inner : LINES_A_MESSAGE;
    box.outer = outer / boxes;
    for (int64_t o = 0; o < boxes; o++) {
        for (int64_t line = 0; line < inner; line += width) {
            int64_t at = (o * box.rows * inner + line) * box.size;
            box.out = out + at;
            box.from = from + at;
            box.lines = inner - line < width ? inner - line : width;
            scan_rows(&box, first);
        }
    }
    now->failure.awaited = 0;
}

static void scan_array(pdl_array *results, const pdl_array *operands, const int64_t *attributes, int is_exclusive) {
    int axis = (int)attributes[1], count = now->scan.arrays;
    now->scan.is_exclusive = is_exclusive;
    scan_box box = {.size = now->scan.size};
    for (int k = 0; k < count; k++) allocate_result(&results[k]);
    if (count == 1) {
        scan_lines(box, operands, axis, results[0].data, operands[0].data);
        return;
    }
    int64_t held = held_elements(operands);
    char *nodes = pdl_allocate(2 * held * box.size), *scanned = nodes + held * box.size;
    int64_t *offsets = pdl_allocate(count * (int64_t)sizeof *offsets);
    node_offsets(operands, count, offsets);
    for (int k = 0; k < count; k++) {
        size_t size = pdl_element_size(operands[k].element);
        copy_strided((strided){nodes + offsets[k], box.size}, (strided){operands[k].data, (int64_t)size}, held, size);
    }
    scan_lines(box, operands, axis, scanned, nodes);
    for (int k = 0; k < count; k++) {
        size_t size = pdl_element_size(operands[k].element);
        copy_strided((strided){results[k].data, (int64_t)size}, (strided){scanned + offsets[k], box.size}, held, size);
    }
    pdl_release(offsets);
    pdl_release(nodes);
}

void pdl_array_scan(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    scan_array(results, operands, attributes, 0);
}

void pdl_array_exscan(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    scan_array(results, operands, attributes, 1);
}

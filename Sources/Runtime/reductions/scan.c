/* Scans: element i of a line combines the elements before it, and itself unless the scan is exclusive.
 *
 * A line is cut into leaves. Inside a leaf elements combine one after the other; what comes before a leaf is the combination, from left
 * to right, of the complete subtrees that the leaves before it make: the nodes of a part. So ranks exchange their runs of
 * nodes and the bits do not depend on where the line is cut. All lines of an array are scanned side by side. */

enum { UNDIVIDED_LEAF = 1024, LINES_A_MESSAGE = 65536 };

/* One operator for one element type. `run` holds a number for each line: the combination of the rows so far of this leaf. */
typedef struct {
    pdl_combine combine;
    /* Rows of `lines` neighbouring elements, `stride` elements apart. before: what comes before the leaf, NULL for the first one.
     * identity: NULL, or what the first element of an exclusive scan is. */
    void (*prefixes)(void *out, const void *from, void *run, const void *before, const void *identity, int64_t rows,
                     int64_t stride, int64_t lines);
    /* Only what `run` comes to. */
    void (*total)(const void *from, void *run, int64_t rows, int64_t stride, int64_t lines);
} scan_kernel;

#define SCAN_KERNEL(name, type, COMBINE)                                                                               \
    static void combine_##name(void *left, const void *right, int64_t count) {                                         \
        type *a = left;                                                                                                \
        const type *b = right;                                                                                         \
        for (int64_t i = 0; i < count; i++) a[i] = COMBINE(a[i], b[i]);                                                \
    }                                                                                                                  \
    static void total_##name(const void *from, void *run, int64_t rows, int64_t stride, int64_t lines) {               \
        const type *x = from;                                                                                          \
        type *sums = run;                                                                                              \
        if (lines == 1) {                                                                                              \
            type sum = x[0];                                                                                           \
            for (int64_t r = 1; r < rows; r++) sum = COMBINE(sum, x[r * stride]);                                      \
            sums[0] = sum;                                                                                             \
            return;                                                                                                    \
        }                                                                                                              \
        memcpy(sums, x, (size_t)lines * sizeof *sums);                                                                 \
        for (int64_t r = 1; r < rows; r++) combine_##name(sums, x + r * stride, lines);                                \
    }                                                                                                                  \
    static void prefixes_##name(void *out, const void *from, void *run, const void *before, const void *identity,      \
                                int64_t rows, int64_t stride, int64_t lines) {                                         \
        const type *x = from, *ahead = before;                                                                         \
        type *y = out, *sums = run;                                                                                    \
        if (lines == 1) {                                                                                              \
            type sum = x[0], first = ahead == NULL ? sum : COMBINE(ahead[0], sum);                                     \
            y[0] = identity == NULL ? first : ahead == NULL ? *(const type *)identity : ahead[0];                      \
            for (int64_t r = 1; r < rows; r++) {                                                                       \
                type next = COMBINE(sum, x[r * stride]), shown = identity == NULL ? next : sum;                        \
                y[r * stride] = ahead == NULL ? shown : COMBINE(ahead[0], shown);                                      \
                sum = next;                                                                                            \
            }                                                                                                          \
            sums[0] = sum;                                                                                             \
            return;                                                                                                    \
        }                                                                                                              \
        for (int64_t i = 0; i < lines; i++) {                                                                          \
            type first = ahead == NULL ? x[i] : COMBINE(ahead[i], x[i]);                                               \
            y[i] = identity == NULL ? first : ahead == NULL ? *(const type *)identity : ahead[i];                      \
            sums[i] = x[i];                                                                                            \
        }                                                                                                              \
        for (int64_t r = 1; r < rows; r++) {                                                                           \
            for (int64_t i = 0; i < lines; i++) {                                                                      \
                type next = COMBINE(sums[i], x[r * stride + i]), shown = identity == NULL ? next : sums[i];            \
                y[r * stride + i] = ahead == NULL ? shown : COMBINE(ahead[i], shown);                                  \
                sums[i] = next;                                                                                        \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    static const scan_kernel name = {combine_##name, prefixes_##name, total_##name};

#define SCAN_SUM(a, b) ((a) + (b))
#define SCAN_PRODUCT(a, b) ((a) * (b))
#define SCAN_MIN(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define SCAN_MAX(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
#define SCAN_AND(a, b) ((a) & (b))
#define SCAN_OR(a, b) ((a) | (b))
#define SCAN_XOR(a, b) ((a) ^ (b))

/* Unsigned sums and products have the bits of the signed ones; logic on bools is that on bits. */
SCAN_KERNEL(scan_sum_u32, uint32_t, SCAN_SUM)
SCAN_KERNEL(scan_sum_u64, uint64_t, SCAN_SUM)
SCAN_KERNEL(scan_sum_f32, float, SCAN_SUM)
SCAN_KERNEL(scan_sum_f64, double, SCAN_SUM)
SCAN_KERNEL(scan_product_u32, uint32_t, SCAN_PRODUCT)
SCAN_KERNEL(scan_product_u64, uint64_t, SCAN_PRODUCT)
SCAN_KERNEL(scan_product_f32, float, SCAN_PRODUCT)
SCAN_KERNEL(scan_product_f64, double, SCAN_PRODUCT)
#define SCAN_EXTREMES(suffix, type)                                                                                    \
    SCAN_KERNEL(scan_min_##suffix, type, SCAN_MIN)                                                                     \
    SCAN_KERNEL(scan_max_##suffix, type, SCAN_MAX)
SCAN_EXTREMES(i32, int32_t)
SCAN_EXTREMES(i64, int64_t)
SCAN_EXTREMES(u32, uint32_t)
SCAN_EXTREMES(u64, uint64_t)
SCAN_EXTREMES(f32, float)
SCAN_EXTREMES(f64, double)
#define SCAN_BITS(suffix, type)                                                                                        \
    SCAN_KERNEL(scan_and_##suffix, type, SCAN_AND)                                                                     \
    SCAN_KERNEL(scan_or_##suffix, type, SCAN_OR)                                                                       \
    SCAN_KERNEL(scan_xor_##suffix, type, SCAN_XOR)
SCAN_BITS(bool, uint8_t)
SCAN_BITS(u32, uint32_t)
SCAN_BITS(u64, uint64_t)

void pdl_scan_operator(pdl_combine combine, const void *identity, int64_t size, int64_t arrays) {
    now->scan.combine = combine;
    now->scan.size = size;
    now->scan.arrays = (int)arrays;
    now->scan.identity = identity;
}

static void combine_own(void *left, const void *right, int64_t count) { now->scan.combine(left, right, count); }

static void total_own(const void *from, void *run, int64_t rows, int64_t stride, int64_t lines) {
    memcpy(run, from, (size_t)(lines * now->scan.size));
    for (int64_t r = 1; r < rows; r++) combine_own(run, (const char *)from + r * stride * now->scan.size, lines);
}

static void prefixes_own(void *out, const void *from, void *run, const void *before, const void *identity, int64_t rows,
                         int64_t stride, int64_t lines) {
    size_t bytes = (size_t)(lines * now->scan.size);
    for (int64_t r = 0; r < rows; r++) {
        char *y = (char *)out + r * stride * now->scan.size;
        const char *x = (const char *)from + r * stride * now->scan.size;
        int begins = r == 0;
        if (identity == NULL || begins) {
            if (begins) memcpy(run, x, bytes);
            else combine_own(run, x, lines);
        }
        if (identity != NULL && begins) {
            if (before != NULL) memcpy(y, before, bytes);
            else for (int64_t i = 0; i < lines; i++) memcpy(y + i * now->scan.size, identity, (size_t)now->scan.size);
            continue;
        }
        memcpy(y, before == NULL ? run : before, bytes);
        if (before != NULL) combine_own(y, run, lines);
        if (identity != NULL) combine_own(run, x, lines);
    }
}

static const scan_kernel scan_own = {combine_own, prefixes_own, total_own};

/* What follows PDL_BIT_XOR combines by calls. */

static const scan_kernel *scan_kernel_of(int64_t op, int element) {
    static const scan_kernel *const kernels[PDL_MINLOC][PDL_F64 + 1] = {
        [PDL_SUM] = {NULL, &scan_sum_u32, &scan_sum_u64, &scan_sum_u32, &scan_sum_u64, &scan_sum_f32, &scan_sum_f64},
        [PDL_PRODUCT] = {NULL, &scan_product_u32, &scan_product_u64, &scan_product_u32, &scan_product_u64,
                        &scan_product_f32, &scan_product_f64},
        [PDL_MIN] = {NULL, &scan_min_i32, &scan_min_i64, &scan_min_u32, &scan_min_u64, &scan_min_f32, &scan_min_f64},
        [PDL_MAX] = {NULL, &scan_max_i32, &scan_max_i64, &scan_max_u32, &scan_max_u64, &scan_max_f32, &scan_max_f64},
        [PDL_AND] = {&scan_and_bool},
        [PDL_OR] = {&scan_or_bool},
        [PDL_BIT_AND] = {NULL, &scan_and_u32, &scan_and_u64, &scan_and_u32, &scan_and_u64},
        [PDL_BIT_OR] = {NULL, &scan_or_u32, &scan_or_u64, &scan_or_u32, &scan_or_u64},
        [PDL_BIT_XOR] = {NULL, &scan_xor_u32, &scan_xor_u64, &scan_xor_u32, &scan_xor_u64},
    };
    return op < PDL_MINLOC ? kernels[op][element] : &scan_own;
}

/* What an exclusive scan starts with: the reductions' identities. */
static void scan_identity(int64_t op, int element, void *out) {
    static const int64_t least[] = {[PDL_I32] = INT32_MIN, [PDL_I64] = INT64_MIN};
    static const int64_t greatest[] = {[PDL_I32] = INT32_MAX, [PDL_I64] = INT64_MAX, [PDL_U32] = UINT32_MAX, [PDL_U64] = -1};
    int floating = element == PDL_F32 || element == PDL_F64, is_signed = element == PDL_I32 || element == PDL_I64;
    int64_t integer = 0;
    double number = 0;
    switch (op) {
    case PDL_PRODUCT: number = 1, integer = 1; break;
    case PDL_AND: integer = 1; break;
    case PDL_BIT_AND: integer = -1; break;
    case PDL_MIN: number = HUGE_VAL, integer = floating ? 0 : greatest[element]; break;
    case PDL_MAX: number = -HUGE_VAL, integer = is_signed ? least[element] : 0; break;
    }
    float single = (float)number;
    const void *from = element == PDL_F64 ? (const void *)&number : element == PDL_F32 ? (const void *)&single : &integer;
    memcpy(out, from, pdl_element_size(element)); /* little-endian: the low bytes of an integer */
}

/* `lines` neighbouring lines in each of `outer` boxes of rows; a row of a box is `stride` elements. */
typedef struct {
    const scan_kernel *kernel;
    char *out;
    const char *from;
    int64_t size, rows, stride, leaf;
    int64_t outer, lines;
    int is_exclusive;
    const void *identity;
} scan_box;

static char *scan_totals(const scan_box *box, int64_t begin, int64_t rows, char *run) {
    for (int64_t o = 0; o < box->outer; o++) {
        box->kernel->total(box->from + (o * box->rows + begin) * box->stride * box->size, run + o * box->lines * box->size,
                           rows, box->stride, box->lines);
    }
    return run;
}

static void scan_leaf(const scan_box *box, int64_t begin, int64_t rows, char *run, const char *before) {
    for (int64_t o = 0; o < box->outer; o++) {
        int64_t at = (o * box->rows + begin) * box->stride * box->size, line = o * box->lines * box->size;
        box->kernel->prefixes(box->out + at, box->from + at, run + line, before == NULL ? NULL : before + line,
                              box->is_exclusive ? box->identity : NULL, rows, box->stride, box->lines);
    }
}

/* The combination of a part's nodes from left to right; NULL when there are none. */
static const char *fold_from_left(const pdl_part *part, char *out) {
    if (part->nodes == 0) return NULL;
    memcpy(out, part->values, (size_t)part->node_bytes);
    for (int i = 1; i < part->nodes; i++) part->combine(out, value_of(part, i), part->count);
    return out;
}

/* The nodes of the ranks before this one, of which `own` is this one's run. */
static void nodes_of_ranks_before(pdl_part *own, pdl_part *onto) {
    record_shape shape = {.count = 1, .parts = &own};
    char *records;
    exchange_records(&shape, 1, &records);
    for (int r = 0; r < now->rank; r++) unpack(records + r * shape.bytes, &shape, 0, onto);
}

/* Scans the rows of a box; `first` is the position of the first one in lines that are divided over the ranks, or -1. */
static void scan_rows(const scan_box *box, int64_t first) {
    int64_t count = box->outer * box->lines;
    char *run = pdl_allocate(2 * count * box->size), *before = run + count * box->size;
    pdl_part *seen = pdl_part_new(box->size, count, box->kernel->combine, box->identity);
    int64_t begin_leaf = first > 0 ? first / box->leaf : 0;
    if (first >= 0 && now->ranks > 1) {
        pdl_part *own = pdl_part_new(box->size, count, box->kernel->combine, box->identity);
        for (int64_t at = 0; at < box->rows; at += box->leaf) {
            int64_t rows = box->rows - at < box->leaf ? box->rows - at : box->leaf;
            pdl_part_push(own, begin_leaf + at / box->leaf, scan_totals(box, at, rows, run));
        }
        nodes_of_ranks_before(own, seen);
        pdl_part_free(own);
    }
    for (int64_t at = 0; at < box->rows; at += box->leaf) {
        int64_t rows = box->rows - at < box->leaf ? box->rows - at : box->leaf;
        scan_leaf(box, at, rows, run, fold_from_left(seen, before));
        pdl_part_push(seen, begin_leaf + at / box->leaf, run);
    }
    pdl_part_free(seen);
    pdl_release(run);
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

/* Copies between an array and one number of each node of another. */
static void copy_strided(char *to, int64_t to_step, const char *from, int64_t from_step, int64_t count, size_t size) {
    for (int64_t i = 0; i < count; i++) memcpy(to + i * to_step, from + i * from_step, size);
}

/* The lines of one array, or of an array of nodes, whose shape is the operand's. */
static void scan_lines(scan_box box, const pdl_array *shape, int axis, char *out, const char *from) {
    int64_t outer = 1, inner = 1, extent = shape->extents[axis];
    for (int k = 0; k < shape->axes; k++) {
        int64_t held = k == shape->divided ? block_length(shape->extents[k], now->rank) : shape->extents[k];
        if (k < axis) outer *= held;
        if (k > axis) inner *= held;
    }
    if (outer * inner == 0) return;
    int is_divided = shape->divided == axis;
    box.rows = is_divided ? block_length(extent, now->rank) : extent;
    box.stride = inner;
    box.leaf = is_divided ? pdl_leaf(extent) : UNDIVIDED_LEAF;
    int64_t first = is_divided ? block_begin(extent, now->rank) : -1;
    now->failure.awaited = is_divided && now->ranks > 1;
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
    int element = operands[0].element, axis = (int)attributes[1], is_own = attributes[0] >= PDL_MINLOC;
    _Alignas(16) char identity[16];
    if (!is_own) scan_identity(attributes[0], element, identity);
    scan_box box = {
        .kernel = scan_kernel_of(attributes[0], element), .is_exclusive = is_exclusive,
        .size = is_own ? now->scan.size : (int64_t)pdl_element_size(element), .identity = is_own ? now->scan.identity : identity,
    };
    int count = is_own ? now->scan.arrays : 1;
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
        copy_strided(nodes + offsets[k], box.size, operands[k].data, (int64_t)size, held, size);
    }
    scan_lines(box, operands, axis, scanned, nodes);
    for (int k = 0; k < count; k++) {
        size_t size = pdl_element_size(operands[k].element);
        copy_strided(results[k].data, (int64_t)size, scanned + offsets[k], box.size, held, size);
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

/* How arrays are cut over the ranks, and what this rank holds of them: no other file knows which axis is cut, or by what blocks. */

static int64_t block_begin(int64_t extent, int rank) { return pdl_block_begin(extent, now->ranks, rank); }
static int64_t block_length(int64_t extent, int rank) { return block_begin(extent, rank + 1) - block_begin(extent, rank); }

static int64_t product_of(const int64_t *extents, int first, int end) {
    int64_t product = 1;
    for (int axis = first; axis < end; axis++) product *= extents[axis];
    return product;
}

/* The axis that is cut, or -1. */
static int axis_of_cut(const uint8_t *cuts, int axes) {
    for (int axis = 0; axis < axes; axis++)
        if (cuts[axis] != PDL_CUT_WHOLE) return axis;
    return -1;
}

static int divided_axis(const pdl_array *array) { return axis_of_cut(array->cuts, array->axes); }

static int is_divided(const pdl_array *array) { return divided_axis(array) >= 0; }

/* The indices [begin, end) of an axis. */
typedef struct { int64_t begin, end; } indices;

static int64_t length(indices it) { return it.end - it.begin; }

static indices grid_share(int64_t extent, int64_t direction, int rank) {
    int64_t ranks = pdl_grid_ranks(direction), own = grid_rank(direction, rank);
    return (indices){pdl_grid_begin(extent, ranks, own), pdl_grid_begin(extent, ranks, own + 1)};
}

/* Whether the first two axes are cut, over the grid of ranks. */
static int is_over_grid(const pdl_array *array) {
    return array->axes > 1 && array->cuts[0] != PDL_CUT_WHOLE && array->cuts[1] != PDL_CUT_WHOLE;
}

/* The indices of an axis that a rank holds. */
static indices share_of(const pdl_array *array, int axis, int rank) {
    int64_t extent = array->extents[axis];
    if (array->cuts[axis] == PDL_CUT_WHOLE) return (indices){0, extent};
    if (is_over_grid(array)) return grid_share(extent, axis == 0 ? PDL_GRID_ROWS : PDL_GRID_COLUMNS, rank);
    return (indices){block_begin(extent, rank), block_begin(extent, rank + 1)};
}

/* The first index along an axis that this rank holds, and how many. */
static int64_t held_begin(const pdl_array *array, int axis) { return share_of(array, axis, now->rank).begin; }
static int64_t held_extent(const pdl_array *array, int axis) { return length(share_of(array, axis, now->rank)); }

/* How many elements this rank holds for each index of the axes before `first`, as far as the axes before `end` tell. */
static int64_t held_product(const pdl_array *array, int first, int end) {
    int64_t product = 1;
    for (int axis = first; axis < end; axis++) product *= held_extent(array, axis);
    return product;
}

static int64_t held_rows(const pdl_array *array) { return held_extent(array, 0); }
static int64_t held_elements(const pdl_array *array) { return held_product(array, 0, array->axes); }
static int64_t row_elements(const pdl_array *array) { return product_of(array->extents, 1, array->axes); }
static int64_t whole_elements(const pdl_array *array) { return product_of(array->extents, 0, array->axes); }

/* What this rank holds, padded in front to four axes. */
static void held_box(const pdl_array *array, int64_t *box) {
    int padding = 4 - array->axes;
    for (int axis = 0; axis < 4; axis++) box[axis] = axis < padding ? 1 : held_extent(array, axis - padding);
}

static void *allocate_over_grid(pdl_array *result);

/* Gives a result, whose extents are known by now, its memory. */
static void *allocate_result(pdl_array *result) {
    if (is_over_grid(result)) return allocate_over_grid(result);
    int64_t size = (int64_t)pdl_element_size(result->element), bytes = held_elements(result) * size, margin = 0;
    if (__builtin_mul_overflow(result->margin, row_elements(result) * size, &margin)) margin = INT64_MAX;
    result->data = pdl_allocate_block(bytes, margin);
    return result->data;
}

/* ---- Over a grid of ranks ---- */

/* What a rank holds of a matrix. */
typedef struct { indices rows, columns; } grid_box;

static grid_box grid_box_of(int64_t rows, int64_t columns, int rank) {
    return (grid_box){grid_share(rows, PDL_GRID_ROWS, rank), grid_share(columns, PDL_GRID_COLUMNS, rank)};
}

static int64_t grid_cells(const grid_box *box) { return length(box->rows) * length(box->columns); }

/* How far apart the rows of a block lie, in cells. */
static int64_t grid_pitch(const grid_box *box) { return length(box->columns) + 2 * now->program->grid_margin; }

/* Where runs of bytes begin that lie evenly apart. */
typedef struct {
    char *data;
    int64_t step;
} run_places;

static void copy_runs(run_places to, run_places from, int64_t bytes, int64_t runs) {
    for (int64_t i = 0; i < runs; i++) memcpy(to.data + i * to.step, from.data + i * from.step, (size_t)bytes);
}

/* The rows of a block in memory. */
static run_places grid_lines(const grid_box *box, const void *block, int64_t cell_bytes) {
    return (run_places){(char *)block, grid_pitch(box) * cell_bytes};
}

/* A copy of this rank's block without what lies between its rows. */
static char *grid_packed(const grid_box *box, const void *block, int64_t cell_bytes) {
    char *packed = pdl_allocate(grid_cells(box) * cell_bytes);
    int64_t run = length(box->columns) * cell_bytes;
    copy_runs((run_places){packed, run}, grid_lines(box, block, cell_bytes), run, length(box->rows));
    return packed;
}

static void grid_unpack(const grid_box *box, void *block, char *packed, int64_t cell_bytes) {
    int64_t run = length(box->columns) * cell_bytes;
    copy_runs(grid_lines(box, block, cell_bytes), (run_places){packed, run}, run, length(box->rows));
}

static int64_t cell_bytes(const pdl_array *array) {
    return product_of(array->extents, 2, array->axes) * (int64_t)pdl_element_size(array->element);
}

static void *allocate_over_grid(pdl_array *result) {
    grid_box own = grid_box_of(result->extents[0], result->extents[1], now->rank);
    int64_t row = grid_pitch(&own) * cell_bytes(result), margin = now->program->grid_margin * (row + cell_bytes(result));
    result->data = pdl_allocate_block(length(own.rows) * row, margin);
    return result->data;
}

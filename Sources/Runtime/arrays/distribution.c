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

/* Where the block begins of the rank that has that number along a direction. */
static int64_t cut_begin(int64_t direction, int64_t extent, int64_t rank) {
    return direction == PDL_ALL_RANKS ? block_begin(extent, (int)rank) : pdl_grid_begin(extent, pdl_grid_ranks(direction), rank);
}

/* The number of the rank that holds a row. */
static int cut_owner(int64_t direction, int64_t extent, int64_t row) {
    int first = 0, last = (int)pdl_grid_ranks(direction) - 1; /* the last rank that begins at or before the row */
    while (first < last) {
        int middle = first + (last - first + 1) / 2;
        if (cut_begin(direction, extent, middle) <= row) {
            first = middle;
        } else {
            last = middle - 1;
        }
    }
    return first;
}

static int owner_of(int64_t extent, int64_t row) { return cut_owner(PDL_ALL_RANKS, extent, row); }

/* The rank that has that number along a direction, of those that share this rank's other one. */
static int peer_of(int64_t direction, int number) {
    switch (direction) {
    case PDL_GRID_ROWS: return number * now->grid_columns + now->rank % now->grid_columns;
    case PDL_GRID_COLUMNS: return now->rank - now->rank % now->grid_columns + number;
    default: return number;
    }
}

/* The indices of a cut axis that a rank holds. */
static indices share_along(int64_t direction, int64_t extent, int rank) {
    int64_t own = grid_rank(direction, rank);
    return (indices){cut_begin(direction, extent, own), cut_begin(direction, extent, own + 1)};
}

/* Whether the first two axes are cut, over the grid of ranks. */
static int is_over_grid(const pdl_array *array) {
    return array->axes > 1 && array->cuts[0] != PDL_CUT_WHOLE && array->cuts[1] != PDL_CUT_WHOLE;
}

/* The indices of an axis that a rank holds. */
static indices share_of(const pdl_array *array, int axis, int rank) {
    int64_t extent = array->extents[axis];
    if (array->cuts[axis] == PDL_CUT_WHOLE) return (indices){0, extent};
    int64_t direction = !is_over_grid(array) ? PDL_ALL_RANKS : axis == 0 ? PDL_GRID_ROWS : PDL_GRID_COLUMNS;
    return share_along(direction, extent, rank);
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
    return (grid_box){share_along(PDL_GRID_ROWS, rows, rank), share_along(PDL_GRID_COLUMNS, columns, rank)};
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

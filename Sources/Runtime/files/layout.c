/* What of a file is this rank's. */

static int file_trouble(char *message, const char *verb, const char *path) {
    snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: %s", verb, path, strerror(errno));
    return 0;
}

/* Bytes of one step of the axes before `divided`, of one row along it, and of the rows of this rank. Over a grid the steps are rows of it,
 * of which this rank has some, and the rows are cells. */
typedef struct { int64_t outer, row, rows, first, count, first_outer; int is_grid; } layout;

static layout layout_over_grid(int64_t element_bytes, int axes, const int64_t *extents) {
    grid_box own = grid_box_of(extents[0], extents[1], now->rank);
    return (layout){
        .outer = length(own.rows), .row = element_bytes * product_of(extents, 2, axes), .rows = extents[1],
        .first = own.columns.begin, .count = length(own.columns), .first_outer = own.rows.begin, .is_grid = 1};
}

static layout layout_of(int64_t element_bytes, int axes, const int64_t *extents, int divided) {
    if (divided == PDL_GRID) return layout_over_grid(element_bytes, axes, extents);
    layout it = {1, element_bytes, 1, 0, 1, 0, 0};
    for (int axis = 0; axis < axes; axis++) {
        if (axis < divided) it.outer *= extents[axis];
        if (axis > divided) it.row *= extents[axis];
    }
    if (divided < 0) return it;
    it.rows = extents[divided];
    it.first = pdl_block_begin(it.rows, now->ranks, now->rank);
    it.count = pdl_block_begin(it.rows, now->ranks, now->rank + 1) - it.first;
    return it;
}

/* A matrix that is divided along one axis, divided along the other one: `rows` and `columns` as it is stored, the divided axis first. */
static void *divided_otherwise(int element, int64_t rows, int64_t columns, const void *data, const pdl_place *place) {
    static const int64_t order[2] = {1, 0};
    pdl_array from = {.data = (void *)data, .extents = {rows, columns}, .element = element, .axes = 2, .placement = PDL_SCATTERED};
    from.cuts[0] = PDL_CUT_BLOCK;
    pdl_array to = from;
    to.extents[0] = columns;
    to.extents[1] = rows;
    pdl_array_transpose(&to, &from, order, place);
    return to.data;
}

/* What of a file is this rank's. */

static int file_trouble(char *message, const char *verb, const char *path) {
    snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: %s", verb, path, strerror(errno));
    return 0;
}

/* Bytes of one step of the axes before the one that is cut, of one row along it, and of the rows of this rank. Over a grid the steps are
 * rows of it, of which this rank has some, and the rows are cells. */
typedef struct { int64_t outer, row, rows, first, count, first_outer; } layout;

static layout layout_of(int64_t element_bytes, const pdl_array *array) {
    int over_grid = is_over_grid(array), cut = over_grid ? 1 : divided_axis(array);
    layout it = {product_of(array->extents, 0, cut), element_bytes * product_of(array->extents, cut + 1, array->axes), 1, 0, 1, 0};
    if (cut < 0) return it;
    if (over_grid) {
        it.outer = held_extent(array, 0);
        it.first_outer = held_begin(array, 0);
    }
    it.rows = array->extents[cut];
    it.first = held_begin(array, cut);
    it.count = held_extent(array, cut);
    return it;
}

static void by_rows_alone(pdl_array *array) {
    memset(array->cuts, PDL_CUT_WHOLE, sizeof array->cuts);
    array->cuts[0] = PDL_CUT_BLOCK;
}

/* A matrix that is cut along one axis, cut along the other one: `rows` and `columns` as it is stored, the axis that is cut first. */
static void *divided_otherwise(int element, int64_t rows, int64_t columns, const void *data, const pdl_place *place) {
    static const int64_t order[2] = {1, 0};
    pdl_array from = {.data = (void *)data, .extents = {rows, columns}, .element = element, .axes = 2, .placement = PDL_SCATTERED};
    by_rows_alone(&from);
    pdl_array to = from;
    to.extents[0] = columns;
    to.extents[1] = rows;
    pdl_array_transpose(&to, &from, order, place);
    return to.data;
}

/* Files of which ranks do not read and write rectangles where they stand; where the text says so, that is an error of the program. */
static void refuse_grid(const pdl_array *array, const pdl_place *place) {
    if (is_over_grid(array)) pdl_fail(place, "such a file of an array over a grid of ranks is not yet supported");
}

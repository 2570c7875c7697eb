/* The order of storage: of an array that is cut, that axis comes first; files, people and callers see the axes as they are written. */

/* What a rank has of an array that is cut along one axis: `outer` indices before it, `along` it, `inner` behind it. */
typedef struct {
    size_t size;
    int64_t outer, along, inner;
} cut_box;

static cut_box cut_box_of(size_t size, const int64_t *own, int cut, int axes) {
    return (cut_box){size, product_of(own, 0, cut), own[cut], product_of(own, cut + 1, axes)};
}

static void write_stored(const cut_box *it, void *written, const void *stored) {
    exchange_axes(it->size, written, stored, (int64_t[]){it->along, it->outer, it->inner});
}

static void store_written(const cut_box *it, void *stored, const void *written) {
    exchange_axes(it->size, stored, written, (int64_t[]){it->outer, it->along, it->inner});
}

/* What this rank holds of an array that is cut. */
static cut_box held_cut_box(const pdl_array *array) {
    int64_t own[4];
    for (int axis = 0; axis < array->axes; axis++) own[axis] = held_extent(array, axis);
    return cut_box_of(pdl_element_size(array->element), own, divided_axis(array), array->axes);
}

/* Whether what this rank holds lies as it is written. */
static int is_as_written(const pdl_array *array) {
    if (is_over_grid(array)) return now->program->grid_margin == 0;
    int cut = divided_axis(array);
    return cut <= 0 || held_product(array, 0, cut) == 1;
}

/* A copy of what this rank holds, as it is written; NULL where that is the same. */
static void *as_written(const pdl_array *array) {
    if (is_as_written(array)) return NULL;
    if (is_over_grid(array)) {
        grid_box box = grid_box_of(array->extents[0], array->extents[1], now->rank);
        return grid_packed(&box, array->data, cell_bytes(array));
    }
    cut_box it = held_cut_box(array);
    void *written = pdl_allocate(held_elements(array) * (int64_t)it.size);
    write_stored(&it, written, array->data);
    return written;
}

/* Puts what this rank holds, as it is written, where the array is stored. */
static void store(const pdl_array *array, void *written) {
    if (is_over_grid(array)) {
        grid_box box = grid_box_of(array->extents[0], array->extents[1], now->rank);
        grid_unpack(&box, array->data, written, cell_bytes(array));
        return;
    }
    cut_box it = held_cut_box(array);
    store_written(&it, array->data, written);
}

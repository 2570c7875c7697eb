/* save of a .csv table: every rank makes the text of its rows, and learns from the lengths of the others' where it goes. */

/* Where this rank's text stands in that of all, which is `*whole` bytes long. */
static int64_t place_of_text(int64_t length, int64_t *whole) {
    int64_t *all = pdl_allocate(now->ranks * (int64_t)sizeof *all), before = 0;
    all[0] = length;
    if (now->ranks > 1) MPI_Allgather(&length, 1, MPI_INT64_T, all, 1, MPI_INT64_T, now->communicator);
    *whole = 0;
    for (int r = 0; r < now->ranks; r++) {
        if (r == now->rank) before = *whole;
        *whole += all[r];
    }
    pdl_release(all);
    return before;
}

static void save_table(const saved_array *it, const pdl_place *place) {
    const pdl_array *array = &it->array;
    int64_t columns = array->axes == 1 ? 1 : array->extents[1];
    char message[PDL_NPY_MESSAGE] = "out of memory";
    size_t length = 0;
    shape_on_disk shape = on_disk((int64_t)pdl_element_size(array->element), array);
    char *names = pdl_csv_names(message, it->path, it->detail, columns, &shape.header_bytes);
    if (names == NULL) pdl_fail(place, message);
    char *text = pdl_csv_text(array->element, array->data, shape.writes ? held_rows(array) : 0, columns, &length);
    fail_together(place, text != NULL ? NULL : message);
    shape.header = (const unsigned char *)names;
    shape.own = (layout){.outer = 1, .row = 1, .count = (int64_t)length};
    shape.own.first = place_of_text((int64_t)length, &shape.bytes);
    shape.own.rows = shape.bytes;
    save_elements(it->path, &shape, text, place);
    free(text);
    free(names);
}

/* What is written row by row; columns that are cut become rows that are. */
static void save_by_rows(const saved_array *it, const pdl_place *place) {
    saved_array by_rows = *it;
    void *moved = NULL;
    pdl_array *array = &by_rows.array;
    if (divided_axis(array) > 0) {
        array->data = moved = divided_otherwise(array->element, array->extents[1], array->extents[0], array->data, place);
        by_rows_alone(array);
    }
    if (pdl_file_kind(it->path) == PDL_FILE_CSV) {
        save_table(&by_rows, place);
    } else {
        save_png(&by_rows, place);
    }
    pdl_release(moved);
}

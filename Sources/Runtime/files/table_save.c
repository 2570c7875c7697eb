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
    int64_t columns = it->axes == 1 ? 1 : it->extents[1];
    char message[PDL_NPY_MESSAGE] = "out of memory";
    size_t length = 0;
    shape_on_disk shape = on_disk((int64_t)pdl_element_size(it->element), it->axes, it->extents, it->placement, it->divided);
    char *names = pdl_csv_names(message, it->path, it->detail, columns, &shape.header_bytes);
    if (names == NULL) pdl_fail(place, message);
    int64_t rows = !shape.writes ? 0 : it->divided < 0 ? it->extents[0] : shape.own.count;
    char *text = pdl_csv_text(it->element, it->data, rows, columns, &length);
    fail_together(place, text != NULL ? NULL : message);
    shape.header = (const unsigned char *)names;
    shape.own = (layout){.outer = 1, .row = 1, .count = (int64_t)length};
    shape.own.first = place_of_text((int64_t)length, &shape.bytes);
    shape.own.rows = shape.bytes;
    save_elements(it->path, &shape, text, place);
    free(text);
    free(names);
}

/* What is written row by row; columns that are divided become rows that are. */
static void save_by_rows(const saved_array *it, const pdl_place *place) {
    saved_array by_rows = *it;
    void *moved = NULL;
    if (it->axes == 2 && it->divided == 1) {
        by_rows.data = moved = divided_otherwise(it->element, it->extents[1], it->extents[0], it->data, place);
        by_rows.divided = 0;
    }
    if (pdl_file_kind(it->path) == PDL_FILE_CSV) {
        save_table(&by_rows, place);
    } else {
        save_png(&by_rows, place);
    }
    pdl_release(moved);
}

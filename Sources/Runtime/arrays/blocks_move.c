/* gather, allgather and scatter of an array that is cut into blocks of rows. */

/* First byte of each rank's block in the whole. */
static int64_t *block_begins(int64_t rows, int64_t row_bytes) {
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    for (int r = 0; r <= now->ranks; r++) begin[r] = row_bytes * block_begin(rows, r);
    return begin;
}

typedef void (*run_mover)(const char *run, char *whole, const int64_t *begin);

static void collect(run_mover move, const void *block, void *out, int64_t rows, int64_t row_bytes) {
    if (now->ranks == 1) {
        memcpy(out, block, (size_t)(rows * row_bytes));
        return;
    }
    int64_t *begin = block_begins(rows, row_bytes);
    move(block, out, begin);
    pdl_release(begin);
}

void pdl_gather(const void *block, void *out, int64_t rows, int64_t row_bytes) {
    collect(gather_runs, block, out, rows, row_bytes);
}

void pdl_allgather(const void *block, void *out, int64_t rows, int64_t row_bytes) {
    collect(allgather_runs, block, out, rows, row_bytes);
}

void pdl_grid_allgather(const void *block, void *out, int64_t rows, int64_t columns, int64_t cell_bytes) {
    grid_box own = grid_box_of(rows, columns, now->rank);
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    begin[0] = 0;
    for (int r = 0; r < now->ranks; r++) {
        grid_box box = grid_box_of(rows, columns, r);
        begin[r + 1] = begin[r] + grid_cells(&box) * cell_bytes;
    }
    char *packed = grid_packed(&own, block, cell_bytes), *all = pdl_allocate(begin[now->ranks]);
    allgather_runs(packed, all, begin);
    for (int r = 0; r < now->ranks; r++) {
        grid_box box = grid_box_of(rows, columns, r);
        run_places to = {(char *)out + (box.rows.begin * columns + box.columns.begin) * cell_bytes, columns * cell_bytes};
        int64_t run = length(box.columns) * cell_bytes;
        copy_runs(to, (run_places){all + begin[r], run}, run, length(box.rows));
    }
    pdl_release(all);
    pdl_release(packed);
    pdl_release(begin);
}

void pdl_scatter_root(const void *whole, void *block, int64_t rows, int64_t row_bytes) {
    if (now->ranks == 1) {
        memcpy(block, whole, (size_t)(rows * row_bytes));
        return;
    }
    int64_t *begin = block_begins(rows, row_bytes);
    scatter_runs(whole, block, begin);
    pdl_release(begin);
}

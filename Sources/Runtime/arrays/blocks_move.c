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

void pdl_scatter_root(const void *whole, void *block, int64_t rows, int64_t row_bytes) {
    if (now->ranks == 1) {
        memcpy(block, whole, (size_t)(rows * row_bytes));
        return;
    }
    int64_t *begin = block_begins(rows, row_bytes);
    scatter_runs(whole, block, begin);
    pdl_release(begin);
}

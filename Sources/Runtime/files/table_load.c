/* load of a .csv table. Where rows begin nobody knows: every rank counts the lines of its share of the file's bytes, all tell each other,
 * and each reads the rows that it owns. */

/* What rank 0 says of a table. */
typedef struct {
    pdl_csv_opening first;
    int64_t bytes;
} table_opening;

/* Every rank comes here with the first of its lines that has a mistake, or 0. All fail with the first one's message. */
static void fail_at_first_line(const pdl_place *place, int64_t line, const char *message) {
    int64_t mine = line > 0 ? line : INT64_MAX, first = mine;
    if (now->ranks > 1) MPI_Allreduce(&mine, &first, 1, MPI_INT64_T, MPI_MIN, now->communicator);
    if (first != INT64_MAX) fail_together(place, mine == first ? message : NULL);
}

/* The shares of the file: where each begins, and behind the last the number of all rows. */
static pdl_csv_place *count_shares(const table_opening *table, const pdl_place *place) {
    int64_t from = table->first.body.from, share = table->bytes - from, counts[2] = {0, 0};
    int64_t first = from + (int64_t)((__int128)share * now->rank / now->ranks);
    int64_t last = from + (int64_t)((__int128)share * (now->rank + 1) / now->ranks);
    char message[PDL_NPY_MESSAGE];
    int file = open(now->loading.path, O_RDONLY | O_CLOEXEC);
    int good = file >= 0 && pdl_csv_count(file, first, last, &counts[0], &counts[1]);
    if (!good) file_trouble(message, "read", now->loading.path);
    if (file >= 0) close(file);
    fail_together(place, good ? NULL : message);
    int64_t *all = pdl_allocate(2 * now->ranks * (int64_t)sizeof *all);
    memcpy(all, counts, sizeof counts);
    if (now->ranks > 1) MPI_Allgather(counts, 2, MPI_INT64_T, all, 2, MPI_INT64_T, now->communicator);
    pdl_csv_place *shares = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *shares), next = table->first.body;
    for (int r = 0; r <= now->ranks; r++) {
        shares[r] = next;
        if (r == now->ranks) break;
        next.from = from + (int64_t)((__int128)share * (r + 1) / now->ranks);
        next.line += all[2 * r];
        next.row += all[2 * r + 1];
    }
    pdl_release(all);
    return shares;
}

static void open_table(const table_opening *table, int element, int axes, const int64_t *extents, const pdl_place *place) {
    pdl_csv_place *shares = count_shares(table, place);
    /* One column may be an array of one axis; one that is named is. */
    int wanted = table->first.only >= 0 || (axes == 1 && table->first.columns == 1) ? 1 : 2;
    now->loading.header = (pdl_npy){.element = element, .axes = wanted, .extents = {shares[now->ranks].row, table->first.columns}};
    now->loading.shares = shares;
    now->loading.table = table->first;
    char message[PDL_NPY_MESSAGE];
    if (pdl_npy_problem(message, now->loading.path, &now->loading.header, INT64_MAX, element, axes, extents)) pdl_fail(place, message);
}

/* Rows first ..< first + count, beginning in the share in which the first one stands. */
static void read_rows(void *to, int64_t first, int64_t count, const pdl_place *place) {
    const pdl_npy *header = &now->loading.header;
    const pdl_csv_place *shares = now->loading.shares;
    int64_t wrong = 0;
    char message[PDL_NPY_MESSAGE];
    if (count > 0) {
        int share = now->ranks - 1;
        while (share > 0 && shares[share].row > first) share--;
        int file = open(now->loading.path, O_RDONLY | O_CLOEXEC);
        const pdl_csv_opening *table = &now->loading.table;
        pdl_csv_part part = {now->loading.path, file, header->element, table->columns, table->only, first, count};
        if (file < 0) file_trouble(message, "read", now->loading.path);
        wrong = file < 0 ? shares[share].line : pdl_csv_read(message, &part, shares[share], to);
        if (file >= 0) close(file);
    }
    fail_at_first_line(place, wrong, message);
}

static void read_table(const pdl_array *array, const pdl_place *place) {
    int64_t rows = array->extents[0], columns = array->axes == 1 ? 1 : array->extents[1];
    int64_t row = columns * (int64_t)pdl_element_size(array->element);
    if (!is_divided(array)) {
        read_rows(array->data, 0, now->rank == 0 ? rows : 0, place);
        pdl_bcast(array->data, rows * row);
    } else if (divided_axis(array) == 0) {
        read_rows(array->data, held_begin(array, 0), held_rows(array), place);
    } else {
        pdl_array by_rows = *array;
        by_rows_alone(&by_rows);
        void *read = pdl_allocate(held_rows(&by_rows) * row);
        read_rows(read, held_begin(&by_rows, 0), held_rows(&by_rows), place);
        void *own = divided_otherwise(array->element, rows, columns, read, place);
        memcpy(array->data, own, (size_t)(held_elements(array) * (int64_t)pdl_element_size(array->element)));
        pdl_release(own);
        pdl_release(read);
    }
}

static void close_loading(void) {
    free(now->loading.path);
    free(now->loading.detail);
    pdl_release(now->loading.shares);
    now->loading = (opened_file){0};
}

/* save of a matrix of integers as a picture. The ranks agree first on the brightest level, or on the
 * first number that is none. */

/* The greatest level of all ranks. A number that is no level ends the program, with the first such in row-major order. */
static int64_t brightest(const saved_array *it, const shape_on_disk *shape, const pdl_place *place) {
    const pdl_array *array = &it->array;
    int64_t size = (int64_t)pdl_element_size(array->element), wrong = -1, greatest = 0, row = 0, column = 0;
    if (shape->writes) greatest = pdl_pgm_levels(array->element, array->data, held_elements(array), &wrong);
    if (wrong >= 0) {
        row = wrong / held_extent(array, 1) + held_begin(array, 0);
        column = wrong % held_extent(array, 1) + held_begin(array, 1);
    }
    int64_t mine[2] = {-greatest, wrong < 0 ? INT64_MAX : row * array->extents[1] + column}, all[2] = {mine[0], mine[1]};
    if (now->ranks > 1) MPI_Allreduce(mine, all, 2, MPI_INT64_T, MPI_MIN, now->communicator);
    if (all[1] != INT64_MAX) {
        char message[PDL_NPY_MESSAGE];
        int found = all[1] == mine[1];
        if (found) pdl_pgm_wrong_level(message, it->path, array->element, (const char *)array->data + wrong * size, row, column);
        fail_together(place, found ? message : NULL);
    }
    return -all[0];
}

/* This rank's levels as files have them, and what they are of the file. The caller releases them. */
static unsigned char *levels_of(const saved_array *it, int64_t *white, shape_on_disk *shape, const pdl_place *place) {
    const pdl_array *array = &it->array;
    char message[PDL_NPY_MESSAGE];
    if (pdl_pgm_problem(message, it->path, array->element, array->axes)) pdl_fail(place, message);
    *shape = on_disk((int64_t)pdl_element_size(array->element), array);
    *white = brightest(it, shape, place);
    int bytes = pdl_pgm_bytes(*white);
    *shape = on_disk(bytes, array);
    unsigned char *levels = pdl_allocate(held_elements(array) * bytes);
    if (shape->writes) pdl_pgm_encode(levels, bytes, array->element, array->data, held_elements(array));
    return levels;
}

static void save_grey(const saved_array *it, const pdl_place *place) {
    int64_t white;
    shape_on_disk shape;
    unsigned char header[PDL_PGM_HEADER], *levels = levels_of(it, &white, &shape, place);
    shape.header = header;
    shape.header_bytes = pdl_pgm_header(header, it->array.extents[0], it->array.extents[1], white);
    save_elements(it->path, &shape, levels, place);
    pdl_release(levels);
}

/* ---- .png: a stream that rank 0 writes, from bands of rows that the ranks send it ---- */

enum { BAND = 1 << 22 };

static int64_t within(int64_t row, int64_t first, int64_t last) { return row < first ? first : row > last ? last : row; }

/* Rows first ..< last on their way to rank 0; `begin` has room for a number more than there are ranks. */
typedef struct {
    int64_t first, last;
    unsigned char *rows;
    int64_t *begin;
} band;

static void gather_band(const unsigned char *levels, const layout *own, const band *it) {
    for (int r = 0; r <= now->ranks; r++) {
        it->begin[r] = (within(pdl_block_begin(own->rows, now->ranks, r), it->first, it->last) - it->first) * own->row;
    }
    int64_t from = within(it->first, own->first, own->first + own->count) - own->first;
    gather_runs((const char *)levels + from * own->row, (char *)it->rows, it->begin);
}

static void write_rows(saving *it, void *picture, const unsigned char *levels, int64_t rows, const char *path) {
    if (picture == NULL || it->failed || pdl_png.add(picture, levels, rows)) return;
    it->failed = !file_trouble(it->message, "save", path);
}

static void write_bands(saving *it, void *picture, const saved_array *saved, const unsigned char *levels, const layout *own) {
    int64_t rows = saved->array.extents[0], at_once = own->row < BAND ? BAND / own->row : 1;
    band next = {.rows = pdl_allocate(now->rank == 0 ? at_once * own->row : 0)};
    next.begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *next.begin);
    for (; next.first < rows; next.first = next.last) {
        next.last = rows - next.first < at_once ? rows : next.first + at_once;
        gather_band(levels, own, &next);
        write_rows(it, picture, next.rows, next.last - next.first, saved->path);
    }
    pdl_release(next.begin);
    pdl_release(next.rows);
}

/* Rank 0's picture is on the disk. */
static void finish_picture(saving *it, void *picture, const char *path) {
    int good = pdl_png.finish(picture);
    int file = good && !it->failed ? open(it->name, O_WRONLY | O_CLOEXEC) : -1;
    good = good && (it->failed || (file >= 0 && fsync(file) == 0));
    if (!good && !it->failed) it->failed = !file_trouble(it->message, "save", path);
    if (file >= 0) close(file);
}

/* Rank 0's; NULL: it has failed. */
static void *begin_picture(saving *it, const char *target, const saved_array *saved, int bytes) {
    char problem[PDL_NPY_MESSAGE];
    int file = new_file(it, target, saved->path);
    if (file >= 0) close(file);
    if (it->failed) return NULL;
    void *picture = pdl_png.start(it->name, saved->array.extents, bytes, saved->detail, problem);
    if (picture != NULL) return picture;
    snprintf(it->message, sizeof it->message, "cannot save %.300s: %.300s", saved->path, problem);
    it->failed = 1;
    return NULL;
}

/* Of a matrix that is divided by rows or not at all. */
static void save_png(const saved_array *saved, const pdl_place *place) {
    int64_t white;
    shape_on_disk shape;
    saving it = {0};
    unsigned char *levels = levels_of(saved, &white, &shape, place);
    char *real = realpath(saved->path, NULL);
    const char *target = real != NULL ? real : saved->path;
    void *picture = now->rank == 0 ? begin_picture(&it, target, saved, pdl_pgm_bytes(white)) : NULL;
    pdl_bcast(&it.failed, sizeof it.failed);
    if (!it.failed && is_divided(&saved->array) && now->ranks > 1) {
        write_bands(&it, picture, saved, levels, &shape.own);
    } else if (!it.failed) {
        write_rows(&it, picture, levels, saved->array.extents[0], saved->path);
    }
    if (picture != NULL) finish_picture(&it, picture, saved->path);
    settle_saving(&it, target, saved->path, place);
    free(real);
    pdl_release(levels);
}

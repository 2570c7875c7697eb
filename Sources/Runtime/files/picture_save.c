/* save of a matrix of integers as a picture. The ranks agree first on the brightest level, or on the
 * first number that is none. */

/* The greatest level of all ranks. A number that is no level ends the program, with the first such in row-major order. */
static int64_t brightest(const saved_array *it, const shape_on_disk *shape, const pdl_place *place) {
    int64_t size = (int64_t)pdl_element_size(it->element), wrong = -1, greatest = 0, row = 0, column = 0;
    const layout *own = &shape->own;
    if (shape->writes) greatest = pdl_pgm_levels(it->element, it->data, own->outer * own->count * own->row / size, &wrong);
    if (wrong >= 0) {
        int64_t columns = it->divided == 1 ? own->count : it->extents[1];
        row = wrong / columns + (it->divided == 0 ? own->first : 0);
        column = wrong % columns + (it->divided == 1 ? own->first : 0);
    }
    int64_t mine[2] = {-greatest, wrong < 0 ? INT64_MAX : row * it->extents[1] + column}, all[2] = {mine[0], mine[1]};
    if (now->ranks > 1) MPI_Allreduce(mine, all, 2, MPI_INT64_T, MPI_MIN, now->communicator);
    if (all[1] != INT64_MAX) {
        char message[PDL_NPY_MESSAGE];
        int found = all[1] == mine[1];
        if (found) pdl_pgm_wrong_level(message, it->path, it->element, (const char *)it->data + wrong * size, row, column);
        fail_together(place, found ? message : NULL);
    }
    return -all[0];
}

/* This rank's levels as files have them, and what they are of the file. The caller releases them. */
static unsigned char *levels_of(const saved_array *it, int64_t *white, shape_on_disk *shape, const pdl_place *place) {
    char message[PDL_NPY_MESSAGE];
    if (pdl_pgm_problem(message, it->path, it->element, it->axes)) pdl_fail(place, message);
    *shape = on_disk((int64_t)pdl_element_size(it->element), it->axes, it->extents, it->placement, it->divided);
    *white = brightest(it, shape, place);
    int bytes = pdl_pgm_bytes(*white);
    *shape = on_disk(bytes, it->axes, it->extents, it->placement, it->divided);
    int64_t own = shape->own.outer * shape->own.count * shape->own.row;
    unsigned char *levels = pdl_allocate(own);
    if (shape->writes) pdl_pgm_encode(levels, bytes, it->element, it->data, own / bytes);
    return levels;
}

static void save_grey(const saved_array *it, const pdl_place *place) {
    int64_t white;
    shape_on_disk shape;
    unsigned char header[PDL_PGM_HEADER], *levels = levels_of(it, &white, &shape, place);
    shape.header = header;
    shape.header_bytes = pdl_pgm_header(header, it->extents[0], it->extents[1], white);
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

static void write_bands(saving *it, void *picture, const saved_array *array, const unsigned char *levels, const layout *own) {
    int64_t rows = array->extents[0], at_once = own->row < BAND ? BAND / own->row : 1;
    band next = {.rows = pdl_allocate(now->rank == 0 ? at_once * own->row : 0)};
    next.begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *next.begin);
    for (; next.first < rows; next.first = next.last) {
        next.last = rows - next.first < at_once ? rows : next.first + at_once;
        gather_band(levels, own, &next);
        write_rows(it, picture, next.rows, next.last - next.first, array->path);
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
static void *begin_picture(saving *it, const char *target, const saved_array *array, int bytes) {
    char problem[PDL_NPY_MESSAGE];
    int file = new_file(it, target, array->path);
    if (file >= 0) close(file);
    if (it->failed) return NULL;
    void *picture = pdl_png.start(it->name, array->extents, bytes, array->detail, problem);
    if (picture != NULL) return picture;
    snprintf(it->message, sizeof it->message, "cannot save %.300s: %.300s", array->path, problem);
    it->failed = 1;
    return NULL;
}

/* Of a matrix that is divided by rows or not at all. */
static void save_png(const saved_array *array, const pdl_place *place) {
    int64_t white;
    shape_on_disk shape;
    saving it = {0};
    unsigned char *levels = levels_of(array, &white, &shape, place);
    char *real = realpath(array->path, NULL);
    const char *target = real != NULL ? real : array->path;
    void *picture = now->rank == 0 ? begin_picture(&it, target, array, pdl_pgm_bytes(white)) : NULL;
    pdl_bcast(&it.failed, sizeof it.failed);
    if (!it.failed && array->placement == PDL_SCATTERED && now->ranks > 1) {
        write_bands(&it, picture, array, levels, &shape.own);
    } else if (!it.failed) {
        write_rows(&it, picture, levels, array->extents[0], array->path);
    }
    if (picture != NULL) finish_picture(&it, picture, array->path);
    settle_saving(&it, target, array->path, place);
    free(real);
    pdl_release(levels);
}

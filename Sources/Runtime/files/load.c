/* load: rank 0 looks at the file and tells all; then every rank reads its own part. Most kinds of files say where elements stand in one
 * piece, and ranks read them there; others are decoded by their library, or by table_load.c. */

enum { READ_AT_ONCE = 1 << 30, SHORT_RUN = 1 << 15, WINDOW = 1 << 22 };

/* How it went, told by rank 0. */
typedef struct {
    int failed;
    char message[PDL_NPY_MESSAGE];
    pdl_npy header;
    int level_bytes;
    table_opening table;
} opening;
_Static_assert(sizeof(opening) == 1144, "what explain says of load");

/* Reads `bytes` from `offset`. 0: the message says why not. */
static int read_at(int file, char *to, int64_t bytes, int64_t offset, char *message) {
    while (bytes > 0) {
        ssize_t got = pread(file, to, (size_t)(bytes < READ_AT_ONCE ? bytes : READ_AT_ONCE), offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_trouble(message, "read", now->loading.path);
        if (got == 0) {
            snprintf(message, PDL_NPY_MESSAGE, "%s became shorter while it was read", now->loading.path);
            return 0;
        }
        to += got;
        offset += got;
        bytes -= got;
    }
    return 1;
}

/* NULL when the file has no header that can be read. */
static pdl_npy *read_header(int file, pdl_npy *header) {
    unsigned char start[PDL_NPY_START];
    ssize_t got = pread(file, start, sizeof start, 0);
    int64_t length = got < 0 ? 0 : pdl_npy_offset(start, (size_t)got);
    if (length == 0 || length > PDL_NPY_LIMIT + PDL_NPY_START) return NULL;
    unsigned char *whole = pdl_allocate(length);
    got = pread(file, whole, (size_t)length, 0);
    int good = got == length && pdl_npy_parse(whole, (size_t)length, header);
    pdl_release(whole);
    return good ? header : NULL;
}

/* What a program wants of a file. */
typedef struct {
    const char *path, *detail;
    int element, axes;
    const int64_t *extents; /* -1: any */
} wanted_array;

/* A picture's header, of which a comment may be part, stands within the first bytes. */
static int picture_problem(opening *result, const wanted_array *it, int file, int64_t bytes) {
    unsigned char start[4096];
    ssize_t got = pread(file, start, sizeof start, 0);
    int good = got > 0 && pdl_pgm_parse(start, (size_t)got, it->element, &result->header, &result->level_bytes);
    return pdl_pgm_load_problem(result->message, it->path, good ? &result->header : NULL, result->level_bytes, bytes, it->element,
                                it->axes, it->extents);
}

/* NULL: such files need none, or the program has it not. */
static const pdl_file_library *library_of(int kind) {
    return kind == PDL_FILE_HDF5 ? &pdl_hdf5 : kind == PDL_FILE_NPZ ? &pdl_npz : NULL;
}

/* An array of several in a file. */
static int member_problem(opening *result, const wanted_array *it, int64_t bytes) {
    pdl_npy *header = &result->header;
    if (!library_of(pdl_file_kind(it->path))->look(it->path, it->detail, header, result->message)) return 1;
    return pdl_npy_problem(result->message, it->path, header, header->offset > 0 ? bytes : INT64_MAX, it->element, it->axes, it->extents);
}

static int content_problem(opening *result, const wanted_array *it, int file, int64_t bytes) {
    pdl_npy *header = &result->header;
    switch (pdl_file_kind(it->path)) {
    case PDL_FILE_PGM: return picture_problem(result, it, file, bytes);
    case PDL_FILE_CSV:
        result->table.bytes = bytes;
        return !pdl_csv_open(result->message, it->path, file, it->detail, &result->table.first);
    case PDL_FILE_NPY:
        return pdl_npy_problem(result->message, it->path, read_header(file, header), bytes, it->element, it->axes, it->extents);
    default: return member_problem(result, it, bytes);
    }
}

static void open_on_root(opening *result, const wanted_array *it) {
    struct stat facts;
    if (pdl_file_problem(result->message, it->path, 0, library_of(pdl_file_kind(it->path)) != NULL, it->axes, it->detail)) {
        result->failed = 1;
        return;
    }
    /* A FIFO that nobody writes to would be waited for. */
    int file = open(it->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 || fstat(file, &facts) != 0) {
        result->failed = !file_trouble(result->message, "read", it->path);
    } else if (S_ISDIR(facts.st_mode)) {
        errno = EISDIR;
        result->failed = !file_trouble(result->message, "read", it->path);
    } else if (!S_ISREG(facts.st_mode)) {
        snprintf(result->message, sizeof result->message, "cannot read %s: it is no regular file", it->path);
        result->failed = 1;
    } else {
        result->failed = content_problem(result, it, file, facts.st_size);
    }
    if (file >= 0) close(file);
}

void pdl_load_open(const char *path, const char *detail, int32_t element, int32_t axes, int64_t *extents, const pdl_place *place) {
    opening result = {0};
    if (now->rank == 0) open_on_root(&result, &(wanted_array){path, detail, element, axes, extents});
    pdl_bcast(&result, sizeof result);
    if (result.failed) pdl_fail(place, result.message);
    now->loading.path = strdup(path);
    now->loading.detail = strdup(detail);
    now->loading.header = result.header;
    now->loading.level_bytes = result.level_bytes;
    if (pdl_file_kind(path) == PDL_FILE_CSV) open_table(&result.table, element, axes, extents, place);
    for (int axis = 0; axis < axes; axis++) extents[axis] = now->loading.header.extents[axis];
}

/* Short runs that lie apart: read all between them, many at once, and pick. */
static int read_windows(int file, char *to, const layout *it, char *message) {
    int64_t step = it->rows * it->row, run = it->count * it->row;
    int64_t at_once = step < WINDOW ? WINDOW / step : 1;
    char *window = pdl_allocate(at_once * step);
    int good = 1;
    for (int64_t o = 0; good && o < it->outer; o += at_once) {
        int64_t steps = it->outer - o < at_once ? it->outer - o : at_once;
        good = read_at(file, window, steps * step, now->loading.header.offset + (it->first_outer + o) * step, message);
        for (int64_t k = 0; good && k < steps; k++, to += run) {
            memcpy(to, window + k * step + it->first * it->row, (size_t)run);
        }
    }
    pdl_release(window);
    return good;
}

static int read_block(int file, char *to, const layout *it, char *message) {
    int64_t step = it->rows * it->row, run = it->count * it->row;
    if (run == 0 || it->outer == 0) return 1;
    if (it->outer > 1 && run < SHORT_RUN && step < WINDOW) return read_windows(file, to, it, message);
    for (int64_t o = 0; o < it->outer; o++, to += run) {
        if (!read_at(file, to, run, now->loading.header.offset + (it->first_outer + o) * step + it->first * it->row, message))
            return 0;
    }
    return 1;
}

/* Levels are read as they are and become integers here. */
static int read_levels(int file, void *block, const layout *it, char *message) {
    int64_t bytes = it->outer * it->count * it->row;
    unsigned char *levels = pdl_allocate(bytes);
    int good = read_block(file, (char *)levels, it, message);
    if (good) pdl_pgm_decode(block, now->loading.header.element, levels, now->loading.level_bytes, bytes / now->loading.level_bytes);
    pdl_release(levels);
    return good;
}

/* The elements of this rank in the order in which the file has axes. */
static int read_written(int file, void *to, const layout *it, int divided, char *message) {
    const pdl_npy *header = &now->loading.header;
    if (now->loading.level_bytes > 0) return read_levels(file, to, it, message);
    if (header->offset > 0) return read_block(file, to, it, message);
    pdl_slab part = {divided, it->first, it->count};
    return library_of(pdl_file_kind(now->loading.path))->read(now->loading.path, now->loading.detail, header, &part, to, message);
}

static int read_over_grid(int file, void *block, const layout *it, char *message) {
    const pdl_npy *header = &now->loading.header;
    grid_box own = grid_box_of(header->extents[0], header->extents[1], now->rank);
    char *packed = pdl_allocate(it->outer * it->count * it->row);
    int good = read_written(file, packed, it, PDL_GRID, message);
    if (good) grid_unpack(&own, block, packed, it->row);
    pdl_release(packed);
    return good;
}

/* A block is stored with the divided axis first. */
static int read_stored(int file, void *block, const layout *it, int divided, char *message) {
    if (it->is_grid) return read_over_grid(file, block, it, message);
    if (it->outer == 1) return read_written(file, block, it, divided, message);
    int is_picture = now->loading.level_bytes > 0;
    int64_t size = (int64_t)pdl_element_size(now->loading.header.element), inner = it->row / (is_picture ? now->loading.level_bytes : size);
    char *written = pdl_allocate(it->outer * it->count * inner * size);
    int good = read_written(file, written, it, divided, message);
    if (good) exchange_axes((size_t)size, block, written, it->outer, it->count, inner);
    pdl_release(written);
    return good;
}

static void read_elements(void *block, int divided, const pdl_place *place) {
    const pdl_npy *header = &now->loading.header;
    int64_t size = (int64_t)pdl_element_size(header->element), stored = now->loading.level_bytes > 0 ? now->loading.level_bytes : size;
    layout it = layout_of(stored, header->axes, header->extents, divided);
    char message[PDL_NPY_MESSAGE];
    int good = 1;
    /* What all ranks hold enters through one of them: a file that changes meanwhile cannot part them. */
    if (divided != PDL_NO_AXIS || now->rank == 0) {
        int file = open(now->loading.path, O_RDONLY | O_CLOEXEC);
        good = file < 0 ? file_trouble(message, "read", now->loading.path) : read_stored(file, block, &it, divided, message);
        if (file >= 0) close(file);
    }
    fail_together(place, good ? NULL : message);
    if (divided == PDL_NO_AXIS) pdl_bcast(block, it.row / stored * size);
}

void pdl_load_read(void *block, int32_t divided, const pdl_place *place) {
    if (pdl_file_kind(now->loading.path) == PDL_FILE_CSV) {
        read_table(block, divided, place);
    } else {
        read_elements(block, divided, place);
    }
    close_loading();
}

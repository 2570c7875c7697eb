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

void pdl_load_open(const char *path, const char *detail, pdl_array *array, const pdl_place *place) {
    opening result = {0};
    if (now->rank == 0) open_on_root(&result, &(wanted_array){path, detail, array->element, array->axes, array->extents});
    pdl_bcast(&result, sizeof result);
    if (result.failed) pdl_fail(place, result.message);
    now->loading.path = strdup(path);
    now->loading.detail = strdup(detail);
    now->loading.header = result.header;
    now->loading.level_bytes = result.level_bytes;
    if (pdl_file_kind(path) == PDL_FILE_CSV) open_table(&result.table, array->element, array->axes, array->extents, place);
    for (int axis = 0; axis < array->axes; axis++) array->extents[axis] = now->loading.header.extents[axis];
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
        if (!read_at(file, to, run, now->loading.header.offset + (it->first_outer + o) * step + it->first * it->row, message)) return 0;
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
static int read_written(int file, const pdl_array *array, void *to, const layout *it, char *message) {
    const pdl_npy *header = &now->loading.header;
    if (now->loading.level_bytes > 0) return read_levels(file, to, it, message);
    if (header->offset > 0) return read_block(file, to, it, message);
    pdl_slab part = {divided_axis(array), it->first, it->count, to};
    return library_of(pdl_file_kind(now->loading.path))->read(now->loading.path, now->loading.detail, header, &part, message);
}

/* Into where the array is stored. */
static int read_stored(int file, const pdl_array *array, const layout *it, char *message) {
    if (is_as_written(array)) return read_written(file, array, array->data, it, message);
    void *written = pdl_allocate(held_elements(array) * (int64_t)pdl_element_size(array->element));
    int good = read_written(file, array, written, it, message);
    if (good) store(array, written);
    pdl_release(written);
    return good;
}

static void read_elements(const pdl_array *array, const pdl_place *place) {
    int64_t size = (int64_t)pdl_element_size(array->element), stored = now->loading.level_bytes > 0 ? now->loading.level_bytes : size;
    layout it = layout_of(stored, array);
    char message[PDL_NPY_MESSAGE];
    int good = 1, divided = is_divided(array);
    /* What all ranks hold enters through one of them: a file that changes meanwhile cannot part them. */
    if (divided || now->rank == 0) {
        int file = open(now->loading.path, O_RDONLY | O_CLOEXEC);
        good = file < 0 ? file_trouble(message, "read", now->loading.path) : read_stored(file, array, &it, message);
        if (file >= 0) close(file);
    }
    fail_together(place, good ? NULL : message);
    if (!divided) pdl_bcast(array->data, whole_elements(array) * size);
}

void pdl_load_read(const pdl_array *array, const pdl_place *place) {
    if (now->loading.level_bytes == 0 && now->loading.header.offset == 0) refuse_grid(array, place);
    if (pdl_file_kind(now->loading.path) == PDL_FILE_CSV) {
        read_table(array, place);
    } else {
        read_elements(array, place);
    }
    close_loading();
}

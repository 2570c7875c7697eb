/* save: into a new file beside the old one, synced, then renamed over it. Whatever fails, the old file is whole. */

typedef struct {
    int failed;
    char message[PDL_NPY_MESSAGE];
    char name[4096]; /* of the new file */
    int64_t offset;  /* of its first element */
} saving;
_Static_assert(sizeof(saving) == 4880, "what explain says of save");

static int write_at(int file, const char *from, int64_t bytes, int64_t offset) {
    while (bytes > 0) {
        ssize_t done = pwrite(file, from, (size_t)(bytes < READ_AT_ONCE ? bytes : READ_AT_ONCE), offset);
        if (done < 0 && errno == EINTR) continue;
        if (done == 0) errno = ENOSPC;
        if (done <= 0) return 0;
        from += done;
        offset += done;
        bytes -= done;
    }
    return 1;
}

/* The access that the old file had, or that any new one gets. */
static mode_t access_of(const char *path) {
    struct stat old;
    if (stat(path, &old) == 0) return old.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The whole array as its file holds it, and how much of it this rank writes. */
typedef struct {
    int element;   /* of what this rank writes; text and pictures: PDL_BOOL */
    const unsigned char *header;
    size_t header_bytes;
    int64_t bytes; /* of all elements */
    layout own;
    int writes;    /* whether this rank writes `own` */
    const char *dataset; /* of an .h5 file, else NULL */
    pdl_npy array;       /* which it is to hold */
} shape_on_disk;

static shape_on_disk on_disk(int64_t element_bytes, const pdl_array *array) {
    return (shape_on_disk){.bytes = element_bytes * whole_elements(array), .writes = is_divided(array) || now->rank == 0,
                           .own = layout_of(element_bytes, array)};
}

/* An empty file beside `target`, open; -1: not. A device, a FIFO or a link to nothing is not replaced by a file. */
static int new_file(saving *it, const char *target, const char *path) {
    struct stat old;
    if (lstat(target, &old) == 0 && !S_ISREG(old.st_mode)) {
        snprintf(it->message, sizeof it->message, "cannot save %s: it is no regular file", path);
        it->failed = 1;
        return -1;
    }
    int file = pdl_new_file(target, it->name, sizeof it->name);
    if (file < 0 || fchmod(file, access_of(target)) != 0) it->failed = !file_trouble(it->message, "save", path);
    return file;
}

/* Copies what there is of a file. 0: errno says why not. */
static int copy_file(int to, const char *path) {
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) return errno == ENOENT;
    char *some = pdl_allocate(WINDOW);
    int64_t at = 0;
    ssize_t got;
    while ((got = pread(from, some, WINDOW, at)) > 0 && write_at(to, some, got, at)) at += got;
    pdl_release(some);
    close(from);
    return got == 0;
}

/* Other datasets of the old file stay: a copy of it gets the new one. */
static void make_dataset(saving *it, int file, const char *target, const char *path, const shape_on_disk *shape) {
    char problem[PDL_NPY_MESSAGE];
    if (!copy_file(file, target)) {
        it->failed = !file_trouble(it->message, "save", path);
    } else if (!pdl_hdf5.create(it->name, shape->dataset, &shape->array, &it->offset, problem)) {
        snprintf(it->message, sizeof it->message, "cannot save %.300s: %.300s", path, problem);
        it->failed = 1;
    }
}

/* Rank 0 makes the new file: all but the elements. */
static void begin_saving(saving *it, const char *target, const char *path, const shape_on_disk *shape) {
    int file = new_file(it, target, path);
    it->offset = (int64_t)shape->header_bytes;
    if (!it->failed && shape->dataset != NULL) {
        make_dataset(it, file, target, path, shape);
    } else if (!it->failed && (!write_at(file, (const char *)shape->header, it->offset, 0) || ftruncate(file, it->offset + shape->bytes) != 0)) {
        it->failed = !file_trouble(it->message, "save", path);
    }
    if (file >= 0) close(file);
}

/* Elements as they are in memory, but with one NaN. */
static int write_elements(int file, int element, const char *from, int64_t bytes, int64_t offset) {
    char *some = NULL;
    int good = 1;
    for (int64_t at = 0; good && at < bytes; at += WINDOW) {
        int64_t length = bytes - at < WINDOW ? bytes - at : WINDOW;
        const char *piece = from + at;
        if (pdl_has_nan(element, piece, length)) {
            if (some == NULL) some = pdl_allocate(WINDOW);
            memcpy(some, piece, (size_t)length);
            pdl_one_nan(element, some, length);
            piece = some;
        }
        good = write_at(file, piece, length, offset + at);
    }
    pdl_release(some);
    return good;
}

/* This rank's own runs of elements, on the disk before it returns. */
static int write_block(const saving *where, const char *from, const shape_on_disk *shape) {
    const layout *it = &shape->own;
    int file = open(where->name, O_WRONLY | O_CLOEXEC);
    if (file < 0) return 0;
    int64_t step = it->rows * it->row, run = it->count * it->row;
    int good = 1;
    for (int64_t o = 0; good && run > 0 && o < it->outer; o++, from += run) {
        good = write_elements(file, shape->element, from, run, where->offset + (it->first_outer + o) * step + it->first * it->row);
    }
    good = good && fsync(file) == 0;
    int reason = errno;
    good = (close(file) == 0 || !good) && good;
    if (!good && reason != 0) errno = reason;
    return good;
}

/* Puts the new file in the old one's place, and the folder on the disk. */
static int replace(const char *name, const char *target) {
    if (rename(name, target) != 0) return 0;
    char *folder = strdup(target), *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL) slash[slash == folder] = 0;
    int handle = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        fsync(handle); /* some file systems cannot; the file itself is safe */
        close(handle);
    }
    free(folder);
    return 1;
}

/* Every rank comes here with its own outcome; rank 0 removes the new file before anybody fails. */
static void settle_saving(saving *it, const char *target, const char *path, const pdl_place *place) {
    int anywhere = it->failed;
    if (now->ranks > 1) MPI_Allreduce(&it->failed, &anywhere, 1, MPI_INT, MPI_MAX, now->communicator);
    if (now->rank == 0 && !anywhere && !replace(it->name, target)) {
        it->failed = anywhere = !file_trouble(it->message, "save", path);
    }
    if (now->rank == 0 && anywhere && it->name[0] != 0) unlink(it->name);
    fail_together(place, it->failed ? it->message : NULL);
}

/* `data`: this rank's elements as the file holds them. */
static void save_elements(const char *path, const shape_on_disk *shape, const void *data, const pdl_place *place) {
    saving it = {0};
    char *real = realpath(path, NULL); /* through a link, to the file that it means */
    const char *target = real != NULL ? real : path;
    if (now->rank == 0) begin_saving(&it, target, path, shape);
    pdl_bcast(&it, sizeof it);
    if (!it.failed && shape->writes) {
        errno = 0;
        if (!write_block(&it, data, shape)) it.failed = !file_trouble(it.message, "save", path);
    }
    settle_saving(&it, target, path, place);
    free(real);
}

/* An array on its way into a file: as it is written, or as it is stored. */
typedef struct {
    const char *path, *detail;
    pdl_array array;
} saved_array;

static void save_grey(const saved_array *it, const pdl_place *place);
static void save_by_rows(const saved_array *it, const pdl_place *place);

/* Elements as they are in memory: .npy and .h5. */
static void save_in_place(const saved_array *it, const pdl_place *place) {
    const pdl_array *array = &it->array;
    shape_on_disk shape = on_disk((int64_t)pdl_element_size(array->element), array);
    shape.element = array->element;
    unsigned char header[PDL_NPY_HEADER];
    if (pdl_file_kind(it->path) == PDL_FILE_HDF5) {
        shape.dataset = it->detail;
        shape.array = (pdl_npy){.element = array->element, .axes = array->axes};
        memcpy(shape.array.extents, array->extents, (size_t)array->axes * sizeof *array->extents);
    } else {
        shape.header = header;
        shape.header_bytes = pdl_npy_header(header, array->element, array->axes, array->extents);
    }
    save_elements(it->path, &shape, array->data, place);
}

void pdl_save(const char *path, const char *detail, const pdl_array *array, const pdl_place *place) {
    char message[PDL_NPY_MESSAGE];
    int kind = pdl_file_kind(path);
    int has_library = kind == PDL_FILE_HDF5 ? &pdl_hdf5 != NULL : &pdl_png != NULL;
    if (pdl_file_problem(message, path, 1, has_library, array->axes, detail)) pdl_fail(place, message);
    saved_array it = {path, detail, *array};
    if (kind == PDL_FILE_CSV || kind == PDL_FILE_PNG) {
        refuse_grid(array, place);
        save_by_rows(&it, place);
        return;
    }
    void *written = as_written(array);
    if (written != NULL) it.array.data = written;
    if (kind == PDL_FILE_PGM) {
        save_grey(&it, place);
    } else {
        save_in_place(&it, place);
    }
    pdl_release(written);
}

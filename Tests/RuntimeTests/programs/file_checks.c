/* Loading and saving .npy files that NumPy made and will compare. */

/* Loads in.npy whole and along every axis, and saves what was loaded as out-<axis>.npy, for each type and number of axes. */
static void copy_files(const char *folder) {
    for (int element = PDL_BOOL; element <= PDL_C128; element++) {
        for (int axes = 1; axes <= 3; axes++) {
            for (int divided = -1; divided < axes; divided++) {
                char path[600];
                int64_t extents[3] = {-1, -1, -1}, bytes = (int64_t)pdl_element_size(element);
                snprintf(path, sizeof path, "%s/in-%s-%d.npy", folder, pdl_element_name(element), axes);
                pdl_load_open(path, "", element, axes, extents, &here);
                layout own = layout_of(bytes, axes, extents, divided);
                bytes = own.outer * own.count * own.row;
                char *block = pdl_allocate(bytes);
                pdl_load_read(block, divided, &here);
                snprintf(path, sizeof path, "%s/out-%s-%d-%d.npy", folder, pdl_element_name(element), axes, divided + 1);
                pdl_save(path, "", element, axes, extents, block, divided < 0 ? PDL_REPLICATED : PDL_SCATTERED, divided, &here);
                pdl_release(block);
            }
        }
    }
}

static void load_one(const char *path) {
    int64_t axes = 1, extents[4] = {-1, -1, -1, -1};
    pdl_parameter_get(AXES, &axes);
    pdl_parameter_get(EXTENT, &extents[axes - 1]);
    pdl_load_open(path, "", PDL_F64, (int32_t)axes, extents, &here);
    int64_t total = 1;
    for (int64_t axis = 0; axis < axes; axis++) total *= extents[axis];
    double *block = pdl_allocate(8 * total);
    pdl_load_read(block, 0, &here);
    pdl_release(block);
    report("load");
}

/* 80,000 bytes; under --big with room for 60,000 only, which the last rank will miss. */
static void save_one(const char *path) {
    int64_t extent = 10000, first = pdl_block_begin(extent, now->ranks, now->rank);
    int64_t mine = pdl_block_begin(extent, now->ranks, now->rank + 1) - first;
    double *block = pdl_allocate(8 * mine);
    for (int64_t i = 0; i < mine; i++) block[i] = (double)(first + i);
    uint8_t big = 0;
    pdl_parameter_get(BIG, &big);
    pdl_save(path, "", PDL_F64, 1, &extent, block, PDL_SCATTERED, 0, &here);
    if (big) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {60000, 60000};
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int64_t i = 0; i < mine; i++) block[i] = -1;
        pdl_save(path, "", PDL_F64, 1, &extent, block, PDL_SCATTERED, 0, &here);
    }
    report("save");
}

static void check_files(const char *mode) {
    const char *path = "x.npy";
    pdl_parameter_get(PATH, &path);
    if (strcmp(mode, "copy") == 0) {
        copy_files(path);
        report("copy");
    } else if (strcmp(mode, "load") == 0) {
        load_one(path);
    } else {
        save_one(path);
    }
}

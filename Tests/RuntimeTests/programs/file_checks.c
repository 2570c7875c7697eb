/* Loading and saving .npy files that NumPy made and will compare. */

/* Loads in.npy whole and along every axis, and saves what was loaded as out-<axis>.npy, for each type and number of axes. */
static void copy_files(const char *folder) {
    for (int element = PDL_BOOL; element <= PDL_C128; element++) {
        for (int axes = 1; axes <= 3; axes++) {
            for (int divided = -1; divided < axes; divided++) {
                char path[600];
                pdl_array it = {.extents = {-1, -1, -1}, .element = element, .axes = axes};
                if (divided >= 0) it.placement = PDL_SCATTERED, it.cuts[divided] = PDL_CUT_BLOCK;
                snprintf(path, sizeof path, "%s/in-%s-%d.npy", folder, pdl_element_name(element), axes);
                pdl_load_open(path, "", &it, &here);
                it.data = pdl_allocate(held_elements(&it) * (int64_t)pdl_element_size(element));
                pdl_load_read(&it, &here);
                snprintf(path, sizeof path, "%s/out-%s-%d-%d.npy", folder, pdl_element_name(element), axes, divided + 1);
                pdl_save(path, "", &it, &here);
                pdl_release(it.data);
            }
        }
    }
}

static void load_one(const char *path) {
    int64_t axes = 1;
    pdl_array it = {.extents = {-1, -1, -1, -1}, .element = PDL_F64, .placement = PDL_SCATTERED, .cuts = {PDL_CUT_BLOCK}};
    pdl_parameter_get(AXES, &axes);
    pdl_parameter_get(EXTENT, &it.extents[axes - 1]);
    it.axes = (int32_t)axes;
    pdl_load_open(path, "", &it, &here);
    it.data = pdl_allocate(8 * held_elements(&it));
    pdl_load_read(&it, &here);
    pdl_release(it.data);
    report("load");
}

/* 80,000 bytes; under --big with room for 60,000 only, which the last rank will miss. */
static void save_one(const char *path) {
    pdl_array it = {.extents = {10000}, .element = PDL_F64, .axes = 1, .placement = PDL_SCATTERED, .cuts = {PDL_CUT_BLOCK}};
    int64_t first = held_begin(&it, 0), mine = held_rows(&it);
    double *block = it.data = pdl_allocate(8 * mine);
    for (int64_t i = 0; i < mine; i++) block[i] = (double)(first + i);
    uint8_t big = 0;
    pdl_parameter_get(BIG, &big);
    pdl_save(path, "", &it, &here);
    if (big) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {60000, 60000};
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int64_t i = 0; i < mine; i++) block[i] = -1;
        pdl_save(path, "", &it, &here);
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

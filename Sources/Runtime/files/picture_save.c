/* save of a matrix of integers as a .pgm picture. The ranks agree first on the brightest level, or on the first number that is none. */

/* The greatest level of all ranks. A number that is no level ends the program, with the first such in row-major order. */
static int64_t brightest(const char *path, int element, const int64_t *extents, const void *data, const shape_on_disk *shape,
                         int divided, const pdl_place *place) {
    int64_t size = (int64_t)pdl_element_size(element), wrong = -1, greatest = 0, row = 0, column = 0;
    const layout *own = &shape->own;
    if (shape->writes) greatest = pdl_pgm_levels(element, data, own->outer * own->count * own->row / size, &wrong);
    if (wrong >= 0) {
        int64_t columns = divided == 1 ? own->count : extents[1];
        row = wrong / columns + (divided == 0 ? own->first : 0);
        column = wrong % columns + (divided == 1 ? own->first : 0);
    }
    int64_t mine[2] = {-greatest, wrong < 0 ? INT64_MAX : row * extents[1] + column}, all[2] = {mine[0], mine[1]};
    if (now->ranks > 1) MPI_Allreduce(mine, all, 2, MPI_INT64_T, MPI_MIN, now->communicator);
    if (all[1] != INT64_MAX) {
        char message[PDL_NPY_MESSAGE];
        int found = all[1] == mine[1];
        if (found) pdl_pgm_wrong_level(message, path, element, (const char *)data + wrong * size, row, column);
        fail_together(place, found ? message : NULL);
    }
    return -all[0];
}

static void save_picture(const char *path, int element, int axes, const int64_t *extents, const void *data, int placement,
                         int divided, const pdl_place *place) {
    char message[PDL_NPY_MESSAGE];
    if (pdl_pgm_problem(message, path, element, axes)) pdl_fail(place, message);
    shape_on_disk here = on_disk((int64_t)pdl_element_size(element), axes, extents, placement, divided);
    int64_t white = brightest(path, element, extents, data, &here, placement == PDL_SCATTERED ? divided : -1, place);
    int bytes = pdl_pgm_bytes(white);
    shape_on_disk shape = on_disk(bytes, axes, extents, placement, divided);
    int64_t own = shape.own.outer * shape.own.count * shape.own.row;
    unsigned char header[PDL_PGM_HEADER], *levels = pdl_allocate(own);
    shape.header = header;
    shape.header_bytes = pdl_pgm_header(header, extents[0], extents[1], white);
    if (shape.writes) pdl_pgm_encode(levels, bytes, element, data, own / bytes);
    save_elements(path, &shape, levels, place);
    pdl_release(levels);
}

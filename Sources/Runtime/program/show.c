/* show: what every rank holds, collected and printed by rank 0. */

enum { MOST_AXES = 16 };

static void add_number(const char *format, int64_t number) {
    char digits[32];
    add_text(digits, snprintf(digits, sizeof digits, format, (long long)number));
}

/* name: f64[/16, 3] */
static void add_header(const char *name, const char *prefix, int element, int axes, const int64_t *extents, int placement,
                       int divided) {
    pdl_text(name);
    pdl_text(": ");
    pdl_text(prefix);
    pdl_text(pdl_element_name(element));
    for (int axis = 0; axis < axes; axis++) {
        pdl_text(axis == 0 ? "[" : ", ");
        if (axis == divided || (divided == PDL_GRID && axis < 2)) pdl_text("/");
        if (placement == PDL_LOCAL) {
            pdl_text("_");
        } else {
            add_number("%lld", extents[axis]);
        }
    }
    pdl_text(axes > 0 ? "]\n" : "\n");
}

/* The same of a block of a matrix over the grid; `own` begins as the whole extents. */
static char *grid_line(int element, int axes, int64_t *own, const void *data) {
    grid_box box = grid_box_of(own[0], own[1], now->rank);
    char *packed = grid_packed(&box, data, product_of(own, 2, axes) * (int64_t)pdl_element_size(element));
    own[0] = length(box.rows);
    own[1] = length(box.columns);
    char *line = pdl_format_array(element, axes, own, packed, (pdl_format){0});
    pdl_release(packed);
    return line;
}

/* This rank's line without its number; malloc'ed. */
static char *own_line(int element, int axes, const int64_t *extents, int placement, int divided, const void *data) {
    if (data == NULL || (placement == PDL_ROOT && now->rank != 0)) return strdup("-");
    int64_t own[MOST_AXES];
    for (int axis = 0; axis < axes; axis++) own[axis] = extents[axis];
    if (divided == PDL_GRID) return grid_line(element, axes, own, data);
    if (placement == PDL_SCATTERED) {
        own[divided] = pdl_block_begin(extents[divided], now->ranks, now->rank + 1)
            - pdl_block_begin(extents[divided], now->ranks, now->rank);
    }
    if (divided <= 0) return pdl_format_array(element, axes, own, data, (pdl_format){0});
    int64_t outer = product_of(own, 0, divided), inner = product_of(own, divided + 1, axes);
    void *written = pdl_allocate(outer * own[divided] * inner * (int64_t)pdl_element_size(element));
    exchange_axes(pdl_element_size(element), written, data, own[divided], outer, inner);
    char *line = pdl_format_array(element, axes, own, written, (pdl_format){0});
    pdl_release(written);
    return line;
}

/* Every rank's line, one after the other, on rank 0; begin[r] is where rank r's starts. */
static char *collect_lines(const char *line, int64_t *begin) {
    int64_t length = (int64_t)strlen(line);
    MPI_Allgather(&length, 1, MPI_INT64_T, begin + 1, 1, MPI_INT64_T, now->communicator);
    begin[0] = 0;
    for (int r = 0; r < now->ranks; r++) begin[r + 1] += begin[r];
    char *lines = now->rank == 0 ? pdl_allocate(begin[now->ranks]) : NULL;
    gather_runs(line, lines, begin);
    return lines;
}

void pdl_show(const char *name, const char *prefix, int32_t element, int32_t axes, const int64_t *extents,
              int32_t placement, int32_t divided, const void *data) {
    char *line = own_line(element, axes, extents, placement, divided, data);
    if (line == NULL) pdl_fail(NULL, "out of memory");
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    char *lines = collect_lines(line, begin);
    if (now->rank == 0) {
        now->text.length = 0;
        add_header(name, prefix, element, axes, extents, placement, divided);
        for (int r = 0; r < now->ranks; r++) {
            add_number("  rank %lld: ", r);
            add_text(lines + begin[r], run_bytes(begin, r));
            add_text("\n", 1);
        }
        write_out(now->text.bytes, now->text.length);
        now->text.length = 0;
    }
    pdl_release(lines);
    pdl_release(begin);
    free(line);
}

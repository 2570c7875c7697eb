/* show: what every rank holds, collected and printed by rank 0. */

enum { MOST_AXES = 16 };

static void add_number(const char *format, int64_t number) {
    char digits[32];
    add_text(digits, snprintf(digits, sizeof digits, format, (long long)number));
}

/* An array as `show` is given it. */
typedef struct {
    int element, axes;
    const int64_t *extents;
    int placement, divided;
    const void *data;
} shown_array;

/* name: f64[/16, 3] */
static void add_header(const char *name, const char *prefix, const shown_array *it) {
    pdl_text(name);
    pdl_text(": ");
    pdl_text(prefix);
    pdl_text(pdl_element_name(it->element));
    for (int axis = 0; axis < it->axes; axis++) {
        pdl_text(axis == 0 ? "[" : ", ");
        if (axis == it->divided) pdl_text("/");
        if (it->placement == PDL_LOCAL) {
            pdl_text("_");
        } else {
            add_number("%lld", it->extents[axis]);
        }
    }
    pdl_text(it->axes > 0 ? "]\n" : "\n");
}

/* This rank's line without its number; malloc'ed. */
static char *own_line(const shown_array *it) {
    if (it->data == NULL || (it->placement == PDL_ROOT && now->rank != 0)) return strdup("-");
    int divided = it->divided;
    int64_t own[MOST_AXES];
    for (int axis = 0; axis < it->axes; axis++) own[axis] = it->extents[axis];
    if (it->placement == PDL_SCATTERED) {
        own[divided] = pdl_block_begin(it->extents[divided], now->ranks, now->rank + 1)
            - pdl_block_begin(it->extents[divided], now->ranks, now->rank);
    }
    if (divided <= 0) return pdl_format_array(it->element, it->axes, own, it->data, (pdl_format){0});
    int64_t outer = product_of(own, 0, divided), inner = product_of(own, divided + 1, it->axes);
    void *written = pdl_allocate(outer * own[divided] * inner * (int64_t)pdl_element_size(it->element));
    exchange_axes(pdl_element_size(it->element), written, it->data, (int64_t[]){own[divided], outer, inner});
    char *line = pdl_format_array(it->element, it->axes, own, written, (pdl_format){0});
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
    shown_array it = {element, axes, extents, placement, divided, data};
    char *line = own_line(&it);
    if (line == NULL) pdl_fail(NULL, "out of memory");
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    char *lines = collect_lines(line, begin);
    if (now->rank == 0) {
        now->text.length = 0;
        add_header(name, prefix, &it);
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

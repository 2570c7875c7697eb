/* show: what every rank holds, collected and printed by rank 0. */

static void add_number(const char *format, int64_t number) {
    char digits[32];
    add_text(digits, snprintf(digits, sizeof digits, format, (long long)number));
}

/* name: f64[/16, 3] */
static void add_header(const char *name, const char *prefix, const pdl_array *it) {
    pdl_text(name);
    pdl_text(": ");
    pdl_text(prefix);
    pdl_text(pdl_element_name(it->element));
    for (int axis = 0; axis < it->axes; axis++) {
        pdl_text(axis == 0 ? "[" : ", ");
        if (it->cuts[axis] != PDL_CUT_WHOLE) pdl_text("/");
        if (it->placement == PDL_LOCAL) {
            pdl_text("_");
        } else {
            add_number("%lld", it->extents[axis]);
        }
    }
    pdl_text(it->axes > 0 ? "]\n" : "\n");
}

/* This rank's line without its number; malloc'ed. */
static char *own_line(const pdl_array *it) {
    if (it->data == NULL || (it->placement == PDL_ROOT && now->rank != 0)) return strdup("-");
    int64_t own[4];
    for (int axis = 0; axis < it->axes; axis++) own[axis] = held_extent(it, axis);
    void *written = as_written(it);
    char *line = pdl_format_array(it->element, it->axes, own, written != NULL ? written : it->data, (pdl_format){0});
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

void pdl_show(const char *name, const char *prefix, const pdl_array *array) {
    char *line = own_line(array);
    if (line == NULL) pdl_fail(NULL, "out of memory");
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    char *lines = collect_lines(line, begin);
    if (now->rank == 0) {
        now->text.length = 0;
        add_header(name, prefix, array);
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

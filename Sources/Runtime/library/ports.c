/* What the caller of a library's function gives and takes: blocks cut as the caller likes become PDL's own, and results go back. */

/* Words of what a rank tells about an argument: its part's extents, and a digest of what must be the same on all ranks. */
enum { ABOUT = 5, DIGEST = 4 };

typedef struct library_call {
    const pdl_function *function;
    const pdl_input *inputs;
    const pdl_output *outputs;
    int64_t *about;  /* about[(r * arguments + i) * ABOUT]: what rank r told of argument i */
    void **borrowed; /* the caller's memory that the program works in, for arguments and behind them results; else NULL */
} library_call;

static const int64_t *told(int rank, int index) {
    const library_call *call = now->call;
    return call->about + (rank * call->function->argument_count + index) * ABOUT;
}

/* The axis that is cut, or -1. */
static int cut_axis_of(const pdl_port *port) { return axis_of_cut(port->cuts, port->axes); }

static int64_t port_bytes(const pdl_port *port, const int64_t *extents) {
    return product_of(extents, 0, port->axes) * (int64_t)pdl_element_size(port->element);
}

/* ---- Numbers ---- */

/* A program's parameters are the function's numbers, in order, then the file's `param`s, which have their defaults. */
static const pdl_input *number_argument(int64_t index) {
    const pdl_function *function = now->call->function;
    for (int i = 0; i < function->argument_count; i++)
        if (function->arguments[i].axes == 0 && index-- == 0) return &now->call->inputs[i];
    return NULL;
}

uint8_t pdl_parameter_given(int64_t index) { return number_argument(index) != NULL; }

void pdl_parameter_get(int64_t index, void *out) {
    const pdl_input *it = number_argument(index);
    if (it != NULL) memcpy(out, it->data, pdl_element_size(now->program->parameters[index].element));
}

/* ---- What ranks must agree on ---- */

/* Every rank comes to the same verdict, so no message is needed. */
__attribute__((format(printf, 1, 2))) _Noreturn static void refuse(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(now->failure.message, FAULT_TEXT, format, values);
    va_end(values);
    longjmp(*now->failure.outermost, PDL_REFUSED);
}

static uint64_t digest_of(const unsigned char *data, int64_t bytes) {
    uint64_t digest = 0x9e3779b97f4a7c15, word;
    for (; bytes >= 8; bytes -= 8, data += 8) {
        memcpy(&word, data, 8);
        digest = (digest ^ word) * 0xff51afd7ed558ccd;
        digest ^= digest >> 32;
    }
    for (; bytes > 0; bytes--) digest = (digest ^ *data++) * 0x100000001b3;
    return digest;
}

static void tell_about(const pdl_port *port, const pdl_input *input, int64_t *about) {
    memcpy(about, input->extents, sizeof input->extents);
    about[DIGEST] = 0;
    for (int axis = 0; axis < port->axes; axis++)
        if (input->extents[axis] < 0) return;
    if (port->placement == PDL_REPLICATED) about[DIGEST] = (int64_t)digest_of(input->data, port_bytes(port, input->extents));
}

/* Whether ranks hold blocks of one array. What they contribute to a part are rows of one, an axis more than is written. */
static int is_cut(const pdl_port *port) { return cut_axis_of(port) >= 0; }
static int written_axis(const pdl_port *port, int axis) { return axis - (port->placement == PDL_PART); }

static void check_argument(int index) {
    const pdl_port *port = &now->call->function->arguments[index];
    const char *function = now->call->function->name;
    const int64_t *first = told(0, index);
    for (int r = 0; r < now->ranks; r++) {
        const int64_t *it = told(r, index);
        for (int axis = 0; axis < port->axes; axis++) {
            if (it[axis] < 0) {
                refuse("%s: `%s` cannot have %lld elements along axis %d (rank %d)", function, port->name, (long long)it[axis],
                       written_axis(port, axis), r);
            }
            if (port->placement != PDL_REPLICATED && (!is_cut(port) || port->cuts[axis] != PDL_CUT_WHOLE)) continue;
            if (it[axis] == first[axis]) continue;
            refuse("%s: axis %d of `%s` has %lld elements on rank 0 and %lld on rank %d", function, written_axis(port, axis), port->name,
                   (long long)first[axis], (long long)it[axis], r);
        }
        if (port->placement == PDL_REPLICATED && it[DIGEST] != first[DIGEST]) {
            refuse("%s: `%s` must be the same on all ranks, but rank %d has other values than rank 0", function, port->name, r);
        }
    }
}

/* All ranks tell each other what they were given, in one message. */
static void meet_arguments(void) {
    library_call *call = now->call;
    int count = call->function->argument_count;
    int64_t words = count * ABOUT, bytes = words * (int64_t)sizeof(int64_t);
    call->about = pdl_allocate(now->ranks * bytes);
    size_t ports = (size_t)(count + call->function->result_count);
    call->borrowed = pdl_allocate((int64_t)(ports * sizeof *call->borrowed));
    memset(call->borrowed, 0, ports * sizeof *call->borrowed);
    int64_t *mine = call->about + now->rank * words;
    for (int i = 0; i < count; i++) tell_about(&call->function->arguments[i], &call->inputs[i], mine + i * ABOUT);
    if (now->ranks > 1 && count > 0) {
        MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, call->about, (int)words, MPI_INT64_T, now->communicator);
    }
    for (int i = 0; i < count; i++) check_argument(i);
}

/* ---- Arrays ---- */

/* Where the caller cuts an argument: rank r gave [begin[r], begin[r + 1]). */
static int64_t *caller_begins(int index) {
    int cut = cut_axis_of(&now->call->function->arguments[index]);
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    begin[0] = 0;
    for (int r = 0; r < now->ranks; r++) begin[r + 1] = begin[r] + told(r, index)[cut];
    return begin;
}

void pdl_argument_open(int64_t index, int32_t axes, int64_t *extents, const pdl_place *place) {
    const pdl_port *port = &now->call->function->arguments[index];
    for (int axis = 0; axis < axes; axis++) {
        int64_t extent = told(port->placement == PDL_LOCAL ? now->rank : 0, (int)index)[axis];
        for (int r = 1; port->cuts[axis] != PDL_CUT_WHOLE && r < now->ranks; r++) extent += told(r, (int)index)[axis];
        if (extents[axis] >= 0 && extents[axis] != extent) {
            char message[256];
            snprintf(message, sizeof message, "`%s` has the extent %lld along axis %d, its type says %lld", port->name,
                     (long long)extent, written_axis(port, axis), (long long)extents[axis]);
            pdl_fail(place, message);
        }
        extents[axis] = extent;
    }
}

/* A rank's part of these extents. */
static cut_box box_of(const pdl_port *port, const int64_t *own) {
    return cut_box_of(pdl_element_size(port->element), own, cut_axis_of(port), port->axes);
}

static int64_t row_bytes_of(const cut_box *it) { return it->outer * it->inner * (int64_t)it->size; }

static void read_scattered(int index, const pdl_port *port, const pdl_input *input, char *block) {
    cut_box it = box_of(port, input->extents);
    int64_t *begin = caller_begins(index), *blocks = block_begins(begin[now->ranks], 1), row = row_bytes_of(&it);
    const char *rows = input->data;
    char *stored = NULL;
    if (cut_axis_of(port) > 0) {
        stored = pdl_allocate(row * it.along);
        store_written(&it, stored, input->data);
        rows = stored;
    }
    if (memcmp(begin, blocks, (size_t)(now->ranks + 1) * sizeof *begin) == 0) {
        memcpy(block, rows, (size_t)(row * it.along));
    } else {
        recut(rows, begin, blocks, row, block);
    }
    pdl_release(stored);
    pdl_release(blocks);
    pdl_release(begin);
}

/* Whether the caller's memory holds a port's block as PDL cuts and stores it. `like`: the argument by which it is cut. */
static int lies_as_wanted(const pdl_port *port, int like, const void *data) {
    if ((uintptr_t)data % pdl_element_size(port->element) != 0) return 0;
    if (cut_axis_of(port) != 0 || like < 0) return !is_cut(port);
    int64_t *begin = caller_begins(like), *blocks = block_begins(begin[now->ranks], 1);
    int is_equal = memcmp(begin, blocks, (size_t)(now->ranks + 1) * sizeof *begin) == 0;
    pdl_release(blocks);
    pdl_release(begin);
    return is_equal;
}

/* Whether a result goes into the memory, which other results may still be made of. */
static int is_written_to(const char *data, int64_t bytes) {
    const library_call *call = now->call;
    for (int i = 0; i < call->function->result_count; i++) {
        const char *out = call->outputs[i].data;
        if (out >= data && out < data + bytes) return 1;
    }
    return 0;
}

void *pdl_argument_take(int64_t index, int64_t bytes, int64_t margin) {
    const pdl_port *port = &now->call->function->arguments[index];
    const pdl_input *input = &now->call->inputs[index];
    void *data = (void *)input->data;
    if (port->placement == PDL_ROOT && now->rank != 0) return NULL;
    if (margin == 0 && bytes > 0 && lies_as_wanted(port, (int)index, data) && !is_written_to(data, bytes)) {
        if (borrow(data)) now->call->borrowed[index] = data;
        return data;
    }
    char *block = pdl_allocate_block(bytes, margin);
    if (is_cut(port)) {
        read_scattered((int)index, port, input, block);
    } else if (bytes > 0) {
        memcpy(block, data, (size_t)bytes);
    }
    return block;
}

/* The program is done with them. */
static void give_back_memory(void) {
    library_call *call = now->call;
    int ports = call->function->argument_count + call->function->result_count;
    for (int i = 0; i < ports; i++) pdl_release(call->borrowed[i]);
    pdl_release(call->borrowed);
    pdl_release(call->about);
}

/* Where a result of these extents goes on this rank. */
static void *result_place(const pdl_port *port, const pdl_output *output, const int64_t *own) {
    if (port->axes == 0 || port->is_given) return output->data;
    int64_t bytes = port_bytes(port, own);
    memcpy(output->extents, own, (size_t)port->axes * sizeof *own);
    *output->array = malloc(bytes > 0 ? (size_t)bytes : 1);
    if (*output->array == NULL) pdl_fail(NULL, "out of memory for a result");
    return *output->array;
}

static void write_scattered(const pdl_port *port, const pdl_output *output, const int64_t *extents, const char *data) {
    int cut = cut_axis_of(port);
    int64_t own[4], *blocks = block_begins(extents[cut], 1), *begin = port->like >= 0 ? caller_begins(port->like) : blocks;
    memcpy(own, extents, (size_t)port->axes * sizeof *own);
    own[cut] = begin[now->rank + 1] - begin[now->rank];
    cut_box it = box_of(port, own);
    int64_t row = row_bytes_of(&it);
    char *out = result_place(port, output, own), *rows = cut > 0 ? pdl_allocate(row * it.along) : out;
    recut(data, blocks, begin, row, rows);
    if (cut > 0) {
        write_stored(&it, out, rows);
        pdl_release(rows);
    }
    if (begin != blocks) pdl_release(begin);
    pdl_release(blocks);
}

void *pdl_result_take(int64_t index, int64_t bytes) {
    const pdl_function *function = now->call->function;
    const pdl_port *port = &function->results[index];
    void *data = now->call->outputs[index].data;
    int fits = port->is_given && bytes > 0 && lies_as_wanted(port, port->like, data) && in_table(data) == NULL;
    if (!fits) return pdl_allocate(bytes);
    borrow(data);
    now->call->borrowed[function->argument_count + index] = data;
    return data;
}

void pdl_result(int64_t index, const int64_t *extents, const void *data) {
    const pdl_port *port = &now->call->function->results[index];
    const pdl_output *output = &now->call->outputs[index];
    if (port->axes > 0 && data == output->data) return;
    if (is_cut(port)) {
        write_scattered(port, output, extents, data);
    } else if (port->placement != PDL_ROOT || now->rank == 0) {
        void *out = result_place(port, output, extents);
        int64_t bytes = port_bytes(port, extents);
        if (bytes > 0) memcpy(out, data, (size_t)bytes);
    }
}

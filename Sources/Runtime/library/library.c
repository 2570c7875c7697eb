/* A library's handles and calls. A handle is a context: its memory, plans and buffers stay from call to call. */

/* Gives all memory back, in use or not. */
static void free_all(void) {
    for (block *it = now->pool.youngest, *older; it != NULL; it = older) {
        older = it->older;
        free(it->base);
    }
    now->pool = (memory){0};
}

/* Where a fault came before the end of an exchange: its messages are let through. */
static void complete_open_exchange(void) {
    if (now->halos.is_open) complete(&now->halos.open);
}

/* What a call that failed left behind is given up; the handle is as good as new. */
static void start_anew(pdl_context *it) {
    complete_open_exchange();
    free(it->loading.path);
    free(it->loading.detail);
    free_all();
    pdl_context fresh = {.communicator = it->communicator, .rank = it->rank, .ranks = it->ranks, .piece_bytes = it->piece_bytes,
                         .program = it->program, .failure = it->failure};
    fresh.failure.communicating = fresh.failure.awaited = 0;
    *it = fresh;
}

int pdl_open(MPI_Fint communicator, const char *built_for, pdl_context **handle) {
    static const pdl_program no_program = {.name = "pdl"};
    pdl_context *it = calloc(1, sizeof *it), *outer = now;
    *handle = it;
    if (it == NULL) return PDL_FAULT;
    it->program = &no_program;
    it->communicator = MPI_COMM_NULL;
    const char *feature = missing_feature();
    if (feature != NULL) {
        snprintf(it->failure.message, FAULT_TEXT, "this library was built for a processor with %s, which this one lacks", feature);
        return PDL_WRONG_MACHINE;
    }
    if (!mpi_is_right(built_for, it->failure.message)) return PDL_WRONG_MACHINE;
    MPI_Comm own;
    MPI_Comm_dup(MPI_Comm_f2c(communicator), &own);
    join(it, own);
    now = it;
    name_the_job();
    now = outer;
    return PDL_OK;
}

int pdl_call(pdl_context *handle, const pdl_function *function, const pdl_input *inputs, const pdl_output *outputs) {
    pdl_context *outer = now;
    library_call call = {.function = function, .inputs = inputs, .outputs = outputs};
    jmp_buf outermost;
    if (handle == NULL || handle->communicator == MPI_COMM_NULL) return PDL_REFUSED;
    now = handle;
    handle->program = function->program;
    handle->call = &call;
    handle->failure.outermost = &outermost;
    int code = setjmp(outermost);
    if (code == 0) {
        meet_arguments();
        function->program->run();
        agree_on_faults(0);
        give_back_memory();
    } else {
        start_anew(handle);
    }
    handle->call = NULL;
    handle->failure.outermost = NULL;
    now = outer;
    return code;
}

const char *pdl_message(const pdl_context *handle) { return handle != NULL ? handle->failure.message : "out of memory"; }

void pdl_free(void *array) { free(array); }

void pdl_close(pdl_context *handle) {
    if (handle == NULL) return;
    pdl_context *outer = now;
    int is_over = 0;
    now = handle;
    free_all();
    free(handle->loading.path);
    if (handle->communicator != MPI_COMM_NULL && MPI_Finalized(&is_over) == MPI_SUCCESS && !is_over) {
        MPI_Comm_free(&handle->communicator);
    }
    free(handle);
    now = outer;
}

/* Failure. In a program: one message from one elected rank, then MPI_Abort. Several ranks may fail at once, and no message may be needed
 * to agree on who speaks: the first to bind a socket's name on this machine does.
 *
 * A library's function returns the fault on every rank. A rank that fails waits for the others where they next communicate, since each of them
 * asks there whether all are well, and so does the end of the function. A program does not ask: its failing rank ends all. */

enum { FAILURE = 1, WRONG_USAGE = 2, PATIENCE_SECONDS = 5 };

static void name_the_job(void) {
    job_name *job = &now->failure.job;
    char here[sizeof job->machine] = "";
    gethostname(here, sizeof here - 1);
    if (now->rank == 0) {
        struct timespec time;
        clock_gettime(CLOCK_REALTIME, &time);
        snprintf(job->name, sizeof job->name, "%ld-%lld-%ld", (long)getpid(), (long long)time.tv_sec, time.tv_nsec);
        memcpy(job->machine, here, sizeof here);
    }
    if (now->ranks > 1) MPI_Bcast(job, sizeof *job, MPI_BYTE, 0, now->communicator);
    now->failure.far_away = strcmp(job->machine, here) != 0;
}

/* Linux's abstract namespace: the name is gone with the process. Elsewhere every failing rank speaks. */
static int elected(void) {
    /* Where several ranks fail at once the lowest speaks: its elements come first. Rank 0's machine speaks before the others. */
    useconds_t later = (useconds_t)(now->rank < 500 ? now->rank : 500);
    usleep(now->failure.far_away ? 50000 + 5000 * later : 10000 * (later < 10 ? later : 10));
#ifdef __linux__
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "pdl-failure-%s", now->failure.job.name);
    int one = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    return one < 0 || bind(one, (struct sockaddr *)&address, size) == 0 || errno != EADDRINUSE;
#else
    return 1;
#endif
}

/* ---- In a function of a library ---- */

/* Every rank comes here: before it communicates, at the end, and when it fails. Does not return where one of them failed: all leave the
 * function with the message of the lowest that did. */
static void agree_on_faults(int failed) {
    int mine = failed ? now->rank : INT_MAX, first = mine;
    if (now->ranks > 1) MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, now->communicator);
    if (first == INT_MAX) return;
    if (now->ranks > 1) MPI_Bcast(now->failure.message, FAULT_TEXT, MPI_CHAR, first, now->communicator);
    longjmp(*now->failure.outermost, 1);
}

/* Whether a fault can travel to the caller. */
static int returns_faults(void) { return now->failure.outermost != NULL && !now->failure.awaited; }

/* Another rank's failure ends this one too: it is ending the run, or every rank leaves the function. */
_Noreturn static void wait_for_the_end(void) {
    if (returns_faults()) agree_on_faults(0);
    sleep(PATIENCE_SECONDS);
    _exit(FAILURE);
}

/* One write, so that nothing comes between. */
static void write_error(const char *format, va_list arguments) {
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    if (length < 0) return;
    ssize_t written = write(STDERR_FILENO, text, (size_t)length);
    (void)written; /* there is nobody else to tell */
    free(text);
}

/* A launcher told to abort forgets what it has not read yet: it gets a second to take it from the pipe. */
static void let_launcher_read(int output) {
    struct stat facts;
    int unread = 0;
    if (fstat(output, &facts) != 0 || !S_ISFIFO(facts.st_mode)) return;
    for (int tries = 0; tries < 200 && ioctl(output, FIONREAD, &unread) == 0 && unread > 0; tries++) usleep(5000);
}

_Noreturn static void end_all_ranks(const char *format, ...) {
    if (!now->failure.failing++) {
        fflush(stdout);
        note_profile();
    }
    if (!elected()) wait_for_the_end();
    erase_bar();
    write_status("failed", 0);
    va_list arguments;
    va_start(arguments, format);
    write_error(format, arguments);
    va_end(arguments);
    if (now->rank != 0) usleep(20000); /* for what rank 0 printed */
    let_launcher_read(STDOUT_FILENO);
    let_launcher_read(STDERR_FILENO);
    /* The election lasts as long as this process: ranks that fail a little later must find it held. */
    if (now->ranks > 1) usleep(250000);
    /* MPICH would add a message of its own. */
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    MPI_Abort(now->communicator, FAILURE);
    wait_for_the_end();
}

_Noreturn void pdl_fail(const pdl_place *place, const char *message) {
    if (returns_faults()) {
        char *text = now->failure.message;
        if (place == NULL) {
            snprintf(text, FAULT_TEXT, "%s: error: %s", now->program->name, message);
        } else {
            snprintf(text, FAULT_TEXT, "%s:%d:%d: error: %s", place->file, (int)place->line, (int)place->column, message);
        }
        agree_on_faults(1);
    }
    if (place == NULL) end_all_ranks("%s: error: %s\n", now->program->name, message);
    end_all_ranks("%s:%d:%d: error: %s\n", place->file, (int)place->line, (int)place->column, message);
}

_Noreturn void pdl_fail_index(const pdl_place *place, int64_t index, int64_t extent, int64_t axis) {
    char message[160];
    snprintf(message, sizeof message, "index %lld is out of range: axis %lld has the indices 0 to %lld", (long long)index,
             (long long)axis, (long long)extent - 1);
    if (extent <= 0) {
        snprintf(message, sizeof message, "index %lld is out of range: axis %lld is empty", (long long)index,
                 (long long)axis);
    }
    pdl_fail(place, message);
}

_Noreturn void pdl_fail_division(const pdl_place *place) { pdl_fail(place, "integer division by zero"); }

_Noreturn void pdl_fail_extent(const pdl_place *place, const char *what, int64_t expected, int64_t actual) {
    char message[512];
    snprintf(message, sizeof message, "%s: the extents %lld and %lld do not agree", what, (long long)expected,
             (long long)actual);
    pdl_fail(place, message);
}

int64_t pdl_check_extent(const pdl_place *place, int64_t axis, int64_t count, int64_t extent) {
    char message[160];
    int64_t product;
    if (extent < 0) {
        snprintf(message, sizeof message, "an array cannot have %lld elements along axis %lld", (long long)extent, (long long)axis);
        pdl_fail(place, message);
    }
    if (__builtin_mul_overflow(count, extent, &product) || product > pdl_most_elements) {
        snprintf(message, sizeof message, "an array of %lld * %lld elements is too large", (long long)count, (long long)extent);
        pdl_fail(place, message);
    }
    return product;
}

/* Every rank comes here; `message` is NULL on those where all went well. Returns when it did everywhere. */
static void fail_together(const pdl_place *place, const char *message) {
    int failed = message != NULL, anywhere = failed;
    if (now->ranks > 1) MPI_Allreduce(&failed, &anywhere, 1, MPI_INT, MPI_MAX, now->communicator);
    if (failed) pdl_fail(place, message);
    if (anywhere) wait_for_the_end();
}

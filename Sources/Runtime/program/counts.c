/* With PDL_COUNT_MESSAGES set rank 0 prints at the end what was sent. */

static const char *const names_of_counted[COUNTED] = {
    "", "halo exchange", "MPI_Isend", "MPI_Bcast", "MPI_Gatherv", "MPI_Scatterv", "MPI_Allgather", "MPI_Allreduce", "MPI_Alltoall",
};

static void begin_counting(void) {
    if (getenv("PDL_COUNT_MESSAGES") == NULL) return;
    now->counting.on = 1;
    now->counting.now = row_of_line(NULL);
}

/* Sums over the ranks; a collective call of all of them is one. */
static void add_up_ranks(void) {
    int64_t own[2 * COUNTED], all[2 * COUNTED];
    for (int i = 0; i < now->counting.rows; i++) {
        tally *it = &now->counting.row[i];
        memcpy(own, it->calls, sizeof it->calls);
        memcpy(own + COUNTED, it->bytes, sizeof it->bytes);
        MPI_Reduce(own, all, 2 * COUNTED, MPI_INT64_T, MPI_SUM, 0, now->communicator);
        memcpy(it->bytes, all + COUNTED, sizeof it->bytes);
        for (int k = 0; k < COUNTED; k++) it->calls[k] = k == SEND || k == HALO ? all[k] : all[k] / now->ranks;
    }
}

static void print_times(int64_t times) {
    if (times == 1) {
        fprintf(stderr, "once, ");
    } else {
        fprintf(stderr, "%lld times, ", (long long)times);
    }
}

static void print_row(const tally *it) {
    for (int k = HALO; k < COUNTED; k++) {
        if (it->calls[k] == 0 && (k != HALO || it->calls[EXCHANGE] == 0)) continue;
        if (it->place != NULL) {
            fprintf(stderr, "%s:%d: ", it->place->file, (int)it->place->line);
        } else {
            fprintf(stderr, "start: ");
        }
        fprintf(stderr, "%s ", names_of_counted[k]);
        if (k != SEND) print_times(it->calls[k == HALO ? EXCHANGE : k]);
        if (k == SEND || k == HALO) fprintf(stderr, "%lld messages, ", (long long)it->calls[k]);
        fprintf(stderr, "%lld bytes\n", (long long)it->bytes[k]);
    }
}

static void end_counting(void) {
    if (!now->counting.on) return;
    now->counting.on = 0;
    add_up_ranks();
    if (now->rank != 0) return;
    fprintf(stderr, "Sent by %d %s:\n", now->ranks, now->ranks == 1 ? "rank" : "ranks");
    for (int i = 0; i < now->counting.rows; i++) print_row(&now->counting.row[i]);
}

/* What the MPI calls of a run send, by the lines of the program that send it: with PDL_COUNT_MESSAGES set, rank 0 prints it at the end.
 *
 * Ranks meet the same operations in the same order, so their tables have the same rows. */

static const char *const names_of_counted[COUNTED] = {
    "halo exchange", "MPI_Isend", "MPI_Bcast", "MPI_Gatherv", "MPI_Scatterv", "MPI_Allgather", "MPI_Allreduce", "MPI_Alltoall",
};

static tally *row_of_line(const pdl_place *place) {
    for (int i = 0; i < now->counting.rows; i++) {
        const pdl_place *it = now->counting.row[i].place;
        if (it == place) return &now->counting.row[i];
        if (it != NULL && place != NULL && it->line == place->line && strcmp(it->file, place->file) == 0) return &now->counting.row[i];
    }
    if (now->counting.rows == now->counting.room) {
        now->counting.room = 2 * now->counting.room + 16;
        now->counting.row = realloc(now->counting.row, sizeof(tally) * (size_t)now->counting.room);
        if (now->counting.row == NULL) abort();
    }
    now->counting.row[now->counting.rows] = (tally){.place = place};
    return &now->counting.row[now->counting.rows++];
}

static void begin_counting(void) {
    if (getenv("PDL_COUNT_MESSAGES") == NULL) return;
    now->counting.on = 1;
    now->counting.now = row_of_line(NULL);
}

static void count_call(enum counted kind, int64_t count, MPI_Datatype type) {
    if (!now->counting.on) return;
    int size = 0;
    MPI_Type_size(type, &size);
    now->counting.now->calls[kind]++;
    now->counting.now->bytes[kind] += count * size;
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
        for (int k = 0; k < COUNTED; k++) it->calls[k] = k == SEND ? all[k] : all[k] / now->ranks;
    }
}

static void print_row(const tally *it) {
    for (int k = 0; k < COUNTED; k++) {
        /* What an exchange sends stands beside it. */
        if (it->calls[k] == 0 || (k == SEND && it->calls[HALO] > 0)) continue;
        if (it->place != NULL) {
            fprintf(stderr, "%s:%d: ", it->place->file, (int)it->place->line);
        } else {
            fprintf(stderr, "start and end: ");
        }
        int sent = k == HALO ? SEND : k;
        fprintf(stderr, "%s ", names_of_counted[k]);
        if (it->calls[k] == 1) {
            fprintf(stderr, "once, ");
        } else {
            fprintf(stderr, "%lld times, ", (long long)it->calls[k]);
        }
        if (k == HALO) fprintf(stderr, "%lld messages, ", (long long)it->calls[SEND]);
        fprintf(stderr, "%lld bytes\n", (long long)it->bytes[sent]);
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

/* From here on calls are counted. `count`s are what a rank gives; of MPI_Scatterv, what it gets. */
#define MPI_Isend(data, count, type, ...) (count_call(SEND, count, type), MPI_Isend(data, count, type, __VA_ARGS__))
#define MPI_Bcast(data, count, type, root, world) \
    (count_call(BCAST, now->rank == (root) ? (count) : 0, type), MPI_Bcast(data, count, type, root, world))
#define MPI_Gatherv(data, count, type, ...) (count_call(GATHER, count, type), MPI_Gatherv(data, count, type, __VA_ARGS__))
#define MPI_Scatterv(data, counts, starts, sent, to, count, type, ...) \
    (count_call(SCATTER, count, type), MPI_Scatterv(data, counts, starts, sent, to, count, type, __VA_ARGS__))
#define MPI_Allgather(data, count, type, ...) (count_call(ALLGATHER, count, type), MPI_Allgather(data, count, type, __VA_ARGS__))
#define MPI_Allgatherv(data, count, type, ...) (count_call(ALLGATHER, count, type), MPI_Allgatherv(data, count, type, __VA_ARGS__))
#define MPI_Allreduce(data, to, count, type, ...) (count_call(ALLREDUCE, count, type), MPI_Allreduce(data, to, count, type, __VA_ARGS__))
#define MPI_Alltoall(data, count, type, ...) \
    (count_call(ALLTOALL, (int64_t)(count) * now->ranks, type), MPI_Alltoall(data, count, type, __VA_ARGS__))

/* What the MPI calls of a run send, by the lines of the program that send it; program/counts.c prints it.
 *
 * Ranks meet the same operations in the same order, so their tables have the same rows. One rank sends nothing. What is counted here is
 * what `pdlc explain` says (Compiler/Message.swift). */

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

static void count_call(enum counted kind, int64_t count, MPI_Datatype type) {
    if (now->ranks == 1 || !(now->counting.on || is_profiled())) return;
    int size = 0;
    MPI_Type_size(type, &size);
    profile_call(kind, count * size);
    if (!now->counting.on) return;
    now->counting.now->calls[kind]++;
    now->counting.now->bytes[kind] += count * size;
}

static enum counted point_to_point(void) { return now->halos.is_open ? HALO : SEND; }

/* From here on calls are counted, and timed where a profile is made. `count`s are what a rank gives; of MPI_Scatterv, what it gets. */
#define COUNTED_CALL(kind, count, type, call) (count_call(kind, count, type), TIMED(kind, call))

#define MPI_Isend(data, count, type, ...) COUNTED_CALL(point_to_point(), count, type, MPI_Isend(data, count, type, __VA_ARGS__))
#define MPI_Irecv(...) TIMED(point_to_point(), MPI_Irecv(__VA_ARGS__))
#define MPI_Wait(...) TIMED(point_to_point(), MPI_Wait(__VA_ARGS__))
#define MPI_Bcast(data, count, type, root, world) \
    COUNTED_CALL(BCAST, now->rank == (root) ? (count) : 0, type, MPI_Bcast(data, count, type, root, world))
#define MPI_Gatherv(data, count, type, ...) COUNTED_CALL(GATHER, count, type, MPI_Gatherv(data, count, type, __VA_ARGS__))
#define MPI_Scatterv(data, counts, starts, sent, to, count, type, ...) \
    COUNTED_CALL(SCATTER, count, type, MPI_Scatterv(data, counts, starts, sent, to, count, type, __VA_ARGS__))
#define MPI_Allgather(data, count, type, ...) COUNTED_CALL(ALLGATHER, count, type, MPI_Allgather(data, count, type, __VA_ARGS__))
#define MPI_Allgatherv(data, count, type, ...) COUNTED_CALL(ALLGATHER, count, type, MPI_Allgatherv(data, count, type, __VA_ARGS__))
#define MPI_Allreduce(data, to, count, type, ...) \
    COUNTED_CALL(ALLREDUCE, count, type, MPI_Allreduce(data, to, count, type, __VA_ARGS__))
#define MPI_Alltoall(data, count, type, ...) \
    COUNTED_CALL(ALLTOALL, (int64_t)(count) * now->ranks, type, MPI_Alltoall(data, count, type, __VA_ARGS__))

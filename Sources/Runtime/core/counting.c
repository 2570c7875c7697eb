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
    if (!now->counting.on || now->ranks == 1) return;
    int size = 0;
    MPI_Type_size(type, &size);
    now->counting.now->calls[kind]++;
    now->counting.now->bytes[kind] += count * size;
}

/* From here on calls are counted. `count`s are what a rank gives; of MPI_Scatterv, what it gets. */
#define MPI_Isend(data, count, type, ...) (count_call(now->halos.is_open ? HALO : SEND, count, type), MPI_Isend(data, count, type, __VA_ARGS__))
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

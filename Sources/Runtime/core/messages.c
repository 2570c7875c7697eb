/* Messages of any length: in pieces, because MPI counts in int. */

typedef struct {
    MPI_Request *all;
    int count, room;
} requests;

static MPI_Request *new_request(requests *to) {
    if (to->count == to->room) {
        int room = to->room == 0 ? 64 : 2 * to->room;
        MPI_Request *all = pdl_allocate(room * (int64_t)sizeof *all);
        if (to->count > 0) memcpy(all, to->all, (size_t)to->count * sizeof *all);
        pdl_release(to->all);
        to->all = all;
        to->room = room;
    }
    return &to->all[to->count++];
}

static int piece_of(int64_t bytes) { return (int)(bytes < piece_bytes ? bytes : piece_bytes); }

static void post_send(requests *to, const char *data, int64_t bytes, int peer) {
    while (bytes > 0) {
        int piece = piece_of(bytes);
        MPI_Isend(data, piece, MPI_BYTE, peer, 0, MPI_COMM_WORLD, new_request(to));
        data += piece;
        bytes -= piece;
    }
}

static void post_receive(requests *to, char *data, int64_t bytes, int peer) {
    while (bytes > 0) {
        int piece = piece_of(bytes);
        MPI_Irecv(data, piece, MPI_BYTE, peer, 0, MPI_COMM_WORLD, new_request(to));
        data += piece;
        bytes -= piece;
    }
}

static void complete(requests *these) {
    for (int i = 0; i < these->count; i++) MPI_Wait(&these->all[i], MPI_STATUS_IGNORE);
    pdl_release(these->all);
    *these = (requests){0};
}

static void bcast_from(int rank, void *data, int64_t bytes) {
    if (rank_count == 1) return;
    for (int64_t done = 0; done < bytes;) {
        int piece = piece_of(bytes - done);
        MPI_Bcast((char *)data + done, piece, MPI_BYTE, rank, MPI_COMM_WORLD);
        done += piece;
    }
}

void pdl_bcast(void *data, int64_t bytes) { bcast_from(0, data, bytes); }

double pdl_clock(void) {
    double now = MPI_Wtime();
    pdl_bcast(&now, sizeof now);
    return now;
}

/* ---- Runs: rank r's bytes are [begin[r], begin[r + 1]) of a whole ---- */

/* The counts and displacements that MPI wants, or NULL when the whole is too long for them. Two arrays in one block. */
static int *counts_of(const int64_t *begin) {
    if (begin[rank_count] > piece_bytes) return NULL;
    int *counts = pdl_allocate(2 * rank_count * (int64_t)sizeof *counts);
    for (int r = 0; r < rank_count; r++) {
        counts[r] = (int)(begin[r + 1] - begin[r]);
        counts[rank_count + r] = (int)begin[r];
    }
    return counts;
}

static int64_t run_bytes(const int64_t *begin, int r) { return begin[r + 1] - begin[r]; }

/* Every run to rank 0. */
static void gather_runs(const char *run, char *whole, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Gatherv(run, counts[my_rank], MPI_BYTE, whole, counts, counts + rank_count, MPI_BYTE, 0, MPI_COMM_WORLD);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int r = 1; my_rank == 0 && r < rank_count; r++) post_receive(&open, whole + begin[r], run_bytes(begin, r), r);
    if (my_rank == 0) {
        memcpy(whole, run, (size_t)run_bytes(begin, 0));
    } else {
        post_send(&open, run, run_bytes(begin, my_rank), 0);
    }
    complete(&open);
}

/* Every run to every rank. */
static void allgather_runs(const char *run, char *whole, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Allgatherv(run, counts[my_rank], MPI_BYTE, whole, counts, counts + rank_count, MPI_BYTE, MPI_COMM_WORLD);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int step = 1; step < rank_count; step++) {
        int from = (my_rank + step) % rank_count, to = (my_rank - step + rank_count) % rank_count;
        post_receive(&open, whole + begin[from], run_bytes(begin, from), from);
        post_send(&open, run, run_bytes(begin, my_rank), to);
    }
    memcpy(whole + begin[my_rank], run, (size_t)run_bytes(begin, my_rank));
    complete(&open);
}

/* Rank 0's whole to the ranks, each its run. */
static void scatter_runs(const char *whole, char *run, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Scatterv(whole, counts, counts + rank_count, MPI_BYTE, run, counts[my_rank], MPI_BYTE, 0, MPI_COMM_WORLD);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int r = 1; my_rank == 0 && r < rank_count; r++) post_send(&open, whole + begin[r], run_bytes(begin, r), r);
    if (my_rank == 0) {
        memcpy(run, whole, (size_t)run_bytes(begin, 0));
    } else {
        post_receive(&open, run, run_bytes(begin, my_rank), 0);
    }
    complete(&open);
}

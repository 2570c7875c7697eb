/* Messages of any length: in pieces, because MPI counts in int. */

void pdl_sends(const pdl_place *place) {
    if (now->counting.on) now->counting.now = row_of_line(place);
    now->failure.communicating = 1;
    /* While an exchange is open nothing can fail that other ranks wait for. */
    if (now->failure.outermost != NULL && !now->halos.is_open) agree_on_faults(0);
}

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

static int piece_of(int64_t bytes) { return (int)(bytes < now->piece_bytes ? bytes : now->piece_bytes); }

static void post_send(requests *to, const char *data, int64_t bytes, int peer) {
    while (bytes > 0) {
        int piece = piece_of(bytes);
        MPI_Isend(data, piece, MPI_BYTE, peer, 0, now->communicator, new_request(to));
        data += piece;
        bytes -= piece;
    }
}

static void post_receive(requests *to, char *data, int64_t bytes, int peer) {
    while (bytes > 0) {
        int piece = piece_of(bytes);
        MPI_Irecv(data, piece, MPI_BYTE, peer, 0, now->communicator, new_request(to));
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
    if (now->ranks == 1) return;
    for (int64_t done = 0; done < bytes;) {
        int piece = piece_of(bytes - done);
        MPI_Bcast((char *)data + done, piece, MPI_BYTE, rank, now->communicator);
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
    if (begin[now->ranks] > now->piece_bytes) return NULL;
    int *counts = pdl_allocate(2 * now->ranks * (int64_t)sizeof *counts);
    for (int r = 0; r < now->ranks; r++) {
        counts[r] = (int)(begin[r + 1] - begin[r]);
        counts[now->ranks + r] = (int)begin[r];
    }
    return counts;
}

static int64_t run_bytes(const int64_t *begin, int r) { return begin[r + 1] - begin[r]; }

/* Every run to rank 0. */
static void gather_runs(const char *run, char *whole, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Gatherv(run, counts[now->rank], MPI_BYTE, whole, counts, counts + now->ranks, MPI_BYTE, 0, now->communicator);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int r = 1; now->rank == 0 && r < now->ranks; r++) post_receive(&open, whole + begin[r], run_bytes(begin, r), r);
    if (now->rank == 0) {
        memcpy(whole, run, (size_t)run_bytes(begin, 0));
    } else {
        post_send(&open, run, run_bytes(begin, now->rank), 0);
    }
    complete(&open);
}

/* Every run to every rank. */
static void allgather_runs(const char *run, char *whole, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Allgatherv(run, counts[now->rank], MPI_BYTE, whole, counts, counts + now->ranks, MPI_BYTE, now->communicator);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int step = 1; step < now->ranks; step++) {
        int from = (now->rank + step) % now->ranks, to = (now->rank - step + now->ranks) % now->ranks;
        post_receive(&open, whole + begin[from], run_bytes(begin, from), from);
        post_send(&open, run, run_bytes(begin, now->rank), to);
    }
    memcpy(whole + begin[now->rank], run, (size_t)run_bytes(begin, now->rank));
    complete(&open);
}

/* Rank 0's whole to the ranks, each its run. */
static void scatter_runs(const char *whole, char *run, const int64_t *begin) {
    int *counts = counts_of(begin);
    if (counts != NULL) {
        MPI_Scatterv(whole, counts, counts + now->ranks, MPI_BYTE, run, counts[now->rank], MPI_BYTE, 0, now->communicator);
        pdl_release(counts);
        return;
    }
    requests open = {0};
    for (int r = 1; now->rank == 0 && r < now->ranks; r++) post_send(&open, whole + begin[r], run_bytes(begin, r), r);
    if (now->rank == 0) {
        memcpy(run, whole, (size_t)run_bytes(begin, 0));
    } else {
        post_receive(&open, run, run_bytes(begin, now->rank), 0);
    }
    complete(&open);
}

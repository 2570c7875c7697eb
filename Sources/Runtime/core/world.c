/* Who we are: this rank, and how many there are; and what time it is here. */

int64_t pdl_rank(void) { return now->rank; }
int64_t pdl_ranks(void) { return now->ranks; }

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Of any rank. */
static int64_t grid_rank(int64_t direction, int rank) {
    return direction == PDL_GRID_ROWS ? rank / now->grid_columns : direction == PDL_GRID_COLUMNS ? rank % now->grid_columns : rank;
}

int64_t pdl_grid_rank(int64_t direction) { return grid_rank(direction, now->rank); }

int64_t pdl_grid_ranks(int64_t direction) {
    return direction == PDL_GRID_ROWS ? now->ranks / now->grid_columns : direction == PDL_GRID_COLUMNS ? now->grid_columns : now->ranks;
}

/* The context works on this communicator from now on. */
static void join(pdl_context *it, MPI_Comm communicator) {
    it->communicator = communicator;
    MPI_Comm_rank(communicator, &it->rank);
    MPI_Comm_size(communicator, &it->ranks);
    it->grid_columns = (int)pdl_grid_columns(it->ranks);
    /* PDL_PIECE_BYTES lets a test see the pieces on small data. */
    const char *piece = getenv("PDL_PIECE_BYTES");
    it->piece_bytes = 1 << 30;
    if (piece != NULL && atoll(piece) > 0 && atoll(piece) < it->piece_bytes) it->piece_bytes = atoll(piece);
}

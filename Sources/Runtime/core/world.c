/* Who we are: this rank, and how many there are. */

static int my_rank, rank_count = 1;
/* Longer messages are sent in pieces: MPI counts in int. PDL_PIECE_BYTES lets a test see the pieces on small data. */
static int64_t piece_bytes = 1 << 30;

int64_t pdl_rank(void) { return my_rank; }
int64_t pdl_ranks(void) { return rank_count; }

static void meet_the_world(void) {
    MPI_Comm_rank(MPI_COMM_WORLD, &my_rank);
    MPI_Comm_size(MPI_COMM_WORLD, &rank_count);
    const char *piece = getenv("PDL_PIECE_BYTES");
    if (piece != NULL && atoll(piece) > 0 && atoll(piece) < piece_bytes) piece_bytes = atoll(piece);
}

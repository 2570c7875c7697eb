/* Rows whose number is known only now: where ranks hold any number of them, in order, they move to the canonical blocks. */

/* From every rank's own length the places of all: rank r has [begin[r], begin[r + 1]) of the whole. */
static void all_begins(int64_t own, int64_t *begin) {
    begin[0] = 0;
    MPI_Allgather(&own, 1, MPI_INT64_T, begin + 1, 1, MPI_INT64_T, MPI_COMM_WORLD);
    for (int r = 0; r < rank_count; r++) begin[r + 1] += begin[r];
}

/* This rank has the rows [held[my_rank], held[my_rank + 1]) of `bytes` each at `rows`; its block of them comes to `out`. */
static void rebalance(const char *rows, const int64_t *held, int64_t bytes, char *out) {
    int64_t extent = held[rank_count], *send = pdl_allocate(2 * (rank_count + 1) * (int64_t)sizeof *send);
    int64_t *receive = send + rank_count + 1, begin = block_begin(extent, my_rank), end = block_begin(extent, my_rank + 1);
    for (int r = 0; r <= rank_count; r++) {
        send[r] = bytes * (clamped(block_begin(extent, r), held[my_rank], held[my_rank + 1]) - held[my_rank]);
        receive[r] = bytes * (clamped(held[r], begin, end) - begin);
    }
    exchange(rows, send, out, receive);
    pdl_release(send);
}

/* `count` rows of this rank, an allocated array that is given away, become the result, which learns its first extent. */
static void deliver_rows(char *rows, int64_t count, int64_t bytes, pdl_array *result) {
    if (result->divided != 0) {
        result->extents[0] = count;
        result->data = rows;
        return;
    }
    int64_t *held = pdl_allocate((rank_count + 1) * (int64_t)sizeof *held);
    all_begins(count, held);
    result->extents[0] = held[rank_count];
    rebalance(rows, held, bytes, allocate_result(result));
    pdl_release(held);
    pdl_release(rows);
}

/* Rows whose number is known only now: where ranks hold any number of them, in order, they move to the canonical blocks. */

/* From every rank's own length the places of all: rank r has [begin[r], begin[r + 1]) of the whole. */
static void all_begins(int64_t own, int64_t *begin) {
    begin[0] = 0;
    MPI_Allgather(&own, 1, MPI_INT64_T, begin + 1, 1, MPI_INT64_T, now->communicator);
    for (int r = 0; r < now->ranks; r++) begin[r + 1] += begin[r];
}

/* Rows of `bytes` each are cut anew: rank r has [from[r], from[r + 1]) of them, at `rows`, and gets [to[r], to[r + 1]), at `out`. */
static void recut(const char *rows, const int64_t *from, const int64_t *to, int64_t bytes, char *out) {
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    int64_t had = from[now->rank], had_end = from[now->rank + 1], gets = to[now->rank], gets_end = to[now->rank + 1];
    for (int r = 0; r <= now->ranks; r++) {
        send[r] = bytes * (clamped(to[r], had, had_end) - had);
        receive[r] = bytes * (clamped(from[r], gets, gets_end) - gets);
    }
    exchange(rows, send, out, receive);
    pdl_release(send);
}

/* `count` rows of this rank, an allocated array that is given away, become the result, which learns its first extent. */
static void deliver_rows(char *rows, int64_t count, int64_t bytes, pdl_array *result) {
    if (!is_divided(result)) {
        result->extents[0] = count;
        result->data = rows;
        return;
    }
    int64_t *held = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *held);
    all_begins(count, held);
    result->extents[0] = held[now->ranks];
    int64_t *blocks = block_begins(result->extents[0], 1);
    recut(rows, held, blocks, bytes, allocate_result(result));
    pdl_release(blocks);
    pdl_release(held);
    pdl_release(rows);
}

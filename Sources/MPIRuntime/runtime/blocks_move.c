/* gather, allgather and scatter of an array divided along one axis: `outer` index points before it, `rows` along it, `inner`
 * bytes after it. A block is contiguous where it lives; in the whole its rows lie apart when outer is above 1, and the
 * whole goes through a packed copy. */

/* First byte of each rank's block in the packed whole. */
static int64_t *packed_begins(int64_t outer, int64_t rows, int64_t inner) {
    int64_t *begin = pdl_allocate((rank_count + 1) * (int64_t)sizeof *begin);
    for (int r = 0; r <= rank_count; r++) begin[r] = outer * inner * pdl_block_begin(rows, rank_count, r);
    return begin;
}

enum direction { PACK, UNPACK };

static void repack(char *whole, char *packed, enum direction way, int64_t outer, int64_t rows, int64_t inner) {
    for (int r = 0; r < rank_count; r++) {
        int64_t first = pdl_block_begin(rows, rank_count, r), length = pdl_block_begin(rows, rank_count, r + 1) - first;
        for (int64_t o = 0; o < outer; o++, packed += length * inner) {
            char *here = whole + (o * rows + first) * inner;
            memcpy(way == PACK ? packed : here, way == PACK ? here : packed, (size_t)(length * inner));
        }
    }
}

typedef void (*run_mover)(const char *run, char *whole, const int64_t *begin);

/* `receiver`: whether this rank gets the whole. */
static void collect(run_mover move, const void *block, void *out, int receiver, int64_t outer, int64_t rows, int64_t inner) {
    if (rank_count == 1) {
        memcpy(out, block, (size_t)(outer * rows * inner));
        return;
    }
    int64_t *begin = packed_begins(outer, rows, inner);
    char *packed = outer > 1 && receiver ? pdl_allocate(begin[rank_count]) : out;
    move(block, packed, begin);
    if (packed != out) {
        repack(out, packed, UNPACK, outer, rows, inner);
        pdl_release(packed);
    }
    pdl_release(begin);
}

void pdl_gather(const void *block, void *out, int64_t outer, int64_t rows, int64_t inner_bytes) {
    collect(gather_runs, block, out, my_rank == 0, outer, rows, inner_bytes);
}

void pdl_allgather(const void *block, void *out, int64_t outer, int64_t rows, int64_t inner_bytes) {
    collect(allgather_runs, block, out, 1, outer, rows, inner_bytes);
}

void pdl_scatter_root(const void *whole, void *block, int64_t outer, int64_t rows, int64_t inner_bytes) {
    if (rank_count == 1) {
        memcpy(block, whole, (size_t)(outer * rows * inner_bytes));
        return;
    }
    int64_t *begin = packed_begins(outer, rows, inner_bytes);
    char *packed = NULL;
    if (outer > 1 && my_rank == 0) {
        packed = pdl_allocate(begin[rank_count]);
        repack((char *)whole, packed, PACK, outer, rows, inner_bytes);
    }
    scatter_runs(packed != NULL ? packed : whole, block, begin);
    pdl_release(packed);
    pdl_release(begin);
}

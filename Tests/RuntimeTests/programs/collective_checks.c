/* Collectives against what one rank computes alone. */

/* ---- Reductions of random parts ---- */

enum { MANY = 700 }; /* elements of an array that goes by slices */

static void fill_wide(uint64_t *to, int64_t leaf, int64_t count) {
    for (int64_t k = 0; k < count; k++) to[k] = leaves[leaf].value[0] ^ (uint64_t)k * 0x9e3779b97f4a7c15u;
}

/* The leaves from..to as a part of `width` elements a node. */
static pdl_part *random_part(int64_t from, int64_t to, int64_t width) {
    static uint64_t value[MANY];
    pdl_part *part = pdl_part_new(sizeof(uint64_t), width, mix, &nothing);
    for (int64_t i = from; i < to; i++) {
        if (!present[i]) continue;
        fill_wide(value, i, width);
        pdl_part_push(part, i, value);
    }
    return part;
}

/* Where the ranks' runs are cut: anywhere, so that parts are as ragged as can be. */
static void random_cuts(int64_t count, int64_t *cut) {
    cut[0] = 0;
    for (int r = 1; r < now->ranks; r++) cut[r] = cut[r - 1] + random_below(count - cut[r - 1] + 1);
    cut[now->ranks] = count;
}

static void check_allreduce(void) {
    static const int64_t widths[] = {1, 20, 2, MANY};
    enum { PARTS = 4 };
    static uint64_t expected[PARTS][MANY], got[PARTS][MANY];
    int64_t count = 1 + random_below(MOST_LEAVES), cut[64];
    random_leaves(count);
    random_cuts(count, cut);
    pdl_part *parts[PARTS];
    void *outs[PARTS];
    for (int i = 0; i < PARTS; i++) {
        pdl_part *alone = random_part(0, count, widths[i]);
        pdl_part_fold(alone, expected[i]);
        pdl_part_free(alone);
        parts[i] = random_part(cut[now->rank], cut[now->rank + 1], widths[i]);
        outs[i] = got[i];
    }
    pdl_allreduce(PARTS, parts, outs);
    for (int i = 0; i < PARTS; i++) expect(memcmp(got[i], expected[i], (size_t)widths[i] * 8) == 0, "allreduce");
    for (int i = 0; i < PARTS; i++) {
        got[i][0] = 1;
        pdl_reduce(parts[i], got[i]);
        if (now->rank == 0) expect(memcmp(got[i], expected[i], (size_t)widths[i] * 8) == 0, "reduce on rank 0");
        else expect(got[i][0] == 1, "reduce leaves other ranks alone");
    }
    /* MANY elements as rows of 7. */
    int64_t first = pdl_block_begin(MANY / 7, now->ranks, now->rank) * 7;
    int64_t length = pdl_block_begin(MANY / 7, now->ranks, now->rank + 1) * 7 - first;
    pdl_reduce_scatter(parts[3], got[3], MANY / 7, 7 * 8);
    expect(memcmp(got[3], expected[3] + first, (size_t)length * 8) == 0, "reduce_scatter");
    for (int i = 0; i < PARTS; i++) pdl_part_free(parts[i]);
}

static void check_pairs(void) {
    /* 16 bytes an element, as minloc's; and a part without any leaf. */
    static const uint64_t none[2] = {3, 4};
    uint64_t value[2] = {(uint64_t)now->rank, 5}, out[2], empty[2];
    pdl_part *parts[2] = {pdl_part_new(16, 1, mix, none), pdl_part_new(16, 1, mix, none)};
    void *outs[2] = {out, empty};
    pdl_part_push(parts[0], 10 + now->rank, value);
    pdl_allreduce(2, parts, outs);
    expect(memcmp(empty, none, 16) == 0, "a reduction of nothing is the identity");
    if (now->ranks == 1) expect(memcmp(out, value, 16) == 0, "a reduction of one leaf is the leaf");
    for (int i = 0; i < 2; i++) pdl_part_free(parts[i]);
}

/* ---- Blocks ---- */

static void check_blocks(int64_t rows, int64_t inner) {
    int64_t total = rows * inner, first = pdl_block_begin(rows, now->ranks, now->rank);
    int64_t mine = pdl_block_begin(rows, now->ranks, now->rank + 1) - first;
    unsigned char *whole = pdl_allocate(total), *block = pdl_allocate(mine * inner), *got = pdl_allocate(total);
    for (int64_t i = 0; i < total; i++) whole[i] = (unsigned char)random_bits();
    memcpy(block, whole + first * inner, (size_t)(mine * inner));
    pdl_allgather(block, got, rows, inner);
    expect(memcmp(got, whole, (size_t)total) == 0, "allgather");
    memset(got, 0, (size_t)total);
    pdl_gather(block, now->rank == 0 ? got : NULL, rows, inner);
    if (now->rank == 0) expect(memcmp(got, whole, (size_t)total) == 0, "gather");
    memset(got, 0, (size_t)total);
    pdl_scatter_root(now->rank == 0 ? whole : NULL, got, rows, inner);
    expect(memcmp(got, block, (size_t)(mine * inner)) == 0, "scatter");
    memset(got, 0, (size_t)total);
    if (now->rank == 0) memcpy(got, whole, (size_t)total);
    pdl_bcast(got, total);
    expect(memcmp(got, whole, (size_t)total) == 0, "bcast");
    pdl_release(whole);
    pdl_release(block);
    pdl_release(got);
}

static void check_collectives(void) {
    for (int round = 0; round < 30; round++) check_allreduce();
    check_pairs();
    static const int64_t boxes[][2] = {{16, 8}, {3, 4}, {17, 24}, {1, 10}, {0, 8}, {1000, 32}, {9, 0}};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) check_blocks(boxes[i][0], boxes[i][1]);
    double time = pdl_clock(), least, most;
    MPI_Allreduce(&time, &least, 1, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&time, &most, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    expect(least == most, "one clock");
    /* In leaves: no block is longer than another by more than one. */
    for (int64_t extent = 0; extent < 3000; extent += 37) {
        int64_t leaf = pdl_leaf(extent), least_length = extent, most_length = 0;
        for (int r = 0; r < now->ranks; r++) {
            int64_t length = pdl_block_begin(extent, now->ranks, r + 1) - pdl_block_begin(extent, now->ranks, r);
            least_length = length < least_length ? length : least_length;
            most_length = length > most_length ? length : most_length;
        }
        expect(most_length - least_length <= 2 * leaf, "even blocks");
        expect(pdl_block_begin(extent, now->ranks, now->ranks) == extent, "blocks cover the axis");
    }
}

/* ---- What show prints ---- */

static void show_everything(void) {
    pdl_array u = {.extents = {6, 2}, .element = PDL_F64, .axes = 2, .placement = PDL_SCATTERED, .cuts = {PDL_CUT_BLOCK}};
    double *block = u.data = pdl_allocate(held_elements(&u) * 8), number = 0.5;
    for (int64_t i = 0; i < held_elements(&u); i++) block[i] = 0.1 * (double)(i + 10 * now->rank);
    pdl_show("u", "", &u);
    pdl_show("x", "", &(pdl_array){.data = &number, .element = PDL_F64, .placement = PDL_REPLICATED});
    pdl_show("s", "root ", &(pdl_array){.data = now->rank == 0 ? &number : NULL, .element = PDL_F64, .placement = PDL_ROOT});
    double own[] = {1, 2, 3, 4};
    pdl_show("l", "local ", &(pdl_array){.data = own, .extents = {now->rank + 1}, .element = PDL_F64, .axes = 1, .placement = PDL_LOCAL});
    pdl_array few = {.data = block, .extents = {1}, .element = PDL_F64, .axes = 1, .placement = PDL_SCATTERED, .cuts = {PDL_CUT_BLOCK}};
    pdl_show("e", "", &few);
    pdl_release(block);
}

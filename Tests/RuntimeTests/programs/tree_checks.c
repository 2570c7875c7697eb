/* The tree's value is a function of the set of leaves, wherever runs are cut and in whatever order neighbours meet. */

enum { MOST_LEAVES = 3000, MOST_RUNS = 8, WIDE = 3 };

typedef struct { uint64_t value[WIDE]; } leaf_value;

static uint8_t present[MOST_LEAVES];
static leaf_value leaves[MOST_LEAVES];

/* The definition: node (level, index) combines its children, an empty one is passed over. 0: empty. */
static int by_definition(int64_t level, int64_t index, int64_t count, leaf_value *out) {
    if (index << level >= count) return 0;
    if (level == 0) {
        *out = leaves[index];
        return present[index];
    }
    leaf_value right;
    int left_there = by_definition(level - 1, 2 * index, count, out);
    int right_there = by_definition(level - 1, 2 * index + 1, count, &right);
    if (left_there && right_there) mix(out, &right, WIDE);
    if (!left_there) *out = right;
    return left_there || right_there;
}

static void random_leaves(int64_t count) {
    /* From nearly empty to full, with long gaps. */
    int64_t density = random_below(5), gap = 1 + random_below(64);
    int hole = 0;
    for (int64_t i = 0; i < count; i++) {
        if (random_below(gap) == 0) hole = random_below(2) == 0;
        present[i] = density == 4 || (!hole && random_below(8) < 2 << density);
        for (int k = 0; k < WIDE; k++) leaves[i].value[k] = random_bits();
    }
}

static leaf_value expected_value(int64_t count) {
    leaf_value out;
    if (!by_definition(13, 0, count, &out)) {
        for (int k = 0; k < WIDE; k++) out.value[k] = nothing;
    }
    return out;
}

static pdl_part *part_between(int64_t from, int64_t to, int64_t width) {
    pdl_part *part = pdl_part_new(sizeof(uint64_t), width, mix, &nothing);
    for (int64_t i = from; i < to; i++) {
        if (present[i]) pdl_part_push(part, i, &leaves[i]);
    }
    expect(part->nodes <= 2 * 13, "few nodes");
    return part;
}

/* What merging two neighbours' parts does, as an MPI operator would. */
static pdl_part *merged(pdl_part *left, pdl_part *right) {
    for (int i = 0; i < right->nodes; i++) push_node(left, right->node[i], value_of(right, i));
    pdl_part_free(right);
    return left;
}

static void check_cut(int64_t count, int64_t width) {
    leaf_value expected = expected_value(count), got;
    int64_t runs = 1 + random_below(MOST_RUNS), cut[MOST_RUNS + 1] = {0};
    for (int64_t r = 1; r < runs; r++) cut[r] = cut[r - 1] + random_below(count - cut[r - 1] + 1);
    cut[runs] = count;
    pdl_part *parts[MOST_RUNS];
    for (int64_t r = 0; r < runs; r++) parts[r] = part_between(cut[r], cut[r + 1], width);
    while (runs > 1) {
        int64_t at = random_below(runs - 1);
        parts[at] = merged(parts[at], parts[at + 1]);
        memmove(parts + at + 1, parts + at + 2, sizeof *parts * (size_t)(runs - at - 2));
        runs--;
    }
    pdl_part_fold(parts[0], &got);
    expect(memcmp(&got, &expected, (size_t)width * 8) == 0, "the tree's value");
    pdl_part_free(parts[0]);
}

static void check_trees(void) {
    for (int round = 0; round < 2000; round++) {
        int64_t count = 1 + random_below(round % 10 == 0 ? MOST_LEAVES : 40);
        random_leaves(count);
        for (int cut = 0; cut < 4; cut++) check_cut(count, cut % 2 == 0 ? 1 : WIDE);
    }
}

/* How an axis is cut over the ranks, and a reduction into leaves. */
#include "pdl_numerics.h"

enum { LEAVES_WANTED = 256, TILES_WANTED = 64 };

static int64_t power_of_two_up_to(int64_t limit) {
    int64_t power = 1;
    while (power <= limit / 2) power *= 2;
    return power;
}

static int64_t leaf_of(int64_t extent, int64_t wanted) {
    int64_t leaf = power_of_two_up_to(extent / wanted);
    return leaf < PDL_LARGEST_LEAF ? leaf : PDL_LARGEST_LEAF;
}

int64_t pdl_leaf(int64_t extent) { return leaf_of(extent, LEAVES_WANTED); }
int64_t pdl_grid_tile(int64_t extent) { return leaf_of(extent, TILES_WANTED); }

/* Where the run of leaves of a rank begins, the first runs one leaf longer than the others if need be. */
static int64_t run_begin(int64_t extent, int64_t leaf, int64_t ranks, int64_t rank) {
    if (extent <= 0) return 0;
    int64_t leaves = (extent - 1) / leaf + 1;
    int64_t longer = leaves % ranks;
    int64_t first = rank * (leaves / ranks) + (rank < longer ? rank : longer);
    return first < leaves ? first * leaf : extent;
}

int64_t pdl_block_begin(int64_t extent, int64_t ranks, int64_t rank) { return run_begin(extent, pdl_leaf(extent), ranks, rank); }
int64_t pdl_grid_begin(int64_t extent, int64_t ranks, int64_t rank) { return run_begin(extent, pdl_grid_tile(extent), ranks, rank); }

int64_t pdl_grid_columns(int64_t ranks) {
    int64_t columns = 1;
    for (int64_t side = 1; side * side <= ranks; side++)
        if (ranks % side == 0) columns = side;
    return columns;
}

int64_t pdl_leaf_rows(int64_t inner, int64_t divided_extent) {
    int64_t rows = power_of_two_up_to(PDL_LARGEST_LEAF / (inner > 1 ? inner : 1));
    if (divided_extent < 0) return rows;
    int64_t leaf = pdl_leaf(divided_extent);
    return rows < leaf ? rows : leaf;
}

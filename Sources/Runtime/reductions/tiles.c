/* Numbers over a matrix that is cut over a grid of ranks. Blocks are cut between tiles, so a rank's tiles are whole ones; they are the leaves
 * of a tree in the order of `pdl_tile_number`, in which a square of 2^k by 2^k tiles is a node. What a rank holds is scattered over it.
 *
 * A tile is combined from its columns, each of which the program has combined from above to below: the left half of them with the right
 * one, column by column, until there is one. Columns beyond the end of the matrix are the identity. */

struct tile_sums {
    int64_t width, side;     /* columns that this rank has; of a tile */
    int64_t first, across;   /* the tiles of a band that are this rank's */
    int64_t bands, room;
    int64_t *numbers;        /* of the bands */
    char *values, *folding;  /* a row of tiles for each band; one for each column of a tile */
};

pdl_part *pdl_tiles_new(int64_t element_size, int64_t columns, pdl_combine combine, const void *identity) {
    pdl_part *part = pdl_part_new(element_size, 1, combine, identity);
    part->scattered = 1;
    indices own = share_along(PDL_GRID_COLUMNS, columns, now->rank);
    int64_t side = pdl_grid_tile(columns), across = (length(own) + side - 1) / side;
    part->tiles = pdl_allocate(sizeof *part->tiles);
    *part->tiles = (struct tile_sums){.width = length(own), .side = side, .first = own.begin / side, .across = across};
    part->tiles->folding = pdl_allocate(across * side * element_size);
    return part;
}

static void make_room_for_bands(const pdl_part *part) {
    struct tile_sums *it = part->tiles;
    int64_t room = it->room == 0 ? 16 : 2 * it->room, band_bytes = it->across * part->element_size;
    int64_t *numbers = pdl_allocate(room * (int64_t)sizeof *numbers);
    char *values = pdl_allocate(room * band_bytes);
    if (it->bands > 0) {
        memcpy(numbers, it->numbers, (size_t)it->bands * sizeof *numbers);
        memcpy(values, it->values, (size_t)(it->bands * band_bytes));
    }
    pdl_release(it->numbers);
    pdl_release(it->values);
    it->numbers = numbers;
    it->values = values;
    it->room = room;
}

/* The columns of all tiles: the first of each, then the second of each, and so on. */
static void spread_columns(const pdl_part *part, const char *sums) {
    const struct tile_sums *it = part->tiles;
    int64_t size = part->element_size;
    for (int64_t column = 0; column < it->across * it->side; column++) {
        char *to = it->folding + (column % it->side * it->across + column / it->side) * size;
        memcpy(to, column < it->width ? sums + column * size : part->identity, (size_t)size);
    }
}

void pdl_tiles_push(pdl_part *part, int64_t band, const void *sums) {
    struct tile_sums *it = part->tiles;
    if (it->across == 0) return;
    if (it->bands == it->room) make_room_for_bands(part);
    spread_columns(part, sums);
    int64_t row = it->across * part->element_size;
    for (int64_t half = it->side / 2; half > 0; half /= 2) part->combine(it->folding, it->folding + half * row, half * it->across);
    memcpy(it->values + it->bands * row, it->folding, (size_t)row);
    it->numbers[it->bands++] = band;
}

/* Where the tiles of a band stand; -1: there are none. */
static int64_t band_place(const struct tile_sums *it, int64_t number) {
    int64_t low = 0, high = it->bands;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (it->numbers[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < it->bands && it->numbers[low] == number ? low : -1;
}

/* Pushes what there is of the square of 2^level by 2^level tiles that begins at a row and a column of them. */
static void push_square(pdl_part *part, int level, int64_t row, int64_t column) {
    const struct tile_sums *it = part->tiles;
    int64_t side = (int64_t)1 << level;
    if (row + side <= it->numbers[0] || row > it->numbers[it->bands - 1]) return;
    if (column + side <= it->first || column >= it->first + it->across) return;
    if (level > 0) {
        for (int quarter = 0; quarter < 4; quarter++)
            push_square(part, level - 1, row + quarter / 2 * (side / 2), column + quarter % 2 * (side / 2));
        return;
    }
    int64_t band = band_place(it, row);
    if (band < 0) return;
    pdl_part_push(part, pdl_tile_number(row, column), it->values + (band * it->across + column - it->first) * part->element_size);
}

void pdl_tiles_close(pdl_part *part) {
    struct tile_sums *it = part->tiles;
    if (it->bands > 0) {
        int64_t last = it->numbers[it->bands - 1], end = it->first + it->across;
        int level = 0;
        while ((int64_t)1 << level <= last || (int64_t)1 << level < end) level++;
        push_square(part, level, 0, 0);
    }
    pdl_release(it->numbers);
    pdl_release(it->values);
    pdl_release(it->folding);
    pdl_release(it);
    part->tiles = NULL;
}

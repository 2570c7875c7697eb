/* Arrays: reference-counted blocks, 64-byte aligned. Freed ones are kept for the next allocation of their size, because fresh
 * pages cost more than the loops that fill them; but never so many that the run needs much more than its own peak. */

enum {
    HEADER = 64, /* bytes in front of the elements */
    SLACK_BEHIND = 64,
    SMALL = 4096, SMALL_KEPT = 8,
    LARGE_KEPT = 32,
    HUGE_PAGE = 2 << 20, HUGE_BLOCK = 4 << 20,
    COLOURS = 16, COLOUR = 256, /* large blocks start at different offsets in a page, or their streams would share cache sets */
    SLACK = 64 << 20,
};

typedef struct block {
    int64_t references;
    int64_t bytes;      /* room for elements */
    void *base;         /* what the system gave */
    struct block *next; /* in the pool of small blocks; while in use, in the table of blocks with margins */
    void *array;        /* with margins: where the elements begin */
} block;
_Static_assert(sizeof(block) <= HEADER, "a block's header stands in front of the elements");

static struct {
    block *small[SMALL / 64 + 1];
    unsigned char small_count[SMALL / 64 + 1];
    block *large[LARGE_KEPT]; /* oldest first */
    int large_count;
    int64_t kept, live, peak; /* bytes of large blocks; peak of the live ones */
} pool;

/* Blocks with margins: their header stands in front of the margin, so it is looked up. */
enum { TABLE = 256 };
static block *with_margins[TABLE];

static block **row_of_table(const void *array) { return &with_margins[(uintptr_t)array / 64 % TABLE]; }

static block *block_of(void *array) {
    if (pdl_margin_rows > 0) {
        for (block *it = *row_of_table(array); it != NULL; it = it->next)
            if (it->array == array) return it;
    }
    return (block *)((char *)array - HEADER);
}

static void *elements_of(block *it) { return (char *)it + HEADER; }

static void forget_margins(block *it) {
    block **place = row_of_table(it->array);
    while (*place != it) place = &(*place)->next;
    *place = it->next;
}

static block *take_large(int place) {
    block *it = pool.large[place];
    pool.kept -= it->bytes;
    pool.large_count--;
    memmove(pool.large + place, pool.large + place + 1, sizeof(block *) * (size_t)(pool.large_count - place));
    return it;
}

static void forget_oldest(void) { free(take_large(0)->base); }

/* The smallest kept block that is not more than an eighth too large. */
static block *best_fit(int64_t bytes) {
    int best = -1;
    for (int i = 0; i < pool.large_count; i++) {
        int64_t room = pool.large[i]->bytes;
        if (room >= bytes && room - bytes <= bytes / 8 && (best < 0 || room < pool.large[best]->bytes)) best = i;
    }
    return best < 0 ? NULL : take_large(best);
}

static block *from_system(int64_t bytes) {
    static unsigned colour;
    int huge = bytes >= HUGE_BLOCK;
    size_t alignment = huge ? HUGE_PAGE : 64, offset = huge ? COLOUR * (colour++ % COLOURS) : 0;
    size_t total = (HEADER + offset + (size_t)bytes + alignment - 1) / alignment * alignment;
    void *base = aligned_alloc(alignment, total);
    while (base == NULL && pool.large_count > 0) {
        forget_oldest();
        base = aligned_alloc(alignment, total);
    }
    if (base == NULL) return NULL;
#ifdef MADV_HUGEPAGE
    if (huge) madvise(base, total, MADV_HUGEPAGE);
#endif
    block *it = (block *)((char *)base + offset);
    it->base = base;
    it->bytes = bytes;
    return it;
}

static block *new_large(int64_t bytes) {
    block *it = best_fit(bytes);
    if (it == NULL) {
        int64_t allowed = pool.peak + pool.peak / 8 + SLACK;
        while (pool.large_count > 0 && pool.live + pool.kept + bytes > allowed) forget_oldest();
        it = from_system(bytes);
        if (it == NULL) return NULL;
    }
    pool.live += it->bytes;
    if (pool.live > pool.peak) pool.peak = pool.live;
    return it;
}

static block *new_small(int64_t bytes) {
    block *it = pool.small[bytes / 64];
    if (it == NULL) return from_system(bytes);
    pool.small[bytes / 64] = it->next;
    pool.small_count[bytes / 64]--;
    return it;
}

/* Where the program last asked for an array; for a message. */
static const pdl_place *asked_at;

void pdl_allocates(const pdl_place *place) { asked_at = place; }

_Noreturn static void fail_memory(int64_t bytes) {
    char message[160];
    snprintf(message, sizeof message, "out of memory: rank %d cannot have %lld bytes more; it holds %lld bytes", my_rank,
             (long long)bytes, (long long)pool.live);
    pdl_fail(asked_at, message);
}

void *pdl_allocate(int64_t bytes) {
    block *it = NULL;
    if (bytes >= 0 && bytes < INT64_MAX / 2) {
        int64_t rounded = (bytes + 63) / 64 * 64 + SLACK_BEHIND;
        it = rounded <= SMALL ? new_small(rounded) : new_large(rounded);
    }
    if (it == NULL) fail_memory(bytes);
    it->references = 1;
    it->array = NULL;
    return elements_of(it);
}

void *pdl_allocate_block(int64_t bytes, int64_t row_bytes) {
    if (pdl_margin_rows == 0) return pdl_allocate(bytes);
    int64_t fits = INT64_MAX / 8 / pdl_margin_rows; /* else no machine has the memory */
    int64_t margin = row_bytes < fits ? (pdl_margin_rows * row_bytes + 63) / 64 * 64 : INT64_MAX / 8;
    char *room = pdl_allocate(bytes < INT64_MAX / 2 ? bytes + 2 * margin : bytes);
    block *it = (block *)(room - HEADER);
    it->array = room + margin;
    block **place = row_of_table(it->array);
    it->next = *place;
    *place = it;
    return it->array;
}

void pdl_retain(void *array) {
    if (array != NULL) block_of(array)->references++;
}

uint8_t pdl_is_unique(void *array) { return array != NULL && block_of(array)->references == 1; }

static void keep_small(block *it) {
    int64_t class = it->bytes / 64;
    if (pool.small_count[class] == SMALL_KEPT) {
        free(it->base);
        return;
    }
    it->next = pool.small[class];
    pool.small[class] = it;
    pool.small_count[class]++;
}

static void keep_large(block *it) {
    if (pool.large_count == LARGE_KEPT) forget_oldest();
    pool.large[pool.large_count++] = it;
    pool.kept += it->bytes;
    pool.live -= it->bytes;
}

void pdl_release(void *array) {
    if (array == NULL || --block_of(array)->references > 0) return;
    block *it = block_of(array);
    if (it->array != NULL) forget_margins(it);
    if (it->bytes <= SMALL) {
        keep_small(it);
    } else {
        keep_large(it);
    }
}

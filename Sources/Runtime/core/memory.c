/* Arrays: reference-counted blocks, 64-byte aligned. Freed ones are kept for the next allocation of their size, because fresh
 * pages cost more than the loops that fill them; but never so many that the run needs much more than its own peak. */

enum {
    HEADER = 64, /* bytes in front of the elements */
    SLACK_BEHIND = 64,
    HUGE_PAGE = 2 << 20, HUGE_BLOCK = 4 << 20,
    COLOURS = 16, COLOUR = 256, /* large blocks start at different offsets in a page, or their streams would share cache sets */
    SLACK = 64 << 20,
};

_Static_assert(sizeof(block) <= HEADER, "a block's header stands in front of the elements");

static block **row_of_table(const void *array) { return &now->pool.with_margins[(uintptr_t)array / 64 % MARGINS_TABLE]; }

static block *in_table(const void *array) {
    for (block *it = *row_of_table(array); it != NULL; it = it->next)
        if (it->array == array) return it;
    return NULL;
}

/* Of arrays with margins, and of those of others, the header does not stand in front of the elements. */
static block *block_of(void *array) {
    block *it = now->pool.margin_count > 0 ? in_table(array) : NULL;
    return it != NULL ? it : (block *)((char *)array - HEADER);
}

static void *elements_of(block *it) { return (char *)it + HEADER; }

static void remember(block *it, void *array) {
    block **place = row_of_table(array);
    it->array = array;
    it->next = *place;
    *place = it;
    now->pool.margin_count++;
}

static void forget_margins(block *it) {
    block **place = row_of_table(it->array);
    while (*place != it) place = &(*place)->next;
    *place = it->next;
    now->pool.margin_count--;
}

static block *take_large(int place) {
    block *it = now->pool.large[place];
    now->pool.kept -= it->bytes;
    now->pool.large_count--;
    memmove(now->pool.large + place, now->pool.large + place + 1, sizeof(block *) * (size_t)(now->pool.large_count - place));
    return it;
}

static void to_system(block *it) {
    block **youngest = &now->pool.youngest;
    *(it->younger != NULL ? &it->younger->older : youngest) = it->older;
    if (it->older != NULL) it->older->younger = it->younger;
    free(it->base);
}

static void forget_oldest(void) { to_system(take_large(0)); }

/* The smallest kept block that is not more than an eighth too large. */
static block *best_fit(int64_t bytes) {
    int best = -1;
    for (int i = 0; i < now->pool.large_count; i++) {
        int64_t room = now->pool.large[i]->bytes;
        if (room >= bytes && room - bytes <= bytes / 8 && (best < 0 || room < now->pool.large[best]->bytes)) best = i;
    }
    return best < 0 ? NULL : take_large(best);
}

static block *from_system(int64_t bytes) {
    int huge = bytes >= HUGE_BLOCK;
    size_t alignment = huge ? HUGE_PAGE : 64, offset = huge ? COLOUR * (now->pool.colour++ % COLOURS) : 0;
    size_t total = (HEADER + offset + (size_t)bytes + alignment - 1) / alignment * alignment;
    void *base = aligned_alloc(alignment, total);
    while (base == NULL && now->pool.large_count > 0) {
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
    it->younger = NULL;
    it->older = now->pool.youngest;
    if (it->older != NULL) it->older->younger = it;
    now->pool.youngest = it;
    return it;
}

static block *new_large(int64_t bytes) {
    block *it = best_fit(bytes);
    if (it == NULL) {
        int64_t allowed = now->pool.peak + now->pool.peak / 8 + SLACK;
        while (now->pool.large_count > 0 && now->pool.live + now->pool.kept + bytes > allowed) forget_oldest();
        it = from_system(bytes);
        if (it == NULL) return NULL;
    }
    now->pool.live += it->bytes;
    if (now->pool.live > now->pool.peak) now->pool.peak = now->pool.live;
    return it;
}

static block *new_small(int64_t bytes) {
    block *it = now->pool.small[bytes / 64];
    if (it == NULL) return from_system(bytes);
    now->pool.small[bytes / 64] = it->next;
    now->pool.small_count[bytes / 64]--;
    return it;
}

void pdl_allocates(const pdl_place *place) {
    now->pool.asked_at = place;
    now->failure.communicating = 0;
}

_Noreturn static void fail_memory(int64_t bytes) {
    char message[160];
    snprintf(message, sizeof message, "out of memory: rank %d cannot have %lld bytes more; it holds %lld bytes", now->rank,
             (long long)bytes, (long long)now->pool.live);
    now->failure.awaited |= now->failure.communicating;
    pdl_fail(now->pool.asked_at, message);
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

void *pdl_allocate_block(int64_t bytes, int64_t margin) {
    if (margin == 0) return pdl_allocate(bytes);
    margin = margin < INT64_MAX / 8 ? (margin + 63) / 64 * 64 : INT64_MAX / 8; /* no machine has more memory */
    char *room = pdl_allocate(bytes < INT64_MAX / 2 ? bytes + 2 * margin : bytes);
    block *it = (block *)(room - HEADER);
    remember(it, room + margin);
    return it->array;
}

#ifdef PDL_LIBRARY
/* Memory that somebody else owns, as an array: one reference is the program's, another is kept until the owner wants it back, so that
 * nobody writes to it. Whether it is new; else it was lent before, and is only one reference more. */
static int borrow(void *array) {
    block *it = in_table(array);
    if (it != NULL) {
        it->references++;
        return 0;
    }
    it = (block *)((char *)pdl_allocate(0) - HEADER);
    it->references = 2;
    remember(it, array);
    return 1;
}
#endif

void pdl_retain(void *array) {
    if (array != NULL) block_of(array)->references++;
}

uint8_t pdl_is_unique(void *array) { return array != NULL && block_of(array)->references == 1; }

static void keep_small(block *it) {
    int64_t class = it->bytes / 64;
    if (now->pool.small_count[class] == SMALL_KEPT) {
        to_system(it);
        return;
    }
    it->next = now->pool.small[class];
    now->pool.small[class] = it;
    now->pool.small_count[class]++;
}

static void keep_large(block *it) {
    if (now->pool.large_count == LARGE_KEPT) forget_oldest();
    now->pool.large[now->pool.large_count++] = it;
    now->pool.kept += it->bytes;
    now->pool.live -= it->bytes;
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

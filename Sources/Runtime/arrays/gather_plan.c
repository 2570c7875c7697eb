/* x[idx] of a scattered x, first half: which rank needs which rows of which. Inspected once, used while idx stays the same.
 *
 * A plan is one array of i64. It never fails: an index out of range is told by the gather that would read it, because a plan may be
 * made ahead of a loop that does not run. */

enum { PLAN_SPEAKER, PLAN_BAD_INDEX, PLAN_HEAD };

typedef struct {
    int64_t count;             /* index elements on this rank */
    int64_t *send_begin;       /* now->ranks + 1: rows for rank r are send_rows[send_begin[r] ..< send_begin[r + 1]] */
    int64_t *receive_begin;    /* now->ranks + 1: rows from rank r arrive at these places */
    int64_t *send_rows;        /* rows of this rank's block */
    int64_t *positions;        /* for each index element: a row of this rank's block, or ~place where it arrives */
} gather_plan;

static gather_plan gather_plan_of(int64_t *words, int64_t count) {
    gather_plan it = {.count = count, .send_begin = words + PLAN_HEAD};
    it.receive_begin = it.send_begin + now->ranks + 1;
    it.positions = it.receive_begin + now->ranks + 1;
    it.send_rows = it.positions + count;
    return it;
}

/* ---- The rows that this rank wants of others: each once, ascending, and so in the order of their owners ---- */

typedef struct {
    int64_t extent, count;
    uint64_t *bits; /* one for each row; NULL when there are too many rows */
    int64_t *before; /* how many are wanted before each word of bits */
    int64_t *sorted;
} wanted;

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void want_by_bits(wanted *w, const int64_t *index, int64_t count, int64_t begin, int64_t end) {
    int64_t words = w->extent / 64 + 1;
    w->bits = pdl_allocate(2 * words * (int64_t)sizeof *w->bits);
    w->before = (int64_t *)(w->bits + words);
    memset(w->bits, 0, (size_t)words * sizeof *w->bits);
    for (int64_t i = 0; i < count; i++) {
        int64_t row = index[i];
        if (row >= 0 && row < w->extent && (row < begin || row >= end)) w->bits[row / 64] |= (uint64_t)1 << row % 64;
    }
    for (int64_t i = 0; i < words; i++) {
        w->before[i] = w->count;
        w->count += __builtin_popcountll(w->bits[i]);
    }
    w->sorted = pdl_allocate(w->count * (int64_t)sizeof *w->sorted);
    int64_t place = 0;
    for (int64_t i = 0; i < words; i++)
        for (uint64_t left = w->bits[i]; left != 0; left &= left - 1) w->sorted[place++] = i * 64 + __builtin_ctzll(left);
}

static void want_by_sorting(wanted *w, const int64_t *index, int64_t count, int64_t begin, int64_t end) {
    w->sorted = pdl_allocate(count * (int64_t)sizeof *w->sorted);
    int64_t all = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t row = index[i];
        if (row >= 0 && row < w->extent && (row < begin || row >= end)) w->sorted[all++] = row;
    }
    qsort(w->sorted, (size_t)all, sizeof *w->sorted, by_value);
    for (int64_t i = 0; i < all; i++)
        if (i == 0 || w->sorted[i] != w->sorted[i - 1]) w->sorted[w->count++] = w->sorted[i];
}

static wanted want(const int64_t *index, int64_t count, int64_t extent) {
    wanted w = {.extent = extent};
    int64_t begin = block_begin(extent, now->rank), end = block_begin(extent, now->rank + 1);
    /* Bits are quick, unless nearly all of them stay empty. */
    if (extent / 64 <= 4 * count + 1024) {
        want_by_bits(&w, index, count, begin, end);
    } else {
        want_by_sorting(&w, index, count, begin, end);
    }
    return w;
}

/* How many wanted rows come before `row`. */
static int64_t wanted_before(const wanted *w, int64_t row) {
    if (w->bits != NULL) return w->before[row / 64] + __builtin_popcountll(w->bits[row / 64] & (((uint64_t)1 << row % 64) - 1));
    int64_t low = 0, high = w->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (w->sorted[middle] < row) low = middle + 1; else high = middle;
    }
    return low;
}

/* The lowest rank that has an index out of range speaks for all; no rank: now->ranks. */
static void find_speaker(int64_t *words, const int64_t *index, int64_t count, int64_t extent) {
    words[PLAN_SPEAKER] = now->ranks;
    for (int64_t i = count - 1; i >= 0; i--) {
        if (index[i] >= 0 && index[i] < extent) continue;
        words[PLAN_SPEAKER] = now->rank;
        words[PLAN_BAD_INDEX] = index[i];
    }
    if (now->ranks > 1) MPI_Allreduce(MPI_IN_PLACE, &words[PLAN_SPEAKER], 1, MPI_INT64_T, MPI_MIN, now->communicator);
}

/* begin[r]: the sum of what comes before r of the counts at begin[1], begin[2], … */
static void accumulate_counts(int64_t *begin) {
    begin[0] = 0;
    for (int r = 0; r < now->ranks; r++) begin[r + 1] += begin[r];
}

static void scale(const int64_t *begin, int64_t factor, int64_t *scaled) {
    for (int r = 0; r <= now->ranks; r++) scaled[r] = begin[r] * factor;
}

static int64_t *new_plan(const int64_t *index, int64_t count, int64_t extent) {
    wanted w = want(index, count, extent);
    int64_t *begins = pdl_allocate(4 * (now->ranks + 1) * (int64_t)sizeof *begins);
    int64_t *receive = begins, *send = begins + now->ranks + 1, *bytes = send + now->ranks + 1;
    for (int r = 0; r < now->ranks; r++)
        receive[r + 1] = wanted_before(&w, block_begin(extent, r + 1)) - wanted_before(&w, block_begin(extent, r));
    MPI_Alltoall(receive + 1, 1, MPI_INT64_T, send + 1, 1, MPI_INT64_T, now->communicator);
    accumulate_counts(receive);
    accumulate_counts(send);
    int64_t *words = pdl_allocate((PLAN_HEAD + 2 * (now->ranks + 1) + count + send[now->ranks]) * (int64_t)sizeof *words);
    gather_plan p = gather_plan_of(words, count);
    memcpy(p.send_begin, send, (size_t)(now->ranks + 1) * sizeof *send);
    memcpy(p.receive_begin, receive, (size_t)(now->ranks + 1) * sizeof *receive);
    find_speaker(words, index, count, extent);
    scale(receive, sizeof(int64_t), bytes);
    scale(send, sizeof(int64_t), bytes + now->ranks + 1);
    exchange((const char *)w.sorted, bytes, (char *)p.send_rows, bytes + now->ranks + 1);
    int64_t begin = block_begin(extent, now->rank), end = block_begin(extent, now->rank + 1);
    for (int64_t i = 0; i < send[now->ranks]; i++) p.send_rows[i] -= begin;
    for (int64_t i = 0; i < count; i++) {
        int64_t row = index[i], is_own = row >= begin && row < end;
        p.positions[i] = row < 0 || row >= extent ? 0 : is_own ? row - begin : ~wanted_before(&w, row);
    }
    pdl_release(begins);
    pdl_release(w.bits);
    pdl_release(w.sorted);
    return words;
}

/* ---- Plans that a handle keeps from call to call ---- */

/* A plan that is for these indices on all ranks; else NULL. */
static int64_t *kept_plan(const int64_t *index, int64_t count, int64_t extent) {
    uint64_t fitting = 0;
    for (int place = 0; place < KEPT_PLANS; place++) {
        const struct kept_plan *it = &now->kept.plans[place];
        if (it->words == NULL || it->extent != extent || it->count != count) continue;
        if (memcmp(it->index, index, (size_t)count * sizeof *index) == 0) fitting |= (uint64_t)1 << place;
    }
    MPI_Allreduce(MPI_IN_PLACE, &fitting, 1, MPI_UINT64_T, MPI_BAND, now->communicator);
    if (fitting == 0) return NULL;
    int64_t *words = now->kept.plans[__builtin_ctzll(fitting)].words;
    pdl_retain(words);
    return words;
}

static void keep_plan(const int64_t *index, int64_t count, int64_t extent, int64_t *words) {
    struct kept_plan *it = &now->kept.plans[now->kept.oldest++ % KEPT_PLANS];
    now->kept.oldest %= KEPT_PLANS;
    pdl_release(it->index);
    pdl_release(it->words);
    *it = (struct kept_plan){extent, count, pdl_allocate(count * (int64_t)sizeof *index), words};
    memcpy(it->index, index, (size_t)count * sizeof *index);
    pdl_retain(words);
}

void pdl_array_gatherPlan(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes, (void)place;
    const int64_t *index = operands[0].data, extent = *(const int64_t *)operands[1].data;
    int64_t count = held_elements(&operands[0]), *words = NULL;
    int keeps = now->call != NULL;
    if (keeps) words = kept_plan(index, count, extent);
    if (words == NULL) {
        words = new_plan(index, count, extent);
        if (keeps) keep_plan(index, count, extent, words);
    }
    results[0].data = words;
}

/* Some elements of an array: those that a mask names, the different ones, the greatest. */

void pdl_array_compress(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes, (void)place;
    const pdl_array *from = &operands[0];
    const uint8_t *mask = operands[1].data;
    int64_t rows = held_rows(from), bytes = row_elements(from) * (int64_t)pdl_element_size(from->element), count = 0;
    for (int64_t i = 0; i < rows; i++) count += mask[i];
    char *kept = pdl_allocate(count * bytes), *to = kept;
    for (int64_t i = 0; i < rows; i++) {
        if (!mask[i]) continue;
        memcpy(to, (const char *)from->data + i * bytes, (size_t)bytes);
        to += bytes;
    }
    deliver_rows(kept, count, bytes, results);
}

/* What the last rank before this one that has records ends with. */
typedef struct { uint64_t key; int64_t is_there; } last_key;

static last_key key_before(const sort_run *run) {
    last_key mine = {run->count > 0 ? run->at[run->count - 1].key : 0, run->count > 0}, before = {0, 0};
    last_key *all = pdl_allocate(now->ranks * (int64_t)sizeof *all);
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, now->communicator);
    for (int r = 0; r < now->rank; r++)
        if (all[r].is_there) before = all[r];
    pdl_release(all);
    return before;
}

void pdl_array_unique(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes, (void)place;
    sort_run run = sorted(operands, 0);
    last_key before = is_divided(operands) ? key_before(&run) : (last_key){0, 0};
    int64_t kept = 0;
    for (int64_t i = 0; i < run.count; i++) {
        if (before.is_there && before.key == run.at[i].key) continue;
        before = (last_key){run.at[i].key, 1};
        run.at[kept++] = run.at[i];
    }
    run.count = kept;
    deliver(&run, results);
}

/* An element that may be among the greatest. */
typedef struct { uint64_t key, bits; int64_t index; } candidate;

/* The `count` first candidates by falling key, in their order where keys are equal. */
static void choose_greatest(candidate *candidates, int64_t all, int64_t count) {
    sort_run order = {pdl_allocate(all * (int64_t)sizeof(sort_record)), all};
    for (int64_t i = 0; i < all; i++) order.at[i] = (sort_record){~candidates[i].key, (uint64_t)i};
    sort_records(&order);
    candidate *chosen = pdl_allocate(count * (int64_t)sizeof *chosen);
    for (int64_t i = 0; i < count; i++) chosen[i] = candidates[order.at[i].load];
    memcpy(candidates, chosen, (size_t)count * sizeof *chosen);
    pdl_release(chosen);
    pdl_release(order.at);
}

/* The candidates of all ranks, in the order of ranks; `mine` is released. */
static candidate *all_candidates(candidate *mine, int64_t *count) {
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin), size = (int64_t)sizeof *mine;
    all_begins(*count * size, begin);
    candidate *all = pdl_allocate(begin[now->ranks]);
    allgather_runs((const char *)mine, (char *)all, begin);
    *count = begin[now->ranks] / size;
    pdl_release(begin);
    pdl_release(mine);
    return all;
}

void pdl_array_top_k(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes;
    const pdl_array *from = &operands[0];
    int64_t k = *(const int64_t *)operands[1].data, size = (int64_t)pdl_element_size(from->element);
    if (k < 0 || k > from->extents[0]) {
        char message[128];
        snprintf(message, sizeof message, "top_k: %lld of %lld elements are wanted", (long long)k, (long long)from->extents[0]);
        pdl_fail(place, message);
    }
    int64_t first = held_begin(from, 0);
    int64_t count = held_elements(from);
    candidate *candidates = pdl_allocate(count * (int64_t)sizeof *candidates);
    for (int64_t i = 0; i < count; i++) {
        const char *at = (const char *)from->data + i * size;
        candidates[i] = (candidate){sort_key(from->element, at), 0, first + i};
        memcpy(&candidates[i].bits, at, (size_t)size);
    }
    if (is_divided(from)) {
        int64_t own = count < k ? count : k;
        choose_greatest(candidates, count, own);
        candidates = all_candidates(candidates, &own);
        count = own;
    }
    choose_greatest(candidates, count, k);
    results[0].extents[0] = results[1].extents[0] = k;
    char *values = allocate_result(&results[0]);
    int64_t *indices = allocate_result(&results[1]);
    for (int64_t i = 0; i < k; i++) {
        memcpy(values + i * size, &candidates[i].bits, (size_t)size);
        indices[i] = candidates[i].index;
    }
    pdl_release(candidates);
}

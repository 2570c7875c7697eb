/* permute and put: result[index[i]] = x[i], rows along axis 0. */

/* Where ranks fail, the lowest of them speaks: true on it, and the others do not return. `together`: every rank comes here. */
static int speaks_first(int fails, int together) {
    if (!together || now->ranks == 1) return fails;
    int first = fails ? now->rank : now->ranks;
    MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, now->communicator);
    if (first < now->ranks && first != now->rank) wait_for_the_end();
    return first == now->rank;
}

typedef struct {
    int64_t count, row_bytes;
    int64_t extent;     /* of the result */
    int64_t begin, end; /* the result's rows on this rank */
    char *out;
    int together;       /* whether the ranks share the work, or each has an array of its own */
    int may_repeat;     /* whether an index may stand twice */
    const char *name;
    const pdl_place *place;
} permutation;

/* Fails where an index is outside of the result. */
static void check_targets(const permutation *p, const int64_t *targets) {
    int64_t bad = -1;
    for (int64_t i = p->count - 1; i >= 0; i--)
        if (targets[i] < 0 || targets[i] >= p->extent) bad = i;
    if (speaks_first(bad >= 0, p->together)) pdl_fail_index(p->place, targets[bad], p->extent, 0);
}

/* Puts `count` rows in their places in this rank's block; every place may be met once. */
static void put_rows(const permutation *p, const int64_t *targets, const char *rows, int64_t count) {
    uint8_t *met = pdl_allocate(p->end - p->begin);
    int64_t twice = INT64_MAX;
    memset(met, 0, (size_t)(p->end - p->begin));
    for (int64_t i = 0; i < count; i++) {
        int64_t to = targets[i] - p->begin;
        if (met[to] && to < twice) twice = to;
        met[to] = 1;
        memcpy(p->out + to * p->row_bytes, rows + i * p->row_bytes, (size_t)p->row_bytes);
    }
    pdl_release(met);
    if (p->may_repeat || !speaks_first(twice != INT64_MAX, p->together)) return;
    char message[120];
    snprintf(message, sizeof message, "%s: the index %lld stands more than once", p->name, (long long)(twice + p->begin));
    pdl_fail(p->place, message);
}

/* Rows and their places travel to the ranks that own the places. */
static void move_rows(const permutation *p, const int64_t *targets, const char *rows) {
    int64_t ends = now->ranks + 1;
    int64_t *send = pdl_allocate(5 * ends * (int64_t)sizeof *send), *receive = send + ends, *next = receive + ends;
    int64_t *from = next + ends, *to = from + ends;
    memset(send, 0, (size_t)ends * sizeof *send);
    for (int64_t i = 0; i < p->count; i++) send[owner_of(p->extent, targets[i]) + 1]++;
    MPI_Alltoall(send + 1, 1, MPI_INT64_T, receive + 1, 1, MPI_INT64_T, now->communicator);
    accumulate_counts(send);
    accumulate_counts(receive);
    memcpy(next, send, (size_t)ends * sizeof *send);
    int64_t arriving = receive[now->ranks], word = sizeof(int64_t);
    int64_t *sent_targets = pdl_allocate((p->count + arriving) * word), *arrived_targets = sent_targets + p->count;
    char *sent_rows = pdl_allocate((p->count + arriving) * p->row_bytes), *arrived_rows = sent_rows + p->count * p->row_bytes;
    for (int64_t i = 0; i < p->count; i++) {
        int64_t slot = next[owner_of(p->extent, targets[i])]++;
        sent_targets[slot] = targets[i];
        memcpy(sent_rows + slot * p->row_bytes, rows + i * p->row_bytes, (size_t)p->row_bytes);
    }
    scale(send, word, from);
    scale(receive, word, to);
    exchange((const char *)sent_targets, from, (char *)arrived_targets, to);
    scale(send, p->row_bytes, from);
    scale(receive, p->row_bytes, to);
    exchange(sent_rows, from, arrived_rows, to);
    put_rows(p, arrived_targets, arrived_rows, arriving);
    pdl_release(sent_rows);
    pdl_release(sent_targets);
    pdl_release(send);
}

/* Puts this rank's rows in their places in the result, on whatever ranks these are. */
static void place_rows(const permutation *p, const int64_t *targets, const char *rows) {
    check_targets(p, targets);
    if (p->together && now->ranks > 1) {
        move_rows(p, targets, rows);
    } else {
        put_rows(p, targets, rows, p->count);
    }
}

void pdl_array_permute(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes;
    const pdl_array *x = &operands[0], *index = &operands[1];
    int64_t extent = x->extents[0];
    if (index->extents[0] != extent) pdl_fail_extent(place, "the rows and the indices of `permute`", extent, index->extents[0]);
    permutation p = {.row_bytes = row_elements(x) * (int64_t)pdl_element_size(x->element), .together = is_divided(x)};
    p.name = "`permute`";
    p.place = place;
    p.extent = extent;
    for (int axis = 0; axis < x->axes; axis++) results[0].extents[axis] = x->extents[axis];
    p.begin = held_begin(x, 0);
    p.count = held_rows(x);
    p.end = p.begin + p.count;
    p.out = allocate_result(&results[0]);
    place_rows(&p, index->data, x->data);
}

void pdl_array_put(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    const pdl_array *base = &operands[0], *index = &operands[1], *rows = &operands[2];
    permutation p = {.row_bytes = row_elements(base) * (int64_t)pdl_element_size(base->element), .together = is_divided(base)};
    p.name = "assigning at an array of indices";
    p.place = place;
    p.may_repeat = attributes[0] != 0;
    for (int axis = 0; axis < base->axes; axis++) results[0].extents[axis] = base->extents[axis];
    p.extent = base->extents[0];
    p.begin = held_begin(base, 0);
    p.end = p.begin + held_rows(base);
    p.count = held_rows(index);
    p.out = allocate_result(&results[0]);
    memcpy(p.out, base->data, (size_t)((p.end - p.begin) * p.row_bytes));
    place_rows(&p, index->data, rows->data);
}

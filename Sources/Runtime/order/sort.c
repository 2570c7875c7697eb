/* Sorting: stable, NaN last, by sample sort over the ranks.
 *
 * An element becomes a record: a key whose unsigned order is that of the elements, and what travels with it. Places are compared as
 * (key, rank, place on the rank), so that no two are equal: any number of equal elements divides evenly, and their order is that
 * of their indices on any number of ranks. */

typedef struct { uint64_t key, load; } sort_record;

/* A run of records that this rank holds; released with `pdl_release(at)`. */
typedef struct {
    sort_record *at;
    int64_t count;
} sort_run;

/* Elements that compare equal have one key: both zeros, all NaNs. */
static uint64_t sort_key(int element, const void *at) {
    uint64_t word = 0;
    memcpy(&word, at, pdl_element_size(element)); /* little-endian */
    switch (element) {
    case PDL_I32: return (uint64_t)(int64_t)(int32_t)word ^ (uint64_t)1 << 63;
    case PDL_I64: return word ^ (uint64_t)1 << 63;
    case PDL_F32: {
        float x;
        memcpy(&x, at, sizeof x);
        double wide = x; /* in order, and exact */
        return sort_key(PDL_F64, &wide);
    }
    case PDL_F64: {
        double x;
        memcpy(&x, at, sizeof x);
        if (x != x) return UINT64_MAX;
        if (x == 0) return (uint64_t)1 << 63;
        return word >> 63 ? ~word : word | (uint64_t)1 << 63;
    }
    default: return word;
    }
}

/* A stable sort of few records. */
static void insert_records(sort_run *run) {
    for (int64_t i = 1; i < run->count; i++) {
        sort_record moving = run->at[i];
        int64_t place = i;
        for (; place > 0 && run->at[place - 1].key > moving.key; place--) run->at[place] = run->at[place - 1];
        run->at[place] = moving;
    }
}

/* A stable sort by key, byte by byte from the lowest; bytes that all keys share cost nothing. */
static void sort_records(sort_run *run) {
    if (run->count <= 32) {
        insert_records(run);
        return;
    }
    sort_record *from = run->at, *to = pdl_allocate(run->count * (int64_t)sizeof *to);
    int64_t(*places)[256] = pdl_allocate(8 * (int64_t)sizeof *places);
    memset(places, 0, 8 * sizeof *places);
    for (int64_t i = 0; i < run->count; i++)
        for (int byte = 0; byte < 8; byte++) places[byte][from[i].key >> 8 * byte & 255]++;
    for (int byte = 0; byte < 8; byte++) {
        int64_t begin = 0;
        if (run->count == 0 || places[byte][from[0].key >> 8 * byte & 255] == run->count) continue;
        for (int digit = 0; digit < 256; digit++) {
            int64_t count = places[byte][digit];
            places[byte][digit] = begin;
            begin += count;
        }
        for (int64_t i = 0; i < run->count; i++) to[places[byte][from[i].key >> 8 * byte & 255]++] = from[i];
        sort_record *sorted = to;
        to = from;
        from = sorted;
    }
    pdl_release(places);
    pdl_release(to);
    run->at = from;
}

/* ---- Splitting over the ranks ---- */

typedef struct { uint64_t key; int64_t rank, place; } sort_sample;
_Static_assert(sizeof(sort_sample) == 24, "what explain says of sorting");

static int sample_order(const void *left, const void *right) {
    const sort_sample *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* How many of this rank's sorted records stand before the splitter. */
static int64_t records_before(const sort_run *run, const sort_sample *splitter) {
    int64_t low = 0, high = run->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        sort_sample here = {run->at[middle].key, now->rank, middle};
        if (sample_order(&here, splitter) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* As many as there are ranks divide the records evenly whatever they are; of very many ranks fewer do nearly so. */
enum { MOST_SAMPLES = 128 };

/* Where this rank's records are cut, by regular samples of every rank: those for rank r are [cut[r], cut[r + 1]). */
static void cut_records(const sort_run *run, int64_t *cut) {
    int64_t most = now->ranks < MOST_SAMPLES ? now->ranks : MOST_SAMPLES, own = run->count < most ? run->count : most;
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin);
    sort_sample *mine = pdl_allocate(own * (int64_t)sizeof *mine);
    for (int64_t i = 0; i < own; i++) {
        int64_t place = run->count / own * i + run->count % own * i / own;
        mine[i] = (sort_sample){run->at[place].key, now->rank, place};
    }
    int64_t bytes = own * (int64_t)sizeof *mine;
    all_begins(bytes, begin);
    int64_t samples = begin[now->ranks] / (int64_t)sizeof *mine;
    sort_sample *all = pdl_allocate(begin[now->ranks]);
    allgather_runs((const char *)mine, (char *)all, begin);
    qsort(all, (size_t)samples, sizeof *all, sample_order);
    cut[0] = 0;
    for (int r = 1; r < now->ranks; r++) cut[r] = samples == 0 ? 0 : records_before(run, &all[samples * r / now->ranks]);
    cut[now->ranks] = run->count;
    pdl_release(all);
    pdl_release(mine);
    pdl_release(begin);
}

/* Sorts the records of all ranks: afterwards every record of a rank stands before those of the next. */
static void sort_over_ranks(sort_run *run) {
    sort_records(run);
    if (now->ranks == 1) return;
    int64_t size = (int64_t)sizeof(sort_record), room = (now->ranks + 1) * (int64_t)sizeof(int64_t);
    int64_t *send = pdl_allocate(4 * room), *receive = send + now->ranks + 1;
    int64_t *counts = receive + now->ranks + 1, *arriving = counts + now->ranks + 1;
    cut_records(run, send);
    for (int r = 0; r <= now->ranks; r++) send[r] *= size;
    for (int r = 0; r < now->ranks; r++) counts[r] = run_bytes(send, r);
    MPI_Alltoall(counts, 1, MPI_INT64_T, arriving, 1, MPI_INT64_T, now->communicator);
    receive[0] = 0;
    for (int r = 0; r < now->ranks; r++) receive[r + 1] = receive[r] + arriving[r];
    sort_run came = {pdl_allocate(receive[now->ranks]), receive[now->ranks] / size};
    exchange((const char *)run->at, send, (char *)came.at, receive);
    /* What came stands in the order of ranks, and a stable sort keeps equal elements so. */
    sort_records(&came);
    pdl_release(send);
    pdl_release(run->at);
    *run = came;
}

/* ---- The operations ---- */

/* The records of an operand's elements: with their bits, or with their indices. */
static sort_run records_of(const pdl_array *operand, int by_index) {
    int64_t first = held_begin(operand, 0);
    int64_t count = held_elements(operand);
    size_t size = pdl_element_size(operand->element);
    sort_run run = {pdl_allocate(count * (int64_t)sizeof *run.at), count};
    for (int64_t i = 0; i < count; i++) {
        const char *at = (const char *)operand->data + i * (int64_t)size;
        run.at[i].key = sort_key(operand->element, at);
        run.at[i].load = by_index ? (uint64_t)(first + i) : 0;
        if (!by_index) memcpy(&run.at[i].load, at, size);
    }
    return run;
}

static sort_run sorted(const pdl_array *operand, int by_index) {
    sort_run run = records_of(operand, by_index);
    if (is_divided(operand)) {
        sort_over_ranks(&run);
    } else {
        sort_records(&run);
    }
    return run;
}

/* The records' loads become the result, which learns its extent, and the run is released. */
static void deliver(sort_run *run, pdl_array *result) {
    int64_t size = (int64_t)pdl_element_size(result->element);
    char *packed = pdl_allocate(run->count * size);
    for (int64_t i = 0; i < run->count; i++) memcpy(packed + i * size, &run->at[i].load, (size_t)size);
    pdl_release(run->at);
    deliver_rows(packed, run->count, size, result);
}

/* Every line along an axis for itself: this rank has the whole line. */
static void sort_lines(const pdl_array *operand, int axis, int by_index, pdl_array *result) {
    for (int k = 0; k < operand->axes; k++) result->extents[k] = operand->extents[k];
    size_t size = pdl_element_size(operand->element), result_size = pdl_element_size(result->element);
    int64_t length = operand->extents[axis], elements = held_elements(operand), step = 1;
    for (int k = axis + 1; k < operand->axes; k++) step *= operand->extents[k];
    const char *from = operand->data;
    char *to = allocate_result(result);
    sort_run line = {pdl_allocate(length * (int64_t)sizeof *line.at), length};
    for (int64_t number = 0; length > 0 && number < elements / length; number++) {
        int64_t first = number / step * step * length + number % step;
        for (int64_t i = 0; i < length; i++) {
            const char *at = from + (first + i * step) * (int64_t)size;
            line.at[i] = (sort_record){sort_key(operand->element, at), (uint64_t)i};
            if (by_index) continue;
            line.at[i].load = 0;
            memcpy(&line.at[i].load, at, size);
        }
        sort_records(&line);
        for (int64_t i = 0; i < length; i++) memcpy(to + (first + i * step) * (int64_t)result_size, &line.at[i].load, result_size);
    }
    pdl_release(line.at);
}

static void sort_along(const pdl_array *operand, int axis, int by_index, pdl_array *result) {
    if (operand->axes > 1) {
        sort_lines(operand, axis, by_index, result);
        return;
    }
    sort_run run = sorted(operand, by_index);
    deliver(&run, result);
}

void pdl_array_sort(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    sort_along(operands, (int)attributes[0], 0, results);
}

void pdl_array_argsort(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    sort_along(operands, (int)attributes[0], 1, results);
}

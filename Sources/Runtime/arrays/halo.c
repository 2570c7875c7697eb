/* Halo exchange: the rows around every rank's block. A row may come from any rank: blocks may be thinner than the halo, or empty. Over a grid
 * columns go from rank to rank of a row of it, then rows from rank to rank of a column, as long as they have become by then. */

static int64_t cut_begin(int64_t direction, int64_t extent, int64_t rank) {
    return direction == PDL_ALL_RANKS ? block_begin(extent, (int)rank) : pdl_grid_begin(extent, pdl_grid_ranks(direction), rank);
}

static int cut_owner(int64_t direction, int64_t extent, int64_t row) {
    int first = 0, last = (int)pdl_grid_ranks(direction) - 1; /* the last rank that begins at or before the row */
    while (first < last) {
        int middle = first + (last - first + 1) / 2;
        if (cut_begin(direction, extent, middle) <= row) {
            first = middle;
        } else {
            last = middle - 1;
        }
    }
    return first;
}

static int owner_of(int64_t extent, int64_t row) { return cut_owner(PDL_ALL_RANKS, extent, row); }

/* The rank that has that number along a direction, of those that share this rank's other one. */
static int peer_of(int64_t direction, int number) {
    switch (direction) {
    case PDL_GRID_ROWS: return number * now->grid_columns + now->rank % now->grid_columns;
    case PDL_GRID_COLUMNS: return now->rank - now->rank % now->grid_columns + number;
    default: return number;
    }
}

static void add_transfer(halo_plan *plan, transfer it) {
    int64_t own = pdl_grid_rank(plan->direction);
    if (it.owner != own && it.needer != own) return;
    if (plan->count == plan->room) {
        int room = plan->room == 0 ? 8 : 2 * plan->room;
        transfer *all = pdl_allocate(room * (int64_t)sizeof *all);
        if (plan->count > 0) memcpy(all, plan->transfers, (size_t)plan->count * sizeof *all);
        pdl_release(plan->transfers);
        plan->transfers = all;
        plan->room = room;
    }
    plan->transfers[plan->count++] = it;
}

/* The rows [begin, end) that `needer` wants, which may lie beyond the ends of the array. */
static void plan_rows(halo_plan *plan, int needer, int64_t begin, int64_t end) {
    int64_t direction = plan->direction, extent = plan->extent, own = cut_begin(direction, extent, needer);
    if (!plan->wraps) {
        if (begin < 0) begin = 0;
        if (end > extent) end = extent;
    }
    for (int64_t row = begin; row < end;) {
        int64_t source = (row % extent + extent) % extent;
        int owner = cut_owner(direction, extent, source);
        int64_t first = cut_begin(direction, extent, owner), rows = cut_begin(direction, extent, owner + 1) - source;
        if (rows > end - row) rows = end - row;
        add_transfer(plan, (transfer){owner, needer, source - first, row - own, rows});
        row += rows;
    }
}

static void make_plan(halo_plan *plan) {
    plan->count = 0;
    for (int r = 0; r < pdl_grid_ranks(plan->direction); r++) {
        int64_t begin = cut_begin(plan->direction, plan->extent, r), end = cut_begin(plan->direction, plan->extent, r + 1);
        if (begin == end) continue;
        plan_rows(plan, r, begin - plan->low, begin);
        plan_rows(plan, r, end, end + plan->high);
    }
}

static const halo_plan *plan_of(const strip *wanted) {
    halos *kept = &now->halos;
    for (int i = 0; i < kept->plan_count; i++) {
        halo_plan *it = &kept->plans[i];
        if (it->direction == wanted->direction && it->extent == wanted->extent && it->low == wanted->low && it->high == wanted->high
            && it->wraps == wanted->wraps)
            return it;
    }
    halo_plan *it = &kept->plans[kept->plan_count < HALO_PLANS ? kept->plan_count++ : kept->oldest_plan++ % HALO_PLANS];
    it->direction = wanted->direction;
    it->extent = wanted->extent;
    it->low = wanted->low;
    it->high = wanted->high;
    it->wraps = wanted->wraps;
    make_plan(it);
    return it;
}

/* ---- What lies at indices that follow each other: runs of bytes, evenly apart ---- */

typedef struct {
    run_places at;
    int64_t run, runs;
} piece;

static piece piece_at(const strip *it, int64_t first, int64_t count) {
    char *data = it->data + first * it->index_bytes;
    if (it->lines > 0) return (piece){{data, it->line_bytes}, count * it->width, it->lines};
    if (it->width == it->index_bytes) return (piece){{data, 0}, count * it->width, 1};
    return (piece){{data, it->index_bytes}, it->width, count};
}

/* Calls `visit` for every transfer of every array, with where it lies here. */
typedef void (*transfer_visitor)(halo_message *message, const piece *it);

static void each_transfer(int sends, transfer_visitor visit) {
    for (int64_t i = 0; i < now->halos.count; i++) {
        const strip *array = &now->halos.strips[i];
        const halo_plan *plan = plan_of(array);
        int64_t own = pdl_grid_rank(array->direction);
        for (int k = 0; k < plan->count; k++) {
            const transfer *it = &plan->transfers[k];
            if (it->owner == it->needer || (it->owner == own) != sends) continue;
            piece here = piece_at(array, sends ? it->from : it->to, it->rows);
            if (here.run * here.runs == 0) continue;
            halo_message *messages = sends ? now->halos.sent : now->halos.received;
            visit(&messages[peer_of(array->direction, sends ? it->needer : it->owner)], &here);
        }
    }
}

static void measure(halo_message *message, const piece *it) {
    message->bytes += it->run * it->runs;
    message->pieces += it->runs > 1 ? 2 : 1;
    message->data = it->at.data;
}

static void pack_rows(halo_message *message, const piece *it) {
    if (message->pieces == 1) return;
    copy_runs((run_places){message->data + message->bytes, it->run}, it->at, it->run, it->runs);
    message->bytes += it->run * it->runs;
}

static void unpack_rows(halo_message *message, const piece *it) {
    if (message->pieces == 1) return;
    copy_runs(it->at, (run_places){message->data + message->bytes, it->run}, it->run, it->runs);
    message->bytes += it->run * it->runs;
}

/* Gives messages of several pieces a buffer. */
static void give_buffers(halo_message *messages, int starts_anew) {
    for (int r = 0; r < now->ranks; r++) {
        if (messages[r].pieces < 2) continue;
        messages[r].data = pdl_allocate(messages[r].bytes);
        if (starts_anew) messages[r].bytes = 0;
    }
}

static void copy_own_rows(void) {
    for (int64_t i = 0; i < now->halos.count; i++) {
        const strip *array = &now->halos.strips[i];
        const halo_plan *plan = plan_of(array);
        for (int k = 0; k < plan->count; k++) {
            const transfer *it = &plan->transfers[k];
            if (it->owner != it->needer) continue;
            piece from = piece_at(array, it->from, it->rows), to = piece_at(array, it->to, it->rows);
            copy_runs(to.at, from.at, from.run, from.runs);
        }
    }
}

/* ---- An exchange along one direction ---- */

static void start(int64_t count, strip *strips) {
    char *room = pdl_allocate(2 * now->ranks * (int64_t)sizeof(halo_message));
    now->halos.is_open = 1;
    now->halos.count = count;
    now->halos.strips = strips;
    now->halos.sent = memset(room, 0, 2 * (size_t)now->ranks * sizeof(halo_message));
    now->halos.received = now->halos.sent + now->ranks;
    each_transfer(0, measure);
    each_transfer(1, measure);
    give_buffers(now->halos.received, 0);
    give_buffers(now->halos.sent, 1);
    for (int r = 0; r < now->ranks; r++)
        if (now->halos.received[r].pieces > 0)
            post_receive(&now->halos.open, now->halos.received[r].data, now->halos.received[r].bytes, r);
    each_transfer(1, pack_rows);
    for (int r = 0; r < now->ranks; r++)
        if (now->halos.sent[r].pieces > 0)
            post_send(&now->halos.open, now->halos.sent[r].data, now->halos.sent[r].bytes, r);
    copy_own_rows();
}

void pdl_exchange_finish(void) {
    complete(&now->halos.open);
    for (int r = 0; r < now->ranks; r++) now->halos.received[r].bytes = 0;
    each_transfer(0, unpack_rows);
    for (int r = 0; r < now->ranks; r++) {
        if (now->halos.received[r].pieces > 1) pdl_release(now->halos.received[r].data);
        if (now->halos.sent[r].pieces > 1) pdl_release(now->halos.sent[r].data);
    }
    pdl_release(now->halos.strips);
    pdl_release(now->halos.sent);
    now->halos.is_open = 0;
}

/* ---- What an array takes part in ---- */

static strip whole_rows(const pdl_halo *it) {
    return (strip){
        .data = it->data, .direction = PDL_ALL_RANKS, .extent = it->extent, .low = it->low, .high = it->high, .wraps = it->wraps,
        .index_bytes = it->row_bytes, .width = it->row_bytes};
}

static strip grid_columns(const pdl_halo *it) {
    grid_box own = grid_box_of(it->extent, it->columns, now->rank);
    return (strip){
        .data = it->data, .direction = PDL_GRID_COLUMNS, .extent = it->columns, .low = it->across_low, .high = it->across_high,
        .wraps = it->across_wraps, .index_bytes = it->row_bytes, .width = length(own.rows) > 0 ? it->row_bytes : 0, .lines = length(own.rows),
        .line_bytes = grid_pitch(&own) * it->row_bytes};
}

/* With the columns around them; none where this rank holds none. */
static strip grid_rows(const pdl_halo *it) {
    grid_box own = grid_box_of(it->extent, it->columns, now->rank);
    int64_t columns = length(own.columns), width = columns > 0 ? columns + it->across_low + it->across_high : 0;
    return (strip){
        .data = (char *)it->data - it->across_low * it->row_bytes, .direction = PDL_GRID_ROWS, .extent = it->extent, .low = it->low,
        .high = it->high, .wraps = it->wraps, .index_bytes = grid_pitch(&own) * it->row_bytes, .width = width * it->row_bytes};
}

/* The strips of those arrays that are over a grid, or not, as `make` has them. */
static int64_t strips_of(int64_t count, const pdl_halo *halos, int over_grid, strip (*make)(const pdl_halo *), strip *strips) {
    int64_t made = 0;
    for (int64_t i = 0; i < count; i++)
        if ((halos[i].columns >= 0) == over_grid) strips[made++] = make(&halos[i]);
    return made;
}

void pdl_exchange_start(int64_t count, const pdl_halo *halos) {
    count_call(EXCHANGE, 0, MPI_BYTE);
    strip *strips = pdl_allocate(count * (int64_t)sizeof *strips);
    int64_t first = strips_of(count, halos, 0, whole_rows, strips);
    start(first + strips_of(count, halos, 1, grid_columns, strips + first), strips);
}

void pdl_exchange(int64_t count, const pdl_halo *halos) {
    pdl_exchange_start(count, halos);
    pdl_exchange_finish();
    strip *strips = pdl_allocate(count * (int64_t)sizeof *strips);
    int64_t over_grid = strips_of(count, halos, 1, grid_rows, strips);
    if (over_grid == 0) {
        pdl_release(strips);
        return;
    }
    start(over_grid, strips);
    pdl_exchange_finish();
}

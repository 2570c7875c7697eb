/* Halo exchange: the rows around every rank's block. A row may come from any rank: blocks may be thinner than the halo, or empty. Over a grid
 * columns go from rank to rank of a row of it, then rows from rank to rank of a column, as long as they have become by then. */

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

/* The ranks that may need rows of this one's block, and itself: those behind it as far as rows in front of their blocks reach, then those
 * before it. `step` 1 or -1; `reach`: how many rows are needed. Returns how many it has noted in `needers`. */
static int needers_beside(const halo_plan *plan, int step, int64_t reach, int *needers) {
    int count = 0, ranks = (int)pdl_grid_ranks(plan->direction);
    int64_t between = 0;
    for (int r = (int)pdl_grid_rank(plan->direction) + step; count < ranks - 1 && between < reach; r += step) {
        if (r < 0 || r >= ranks) {
            if (!plan->wraps) break;
            r = r < 0 ? ranks - 1 : 0;
        }
        needers[count++] = r;
        between += cut_begin(plan->direction, plan->extent, r + 1) - cut_begin(plan->direction, plan->extent, r);
    }
    return count;
}

static int by_rank(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Both sides of a message go through its needer's rows in one order. */
static void make_plan(halo_plan *plan) {
    int *needers = pdl_allocate((2 * pdl_grid_ranks(plan->direction) + 1) * (int64_t)sizeof *needers), count = 0;
    needers[count++] = (int)pdl_grid_rank(plan->direction);
    count += needers_beside(plan, 1, plan->low, needers + count);
    count += needers_beside(plan, -1, plan->high, needers + count);
    qsort(needers, (size_t)count, sizeof *needers, by_rank);
    plan->count = 0;
    for (int i = 0; i < count; i++) {
        int r = needers[i];
        int64_t begin = cut_begin(plan->direction, plan->extent, r), end = cut_begin(plan->direction, plan->extent, r + 1);
        if (begin == end || (i > 0 && needers[i - 1] == r)) continue;
        plan_rows(plan, r, begin - plan->low, begin);
        plan_rows(plan, r, end, end + plan->high);
    }
    pdl_release(needers);
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

/* The message between this rank and a peer, which is begun where there is none. Neighbours are few. */
static halo_message *message_of(halo_messages *messages, int peer) {
    for (int i = 0; i < messages->count; i++)
        if (messages->at[i].peer == peer) return &messages->at[i];
    messages->at[messages->count] = (halo_message){.peer = peer};
    return &messages->at[messages->count++];
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
            int peer = peer_of(array->direction, sends ? it->needer : it->owner);
            visit(message_of(sends ? &now->halos.sent : &now->halos.received, peer), &here);
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
static void give_buffers(halo_messages *messages, int starts_anew) {
    for (int i = 0; i < messages->count; i++) {
        halo_message *it = &messages->at[i];
        if (it->pieces < 2) continue;
        it->data = pdl_allocate(it->bytes);
        if (starts_anew) it->bytes = 0;
    }
}

static void release_buffers(const halo_messages *messages) {
    for (int i = 0; i < messages->count; i++)
        if (messages->at[i].pieces > 1) pdl_release(messages->at[i].data);
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

/* As many messages each way as there are transfers at most. */
static void open_messages(int64_t count, strip *strips) {
    halos *it = &now->halos;
    int64_t most = 0;
    for (int64_t i = 0; i < count; i++) most += plan_of(&strips[i])->count;
    it->is_open = 1;
    it->count = count;
    it->strips = strips;
    it->sent = (halo_messages){.at = pdl_allocate(2 * most * (int64_t)sizeof(halo_message))};
    it->received = (halo_messages){.at = it->sent.at + most};
}

static void start(int64_t count, strip *strips) {
    halos *it = &now->halos;
    open_messages(count, strips);
    each_transfer(0, measure);
    each_transfer(1, measure);
    give_buffers(&it->received, 0);
    give_buffers(&it->sent, 1);
    for (int i = 0; i < it->received.count; i++) {
        const halo_message *message = &it->received.at[i];
        post_receive(&it->open, message->data, message->bytes, message->peer);
    }
    each_transfer(1, pack_rows);
    for (int i = 0; i < it->sent.count; i++) {
        const halo_message *message = &it->sent.at[i];
        post_send(&it->open, message->data, message->bytes, message->peer);
    }
    copy_own_rows();
}

void pdl_exchange_finish(void) {
    halos *it = &now->halos;
    complete(&it->open);
    for (int i = 0; i < it->received.count; i++) it->received.at[i].bytes = 0;
    each_transfer(0, unpack_rows);
    release_buffers(&it->received);
    release_buffers(&it->sent);
    pdl_release(it->strips);
    pdl_release(it->sent.at);
    it->is_open = 0;
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

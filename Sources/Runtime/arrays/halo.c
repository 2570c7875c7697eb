/* Halo exchange: the rows around every rank's block. A row may come from any rank: blocks may be thinner than the halo, or empty. */

static int owner_of(int64_t extent, int64_t row) {
    int first = 0, last = now->ranks - 1; /* the last rank that begins at or before the row */
    while (first < last) {
        int middle = first + (last - first + 1) / 2;
        if (block_begin(extent, middle) <= row) {
            first = middle;
        } else {
            last = middle - 1;
        }
    }
    return first;
}

static void add_transfer(halo_plan *plan, transfer it) {
    if (it.owner != now->rank && it.needer != now->rank) return;
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
    int64_t extent = plan->extent, own = block_begin(extent, needer);
    if (!plan->wraps) {
        if (begin < 0) begin = 0;
        if (end > extent) end = extent;
    }
    for (int64_t row = begin; row < end;) {
        int64_t source = (row % extent + extent) % extent;
        int owner = owner_of(extent, source);
        int64_t first = block_begin(extent, owner), rows = block_begin(extent, owner + 1) - source;
        if (rows > end - row) rows = end - row;
        add_transfer(plan, (transfer){owner, needer, source - first, row - own, rows});
        row += rows;
    }
}

/* The ranks that may need rows of this one's block, and itself: those behind it as far as rows in front of their blocks reach, then those
 * before it. `step` 1 or -1; `reach`: how many rows are needed. Returns how many it has noted in `needers`. */
static int needers_beside(const halo_plan *plan, int step, int64_t reach, int *needers) {
    int count = 0;
    int64_t between = 0;
    for (int r = now->rank + step; count < now->ranks - 1 && between < reach; r += step) {
        if (r < 0 || r >= now->ranks) {
            if (!plan->wraps) break;
            r = r < 0 ? now->ranks - 1 : 0;
        }
        needers[count++] = r;
        between += block_length(plan->extent, r);
    }
    return count;
}

static int by_rank(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Both sides of a message go through its needer's rows in one order. */
static void make_plan(halo_plan *plan) {
    int *needers = pdl_allocate((2 * now->ranks + 1) * (int64_t)sizeof *needers), count = 0;
    needers[count++] = now->rank;
    count += needers_beside(plan, 1, plan->low, needers + count);
    count += needers_beside(plan, -1, plan->high, needers + count);
    qsort(needers, (size_t)count, sizeof *needers, by_rank);
    plan->count = 0;
    for (int i = 0; i < count; i++) {
        int r = needers[i];
        int64_t begin = block_begin(plan->extent, r), end = block_begin(plan->extent, r + 1);
        if (begin == end || (i > 0 && needers[i - 1] == r)) continue;
        plan_rows(plan, r, begin - plan->low, begin);
        plan_rows(plan, r, end, end + plan->high);
    }
    pdl_release(needers);
}

static const halo_plan *plan_of(const pdl_halo *halo) {
    halos *kept = &now->halos;
    for (int i = 0; i < kept->plan_count; i++) {
        halo_plan *it = &kept->plans[i];
        if (it->extent == halo->extent && it->low == halo->low && it->high == halo->high && it->wraps == halo->wraps) return it;
    }
    halo_plan *it = &kept->plans[kept->plan_count < HALO_PLANS ? kept->plan_count++ : kept->oldest_plan++ % HALO_PLANS];
    it->extent = halo->extent;
    it->low = halo->low;
    it->high = halo->high;
    it->wraps = halo->wraps;
    make_plan(it);
    return it;
}

/* The message between this rank and a peer, which is begun where there is none. Neighbours are few. */
static halo_message *message_of(halo_messages *messages, int peer) {
    for (int i = 0; i < messages->count; i++)
        if (messages->at[i].peer == peer) return &messages->at[i];
    messages->at[messages->count] = (halo_message){.peer = peer};
    return &messages->at[messages->count++];
}

/* Calls `visit` for every transfer of every array; `data` is where its rows lie here. */
typedef void (*transfer_visitor)(halo_message *message, char *data, int64_t bytes);

static void each_transfer(int sends, transfer_visitor visit) {
    for (int64_t i = 0; i < now->halos.count; i++) {
        const pdl_halo *halo = &now->halos.halos[i];
        const halo_plan *plan = plan_of(halo);
        for (int k = 0; k < plan->count; k++) {
            const transfer *it = &plan->transfers[k];
            if (it->owner == it->needer || (it->owner == now->rank) != sends) continue;
            halo_message *message = sends ? message_of(&now->halos.sent, it->needer) : message_of(&now->halos.received, it->owner);
            visit(message, (char *)halo->data + (sends ? it->from : it->to) * halo->row_bytes, it->rows * halo->row_bytes);
        }
    }
}

static void measure(halo_message *message, char *data, int64_t bytes) {
    message->bytes += bytes;
    message->pieces++;
    message->data = data;
}

static void pack_rows(halo_message *message, char *data, int64_t bytes) {
    if (message->pieces == 1) return;
    memcpy(message->data + message->bytes, data, (size_t)bytes);
    message->bytes += bytes;
}

static void unpack_rows(halo_message *message, char *data, int64_t bytes) {
    if (message->pieces == 1) return;
    memcpy(data, message->data + message->bytes, (size_t)bytes);
    message->bytes += bytes;
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
        const pdl_halo *halo = &now->halos.halos[i];
        const halo_plan *plan = plan_of(halo);
        for (int k = 0; k < plan->count; k++) {
            const transfer *it = &plan->transfers[k];
            if (it->owner != it->needer) continue;
            char *data = halo->data;
            memcpy(data + it->to * halo->row_bytes, data + it->from * halo->row_bytes, (size_t)(it->rows * halo->row_bytes));
        }
    }
}

/* As many messages each way as there are transfers at most. */
static void open_messages(int64_t count, const pdl_halo *arrays) {
    halos *it = &now->halos;
    int64_t head = count * (int64_t)sizeof *arrays, most = 0;
    for (int64_t i = 0; i < count; i++) most += plan_of(&arrays[i])->count;
    char *room = pdl_allocate(head + 2 * most * (int64_t)sizeof(halo_message));
    it->is_open = 1;
    it->count = count;
    it->halos = memcpy(room, arrays, (size_t)head);
    it->sent = (halo_messages){.at = (halo_message *)(room + head)};
    it->received = (halo_messages){.at = it->sent.at + most};
}

void pdl_exchange_start(int64_t count, const pdl_halo *arrays) {
    halos *it = &now->halos;
    count_call(EXCHANGE, 0, MPI_BYTE);
    open_messages(count, arrays);
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
    pdl_release(it->halos);
    it->is_open = 0;
}

void pdl_exchange(int64_t count, const pdl_halo *halos) {
    pdl_exchange_start(count, halos);
    pdl_exchange_finish();
}

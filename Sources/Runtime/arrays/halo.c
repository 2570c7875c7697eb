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

static void make_plan(halo_plan *plan) {
    plan->count = 0;
    for (int r = 0; r < now->ranks; r++) {
        int64_t begin = block_begin(plan->extent, r), end = block_begin(plan->extent, r + 1);
        if (begin == end) continue;
        plan_rows(plan, r, begin - plan->low, begin);
        plan_rows(plan, r, end, end + plan->high);
    }
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

/* Calls `visit` for every transfer of every array; `data` is where its rows lie here. */
typedef void (*transfer_visitor)(halo_message *message, char *data, int64_t bytes);

static void each_transfer(int sends, transfer_visitor visit) {
    for (int64_t i = 0; i < now->halos.count; i++) {
        const pdl_halo *halo = &now->halos.halos[i];
        const halo_plan *plan = plan_of(halo);
        for (int k = 0; k < plan->count; k++) {
            const transfer *it = &plan->transfers[k];
            if (it->owner == it->needer || (it->owner == now->rank) != sends) continue;
            halo_message *message = sends ? &now->halos.sent[it->needer] : &now->halos.received[it->owner];
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
static void give_buffers(halo_message *messages, int starts_anew) {
    for (int r = 0; r < now->ranks; r++) {
        if (messages[r].pieces < 2) continue;
        messages[r].data = pdl_allocate(messages[r].bytes);
        if (starts_anew) messages[r].bytes = 0;
    }
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

void pdl_exchange_start(int64_t count, const pdl_halo *halos) {
    int64_t head = count * (int64_t)sizeof *halos, tables = now->ranks * (int64_t)sizeof(halo_message);
    char *room = pdl_allocate(head + 2 * tables);
    count_call(EXCHANGE, 0, MPI_BYTE);
    now->halos.is_open = 1;
    now->halos.count = count;
    now->halos.halos = memcpy(room, halos, (size_t)head);
    now->halos.sent = memset(room + head, 0, (size_t)(2 * tables));
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
    pdl_release(now->halos.halos);
    now->halos.is_open = 0;
}

void pdl_exchange(int64_t count, const pdl_halo *halos) {
    pdl_exchange_start(count, halos);
    pdl_exchange_finish();
}

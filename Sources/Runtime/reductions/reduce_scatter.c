/* Reductions of larger arrays: every rank combines one slice of the elements, of all nodes; that is reduce_scatter. Gathering the
 * slices makes it a reduce, sharing them an allreduce, with about twice the array's bytes on the wire however many ranks. */

typedef struct { int64_t nodes; tree_node node[NODES]; } node_list;
_Static_assert(sizeof(node_list) == 2056, "what explain says of large parts");

/* Every rank's list of nodes, on every rank. */
static node_list *share_nodes(const pdl_part *part) {
    node_list own = {.nodes = part->nodes}, *lists = pdl_allocate(now->ranks * (int64_t)sizeof own);
    memcpy(own.node, part->node, (size_t)part->nodes * sizeof(tree_node));
    MPI_Allgather(&own, sizeof own, MPI_BYTE, lists, sizeof own, MPI_BYTE, now->communicator);
    return lists;
}

/* Rank r gets the elements cut[r]..cut[r + 1] of every node of every rank, in the order of the tree. */
static char *exchange_slices(const pdl_part *part, const node_list *lists, const int64_t *cut) {
    int64_t size = part->element_size, mine = (cut[now->rank + 1] - cut[now->rank]) * size, total = 0;
    for (int r = 0; r < now->ranks; r++) total += lists[r].nodes;
    char *slices = pdl_allocate(total * mine), *next = slices;
    requests open = {0};
    for (int r = 0; r < now->ranks; r++) {
        for (int64_t k = 0; k < lists[r].nodes; k++, next += mine) {
            if (r == now->rank) {
                memcpy(next, value_of(part, (int)k) + cut[r] * size, (size_t)mine);
            } else {
                post_receive(&open, next, mine, r);
            }
        }
    }
    for (int step = 1; step < now->ranks; step++) {
        int to = (now->rank + step) % now->ranks;
        for (int k = 0; k < part->nodes; k++) {
            post_send(&open, value_of(part, k) + cut[to] * size, (cut[to + 1] - cut[to]) * size, to);
        }
    }
    complete(&open);
    return slices;
}

/* cut[r]: the first element that rank r combines; cut[now->ranks] is their count. */
static void reduce_slices(const pdl_part *part, const int64_t *cut, char *out) {
    node_list *lists = share_nodes(part);
    char *slices = exchange_slices(part, lists, cut), *next = slices;
    pdl_part *whole = closed_part(part, cut[now->rank + 1] - cut[now->rank]);
    now->failure.awaited = now->ranks > 1; /* for its slice */
    for (int r = 0; r < now->ranks; r++) {
        for (int64_t k = 0; k < lists[r].nodes; k++, next += whole->node_bytes) push_node(whole, lists[r].node[k], next);
    }
    finish(whole, out);
    now->failure.awaited = 0;
    pdl_release(slices);
    pdl_release(lists);
}

void pdl_reduce_scatter(pdl_part *part, void *out, int64_t extent, int64_t row_bytes) {
    if (now->ranks == 1) {
        pdl_part_fold(part, out);
        return;
    }
    int64_t *cut = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *cut);
    for (int r = 0; r <= now->ranks; r++) cut[r] = pdl_block_begin(extent, now->ranks, r) * (row_bytes / part->element_size);
    reduce_slices(part, cut, out);
    pdl_release(cut);
}

/* The combination of a larger array, by slices as even as can be: on all ranks, or on rank 0. */
static void combine_large(const pdl_part *part, char *out, run_mover move) {
    int64_t *cut = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *cut);
    for (int r = 0; r <= now->ranks; r++) {
        cut[r] = part->count / now->ranks * r + (part->count % now->ranks) * r / now->ranks;
    }
    char *slice = pdl_allocate((cut[now->rank + 1] - cut[now->rank]) * part->element_size);
    reduce_slices(part, cut, slice);
    for (int r = 0; r <= now->ranks; r++) cut[r] *= part->element_size;
    move(slice, out, cut);
    pdl_release(slice);
    pdl_release(cut);
}

void pdl_allreduce(int64_t count, pdl_part *const *parts, void *const *outs) {
    enum { FEW_PARTS = 16 }; /* of those nothing is allocated */
    pdl_part *few[FEW_PARTS], **small = few;
    void *few_outs[FEW_PARTS], **small_outs = few_outs;
    if (count > FEW_PARTS) {
        small = pdl_allocate(count * (int64_t)sizeof *small);
        small_outs = pdl_allocate(count * (int64_t)sizeof *small_outs);
    }
    int smalls = 0;
    for (int64_t i = 0; i < count; i++) {
        if (now->ranks == 1) {
            pdl_part_fold(parts[i], outs[i]);
        } else if (parts[i]->node_bytes > SMALL_NODE) {
            combine_large(parts[i], outs[i], allgather_runs);
        } else {
            small[smalls] = parts[i];
            small_outs[smalls++] = outs[i];
        }
    }
    if (smalls > 0) combine_small(smalls, small, small_outs);
    if (count > FEW_PARTS) {
        pdl_release(small);
        pdl_release(small_outs);
    }
}

void pdl_reduce(pdl_part *part, void *out) {
    if (now->ranks == 1) {
        pdl_part_fold(part, out);
    } else if (part->node_bytes > SMALL_NODE) {
        combine_large(part, out, gather_runs);
    } else {
        combine_small(1, (pdl_part *const[]){part}, (void *const[]){now->rank == 0 ? out : NULL});
    }
}

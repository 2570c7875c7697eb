/* Slices along a divided axis: result index p is operand index lower + p * step, and each belongs to the rank whose block it is, or,
 * when the result is not divided, to all. */

typedef struct {
    int64_t lower, step, count;
} cut;

static cut cut_of(const pdl_array *operands, int axis) {
    int64_t bounds[3];
    for (int i = 0; i < 3; i++) bounds[i] = *(const int64_t *)operands[1 + 3 * axis + i].data;
    cut it = {bounds[0], bounds[2], 0};
    int64_t length = it.step > 0 ? bounds[1] - bounds[0] : bounds[0] - bounds[1], stride = it.step > 0 ? it.step : -it.step;
    if (length > 0) it.count = (length - 1) / stride + 1;
    return it;
}

/* Fails at the first element, in row-major order as axes are written, that lies outside: every rank finds the same. `first`: where
 * the first axis is written. */
static void check_cuts(const pdl_array *operand, const cut *cuts, int first, const pdl_place *place) {
    for (int axis = 0; axis < operand->axes; axis++)
        if (cuts[axis].count == 0) return;
    for (int axis = 0; axis < operand->axes; axis++) {
        int stored = axis == first ? 0 : axis < first ? axis + 1 : axis;
        int64_t lower = cuts[stored].lower, extent = operand->extents[stored];
        if (lower < 0 || lower >= extent) pdl_fail_index(place, lower, extent, axis);
    }
    /* The first element lies inside; the innermost axis is the first to leave. */
    for (int axis = operand->axes - 1; axis >= 0; axis--) {
        int stored = axis == first ? 0 : axis < first ? axis + 1 : axis;
        cut it = cuts[stored];
        int64_t extent = operand->extents[stored], last = it.lower + (it.count - 1) * it.step;
        if (last >= extent)
            pdl_fail_index(place, it.lower + (extent - it.lower + it.step - 1) / it.step * it.step, extent, axis);
    }
}

/* The result's indices [first, end) whose elements `rank` holds. */
typedef struct { int64_t first, end; } span;

static span held_span(cut it, int64_t extent, int rank) {
    int64_t begin = block_begin(extent, rank), end = block_begin(extent, rank + 1);
    if (begin == end || it.count == 0) return (span){0, 0};
    int64_t stride = it.step > 0 ? it.step : -it.step;
    /* How far from the first element to where this block is entered, and where it is left. */
    int64_t enter = it.step > 0 ? begin - it.lower : it.lower - end + 1, leave = it.step > 0 ? end - it.lower : it.lower - begin + 1;
    int64_t first = enter <= 0 ? 0 : (enter - 1) / stride + 1, last = leave <= 0 ? 0 : (leave - 1) / stride + 1;
    return (span){clamped(first, 0, it.count), clamped(last, 0, it.count)};
}

static span common_span(span a, span b) {
    span both = {a.first > b.first ? a.first : b.first, a.end < b.end ? a.end : b.end};
    if (both.end < both.first) both.end = both.first;
    return both;
}

/* Where the parts of a slice come from and go to. Boxes have the result's axes, padded in front to four. */
typedef struct {
    size_t size;
    int64_t whole[4];                    /* the result's extents */
    int axis;                            /* its divided one; the operand's when the result is whole, or its first where that goes */
    const char *from;
    int64_t from_offset, from_steps[4];  /* in elements: where result index 0 would be in what this rank holds; one step along each axis */
    int stays;                           /* whether the operand's divided axis is the result's */
    cut along;                           /* the cut of the operand's divided axis, and its extent */
    int64_t extent;
} slicing;

static span span_of_holder(const slicing *s, int rank) {
    if (s->stays) return held_span(s->along, s->extent, rank);
    int64_t begin = block_begin(s->extent, rank), end = block_begin(s->extent, rank + 1);
    int holds = begin <= s->along.lower && s->along.lower < end;
    return (span){0, holds ? s->whole[s->axis] : 0};
}

static span span_of_owner(const slicing *s, int rank) {
    int64_t extent = s->whole[s->axis];
    return (span){block_begin(extent, rank), block_begin(extent, rank + 1)};
}

/* The box of the result's indices in `part`; returns its bytes. */
static int64_t part_box(const slicing *s, span part, int64_t *extents) {
    int64_t bytes = (int64_t)s->size;
    for (int axis = 0; axis < 4; axis++) {
        extents[axis] = axis == s->axis ? part.end - part.first : s->whole[axis];
        bytes *= extents[axis];
    }
    return bytes;
}

/* Copies a part out of what this rank holds; returns its bytes. */
static int64_t copy_held(const slicing *s, span part, char *to, const int64_t *to_strides) {
    int64_t extents[4], packed[4], bytes = part_box(s, part, extents);
    if (bytes == 0) return 0;
    strides_of(extents, packed);
    int64_t offset = s->from_offset + part.first * s->from_steps[s->axis];
    box_copy it = {s->size, extents, to_strides != NULL ? to_strides : packed, s->from_steps};
    copy_box(&it, to, s->from + offset * (int64_t)s->size);
    return bytes;
}

/* Sends every rank what it owns of the result and this rank holds, and puts what arrives in its place in `out`. */
static void move_parts(const slicing *s, char *out) {
    int64_t own_extents[4], strides[4], extents[4], packed[4], sent = 0, received = 0;
    span own = span_of_owner(s, now->rank), held = span_of_holder(s, now->rank);
    part_box(s, own, own_extents);
    strides_of(own_extents, strides);
    int64_t row = strides[s->axis] * (int64_t)s->size;
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    for (int r = 0; r < now->ranks; r++) {
        send[r] = sent;
        receive[r] = received;
        if (r == now->rank) continue;
        sent += part_box(s, common_span(held, span_of_owner(s, r)), extents);
        received += part_box(s, common_span(span_of_holder(s, r), own), extents);
    }
    send[now->ranks] = sent;
    receive[now->ranks] = received;
    char *outgoing = pdl_allocate(sent), *arrived = pdl_allocate(received);
    for (int r = 0; r < now->ranks; r++) {
        span part = common_span(held, span_of_owner(s, r));
        if (r == now->rank) {
            copy_held(s, part, out + (part.first - own.first) * row, strides);
        } else {
            copy_held(s, part, outgoing + send[r], NULL);
        }
    }
    exchange(outgoing, send, arrived, receive);
    for (int r = 0; r < now->ranks; r++) {
        span part = common_span(span_of_holder(s, r), own);
        if (r == now->rank || part_box(s, part, extents) == 0) continue;
        strides_of(extents, packed);
        copy_box(&(box_copy){s->size, extents, strides, packed}, out + (part.first - own.first) * row, arrived + receive[r]);
    }
    pdl_release(arrived);
    pdl_release(outgoing);
    pdl_release(send);
}

static int holder_of(const slicing *s) {
    int rank = 0;
    while (rank < now->ranks - 1 && block_begin(s->extent, rank + 1) <= s->along.lower) rank++;
    return rank;
}

/* Sends every rank the whole slice. */
static void place_parts(const slicing *s, char *out) {
    int64_t extents[4], strides[4], packed[4];
    span held = span_of_holder(s, now->rank);
    int64_t bytes = part_box(s, (span){0, s->whole[s->axis]}, extents);
    strides_of(extents, strides);
    if (!s->stays) {
        copy_held(s, held, out, NULL);
        bcast_from(holder_of(s), out, bytes);
        return;
    }
    int64_t *begin = pdl_allocate((now->ranks + 1) * (int64_t)sizeof *begin), outer = 1;
    begin[0] = 0;
    for (int r = 0; r < now->ranks; r++) begin[r + 1] = begin[r] + part_box(s, span_of_holder(s, r), extents);
    for (int axis = 0; axis < s->axis; axis++) outer *= s->whole[axis];
    /* Where parts lie one after the other in the whole, they arrive in their places. */
    int in_order = outer == 1 && s->along.step > 0;
    char *own = pdl_allocate(run_bytes(begin, now->rank)), *arrived = in_order ? out : pdl_allocate(bytes);
    copy_held(s, held, own, NULL);
    allgather_runs(own, arrived, begin);
    for (int r = 0; r < now->ranks && !in_order; r++) {
        span part = span_of_holder(s, r);
        if (part_box(s, part, extents) == 0) continue;
        strides_of(extents, packed);
        char *to = out + part.first * strides[s->axis] * (int64_t)s->size;
        copy_box(&(box_copy){s->size, extents, strides, packed}, to, arrived + begin[r]);
    }
    if (!in_order) pdl_release(arrived);
    pdl_release(own);
    pdl_release(begin);
}

void pdl_array_slice(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    const pdl_array *operand = &operands[0];
    pdl_array *result = &results[0];
    cut cuts[4];
    for (int axis = 0; axis < operand->axes; axis++) cuts[axis] = cut_of(operands, axis);
    check_cuts(operand, cuts, (int)attributes[operand->axes], place);
    int divided = divided_axis(operand), padding = 4 - result->axes, kept = padding;
    slicing s = {.axis = padding, .size = pdl_element_size(operand->element), .whole = {1, 1, 1, 1}, .from = operand->data,
                 .stays = (int)attributes[divided], .along = cuts[divided],
                 .extent = operand->extents[divided]};
    int64_t stride = 1, strides[4];
    for (int axis = operand->axes - 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= held_extent(operand, axis);
        s.from_offset += (cuts[axis].lower - held_begin(operand, axis)) * strides[axis];
    }
    for (int axis = 0; axis < operand->axes; axis++) {
        if (!attributes[axis]) continue;
        if (axis == divided) s.axis = kept;
        result->extents[kept - padding] = s.whole[kept] = cuts[axis].count;
        s.from_steps[kept++] = cuts[axis].step * strides[axis];
    }
    if (!is_divided(result)) {
        place_parts(&s, allocate_result(result));
        return;
    }
    s.axis = divided_axis(result) + padding;
    move_parts(&s, allocate_result(result));
}

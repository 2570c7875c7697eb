/* Axes in another order, and cut otherwise. What a rank needs of other ranks travels packed in the result's order, so that the receiver
 * copies whole rows. Axes are padded in front to four. */

typedef struct {
    size_t size;
    const pdl_array *operand, *result;
    int order[4]; /* result axis k is operand axis order[k] */
} transposition;

static transposition transposition_of(const pdl_array *operand, const pdl_array *result, const int64_t *attributes) {
    transposition t = {.size = pdl_element_size(operand->element), .operand = operand, .result = result};
    int padding = 4 - operand->axes;
    for (int axis = 0; axis < 4; axis++) t.order[axis] = axis < padding ? axis : (int)attributes[axis - padding] + padding;
    return t;
}

/* The indices that a rank holds of each axis, padded in front to four. */
static void indices_of(const pdl_array *array, int rank, indices *box) {
    int padding = 4 - array->axes;
    for (int axis = 0; axis < padding; axis++) box[axis] = (indices){0, 1};
    for (int axis = 0; axis < array->axes; axis++) box[axis + padding] = share_of(array, axis, rank);
}

/* How far apart neighbours along each axis lie in what this rank holds. */
static void memory_strides(const pdl_array *array, const indices *box, int64_t *strides) {
    int64_t extents[4];
    for (int axis = 0; axis < 4; axis++) extents[axis] = length(box[axis]);
    if (is_over_grid(array)) extents[4 - array->axes + 1] += 2 * now->program->grid_margin;
    strides_of(extents, strides);
}

static indices common(indices a, indices b) {
    indices both = {a.begin > b.begin ? a.begin : b.begin, a.end < b.end ? a.end : b.end};
    if (both.end < both.begin) both.end = both.begin;
    return both;
}

/* What two boxes have in common, and how many elements that is. */
static int64_t common_box(const indices *held, const indices *wanted, indices *box) {
    int64_t count = 1;
    for (int k = 0; k < 4; k++) {
        box[k] = common(held[k], wanted[k]);
        count *= length(box[k]);
    }
    return count;
}

/* What this rank holds of the operand, or of the result: its axes in the result's order. */
typedef struct {
    char *data;
    indices own[4];
    int64_t strides[4];
} laid_out;

static laid_out in_order(const pdl_array *array, char *data, const int *order) {
    laid_out it = {.data = data};
    indices box[4];
    int64_t strides[4];
    indices_of(array, now->rank, box);
    memory_strides(array, box, strides);
    for (int k = 0; k < 4; k++) {
        it.own[k] = box[order[k]];
        it.strides[k] = strides[order[k]];
    }
    return it;
}

/* Copies a box, given in the result's order, between packed bytes and where it lies. */
static void copy_packed(size_t size, const indices *box, const laid_out *where, char *packed, int packs) {
    int64_t extents[4], dense[4], offset = 0;
    for (int k = 0; k < 4; k++) {
        extents[k] = length(box[k]);
        offset += (box[k].begin - where->own[k].begin) * where->strides[k];
    }
    strides_of(extents, dense);
    char *data = where->data + offset * (int64_t)size;
    if (packs) {
        copy_box(&(box_copy){size, extents, dense, where->strides}, packed, data);
    } else {
        copy_box(&(box_copy){size, extents, where->strides, dense}, data, packed);
    }
}

/* What a rank holds of the operand, in the result's order. */
static void held_in_order(const transposition *t, int rank, indices *held) {
    indices box[4];
    indices_of(t->operand, rank, box);
    for (int k = 0; k < 4; k++) held[k] = box[t->order[k]];
}

/* Each rank to each other what that one needs of it. */
static void exchange_boxes(const transposition *t, const laid_out *from, const laid_out *to) {
    indices other[4], box[4];
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    send[0] = receive[0] = 0;
    for (int r = 0; r < now->ranks; r++) {
        indices_of(t->result, r, other);
        send[r + 1] = send[r] + common_box(from->own, other, box) * (int64_t)t->size;
        held_in_order(t, r, other);
        receive[r + 1] = receive[r] + common_box(other, to->own, box) * (int64_t)t->size;
    }
    char *packed = pdl_allocate(send[now->ranks]), *arrived = pdl_allocate(receive[now->ranks]);
    for (int r = 0; r < now->ranks; r++) {
        indices_of(t->result, r, other);
        if (common_box(from->own, other, box) > 0) copy_packed(t->size, box, from, packed + send[r], 1);
    }
    exchange(packed, send, arrived, receive);
    for (int r = 0; r < now->ranks; r++) {
        held_in_order(t, r, other);
        if (common_box(other, to->own, box) > 0) copy_packed(t->size, box, to, arrived + receive[r], 0);
    }
    pdl_release(arrived);
    pdl_release(packed);
    pdl_release(send);
}

/* Whether every rank has all that it needs. */
static int stays_where_it_is(const transposition *t) {
    if (now->ranks == 1 || !is_divided(t->operand)) return 1;
    if (is_over_grid(t->operand) || is_over_grid(t->result)) return 0;
    int padding = 4 - t->operand->axes;
    return t->order[divided_axis(t->result) + padding] == divided_axis(t->operand) + padding;
}

void pdl_array_transpose(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    static const int plain[4] = {0, 1, 2, 3};
    transposition t = transposition_of(&operands[0], &results[0], attributes);
    char *out = allocate_result(&results[0]);
    laid_out from = in_order(&operands[0], operands[0].data, t.order), to = in_order(&results[0], out, plain);
    if (stays_where_it_is(&t)) {
        int64_t extents[4];
        for (int k = 0; k < 4; k++) extents[k] = length(to.own[k]);
        copy_box(&(box_copy){t.size, extents, to.strides, from.strides}, out, from.data);
    } else {
        exchange_boxes(&t, &from, &to);
    }
}

/* Axes in another order. What a rank needs of other ranks travels packed in the result's order, so that the receiver copies
 * whole rows. Axes are padded in front to four. */

typedef struct {
    size_t size;
    const char *data;
    int64_t from[4]; /* extents of what this rank holds of the operand */
    int64_t from_strides[4];
    int order[4];    /* result axis k is operand axis order[k] */
    int64_t to[4];   /* extents of what this rank holds of the result */
    int divided;     /* the operand axis along which the operand is cut, or -1, and its extent */
    int64_t along;
    int cut;         /* the operand axis along which the result is cut, or 0, and its extent */
    int64_t rows;
} transposition;

static transposition transposition_of(const pdl_array *operand, const pdl_array *result, const int64_t *attributes) {
    transposition t = {.size = pdl_element_size(operand->element), .data = operand->data, .divided = divided_axis(operand)};
    int padding = 4 - operand->axes;
    if (t.divided >= 0) {
        t.cut = (int)attributes[divided_axis(result)];
        t.rows = operand->extents[t.cut];
        t.along = operand->extents[t.divided];
        t.cut += padding;
        t.divided += padding;
    }
    for (int axis = 0; axis < 4; axis++) t.order[axis] = axis < padding ? axis : (int)attributes[axis - padding] + padding;
    held_box(operand, t.from);
    held_box(result, t.to);
    strides_of(t.from, t.from_strides);
    return t;
}

/* Copies the part of the operand whose index along the axis `cut` is in [first, first + length), in the result's order, to `to`. */
static int64_t pack_box(const transposition *t, int64_t first, int64_t length, char *to) {
    int64_t extents[4], from_strides[4], to_strides[4];
    for (int k = 0; k < 4; k++) {
        extents[k] = t->order[k] == t->cut ? length : t->from[t->order[k]];
        from_strides[k] = t->from_strides[t->order[k]];
    }
    strides_of(extents, to_strides);
    copy_box(&(box_copy){t->size, extents, to_strides, from_strides}, to, t->data + first * t->from_strides[t->cut] * (int64_t)t->size);
    return extents[0] * to_strides[0] * (int64_t)t->size;
}

/* Puts the messages of all ranks in their places: each is a box of the result, all of it but along the result's axis `axis`. */
static void unpack_boxes(const transposition *t, int axis, const char *arrived, const int64_t *begin, char *out) {
    int64_t extents[4], to_strides[4], from_strides[4];
    memcpy(extents, t->to, sizeof extents);
    strides_of(t->to, to_strides);
    for (int r = 0; r < now->ranks; r++) {
        extents[axis] = block_length(t->along, r);
        strides_of(extents, from_strides);
        copy_box(&(box_copy){t->size, extents, to_strides, from_strides},
                 out + block_begin(t->along, r) * to_strides[axis] * (int64_t)t->size, arrived + begin[r]);
    }
}

/* Between ranks, where the operand and the result are cut along different axes. */
static void exchange_boxes(const transposition *t, char *out) {
    /* To each rank its rows of the result, as far as this rank has them. */
    int64_t begin = 0;
    char *packed = pdl_allocate(product_of(t->from, 0, 4) * (int64_t)t->size);
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    for (int r = 0; r < now->ranks; r++) {
        send[r] = begin;
        begin += pack_box(t, block_begin(t->rows, r), block_length(t->rows, r), packed + begin);
    }
    send[now->ranks] = begin;
    int axis = 0;
    while (t->order[axis] != t->divided) axis++;
    int64_t line = (int64_t)t->size;
    for (int k = 0; k < 4; k++)
        if (k != axis) line *= t->to[k];
    for (int r = 0; r <= now->ranks; r++) receive[r] = line * block_begin(t->along, r);
    char *arrived = pdl_allocate(receive[now->ranks]);
    exchange(packed, send, arrived, receive);
    unpack_boxes(t, axis, arrived, receive, out);
    pdl_release(arrived);
    pdl_release(send);
    pdl_release(packed);
}

/* ---- From or to a grid of ranks ---- */

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
static void held_in_order(const transposition *t, const pdl_array *operand, int rank, indices *held) {
    indices box[4];
    indices_of(operand, rank, box);
    for (int k = 0; k < 4; k++) held[k] = box[t->order[k]];
}

static void exchange_over_grid(const transposition *t, const pdl_array *operand, const pdl_array *result, char *out) {
    static const int plain[4] = {0, 1, 2, 3};
    laid_out from = in_order(operand, (char *)t->data, t->order), to = in_order(result, out, plain);
    indices other[4], box[4];
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    send[0] = receive[0] = 0;
    for (int r = 0; r < now->ranks; r++) {
        indices_of(result, r, other);
        send[r + 1] = send[r] + common_box(from.own, other, box) * (int64_t)t->size;
        held_in_order(t, operand, r, other);
        receive[r + 1] = receive[r] + common_box(other, to.own, box) * (int64_t)t->size;
    }
    char *packed = pdl_allocate(send[now->ranks]), *arrived = pdl_allocate(receive[now->ranks]);
    for (int r = 0; r < now->ranks; r++) {
        indices_of(result, r, other);
        if (common_box(from.own, other, box) > 0) copy_packed(t->size, box, &from, packed + send[r], 1);
    }
    exchange(packed, send, arrived, receive);
    for (int r = 0; r < now->ranks; r++) {
        held_in_order(t, operand, r, other);
        if (common_box(other, to.own, box) > 0) copy_packed(t->size, box, &to, arrived + receive[r], 0);
    }
    pdl_release(arrived);
    pdl_release(packed);
    pdl_release(send);
}

void pdl_array_transpose(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    transposition t = transposition_of(&operands[0], &results[0], attributes);
    char *out = allocate_result(&results[0]);
    if (is_over_grid(&operands[0]) || is_over_grid(&results[0])) {
        exchange_over_grid(&t, &operands[0], &results[0], out);
        return;
    }
    if (t.divided < 0 || t.divided == t.cut || now->ranks == 1) {
        pack_box(&t, 0, t.from[t.cut], out);
    } else {
        exchange_boxes(&t, out);
    }
}

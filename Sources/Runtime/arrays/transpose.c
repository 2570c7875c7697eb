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

void pdl_array_transpose(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    transposition t = transposition_of(&operands[0], &results[0], attributes);
    char *out = allocate_result(&results[0]);
    if (t.divided < 0 || t.divided == t.cut || now->ranks == 1) {
        pack_box(&t, 0, t.from[t.cut], out);
    } else {
        exchange_boxes(&t, out);
    }
}

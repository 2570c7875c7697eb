/* Axes in another order. The result is divided along its first axis; what a rank needs of other ranks travels packed in the
 * result's order, so that the receiver copies whole rows. */

typedef struct {
    int64_t from[4];      /* extents of what this rank holds of the operand, padded */
    int64_t from_strides[4];
    int order[4];         /* result axis k is operand axis order[k], padded */
    size_t size;
} transposition;

/* Copies the part of the operand whose index along operand axis `cut` is in [first, first + length), in the result's order, to `to`. */
static int64_t pack_box(const transposition *t, const char *data, int cut, int64_t first, int64_t length, char *to) {
    int64_t extents[4], from_strides[4], to_strides[4];
    for (int k = 0; k < 4; k++) {
        extents[k] = t->order[k] == cut ? length : t->from[t->order[k]];
        from_strides[k] = t->from_strides[t->order[k]];
    }
    strides_of(extents, to_strides);
    copy_box(t->size, to, to_strides, data + first * t->from_strides[cut] * (int64_t)t->size, from_strides, extents);
    return extents[0] * to_strides[0] * (int64_t)t->size;
}

void pdl_array_transpose(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)place;
    const pdl_array *operand = &operands[0];
    int axes = operand->axes, padding = 4 - axes;
    transposition t = {.size = pdl_element_size(operand->element)};
    int64_t begin = 0;
    for (int axis = 0; axis < 4; axis++) {
        t.from[axis] = axis < padding ? 1 : operand->extents[axis - padding];
        t.order[axis] = axis < padding ? axis : (int)attributes[axis - padding] + padding;
    }
    int divided = operand->divided < 0 ? -1 : operand->divided + padding;
    if (divided >= 0) t.from[divided] = block_length(t.from[divided], now->rank);
    strides_of(t.from, t.from_strides);
    char *out = allocate_result(&results[0]);
    int cut = t.order[padding];
    if (divided < 0 || divided == cut || now->ranks == 1) {
        pack_box(&t, operand->data, cut, 0, t.from[cut], out);
        return;
    }
    /* To each rank its rows of the result, as far as this rank has them. */
    int64_t rows = operand->extents[cut - padding], bytes = (int64_t)t.size;
    for (int axis = 0; axis < 4; axis++) bytes *= t.from[axis];
    char *packed = pdl_allocate(bytes);
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    for (int r = 0; r < now->ranks; r++) {
        send[r] = begin;
        begin += pack_box(&t, operand->data, cut, block_begin(rows, r), block_length(rows, r), packed + begin);
    }
    send[now->ranks] = begin;
    int64_t own = block_length(rows, now->rank), along = operand->extents[operand->divided], line = (int64_t)t.size;
    for (int axis = 0; axis < axes; axis++)
        if (axis != operand->divided && axis != cut - padding) line *= operand->extents[axis];
    for (int r = 0; r <= now->ranks; r++) receive[r] = own * line * block_begin(along, r);
    char *arrived = pdl_allocate(receive[now->ranks]);
    exchange(packed, send, arrived, receive);
    /* Each message is a box of the result: all of it but along the axis that the operand is divided by. */
    int64_t extents[4], to_strides[4], from_strides[4];
    int position = 0;
    for (int k = 0; k < 4; k++) {
        extents[k] = k < padding ? 1 : k == padding ? own : results[0].extents[k - padding];
        if (t.order[k] == divided) position = k;
    }
    strides_of(extents, to_strides);
    for (int r = 0; r < now->ranks; r++) {
        extents[position] = block_length(along, r);
        strides_of(extents, from_strides);
        copy_box(t.size, out + block_begin(along, r) * to_strides[position] * (int64_t)t.size, to_strides,
                 arrived + receive[r], from_strides, extents);
    }
    pdl_release(arrived);
    pdl_release(send);
    pdl_release(packed);
}

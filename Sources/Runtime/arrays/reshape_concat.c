/* reshape and concat. */

/* ---- reshape: the elements in row-major order under other extents ---- */

_Noreturn static void fail_reshape(const pdl_array *operand, const pdl_array *result, const pdl_place *place) {
    char message[256];
    int64_t count = whole_elements(operand);
    int length = snprintf(message, sizeof message, "`reshape`: %lld elements do not fill [", (long long)count);
    for (int axis = 0; axis < result->axes; axis++)
        length += snprintf(message + length, sizeof message - (size_t)length, "%s%lld", axis > 0 ? ", " : "", (long long)result->extents[axis]);
    snprintf(message + length, sizeof message - (size_t)length, "]");
    pdl_fail(place, message);
}

/* Whether the result's extents make `count` elements. */
static int fills(const pdl_array *result, int64_t count) {
    int64_t product = 1;
    for (int axis = 0; axis < result->axes; axis++)
        if (result->extents[axis] < 0 || __builtin_mul_overflow(product, result->extents[axis], &product)) return 0;
    return product == count;
}

/* Elements keep their order: runs of them go from the blocks that they lie in to those that they belong to. */
static void move_elements(const pdl_array *operand, pdl_array *result, int64_t size) {
    int64_t from = operand->extents[divided_axis(operand)], to = result->extents[divided_axis(result)];
    int64_t from_row = row_elements(operand) * size, to_row = row_elements(result) * size;
    int64_t *send = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *send), *receive = send + now->ranks + 1;
    int64_t from_begin = block_begin(from, now->rank) * from_row, from_end = block_begin(from, now->rank + 1) * from_row;
    int64_t to_begin = block_begin(to, now->rank) * to_row, to_end = block_begin(to, now->rank + 1) * to_row;
    for (int r = 0; r <= now->ranks; r++) {
        send[r] = clamped(block_begin(to, r) * to_row, from_begin, from_end) - from_begin;
        receive[r] = clamped(block_begin(from, r) * from_row, to_begin, to_end) - to_begin;
    }
    exchange(operand->data, send, allocate_result(result), receive);
    pdl_release(send);
}

void pdl_array_reshape(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes;
    const pdl_array *operand = &operands[0];
    pdl_array *result = &results[0];
    for (int axis = 0; axis < result->axes; axis++) result->extents[axis] = *(const int64_t *)operands[1 + axis].data;
    int64_t count = whole_elements(operand);
    if (!fills(result, count)) fail_reshape(operand, result, place);
    int64_t size = (int64_t)pdl_element_size(operand->element);
    if (!is_divided(operand) || now->ranks == 1) {
        /* The operand has no room for the rows around the result. */
        if (result->margin > 0) {
            memcpy(allocate_result(result), operand->data, (size_t)(count * size));
        } else {
            pdl_retain(operand->data);
            result->data = operand->data;
        }
        return;
    }
    move_elements(operand, result, size);
}

/* ---- concat: one array after the other along an axis ---- */

/* Elements that this rank holds for each index of the axes before `axis`. */
static int64_t held_run(const pdl_array *array, int axis) {
    return held_product(array, axis, array->axes);
}

/* This rank has what it puts together. */
static void concat_held(pdl_array *result, const pdl_array *operands, int axis, int count) {
    int64_t size = (int64_t)pdl_element_size(result->element), run = held_run(result, axis) * size, place = 0;
    int64_t runs = held_product(result, 0, axis);
    for (int i = 0; i < count; i++) {
        int64_t own = held_run(&operands[i], axis) * size;
        for (int64_t r = 0; r < runs; r++) memcpy((char *)result->data + r * run + place, (const char *)operands[i].data + r * own, (size_t)own);
        place += own;
    }
}

/* Along the divided axis: each operand is spread over the blocks of the result that it lies in. */
static void concat_moved(pdl_array *result, const pdl_array *operands, int axis, int count) {
    int padding = 4 - result->axes;
    int64_t before = 0;
    for (int i = 0; i < count; i++) {
        const pdl_array *operand = &operands[i];
        slicing s = {.size = pdl_element_size(result->element), .whole = {1, 1, 1, 1}, .from = operand->data, .axis = axis + padding,
                     .stays = 1, .along = {-before, 1, result->extents[axis]}, .extent = operand->extents[axis]};
        int64_t stride = 1;
        for (int k = result->axes - 1; k >= 0; k--) {
            s.whole[k + padding] = result->extents[k];
            s.from_steps[k + padding] = stride;
            if (k == axis) s.from_offset = -(before + block_begin(s.extent, now->rank)) * stride;
            stride *= k == axis ? block_length(s.extent, now->rank) : operand->extents[k];
        }
        move_parts(&s, result->data);
        before += s.extent;
    }
}

void pdl_array_concat(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    int axis = (int)attributes[0], count = (int)attributes[1];
    pdl_array *result = &results[0];
    for (int k = 0; k < result->axes; k++) {
        result->extents[k] = operands[0].extents[k];
        for (int i = 1; i < count; i++) {
            int64_t extent = operands[i].extents[k];
            if (k == axis) {
                result->extents[k] += extent;
            } else if (extent != operands[0].extents[k]) {
                pdl_fail_extent(place, "the arrays of `concat`", operands[0].extents[k], extent);
            }
        }
    }
    allocate_result(result);
    if (result->cuts[axis] != PDL_CUT_WHOLE && now->ranks > 1) {
        concat_moved(result, operands, axis, count);
    } else {
        concat_held(result, operands, axis, count);
    }
}

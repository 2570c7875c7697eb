/* x[idx] of a scattered x, second half: rows travel as the plan says, and every rank picks its own. */

/* to[i] = the row at rows[i] of `own`, or at ~rows[i] of `arrived`. */
#define PICK(type)                                                                                                     \
    static void pick_##type(type *to, const int64_t *rows, int64_t count, const type *own, const type *arrived) {      \
        for (int64_t i = 0; i < count; i++) {                                                                           \
            int64_t row = rows[i];                                                                                      \
            const type *from = row < 0 ? arrived : own;                                                                 \
            to[i] = from[row < 0 ? ~row : row];                                                                         \
        }                                                                                                               \
    }
PICK(uint8_t)
PICK(uint32_t)
PICK(uint64_t)
PICK(wide)

typedef struct {
    const char *own, *arrived;
    int64_t row_bytes;
} rows_at_hand;

#define PICK_OF(type) pick_##type((type *)to, rows, count, (const type *)from->own, (const type *)from->arrived)
static void pick(char *to, const int64_t *rows, int64_t count, const rows_at_hand *from) {
    int64_t bytes = from->row_bytes;
    switch (bytes) {
    case 1: PICK_OF(uint8_t); break;
    case 4: PICK_OF(uint32_t); break;
    case 8: PICK_OF(uint64_t); break;
    case 16: PICK_OF(wide); break;
    default:
        for (int64_t i = 0; i < count; i++)
            memcpy(to + i * bytes, rows[i] < 0 ? from->arrived + ~rows[i] * bytes : from->own + rows[i] * bytes, (size_t)bytes);
    }
}

void pdl_array_gather(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes;
    const pdl_array *x = &operands[0], *index = &operands[1];
    int64_t *words = operands[2].data;
    int64_t count = held_elements(index);
    if (words[PLAN_SPEAKER] == now->rank) pdl_fail_index(place, words[PLAN_BAD_INDEX], x->extents[0], 0);
    if (words[PLAN_SPEAKER] < now->ranks) wait_for_the_end();
    gather_plan p = gather_plan_of(words, count);
    for (int axis = 0; axis < index->axes; axis++) results[0].extents[axis] = index->extents[axis];
    int64_t row_bytes = (int64_t)pdl_element_size(x->element);
    for (int axis = 1; axis < x->axes; axis++) row_bytes *= results[0].extents[index->axes + axis - 1] = x->extents[axis];
    char *out = allocate_result(&results[0]);
    rows_at_hand rows = {.own = x->data, .row_bytes = row_bytes};
    if (now->ranks == 1) {
        pick(out, p.positions, count, &rows);
        return;
    }
    int64_t *begins = pdl_allocate(2 * (now->ranks + 1) * (int64_t)sizeof *begins), *receive = begins + now->ranks + 1;
    scale(p.send_begin, row_bytes, begins);
    scale(p.receive_begin, row_bytes, receive);
    char *packed = pdl_allocate(begins[now->ranks]), *arrived = pdl_allocate(receive[now->ranks]);
    pick(packed, p.send_rows, p.send_begin[now->ranks], &rows);
    exchange(packed, begins, arrived, receive);
    rows.arrived = arrived;
    pick(out, p.positions, count, &rows);
    pdl_release(arrived);
    pdl_release(packed);
    pdl_release(begins);
}

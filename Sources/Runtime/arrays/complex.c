/* Complex numbers are two arrays, of their parts. Files and people have them in one piece. */

#define COMPLEX_PIECES(type)                                                                                            \
    static void interleave_##type(type *whole, const type *real, const type *imaginary, int64_t count) {                \
        for (int64_t k = 0; k < count; k++) {                                                                           \
            whole[2 * k] = real[k];                                                                                     \
            whole[2 * k + 1] = imaginary[k];                                                                            \
        }                                                                                                               \
    }                                                                                                                   \
    static void separate_##type(type *real, type *imaginary, const type *whole, int64_t count) {                        \
        for (int64_t k = 0; k < count; k++) {                                                                           \
            real[k] = whole[2 * k];                                                                                     \
            imaginary[k] = whole[2 * k + 1];                                                                            \
        }                                                                                                               \
    }
COMPLEX_PIECES(float)
COMPLEX_PIECES(double)

void pdl_array_interleave(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes, (void)place;
    /* What rank 0 alone has. */
    if (operands[0].data == NULL) return;
    int64_t count = held_elements(&operands[0]);
    allocate_result(&results[0]);
    if (operands[0].element == PDL_F32) {
        interleave_float(results[0].data, operands[0].data, operands[1].data, count);
    } else {
        interleave_double(results[0].data, operands[0].data, operands[1].data, count);
    }
}

void pdl_array_separate(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes, (void)place;
    int64_t count = held_elements(&operands[0]);
    for (int half = 0; half < 2; half++) allocate_result(&results[half]);
    if (operands[0].element == PDL_C64) {
        separate_float(results[0].data, results[1].data, operands[0].data, count);
    } else {
        separate_double(results[0].data, results[1].data, operands[0].data, count);
    }
}

/* Fourier transforms of the lines along an axis that is whole on every rank. CNumerics/fft.c has the method. */

/* The lines that this rank holds. */
static pdl_fft lines_along(const pdl_array *array, int axis) {
    pdl_fft job = {.n = array->extents[axis], .taken = array->extents[axis], .given = array->extents[axis]};
    job.outer = held_product(array, 0, axis);
    job.inner = held_product(array, axis + 1, array->axes);
    job.single = array->element == PDL_F32;
    return job;
}

static void transform(pdl_fft *job, const pdl_array *operands, pdl_array *results, const pdl_place *place) {
    job->re = operands[0].data;
    job->to_re = results[0].data;
    if (!pdl_fft_run(job)) pdl_fail(place, "out of memory");
}

static void transform_complex(pdl_fft job, const pdl_array *operands, pdl_array *results, const pdl_place *place) {
    job.im = operands[1].data;
    allocate_result(&results[0]);
    job.to_im = allocate_result(&results[1]);
    transform(&job, operands, results, place);
}

void pdl_array_fft(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    transform_complex(lines_along(&operands[0], (int)attributes[0]), operands, results, place);
}

void pdl_array_ifft(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    pdl_fft job = lines_along(&operands[0], (int)attributes[0]);
    job.inverse = 1;
    transform_complex(job, operands, results, place);
}

void pdl_array_rfft(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    pdl_fft job = lines_along(&operands[0], (int)attributes[0]);
    job.given = job.n / 2 + 1;
    for (int half = 0; half < 2; half++) {
        results[half].extents[attributes[0]] = job.given;
        allocate_result(&results[half]);
    }
    job.to_im = results[1].data;
    transform(&job, operands, results, place);
}

void pdl_array_irfft(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    int axis = (int)attributes[0];
    int64_t n = *(const int64_t *)operands[2].data;
    pdl_fft job = lines_along(&operands[0], axis);
    if (n < 1 || job.taken != n / 2 + 1) pdl_fail_extent(place, "`irfft`: the transform of a real line of that length", n / 2 + 1, job.taken);
    job.given = job.n = n;
    job.inverse = 1;
    job.im = operands[1].data;
    results[0].extents[axis] = n;
    allocate_result(&results[0]);
    transform(&job, operands, results, place);
}

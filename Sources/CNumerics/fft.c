/* The discrete Fourier transform. The same operations in the same order for every line, whoever transforms it and however many lines go
 * together: no library promises the same bits on all processors.
 *
 * A length is cut into factors up to 31, for each of which a pass of Stockham's method goes over the data; a length with a larger prime
 * becomes a convolution (Bluestein's chirps) of a length that has none. Lines are transformed PDL_FFT_LANES together, with an element of each side
 * by side in a vector. A long line is a matrix: its columns are transformed, turned, then its rows, PDL_FFT_LANES of them together. */
#include "pdl_fft.h"
#include <stdlib.h>
#include <string.h>

enum { LONG_LINE = 4096 };

/* Where a line begins in an array with lines of that length: they lie side by side along the axes inside, one after the other along those
 * outside. */
static int64_t begin_of(const pdl_fft *it, int64_t line, int64_t extent) {
    return line / it->inner * extent * it->inner + line % it->inner;
}

/* Elements of lines between an array and a buffer, in which those of one line lie `apart`. A loop over a number of lines that the compiler
 * knows has no branches. */
#define EACH_ELEMENT(length, statement)                                                                                 \
    for (int64_t k = 0; k < (length); k++) {                                                                            \
        if (count == PDL_FFT_LANES) {                                                                                   \
            for (int l = 0; l < PDL_FFT_LANES; l++) statement;                                                          \
        } else {                                                                                                        \
            for (int l = 0; l < count; l++) statement;                                                                  \
        }                                                                                                               \
    }
#define MOVE_LINES(type)                                                                                                \
    static void take_##type(double *to, int64_t apart, const type *from, const int64_t *begin, const pdl_fft *it, int64_t count) { \
        int64_t inner = it->inner;                                                                                      \
        EACH_ELEMENT(it->taken, to[k * apart + l] = from == NULL ? 0 : from[begin[l] + k * inner])                      \
    }                                                                                                                   \
    static void give_##type(type *to, const double *from, int64_t apart, const int64_t *begin, const pdl_fft *it, int64_t count) { \
        int64_t inner = it->inner;                                                                                      \
        double scale = it->inverse ? 1.0 / (double)it->n : 1;                                                           \
        if (to == NULL) return;                                                                                         \
        EACH_ELEMENT(it->given, to[begin[l] + k * inner] = (type)(from[k * apart + l] * scale))                         \
    }
MOVE_LINES(float)
MOVE_LINES(double)

/* What is left of lines of which half is there: the conjugates of that half, as transforms of real lines have them. */
static void mirror(double *re, double *im, int64_t apart, const pdl_fft *it, int64_t count) {
    for (int64_t l = 0; l < count; l++) {
        im[l] = 0;
        if (it->n % 2 == 0) im[it->n / 2 * apart + l] = 0;
    }
    for (int64_t k = it->taken; k < it->n; k++)
        for (int64_t l = 0; l < count; l++) {
            re[k * apart + l] = re[(it->n - k) * apart + l];
            im[k * apart + l] = -im[(it->n - k) * apart + l];
        }
}

/* So many lines from one on, and the buffer of their real and imaginary parts. */
typedef struct {
    int64_t first, count;
    double *re, *im;
    int64_t apart;
} batch;

static void take_lines(const pdl_fft *it, batch of) {
    int64_t begin[PDL_FFT_LANES];
    for (int64_t l = 0; l < of.count; l++) begin[l] = begin_of(it, of.first + l, it->taken);
    if (it->single) {
        take_float(of.re, of.apart, it->re, begin, it, of.count);
        take_float(of.im, of.apart, it->im, begin, it, of.count);
    } else {
        take_double(of.re, of.apart, it->re, begin, it, of.count);
        take_double(of.im, of.apart, it->im, begin, it, of.count);
    }
    if (it->taken < it->n) mirror(of.re, of.im, of.apart, it, of.count);
}

static void give_lines(const pdl_fft *it, batch of) {
    int64_t begin[PDL_FFT_LANES];
    for (int64_t l = 0; l < of.count; l++) begin[l] = begin_of(it, of.first + l, it->given);
    if (it->single) {
        give_float(it->to_re, of.re, of.apart, begin, it, of.count);
        give_float(it->to_im, of.im, of.apart, begin, it, of.count);
    } else {
        give_double(it->to_re, of.re, of.apart, begin, it, of.count);
        give_double(it->to_im, of.im, of.apart, begin, it, of.count);
    }
}

/* The inverse transform is that with real and imaginary parts exchanged. */
static void transform_short(const pdl_fft *it, const pdl_fft_plan *way, pdl_lanes *data, pdl_lanes *spare) {
    int64_t count = it->outer * it->inner, half = pdl_fft_room(way), re = it->inverse ? half : 0;
    for (int64_t first = 0; first < count; first += PDL_FFT_LANES) {
        batch lines = {.first = first, .count = pdl_fft_together(count - first), .apart = PDL_FFT_LANES};
        lines.re = (double *)(data + re);
        lines.im = (double *)(data + half - re);
        take_lines(it, lines);
        pdl_fft_lines(way, &data, &spare);
        lines.re = (double *)(data + re);
        lines.im = (double *)(data + half - re);
        give_lines(it, lines);
    }
}

static void transform_long(const pdl_fft *it, const pdl_fft_plan *way, double *line, pdl_lanes *buffers) {
    int64_t n = it->n, count = it->outer * it->inner, re = it->inverse ? n : 0;
    for (int64_t own = 0; own < count; own++) {
        take_lines(it, (batch){own, 1, line + re, line + n - re, 1});
        pdl_fft_matrix(way, line, buffers);
        give_lines(it, (batch){own, 1, line + 2 * n + re, line + 3 * n - re, 1});
    }
}

/* Of lines without elements the half that is wanted has one: a sum of nothing. */
static int give_nothing(const pdl_fft *it) {
    size_t bytes = (size_t)(it->outer * it->given * it->inner) * (it->single ? sizeof(float) : sizeof(double));
    if (bytes > 0 && it->to_re != NULL) memset(it->to_re, 0, bytes);
    if (bytes > 0 && it->to_im != NULL) memset(it->to_im, 0, bytes);
    return 1;
}

int pdl_fft_run(const pdl_fft *it) {
    if (it->n == 0 || it->outer == 0 || it->inner == 0) return give_nothing(it);
    pdl_fft_plan *way = pdl_fft_plan_new(it->n, LONG_LINE);
    if (way == NULL) return 0;
    int64_t length = way->rows != NULL ? way->rows->n : pdl_fft_room(way);
    pdl_lanes *room = calloc((size_t)(4 * length), sizeof *room);
    double *line = way->rows != NULL ? malloc((size_t)(4 * it->n) * sizeof *line) : NULL;
    int done = room != NULL && (way->rows == NULL || line != NULL);
    if (done && way->rows != NULL) {
        transform_long(it, way, line, room);
    } else if (done) {
        transform_short(it, way, room, room + 2 * length);
    }
    free(line);
    free(room);
    pdl_fft_plan_free(way);
    return done;
}

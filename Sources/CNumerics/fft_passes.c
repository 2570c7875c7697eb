/* Fourier transforms of lines, PDL_FFT_LANES of them together, by the passes of their plan. */
#include "pdl_fft.h"
#include <string.h>

/* A pass takes the elements p + j rest, j < radix, of a line to the elements radix p + k; what the passes before have left of a line are
 * `stride` lines, side by side. */

typedef struct {
    const pdl_lanes *re, *im;
    pdl_lanes *to_re, *to_im;
    int64_t rest, stride;
} step;

/* (x + iy) (u + iv) */
#define TURN(re, im, x, y, u, v)                                                                                        \
    do {                                                                                                                \
        pdl_lanes turn_x = (x), turn_y = (y);                                                                               \
        (re) = turn_x * (u) - turn_y * (v);                                                                             \
        (im) = turn_x * (v) + turn_y * (u);                                                                             \
    } while (0)

static void pass_2(const pdl_fft_pass *it, step s) {
    int64_t apart = s.rest * s.stride, stride = s.stride;
    for (int64_t p = 0; p < s.rest; p++) {
        double u = it->turns[2 * p], v = it->turns[2 * p + 1];
        const pdl_lanes *re = s.re + p * stride, *im = s.im + p * stride;
        pdl_lanes *x = s.to_re + 2 * p * stride, *y = s.to_im + 2 * p * stride;
        for (int64_t q = 0; q < stride; q++) {
            pdl_lanes a = re[q], b = re[q + apart], c = im[q], d = im[q + apart];
            x[q] = a + b;
            y[q] = c + d;
            TURN(x[q + stride], y[q + stride], a - b, c - d, u, v);
        }
    }
}

static void pass_4(const pdl_fft_pass *it, step s) {
    int64_t apart = s.rest * s.stride, stride = s.stride;
    for (int64_t p = 0; p < s.rest; p++) {
        const double *w = it->turns + 6 * p;
        const pdl_lanes *re = s.re + p * stride, *im = s.im + p * stride;
        pdl_lanes *x = s.to_re + 4 * p * stride, *y = s.to_im + 4 * p * stride;
        for (int64_t q = 0; q < stride; q++) {
            pdl_lanes ar = re[q] + re[q + 2 * apart], ai = im[q] + im[q + 2 * apart];
            pdl_lanes br = re[q] - re[q + 2 * apart], bi = im[q] - im[q + 2 * apart];
            pdl_lanes cr = re[q + apart] + re[q + 3 * apart], ci = im[q + apart] + im[q + 3 * apart];
            pdl_lanes dr = re[q + apart] - re[q + 3 * apart], di = im[q + apart] - im[q + 3 * apart];
            x[q] = ar + cr;
            y[q] = ai + ci;
            TURN(x[q + stride], y[q + stride], br + di, bi - dr, w[0], w[1]);
            TURN(x[q + 2 * stride], y[q + 2 * stride], ar - cr, ai - ci, w[2], w[3]);
            TURN(x[q + 3 * stride], y[q + 3 * stride], br - di, bi + dr, w[4], w[5]);
        }
    }
}

/* The elements k and radix - k of an odd radix, whose factors are conjugates. */
static void odd_pair(const pdl_fft_pass *it, const step *s, int64_t p, int64_t k) {
    int64_t radix = it->radix, apart = s->rest * s->stride, stride = s->stride;
    const double *turns = it->turns + 2 * p * (radix - 1), *w = turns + 2 * (k - 1), *v = turns + 2 * (radix - k - 1);
    const pdl_lanes *re = s->re + p * stride, *im = s->im + p * stride;
    pdl_lanes *x = s->to_re + radix * p * stride, *y = s->to_im + radix * p * stride;
    for (int64_t q = 0; q < stride; q++) {
        pdl_lanes even_re = re[q], even_im = im[q], odd_re = {0}, odd_im = {0};
        for (int64_t j = 1; j <= radix / 2; j++) {
            const double *f = it->roots + 2 * (j * k % radix);
            pdl_lanes one_re = re[q + j * apart], one_im = im[q + j * apart];
            pdl_lanes two_re = re[q + (radix - j) * apart], two_im = im[q + (radix - j) * apart];
            even_re += (one_re + two_re) * f[0];
            even_im += (one_im + two_im) * f[0];
            odd_re += (one_re - two_re) * f[1];
            odd_im += (one_im - two_im) * f[1];
        }
        TURN(x[q + k * stride], y[q + k * stride], even_re - odd_im, even_im + odd_re, w[0], w[1]);
        int64_t other = q + (radix - k) * stride;
        TURN(x[other], y[other], even_re + odd_im, even_im - odd_re, v[0], v[1]);
    }
}

static void pass_odd(const pdl_fft_pass *it, step s) {
    int64_t radix = it->radix, apart = s.rest * s.stride;
    for (int64_t p = 0; p < s.rest; p++) {
        for (int64_t q = p * s.stride; q < (p + 1) * s.stride; q++) {
            pdl_lanes sum_re = s.re[q], sum_im = s.im[q];
            for (int64_t j = 1; j < radix; j++) sum_re += s.re[q + j * apart], sum_im += s.im[q + j * apart];
            int64_t to = q + (radix - 1) * p * s.stride;
            s.to_re[to] = sum_re;
            s.to_im[to] = sum_im;
        }
        for (int64_t k = 1; k <= radix / 2; k++) odd_pair(it, &s, p, k);
    }
}

/* Every pass goes from one buffer to the other; `data` is where the result is. */
void pdl_fft_passes(const pdl_fft_plan *it, pdl_lanes **data, pdl_lanes **spare) {
    int64_t stride = 1;
    for (int k = 0; k < it->passes; k++) {
        const pdl_fft_pass *own = &it->pass[k];
        step s = {*data, *data + it->n, *spare, *spare + it->n, own->rest, stride};
        if (own->radix == 4) {
            pass_4(own, s);
        } else if (own->radix == 2) {
            pass_2(own, s);
        } else {
            pass_odd(own, s);
        }
        stride *= own->radix;
        pdl_lanes *swap = *data;
        *data = *spare;
        *spare = swap;
    }
}

static void turn_all(pdl_lanes *re, pdl_lanes *im, const double *points, int64_t n) {
    for (int64_t k = 0; k < n; k++) TURN(re[k], im[k], re[k], im[k], points[2 * k], points[2 * k + 1]);
}

/* A transform is a convolution with a chirp between two products with it: exp(-2πi jk/n) has jk = (j² + k² - (j - k)²) / 2. */
static void run_convolution(const pdl_fft_plan *it, pdl_lanes **data, pdl_lanes **spare) {
    int64_t n = it->n, m = it->convolution->n;
    double scale = 1.0 / (double)m;
    turn_all(*data, *data + m, it->chirp, n);
    memset(*data + n, 0, (size_t)(m - n) * sizeof **data);
    memset(*data + m + n, 0, (size_t)(m - n) * sizeof **data);
    pdl_fft_passes(it->convolution, data, spare);
    turn_all(*data, *data + m, it->chirps, m);
    /* The inverse transform is that of the conjugates. */
    for (int64_t k = m; k < 2 * m; k++) (*data)[k] = -(*data)[k];
    pdl_fft_passes(it->convolution, data, spare);
    for (int64_t k = 0; k < n; k++) (*data)[k] *= scale, (*data)[m + k] *= -scale;
    turn_all(*data, *data + m, it->chirp, n);
}

void pdl_fft_lines(const pdl_fft_plan *it, pdl_lanes **data, pdl_lanes **spare) {
    if (it->convolution != NULL) {
        run_convolution(it, data, spare);
    } else {
        pdl_fft_passes(it, data, spare);
    }
}

/* ---- Long lines ---- */

/* Lines of doubles: the first elements of neighbouring ones are `next` apart, the elements of each `apart`. */
typedef struct {
    double *first;
    int64_t count, next, apart;
} side;

static void take_lanes(pdl_lanes *to, side from, int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        pdl_lanes x = {0};
        for (int64_t l = 0; l < from.count; l++) x[l] = from.first[l * from.next + k * from.apart];
        to[k] = x;
    }
}

static void give_lanes(side to, const pdl_lanes *from, int64_t n) {
    for (int64_t k = 0; k < n; k++)
        for (int64_t l = 0; l < to.count; l++) to.first[l * to.next + k * to.apart] = from[k][l];
}

/* Lines of one matrix become those of another, of real and of imaginary parts, which stand half of each matrix apart. */
static void transform_side(const pdl_fft_plan *it, side from, side to, int64_t half, pdl_lanes *buffers) {
    pdl_lanes *data = buffers, *spare = buffers + 2 * it->n;
    side imaginary = from, to_imaginary = to;
    imaginary.first += half;
    to_imaginary.first += half;
    take_lanes(data, from, it->n);
    take_lanes(data + it->n, imaginary, it->n);
    pdl_fft_passes(it, &data, &spare);
    give_lanes(to, data, it->n);
    give_lanes(to_imaginary, data + it->n, it->n);
}

/* Element j1 rows + j2 goes to k1 + columns k2. */
void pdl_fft_matrix(const pdl_fft_plan *it, double *line, pdl_lanes *buffers) {
    int64_t n = it->n, columns = it->columns->n, rows = it->rows->n;
    for (int64_t j = 0; j < rows; j += PDL_FFT_LANES) {
        side lines = {line + j, pdl_fft_together(rows - j), 1, rows};
        transform_side(it->columns, lines, lines, n, buffers);
    }
    for (int64_t k = 0; k < n; k++) {
        double x = line[k], y = line[n + k], u = it->between[2 * k], v = it->between[2 * k + 1];
        line[k] = x * u - y * v;
        line[n + k] = x * v + y * u;
    }
    for (int64_t k = 0; k < columns; k += PDL_FFT_LANES) {
        int64_t count = pdl_fft_together(columns - k);
        side lines = {line + k * rows, count, rows, 1}, results = {line + 2 * n + k, count, 1, columns};
        transform_side(it->rows, lines, results, n, buffers);
    }
}

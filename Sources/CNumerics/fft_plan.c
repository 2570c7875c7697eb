/* Lengths of Fourier transforms: the passes that go over the data, and the points of the circle that they turn by. */
#include "pdl_fft.h"
#include <math.h>
#include <stdlib.h>

/* 1 / (2m (2m - 1)) and 1 / (2m (2m + 1)), m = 1, 2, … */
#define EVEN(m) (1.0 / (2 * (m) * (2 * (m) - 1)))
#define ODD(m) (1.0 / (2 * (m) * (2 * (m) + 1)))
static const double evens[] = {EVEN(1), EVEN(2), EVEN(3), EVEN(4), EVEN(5), EVEN(6), EVEN(7), EVEN(8), EVEN(9)};
static const double odds[] = {ODD(1), ODD(2), ODD(3), ODD(4), ODD(5), ODD(6), ODD(7), ODD(8), ODD(9)};

/* cos and sin of 2π k / n, 0 <= 8 k <= n, by their series; the angle in two doubles. */
static void octant(int64_t k, int64_t n, double *c, double *s) {
    const double turn = 6.283185307179586, rest = 2.4492935982947064e-16;
    double x = (double)k / (double)n, error = fma(-(double)n, x, (double)k) / (double)n;
    double high = turn * x, low = fma(turn, x, -high) + (turn * error + rest * x);
    double square = high * high, even = 0, odd = 0;
    for (int term = 9; term > 0; term--) {
        even = (1 - even) * (square * evens[term - 1]);
        odd = (1 - odd) * (square * odds[term - 1]);
    }
    double sine = high - high * odd, cosine = 1 - even;
    *s = sine + low * cosine;
    *c = cosine - low * sine;
}

/* exp(-2πi k / n) */
static void root(int64_t k, int64_t n, double *point) {
    double c, s;
    k %= n;
    switch (8 * k / n) {
    case 0: octant(k, n, &c, &s), point[0] = c, point[1] = -s; break;
    case 1: octant(n - 4 * k, 4 * n, &c, &s), point[0] = s, point[1] = -c; break;
    case 2: octant(4 * k - n, 4 * n, &c, &s), point[0] = -s, point[1] = -c; break;
    case 3: octant(n - 2 * k, 2 * n, &c, &s), point[0] = -c, point[1] = -s; break;
    case 4: octant(2 * k - n, 2 * n, &c, &s), point[0] = -c, point[1] = s; break;
    case 5: octant(3 * n - 4 * k, 4 * n, &c, &s), point[0] = -s, point[1] = c; break;
    case 6: octant(4 * k - 3 * n, 4 * n, &c, &s), point[0] = s, point[1] = c; break;
    default: octant(n - k, n, &c, &s), point[0] = c, point[1] = s;
    }
}

void pdl_fft_plan_free(pdl_fft_plan *it) {
    if (it == NULL) return;
    pdl_fft_plan_free(it->columns);
    pdl_fft_plan_free(it->rows);
    pdl_fft_plan_free(it->convolution);
    free(it->between);
    free(it->chirp);
    free(it->chirps);
    free(it->tables);
    free(it);
}

/* ---- Plans ---- */

/* How many factors a length has, -1 where one is too large. */
static int factors(int64_t n, int64_t *radices) {
    static const int64_t order[] = {4, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};
    int count = 0;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (; n % order[k] == 0; n /= order[k]) radices[count++] = order[k];
    return n == 1 ? count : -1;
}

static int fill_passes(pdl_fft_plan *it, const int64_t *radices) {
    int64_t room = 1, left = it->n;
    for (int k = 0; k < it->passes; k++) {
        room += 2 * (left + radices[k]);
        left /= radices[k];
    }
    double *next = it->tables = malloc((size_t)room * sizeof *next);
    if (next == NULL) return 0;
    left = it->n;
    for (int k = 0; k < it->passes; k++) {
        int64_t radix = radices[k], rest = left / radix;
        it->pass[k] = (pdl_fft_pass){.radix = radix, .rest = rest, .turns = next, .roots = next + 2 * rest * (radix - 1)};
        for (int64_t p = 0; p < rest; p++)
            for (int64_t j = 1; j < radix; j++, next += 2) root(p * j, left, next);
        for (int64_t j = 0; j < radix; j++, next += 2) root(j, radix, next);
        left = rest;
    }
    return 1;
}

/* The greatest factor whose square is at most n. */
static int64_t lesser_side(int64_t n) {
    int64_t side = 1;
    for (int64_t k = 2; k * k <= n; k++)
        if (n % k == 0) side = k;
    return side;
}

/* exp(-2πi k j / n), k < side, j < other: products of points that are far apart and of ones that lie near 1, which are few. */
static int fill_between(double *next, int64_t side, int64_t other) {
    int64_t n = side * other, shift = 0;
    while ((int64_t)1 << 2 * shift < n) shift++;
    int64_t near = (int64_t)1 << shift, far = n / near + 1;
    double *points = malloc((size_t)(2 * (near + far)) * sizeof *points), *coarse = points + 2 * near;
    if (points == NULL) return 0;
    for (int64_t k = 0; k < near; k++) root(k, n, points + 2 * k);
    for (int64_t k = 0; k < far; k++) root(k * near, n, coarse + 2 * k);
    for (int64_t k = 0; k < side; k++)
        for (int64_t j = 0; j < other; j++, next += 2) {
            const double *a = points + 2 * (k * j & (near - 1)), *b = coarse + 2 * (k * j >> shift);
            next[0] = a[0] * b[0] - a[1] * b[1];
            next[1] = a[0] * b[1] + a[1] * b[0];
        }
    free(points);
    return 1;
}

/* Element (k, j) between the columns' transforms and the rows': row k of the columns' side, by exp(-2πi k j / n). */
static int fill_matrix(pdl_fft_plan *it) {
    int64_t side = lesser_side(it->n), other = it->n / side;
    it->columns = pdl_fft_plan_new(side, INT64_MAX);
    it->rows = pdl_fft_plan_new(other, INT64_MAX);
    it->between = malloc((size_t)(2 * it->n) * sizeof *it->between);
    if (it->columns == NULL || it->rows == NULL || it->between == NULL) return 0;
    return fill_between(it->between, side, other);
}

/* The least length without large primes that two lines of n elements that meet fit in. */
static int64_t convolution_length(int64_t n) {
    int64_t best = INT64_MAX;
    for (int64_t five = 1; five < 4 * n; five *= 5)
        for (int64_t three = five; three < 4 * n; three *= 3) {
            int64_t length = three;
            while (length < 2 * n - 1) length *= 2;
            if (length < best) best = length;
        }
    return best;
}

/* chirp: exp(-πi k² / n); chirps: the transform of its conjugate, which goes both ways from 0. */
static int fill_chirps(pdl_fft_plan *it) {
    int64_t n = it->n, m = it->convolution->n, square = 0; /* k² modulo 2n */
    pdl_lanes *room = calloc((size_t)(4 * m), sizeof *room), *data = room, *spare = room + 2 * m;
    it->chirp = malloc((size_t)(2 * n) * sizeof *it->chirp);
    it->chirps = malloc((size_t)(2 * m) * sizeof *it->chirps);
    if (room == NULL || it->chirp == NULL || it->chirps == NULL) {
        free(room);
        return 0;
    }
    for (int64_t k = 0; k < n; k++) {
        double *point = it->chirp + 2 * k;
        root(square, 2 * n, point);
        int64_t back = k > 0 ? m - k : 0;
        data[k][0] = data[back][0] = point[0];
        data[m + k][0] = data[m + back][0] = -point[1];
        square = (square + 2 * k + 1) % (2 * n);
    }
    pdl_fft_passes(it->convolution, &data, &spare);
    for (int64_t k = 0; k < m; k++) it->chirps[2 * k] = data[k][0], it->chirps[2 * k + 1] = data[m + k][0];
    free(room);
    return 1;
}

pdl_fft_plan *pdl_fft_plan_new(int64_t n, int64_t longest) {
    int64_t radices[PDL_FFT_PASSES];
    pdl_fft_plan *it = calloc(1, sizeof *it);
    if (it == NULL) return NULL;
    it->n = n;
    it->passes = factors(n, radices);
    int done = 0;
    if (it->passes >= 0) {
        done = n > longest ? fill_matrix(it) : fill_passes(it, radices);
    } else {
        it->convolution = pdl_fft_plan_new(convolution_length(n), INT64_MAX);
        done = it->convolution != NULL && fill_chirps(it);
    }
    if (done) return it;
    pdl_fft_plan_free(it);
    return NULL;
}

/* NPB EP, class W: 2^25 pairs in chunks of 4096. Every chunk's loops are simple enough for gcc's vectoriser and libmvec's log. */
#include "bench.h"
#include <stdint.h>

enum { CHUNK = 4096, RINGS = 10 };
static const int64_t mask = (1LL << 46) - 1, a = 1220703125, seed = 271828183;

static int64_t power(int64_t base, int64_t count) {
    int64_t result = 1;
    for (; count > 0; count /= 2, base = (uint64_t)base * base & mask) {
        if (count % 2 == 1) result = (uint64_t)result * base & mask;
    }
    return result;
}

static int64_t low[CHUNK];

static void chunk(long h, double *sx, double *sy, double *rings) {
    static double far[CHUNK];
    uint64_t start = (uint64_t)power(a, 2L * CHUNK * h) * seed & mask;
    const double scale = 0x1p-45;
    double x_sum = 0, y_sum = 0;
    for (int k = 0; k < CHUNK; k++) {
        uint64_t first = (((uint64_t)low[k] * start) & mask) * a & mask, second = first * a & mask;
        double x = (double)(int64_t)first * scale - 1, y = (double)(int64_t)second * scale - 1, t = x * x + y * y;
        double factor = t <= 1 ? sqrt(-2 * log(t) / t) : 0;
        double gx = x * factor, gy = y * factor;
        x_sum += gx;
        y_sum += gy;
        far[k] = t <= 1 ? fmax(fabs(gx), fabs(gy)) : -1;
    }
    *sx += x_sum;
    *sy += y_sum;
    for (int ring = 0; ring < 6; ring++) {
        long found = 0;
        for (int k = 0; k < CHUNK; k++) found += far[k] >= ring && far[k] < ring + 1;
        rings[ring] += (double)found;
    }
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long chunks = (1L << 25) / CHUNK;
    double all[2 + RINGS];
    for (int k = 0; k < CHUNK; k++) low[k] = power(a, 2 * k);
    for (int r = 0; r < 6; r++) {
        double started = MPI_Wtime(), own[2 + RINGS] = {0};
        for (long h = first(chunks, rank); h < first(chunks, rank + 1); h++) chunk(h, own, own + 1, own + 2);
        MPI_Allreduce(own, all, 2 + RINGS, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        seconds(started);
    }
    if (rank == 0) {
        printf("answer %.17g %.17g", all[0], all[1]);
        for (int ring = 0; ring < 6; ring++) printf(" %.0f", all[2 + ring]);
        printf("\n");
    }
    MPI_Finalize();
}

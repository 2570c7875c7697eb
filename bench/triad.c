/* a = b + s·c on 2^25 numbers, the STREAM triad. */
#include "bench.h"
#include <immintrin.h>

/* Past the caches: what is written need not be read first. */
static void stream(double *restrict a, const double *restrict b, const double *restrict c, long count) {
    long i = 0;
    for (; i + 4 <= count; i += 4) _mm256_stream_pd(a + i, (__m256d)(load(b + i) + four(3.0) * load(c + i)));
    for (; i < count; i++) a[i] = b[i] + 3.0 * c[i];
    _mm_sfence();
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 25, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict a = array(count, sizeof *a), *restrict b = array(count, sizeof *b), *restrict c = array(count, sizeof *c);
    for (long i = 0; i < count; i++) a[i] = 0, b[i] = 1 + 0.5 * cos(lo + i), c[i] = 1 + 0.5 * sin(lo + i);
    for (int r = 0; r < 12; r++) {
        double started = MPI_Wtime();
        if (expert) stream(a, b, c, count);
        else
            for (long i = 0; i < count; i++) a[i] = b[i] + 3.0 * c[i];
        MPI_Barrier(MPI_COMM_WORLD);
        seconds(started);
    }
    double sum = 0;
    for (long i = 0; i < count; i++) sum += a[i];
    sum = total(sum);
    if (rank == 0) printf("answer %.17g\n", sum);
    MPI_Finalize();
}

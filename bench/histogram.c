/* 2^26 numbers into 256 bins. */
#include "bench.h"
#include <immintrin.h>

enum { BINS = 256 };

static void plain_count(const double *x, long count, long *own) {
    for (long i = 0; i < count; i++) {
        long bin = (long)(x[i] * BINS);
        own[bin < 0 ? 0 : bin > BINS - 1 ? BINS - 1 : bin]++;
    }
}

/* Vectors of indices, held between the ends as floats, and eight tables, so that neighbours of one value do not wait for each other. */
static void expert_count(const double *x, long count, long *own) {
    static uint32_t table[8][BINS];
    memset(table, 0, sizeof table);
    const __m256d scale = _mm256_set1_pd(BINS), most = _mm256_set1_pd(BINS - 1), least = _mm256_setzero_pd();
    long i = 0;
    for (; i + 8 <= count; i += 8) {
        int bin[8];
        for (int half = 0; half < 2; half++) {
            __m256d place = _mm256_mul_pd(_mm256_loadu_pd(x + i + 4 * half), scale);
            place = _mm256_max_pd(_mm256_min_pd(place, most), least);
            _mm_storeu_si128((__m128i *)(bin + 4 * half), _mm256_cvttpd_epi32(place));
        }
        for (int k = 0; k < 8; k++) table[k][bin[k]]++;
    }
    plain_count(x + i, count - i, own);
    for (int k = 0; k < 8; k++)
        for (int b = 0; b < BINS; b++) own[b] += table[k][b];
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo, h[256];
    double *restrict x = array(count, sizeof *x);
    for (long i = 0; i < count; i++) x[i] = ((lo + i) * 2654435761 % 4294967296) / 4294967296.0;
    for (int r = 0; r < 8; r++) {
        double started = MPI_Wtime();
        long own[BINS] = {0};
        if (expert) expert_count(x, count, own);
        else plain_count(x, count, own);
        MPI_Allreduce(own, h, BINS, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
        seconds(started);
    }
    long sum = 0;
    for (int b = 0; b < 256; b++) sum += h[b];
    if (rank == 0) printf("answer %ld %ld %ld %ld\n", h[0], h[17], h[255], sum);
    MPI_Finalize();
}

/* Running totals of 2^26 numbers: every rank's total, one message, and one pass that adds up. */
#include "bench.h"
#include <immintrin.h>

/* Prefixes inside of a register in two steps, written past the caches. */
static void expert_totals(const double *restrict x, double *restrict totals, long count, double before) {
    __m256d carry = _mm256_set1_pd(before), zero = _mm256_setzero_pd();
    long i = 0;
    for (; i + 4 <= count; i += 4) {
        __m256d v = _mm256_loadu_pd(x + i);
        v = _mm256_add_pd(v, _mm256_blend_pd(_mm256_permute4x64_pd(v, 0x90), zero, 1));
        v = _mm256_add_pd(v, _mm256_blend_pd(_mm256_permute4x64_pd(v, 0x40), zero, 3));
        _mm256_stream_pd(totals + i, _mm256_add_pd(v, carry));
        carry = _mm256_add_pd(carry, _mm256_permute4x64_pd(v, 0xff));
    }
    before = carry[0];
    for (; i < count; i++) totals[i] = before += x[i];
    _mm_sfence();
}

static double expert_sum(const double *x, long count) {
    quad sum[8] = {0};
    long i = 0;
    for (; i + 32 <= count; i += 32)
        for (int k = 0; k < 8; k++) sum[k] += load(x + i + 4 * k);
    double rest = 0;
    for (; i < count; i++) rest += x[i];
    for (int k = 0; k < 8; k++) rest += total_of(sum[k]);
    return rest;
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict x = array(count, sizeof *x), *restrict totals = array(count, sizeof *totals), last = 0;
    for (long i = 0; i < count; i++) x[i] = (lo + i) % 1009 / 1009.0;
    for (int r = 0; r < 8; r++) {
        double started = MPI_Wtime(), sum = 0, before = 0;
        if (ranks > 1) {
            if (expert) sum = rank + 1 < ranks ? expert_sum(x, count) : 0;
            else
                for (long i = 0; i < count; i++) sum += x[i];
            MPI_Exscan(&sum, &before, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
            if (rank == 0) before = 0;
        }
        if (expert) expert_totals(x, totals, count, before);
        else
            for (long i = 0; i < count; i++) totals[i] = before += x[i];
        seconds(started);
        double most = -INFINITY, all;
        for (long i = 0; i < count; i++) most = totals[i] > most ? totals[i] : most;
        MPI_Allreduce(&most, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        last += all;
    }
    if (rank == 0) printf("answer %.17g\n", last);
    MPI_Finalize();
}

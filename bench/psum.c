/* The sum of 2^26 numbers in memory. */
#include "bench.h"

static double plain_sum(const double *x, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) sum += x[i];
    return sum;
}

/* Eight sums side by side, none of which waits for another. */
static double expert_sum(const double *x, long count) {
    quad sum[8] = {0};
    long i = 0;
    for (; i + 32 <= count; i += 32)
        for (int k = 0; k < 8; k++) sum[k] += load(x + i + 4 * k);
    double rest = plain_sum(x + i, count - i);
    for (int k = 0; k < 8; k++) rest += total_of(sum[k]);
    return rest;
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict a = array(count, sizeof *a), answer = 0;
    for (long i = 0; i < count; i++) a[i] = 1 + 0.5 * cos(lo + i);
    for (int r = 0; r < 12; r++) {
        double started = MPI_Wtime();
        answer = total(expert ? expert_sum(a, count) : plain_sum(a, count));
        seconds(started);
    }
    if (rank == 0) printf("answer %.17g\n", answer);
    MPI_Finalize();
}

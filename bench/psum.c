/* The sum of 2^26 numbers in memory. */
#include "bench.h"

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict a = array(count, sizeof *a), answer = 0;
    for (long i = 0; i < count; i++) a[i] = 1 + 0.5 * cos(lo + i);
    for (int r = 0; r < 12; r++) {
        double started = MPI_Wtime(), sum = 0;
        for (long i = 0; i < count; i++) sum += a[i];
        answer = total(sum);
        seconds(started);
    }
    if (rank == 0) printf("answer %.17g\n", answer);
    MPI_Finalize();
}

/* Mean, variance, least and greatest of 2^26 numbers: two passes, two messages. */
#include "bench.h"

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict x = array(count, sizeof *x), mean = 0, variance = 0, ends[2] = {0, 0};
    unsigned long state = 1 + lo;
    for (long i = 0; i < count; i++) {
        state += 0x9E3779B97F4A7C15;
        unsigned long z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        x[i] = ((z ^ (z >> 27)) >> 11) * 0x1p-53;
    }
    for (int r = 0; r < 8; r++) {
        double started = MPI_Wtime(), sum = 0, low = INFINITY, high = -INFINITY;
        for (long i = 0; i < count; i++) {
            sum += x[i];
            low = x[i] < low ? x[i] : low;
            high = x[i] > high ? x[i] : high;
        }
        double own[2] = {-low, high};
        mean = total(sum) / n;
        MPI_Allreduce(own, ends, 2, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        double squares = 0;
        for (long i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
        variance = total(squares) / n;
        seconds(started);
    }
    if (rank == 0) printf("answer %d %d %d %d\n", mean > 0.4999, variance < 0.0834, -ends[0] < 0.001, ends[1] > 0.999);
    MPI_Finalize();
}

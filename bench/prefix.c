/* Running totals of 2^26 numbers: every rank's total, one message, and one pass that adds up. */
#include "bench.h"

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict x = array(count, sizeof *x), *restrict totals = array(count, sizeof *totals), last = 0;
    for (long i = 0; i < count; i++) x[i] = (lo + i) % 1009 / 1009.0;
    for (int r = 0; r < 8; r++) {
        double started = MPI_Wtime(), sum = 0, before = 0;
        if (ranks > 1) {
            for (long i = 0; i < count; i++) sum += x[i];
            MPI_Exscan(&sum, &before, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
            if (rank == 0) before = 0;
        }
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

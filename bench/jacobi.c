/* 10 times 10 sweeps of Jacobi's method on 4096 by 4096 points, with the greatest change of each sweep. */
#include "bench.h"

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 4096, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *u = array((count + 2) * n, sizeof *u), *v = array((count + 2) * n, sizeof *v);
    for (long i = 0; i < count; i++)
        for (long j = 0; j < n; j++) u[(i + 1) * n + j] = v[(i + 1) * n + j] = lo + i == 0 ? 1.0 : 0.0;
    int up = rank > 0 ? rank - 1 : MPI_PROC_NULL, down = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    double change = 0;
    for (int r = 0; r < 10; r++) {
        double started = MPI_Wtime();
        for (int s = 0; s < 10; s++) {
            MPI_Request open[4];
            MPI_Irecv(u, (int)n, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[0]);
            MPI_Irecv(u + (count + 1) * n, (int)n, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[1]);
            MPI_Isend(u + n, (int)n, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[2]);
            MPI_Isend(u + count * n, (int)n, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[3]);
            double own = 0;
            for (int part = 0; part < 2; part++) { /* the rows inside, then those at the edges */
                if (part == 1) MPI_Waitall(4, open, MPI_STATUSES_IGNORE);
                for (long i = part == 0 ? 2 : 1; i <= count; i += part == 0 ? 1 : count > 1 ? count - 1 : 1) {
                    if (part == 0 && i == count) break;
                    if (lo + i - 1 == 0 || lo + i - 1 == n - 1) continue;
                    const double *restrict a = u + i * n;
                    double *restrict b = v + i * n;
                    for (long j = 1; j < n - 1; j++) {
                        b[j] = 0.25 * (a[j - n] + a[j + n] + a[j - 1] + a[j + 1]);
                        own = fmax(own, fabs(b[j] - a[j]));
                    }
                }
            }
            MPI_Allreduce(&own, &change, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
            double *swap = u;
            u = v;
            v = swap;
        }
        seconds(started);
    }
    double sum = 0;
    for (long k = n; k < (count + 1) * n; k++) sum += u[k];
    sum = total(sum);
    if (rank == 0) printf("answer %.17g %.17g\n", change, sum);
    MPI_Finalize();
}

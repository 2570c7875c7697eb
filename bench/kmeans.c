/* Lloyd's k-means: 10^6 points of 8 numbers, 16 centres, 10 rounds; one pass over the points and one message a round. */
#include "bench.h"

enum { D = 8, K = 16 };

static double start(long i, long j) { return (i * 7919 + j * 104729) * 31 % 1009 / 1009.0 + i % 16; }

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1000000, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double(*restrict x)[D] = array(count * D, sizeof(double)), c[K][D];
    for (long i = 0; i < count; i++)
        for (long j = 0; j < D; j++) x[i][j] = start(lo + i, j);
    for (long q = 0; q < K; q++)
        for (long j = 0; j < D; j++) c[q][j] = start(q, j);
    for (int r = 0; r < 10; r++) {
        double started = MPI_Wtime(), own[K][D + 1] = {0}, all[K][D + 1], across[D][K];
        for (int q = 0; q < K; q++)
            for (int j = 0; j < D; j++) across[j][q] = c[q][j];
        for (long i = 0; i < count; i++) {
            double far[K] = {0};
            for (int j = 0; j < D; j++)
                for (int q = 0; q < K; q++) far[q] += (x[i][j] - across[j][q]) * (x[i][j] - across[j][q]);
            int near = 0;
            for (int q = 1; q < K; q++)
                if (far[q] < far[near]) near = q;
            for (int j = 0; j < D; j++) own[near][j] += x[i][j];
            own[near][D] += 1;
        }
        MPI_Allreduce(own, all, K * (D + 1), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        for (int q = 0; q < K; q++)
            for (int j = 0; j < D; j++) c[q][j] = all[q][j] / (all[q][D] > 1 ? all[q][D] : 1);
        seconds(started);
    }
    double sum = 0;
    for (int q = 0; q < K; q++)
        for (int j = 0; j < D; j++) sum += c[q][j];
    if (rank == 0) printf("answer %.17g\n", sum);
    MPI_Finalize();
}

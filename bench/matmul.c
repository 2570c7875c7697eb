/* The product of two 2048 by 2048 matrices, divided by rows: collect b, then multiply. */
#include "bench.h"

#include <cblas.h>

enum { N = 2048, INNER = 256 };

/* Blocked for registers and caches, four rows by sixteen columns at a time. */
static void plain_product(long rows, const double *restrict a, const double *restrict b, double *restrict c) {
    static double packed[INNER * 16];
    memset(c, 0, sizeof(double) * (size_t)(rows * N));
    for (long p = 0; p < N; p += INNER)
        for (long j = 0; j < N; j += 16) {
            for (long k = 0; k < INNER; k++) memcpy(packed + k * 16, b + (p + k) * N + j, 16 * sizeof(double));
            for (long i = 0; i + 4 <= rows; i += 4) {
                double sum[4][16];
                for (int r = 0; r < 4; r++) memcpy(sum[r], c + (i + r) * N + j, sizeof sum[r]);
                for (long k = 0; k < INNER; k++)
                    for (int r = 0; r < 4; r++)
                        for (int v = 0; v < 16; v++) sum[r][v] += a[(i + r) * N + p + k] * packed[k * 16 + v];
                for (int r = 0; r < 4; r++) memcpy(c + (i + r) * N + j, sum[r], sizeof sum[r]);
            }
        }
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long lo = first(N, rank), rows = first(N, rank + 1) - lo;
    double *a = array(rows * N, sizeof *a), *b = array(rows * N, sizeof *b), *c = array(rows * N, sizeof *c);
    double *whole = array((long)N * N, sizeof *whole);
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < N; j++) {
            a[i * N + j] = ((lo + i) * 31 + j * 17) % 64 / 64.0;
            b[i * N + j] = ((lo + i) * 13 + j * 7) % 64 / 64.0;
        }
    for (int r = 0; r < 4; r++) {
        double started = MPI_Wtime();
        MPI_Allgather(b, (int)(rows * N), MPI_DOUBLE, whole, (int)(rows * N), MPI_DOUBLE, MPI_COMM_WORLD);
        if (expert) cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, N, N, 1, a, N, whole, N, 0, c, N);
        else plain_product(rows, a, whole, c);
        MPI_Barrier(MPI_COMM_WORLD);
        seconds(started);
    }
    double sum = 0, most = 0, all;
    for (long i = 0; i < rows * N; i++) sum += c[i], most = c[i] > most ? c[i] : most;
    MPI_Allreduce(&most, &all, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    sum = total(sum);
    if (rank == 0) printf("answer %.17g %.17g\n", sum, all);
    MPI_Finalize();
}

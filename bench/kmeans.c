/* Lloyd's k-means: 10^6 points of 8 numbers, 16 centres, 10 rounds; one pass over the points and one message a round. */
#include "bench.h"

enum { D = 8, K = 16 };

/* Points as they come. */
static void plain_round(long count, double (*restrict x)[D], double (*c)[D], double (*own)[D + 1]) {
    for (long i = 0; i < count; i++) {
        int near = 0;
        double least = INFINITY;
        for (int q = 0; q < K; q++) {
            double far = 0;
            for (int j = 0; j < D; j++) far += (x[i][j] - c[q][j]) * (x[i][j] - c[q][j]);
            if (far < least) least = far, near = q;
        }
        for (int j = 0; j < D; j++) own[near][j] += x[i][j];
        own[near][D] += 1;
    }
}

enum { SIDE = 512 };

/* 512 points side by side, one coordinate after the other, so that every loop over points is of vectors. */
static void expert_round(long count, const double *restrict x, double (*c)[D], double (*own)[D + 1]) {
    static double least[SIDE], far[SIDE];
    static int64_t near[SIDE];
    for (long start = 0; start < count; start += SIDE) {
        const double *restrict block = x + start * D;
        for (int i = 0; i < SIDE; i++) least[i] = INFINITY, near[i] = 0;
        for (int q = 0; q < K; q++) {
            for (int i = 0; i < SIDE; i++) {
                double sum = 0;
                for (int j = 0; j < D; j++) sum += (block[j * SIDE + i] - c[q][j]) * (block[j * SIDE + i] - c[q][j]);
                far[i] = sum;
            }
            for (int i = 0; i < SIDE; i++) {
                int is_less = far[i] < least[i];
                least[i] = is_less ? far[i] : least[i];
                near[i] = is_less ? q : near[i];
            }
        }
        for (int i = 0; i < SIDE && start + i < count; i++) {
            double *sums = own[near[i]];
            for (int j = 0; j < D; j++) sums[j] += block[j * SIDE + i];
            sums[D] += 1;
        }
    }
}

static double start(long i, long j) { return (i * 7919 + j * 104729) * 31 % 1009 / 1009.0 + i % 16; }

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1000000, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double(*restrict x)[D] = array((count + SIDE) * D, sizeof(double)), c[K][D], *sides = &x[0][0];
    memset(x, 0, (size_t)(count + SIDE) * sizeof *x);
    for (long i = 0; i < count; i++)
        for (long j = 0; j < D; j++) {
            if (expert) sides[i / SIDE * SIDE * D + j * SIDE + i % SIDE] = start(lo + i, j);
            else x[i][j] = start(lo + i, j);
        }
    for (long q = 0; q < K; q++)
        for (long j = 0; j < D; j++) c[q][j] = start(q, j);
    for (int r = 0; r < 10; r++) {
        double started = MPI_Wtime(), own[K][D + 1] = {0}, all[K][D + 1];
        if (expert) expert_round(count, sides, c, own);
        else plain_round(count, x, c, own);
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

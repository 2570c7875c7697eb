/* Logistic regression by gradient descent: 10^6 observations of 32 features, 10 steps; one message a step. */
#include "bench.h"

enum { D = 32, BLOCK = 64 };

/* The data twice: what is off, then the gradient. */
static void plain_step(long count, double (*restrict x)[D], const double *y, const double *w, double *own) {
    static double *off;
    if (off == NULL) off = array(count, sizeof *off);
    for (long i = 0; i < count; i++) {
        double sum = 0;
        for (int j = 0; j < D; j++) sum += x[i][j] * w[j];
        off[i] = 1 / (1 + exp(-sum)) - y[i];
    }
    for (long i = 0; i < count; i++)
        for (int j = 0; j < D; j++) own[j] += x[i][j] * off[i];
}

/* Once: observations go in blocks that stay in the cache, so that the exponentials of a block are vectors. */
static void expert_step(long count, double (*restrict x)[D], const double *y, const double *w, double *own) {
    for (long start = 0; start < count; start += BLOCK) {
        long m = count - start < BLOCK ? count - start : BLOCK;
        double off[BLOCK];
        for (long i = 0; i < m; i++) {
            double sum = 0;
            for (int j = 0; j < D; j++) sum += x[start + i][j] * w[j];
            off[i] = sum;
        }
        for (long i = 0; i < m; i++) off[i] = 1 / (1 + exp(-off[i])) - y[start + i];
        for (long i = 0; i < m; i++)
            for (int j = 0; j < D; j++) own[j] += x[start + i][j] * off[i];
    }
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1000000, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double(*restrict x)[D] = array(count * D, sizeof(double)), *restrict y = array(count, sizeof *y), w[D] = {0};
    for (long i = 0; i < count; i++) {
        for (long j = 0; j < D; j++) x[i][j] = ((lo + i) * 7919 + j * 104729) * 31 % 1009 / 504.5 - 1.0;
        y[i] = x[i][0] + 0.5 * x[i][1] - x[i][2] > 0.1;
    }
    for (int step = 0; step < 10; step++) {
        double started = MPI_Wtime(), own[D] = {0}, gradient[D];
        if (expert) expert_step(count, x, y, w, own);
        else plain_step(count, x, y, w, own);
        MPI_Allreduce(own, gradient, D, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        for (int j = 0; j < D; j++) w[j] -= 2.0 / n * gradient[j];
        seconds(started);
    }
    double sum = 0;
    for (int j = 0; j < D; j++) sum += fabs(w[j]);
    if (rank == 0) printf("answer %.17g %.17g %.17g %.17g\n", w[0], w[1], w[2], sum);
    MPI_Finalize();
}

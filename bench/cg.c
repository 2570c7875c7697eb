/* 10 times 20 iterations of conjugate gradients for Laplace's equation on 1024 by 1024 points: one exchange of edges and two sums
 * an iteration. */
#include "bench.h"

static long n = 1024, count;
static int up, down;

/* q = A p of the rows from..to, where p is 0 beyond the edges; gives the sum of p q there. */
static double laplace(const double *restrict p, double *restrict q, long from, long to) {
    double sum = 0;
    for (long i = from; i <= to; i++) {
        const double *a = p + i * n;
        double *b = q + i * n;
        b[0] = 4 * a[0] - a[-n] - a[n] - a[1];
        b[n - 1] = 4 * a[n - 1] - a[-1] - a[2 * n - 1] - a[n - 2];
        sum += a[0] * b[0] + a[n - 1] * b[n - 1];
        for (long j = 1; j < n - 1; j++) {
            b[j] = 4 * a[j] - a[j - n] - a[j + n] - a[j - 1] - a[j + 1];
            sum += a[j] * b[j];
        }
    }
    return sum;
}

/* The same of all rows, the inner ones while the edges travel. */
static double apply(double *p, double *q) {
    MPI_Request open[4];
    MPI_Irecv(p, (int)n, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[0]);
    MPI_Irecv(p + (count + 1) * n, (int)n, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[1]);
    MPI_Isend(p + n, (int)n, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[2]);
    MPI_Isend(p + count * n, (int)n, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[3]);
    double sum = laplace(p, q, 2, count - 1);
    MPI_Waitall(4, open, MPI_STATUSES_IGNORE);
    sum += laplace(p, q, 1, 1);
    if (count > 1) sum += laplace(p, q, count, count);
    return total(sum);
}

/* A pass over memory for each line of the algorithm. */
static double plain_iteration(double *x, double *r, double *p, double *q, double rr) {
    apply(p, q);
    double sum = 0;
    for (long k = n; k < (count + 1) * n; k++) sum += p[k] * q[k];
    double alpha = rr / total(sum);
    for (long k = n; k < (count + 1) * n; k++) x[k] += alpha * p[k];
    for (long k = n; k < (count + 1) * n; k++) r[k] -= alpha * q[k];
    sum = 0;
    for (long k = n; k < (count + 1) * n; k++) sum += r[k] * r[k];
    double next = total(sum);
    for (long k = n; k < (count + 1) * n; k++) p[k] = r[k] + next / rr * p[k];
    return next;
}

/* Three passes. */
static double expert_iteration(
    double *restrict x, double *restrict r, double *restrict p, double *restrict q, double rr) {
    double alpha = rr / apply(p, q), sum = 0;
    for (long k = n; k < (count + 1) * n; k++) {
        r[k] -= alpha * q[k];
        sum += r[k] * r[k];
    }
    double next = total(sum), beta = next / rr;
    for (long k = n; k < (count + 1) * n; k++) {
        x[k] += alpha * p[k];
        p[k] = r[k] + beta * p[k];
    }
    return next;
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long lo = first(n, rank);
    count = first(n, rank + 1) - lo;
    up = rank > 0 ? rank - 1 : MPI_PROC_NULL;
    down = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    size_t size = (size_t)((count + 2) * n);
    double *restrict p = array(size, sizeof *p), *restrict q = array(size, sizeof *q);
    double *restrict x = array(size, sizeof *x), *restrict r = array(size, sizeof *r);
    memset(p, 0, size * sizeof *p);
    double own = 0;
    for (long k = n; k < (count + 1) * n; k++) {
        long i = lo + k / n - 1, j = k % n;
        x[k] = 0;
        p[k] = r[k] = (double)((7 * i + 3 * j) % 11) - 5;
        own += r[k] * r[k];
    }
    double rr = total(own);
    for (int t = 0; t < 10; t++) {
        double started = MPI_Wtime();
        for (int s = 0; s < 20; s++) {
            rr = expert ? expert_iteration(x, r, p, q, rr) : plain_iteration(x, r, p, q, rr);
        }
        seconds(started);
    }
    own = 0;
    for (long k = n; k < (count + 1) * n; k++) own += x[k] * x[k];
    double norm = sqrt(total(own));
    if (rank == 0) printf("answer %.17g %.17g\n", sqrt(rr), norm);
    MPI_Finalize();
}

/* 10 times 10 sweeps of Jacobi's method on 4096 by 4096 points, with the greatest change of each sweep. */
#include "bench.h"

enum { N = 4096, SWEEPS = 10 };

static long lo, count;
static int up, down;

/* One row of the next sweep; gives its greatest change. */
static double relax(const double *restrict a, double *restrict b) {
    double most = 0;
    for (long j = 1; j < N - 1; j++) {
        b[j] = 0.25 * (a[j - N] + a[j + N] + a[j - 1] + a[j + 1]);
        most = fmax(most, fabs(b[j] - a[j]));
    }
    return most;
}

/* Sweep by sweep: the rows inside while the edges travel, then those at the edges. `u` begins one row before the block. */
static double plain_sweeps(double *u, double *v) {
    double change = 0;
    for (int s = 0; s < SWEEPS; s++) {
        MPI_Request open[4];
        MPI_Irecv(u, N, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[0]);
        MPI_Irecv(u + (count + 1) * N, N, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[1]);
        MPI_Isend(u + N, N, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[2]);
        MPI_Isend(u + count * N, N, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[3]);
        double own = 0;
        for (long i = 2; i < count; i++) own = fmax(own, relax(u + i * N, v + i * N));
        MPI_Waitall(4, open, MPI_STATUSES_IGNORE);
        if (lo > 0) own = fmax(own, relax(u + N, v + N));
        if (lo + count < N && count > 1) own = fmax(own, relax(u + count * N, v + count * N));
        MPI_Allreduce(&own, &change, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        double *swap = u;
        u = v;
        v = swap;
    }
    return change;
}

/* Ten sweeps a message and a visit to the caches: each row follows the row before by one sweep less. `u` begins ten rows before the
 * block, and as many sweeps need ever fewer of a neighbour's rows. */
static double expert_sweeps(double *u, double *v) {
    long end = count + 2 * SWEEPS;
    MPI_Sendrecv(
        u + SWEEPS * N, SWEEPS * N, MPI_DOUBLE, up, 0, u + (SWEEPS + count) * N, SWEEPS * N, MPI_DOUBLE, down, 0,
        MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Sendrecv(
        u + count * N, SWEEPS * N, MPI_DOUBLE, down, 1, u, SWEEPS * N, MPI_DOUBLE, up, 1, MPI_COMM_WORLD,
        MPI_STATUS_IGNORE);
    double own[SWEEPS] = {0}, change[SWEEPS];
    for (long front = 1; front < end + SWEEPS; front++)
        for (int s = 0; s < SWEEPS; s++) {
            long i = front - s, begin = lo == 0 ? SWEEPS + 1 : s + 1, last = lo + count == N ? SWEEPS + count - 1 : end - 1 - s;
            if (i < begin || i >= last) continue;
            double most = s % 2 == 0 ? relax(u + i * N, v + i * N) : relax(v + i * N, u + i * N);
            if (i >= SWEEPS && i < SWEEPS + count) own[s] = fmax(own[s], most);
        }
    MPI_Allreduce(own, change, SWEEPS, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return change[SWEEPS - 1];
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    lo = first(N, rank), count = first(N, rank + 1) - lo;
    up = rank > 0 ? rank - 1 : MPI_PROC_NULL, down = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    long margin = expert ? SWEEPS : 1;
    size_t size = (size_t)((count + 2 * margin) * N);
    double *u = array((long)size, sizeof *u), *v = array((long)size, sizeof *v), change = 0, sum = 0;
    for (size_t k = 0; k < size; k++) u[k] = v[k] = lo == 0 && (long)k / N == margin ? 1.0 : 0.0;
    /* The number of sweeps is even: they end in u. */
    for (int r = 0; r < 10; r++) {
        double started = MPI_Wtime();
        change = expert ? expert_sweeps(u, v) : plain_sweeps(u, v);
        seconds(started);
    }
    for (long k = margin * N; k < (margin + count) * N; k++) sum += u[k];
    sum = total(sum);
    if (rank == 0) printf("answer %.17g %.17g\n", change, sum);
    MPI_Finalize();
}

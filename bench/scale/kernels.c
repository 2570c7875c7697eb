/* The kernels of kernels.pdl as most people write them, with the calls of MPI that they are about: `kernels NAME ROWS STEPS`. */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { M = 64 };

static int rank, ranks, rows, steps;

static double allreduce_steps(void) {
    double *x = malloc((size_t)rows * sizeof *x), total = 0;
    for (int i = 0; i < rows; i++) x[i] = 1;
    for (int s = 0; s < steps; s++) {
        double own = 0;
        for (int i = 0; i < rows; i++) own += x[i];
        MPI_Allreduce(&own, &total, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        for (int i = 0; i < rows; i++) x[i] += 1 / total;
    }
    free(x);
    return total;
}

static double jacobi_steps(void) {
    int up = rank > 0 ? rank - 1 : MPI_PROC_NULL, down = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    double(*u)[M] = calloc((size_t)rows + 2, sizeof *u), (*v)[M] = calloc((size_t)rows + 2, sizeof *v), change = 1;
    for (int j = 0; rank == 0 && j < M; j++) u[1][j] = v[1][j] = 1;
    for (int s = 0; s < steps; s++) {
        MPI_Request open[4];
        MPI_Irecv(u[0], M, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[0]);
        MPI_Irecv(u[rows + 1], M, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[1]);
        MPI_Isend(u[1], M, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &open[2]);
        MPI_Isend(u[rows], M, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &open[3]);
        MPI_Waitall(4, open, MPI_STATUSES_IGNORE);
        double own = 0;
        for (int i = rank == 0 ? 2 : 1; i <= (rank == ranks - 1 ? rows - 1 : rows); i++)
            for (int j = 1; j < M - 1; j++) {
                v[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]);
                own = fmax(own, fabs(v[i][j] - u[i][j]));
            }
        MPI_Allreduce(&own, &change, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        double(*swap)[M] = u;
        u = v;
        v = swap;
    }
    free(u);
    free(v);
    return change;
}

static double table_steps(void) {
    enum { KEYS = 200 };
    double *x = malloc((size_t)rows * sizeof *x), table[KEYS], all[KEYS], most = 0;
    for (int i = 0; i < rows; i++) x[i] = 1;
    for (int s = 0; s < steps; s++) {
        memset(table, 0, sizeof table);
        for (int i = 0; i < rows; i++) table[((long)rank * rows + i) % KEYS] += x[i];
        MPI_Allreduce(table, all, KEYS, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        most = all[0];
        for (int k = 1; k < KEYS; k++) most = fmax(most, all[k]);
        for (int i = 0; i < rows; i++) x[i] += 1 / most;
    }
    free(x);
    return most;
}

int main(int count, char **words) {
    MPI_Init(&count, &words);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    rows = atoi(words[2]);
    steps = atoi(words[3]);
    /* As the other program does: ranks must not come one after the other from what was before. */
    double own = rank, sum, started;
    MPI_Allreduce(&own, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    started = MPI_Wtime();
    MPI_Bcast(&started, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    double result = strcmp(words[1], "jacobi") == 0 ? jacobi_steps() : strcmp(words[1], "table") == 0 ? table_steps() : allreduce_steps();
    double seconds = MPI_Wtime() - started;
    if (rank == 0) printf("step %.2f %.9e\n", 1e6 * seconds / steps, result);
    MPI_Finalize();
    return 0;
}

/* What the C programs of the benchmarks share. */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int rank, ranks;

static void begin(int *argc, char ***argv) {
    MPI_Init(argc, argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
}

/* First index of a rank's block. */
static long first(long n, int r) { return n * r / ranks; }

static void *array(long count, size_t size) { return aligned_alloc(64, ((size_t)count * size + 127) / 64 * 64); }

static void seconds(double started) {
    double elapsed = MPI_Wtime() - started;
    if (rank == 0) printf("seconds %.9f\n", elapsed);
}

static double total(double own) {
    double sum;
    MPI_Allreduce(&own, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return sum;
}

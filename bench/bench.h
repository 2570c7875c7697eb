/* What the C programs of the benchmarks share. Each is two: `plain`, what most people write, and `expert`, the best that we know how
 * to write by hand; the first argument says which. */
#include <math.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int rank, ranks, expert;

/* Four numbers of a vector register. */
typedef double quad __attribute__((vector_size(32)));
typedef double loose_quad __attribute__((vector_size(32), aligned(8), may_alias));

static inline quad load(const double *at) { return *(const loose_quad *)at; }
static inline quad four(double x) { return (quad){x, x, x, x}; }
static inline double total_of(quad x) { return (x[0] + x[1]) + (x[2] + x[3]); }

static void begin(int *argc, char ***argv) {
    MPI_Init(argc, argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    expert = *argc > 1 && strcmp((*argv)[1], "expert") == 0;
}

/* First index of a rank's block. */
static long first(long n, int r) { return n * r / ranks; }

/* Experts ask for huge pages where an array is large, as NumPy and PDL do. */
static void *array(long count, size_t size) {
    size_t bytes = (size_t)count * size, page = bytes > 1 << 22 ? 1 << 21 : 64;
    size_t whole = (bytes + 64 + page - 1) / page * page;
    void *memory = aligned_alloc(page, whole);
    if (expert && page > 64) madvise(memory, whole, MADV_HUGEPAGE);
    return memory;
}

static void seconds(double started) {
    double elapsed = MPI_Wtime() - started;
    if (rank == 0) printf("seconds %.9f\n", elapsed);
}

static inline double total(double own) {
    double sum;
    MPI_Allreduce(&own, &sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return sum;
}

/* The sum of n numbers in memory, as an expert would write it: the same kernel as bench/pdl/psum.pdl. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
    long n = count > 1 ? atol(words[1]) : 1L << 26, repetitions = count > 2 ? atol(words[2]) : 20;
    MPI_Init(&count, &words);
    int rank, ranks;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    long begin = n * rank / ranks, end = n * (rank + 1) / ranks;
    double *a = aligned_alloc(64, (size_t)(end - begin) * sizeof(double) + 64);
    for (long i = begin; i < end; i++) a[i - begin] = (double)(i % 1000);

    double best = 1e30, total = 0.0;
    for (long r = 0; r < repetitions; r++) {
        if (rank == 0) a[0] += 1.0; /* so that no sum is known from the one before */
        MPI_Barrier(MPI_COMM_WORLD);
        double started = MPI_Wtime(), mine = 0.0;
        for (long i = 0; i < end - begin; i++) mine += a[i];
        MPI_Allreduce(&mine, &total, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        double seconds = MPI_Wtime() - started;
        if (seconds < best) best = seconds;
    }
    if (rank == 0) printf("result %.17g\nseconds %.9g\n", total, best);
    MPI_Finalize();
}

/* Counts the plans that are made: each begins with an MPI_Alltoall, which this program hears of. */
#include "plans.h"
#include <stdio.h>

enum { N = 100 };
static plans_handle *handle;
static int rank, plans;

int MPI_Alltoall(const void *from, int count, MPI_Datatype type, void *to, int room, MPI_Datatype into, MPI_Comm communicator) {
    plans++;
    return PMPI_Alltoall(from, count, type, to, room, into, communicator);
}

/* Rows of all ranks' arrays, in an order of their own for each `seed`. */
static void pick(int seed) {
    double x[N], out[N];
    int64_t index[N];
    for (int i = 0; i < N; i++) x[i] = N * rank + i, index[i] = (i * 37 + seed) % (2 * N);
    if (plans_pick(handle, x, N, index, N, out) != 0) printf("%s\n", plans_message(handle));
    for (int i = 0; i < N; i++)
        if (out[i] != (double)index[i]) printf("rank %d: element %d is %g\n", rank, i, out[i]);
}

static void tell(const char *what) {
    if (rank == 0) printf("%s %d plan%s\n", what, plans, plans == 1 ? "" : "s");
    fflush(stdout);
    plans = 0;
}

int main(int words, char **word) {
    double x[1] = {0}, out[1];
    int64_t wrong[1] = {-1};
    MPI_Init(&words, &word);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    plans_open(MPI_Comm_c2f(MPI_COMM_WORLD), &handle);
    for (int call = 0; call < 5; call++) pick(0);
    tell("5 calls made");
    for (int call = 0; call < 5; call++) pick(1 + call % 2);
    tell("5 calls made");
    pick(rank == 0 ? 0 : 3);
    tell("other indices on one rank:");
    pick(0);
    tell("the first ones again:");
    if (plans_pick(handle, x, 1, wrong, 1, out) != 1) puts("an index of -1 went unnoticed");
    plans = 0;
    pick(0);
    tell("after an error:");
    plans_close(handle);
    MPI_Finalize();
    return 0;
}

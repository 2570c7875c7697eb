/* Opens, uses and closes as many handles as it is told. Calls that fail are among it, so that what a fault leaves behind is seen, too. */
#include "rounds.h"
#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 40 };
static rounds_handle *handle;

static void expect(int condition, const char *what) {
    if (condition) return;
    printf("%s: %s\n", what, rounds_message(handle));
    fflush(stdout);
    MPI_Abort(MPI_COMM_WORLD, 3);
}

static void use(int ranks) {
    double a[N], out[N], total, low, high, *kept, m[2][N];
    int64_t index[N], whole[N], extent[1], count;
    for (int i = 0; i < N; i++) a[i] = m[0][i] = m[1][i] = i - 10.5, index[i] = (i * 7) % N, whole[i] = i - 20;
    expect(rounds_psum(handle, a, N, &total) == 0 && total == ranks * 360, "psum");
    expect(rounds_sorted(handle, a, N, out) == 0, "sorted");
    expect(rounds_smooth(handle, a, N, out) == 0 && out[1] == a[1], "smooth");
    expect(rounds_pick(handle, a, N, index, N, out) == 0 && out[1] == a[7], "pick");
    expect(rounds_positive(handle, a, N, &kept, extent) == 0, "positive");
    rounds_free(kept);
    expect(rounds_columns(handle, m[0], 2, N, out) == 0 && out[3] == 2 * a[3], "columns");
    expect(rounds_told(handle, a, N, &low, &high) == 0 && low == -10.5 && high == 28.5, "told");
    expect(rounds_inverses(handle, whole, N, &count) == 1, "a division by zero");
    index[3] = ranks * N;
    expect(rounds_pick(handle, a, N, index, N, out) == 1, "an index out of range");
    expect(rounds_psum(handle, a, -1, &total) == 2, "an extent of -1");
}

int main(int words, char **word) {
    int rank, ranks, rounds = atoi(word[1]);
    __lsan_disable(); /* what MPI keeps for itself is its own affair */
    MPI_Init(&words, &word);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    __lsan_enable();
    for (int round = 0; round < rounds; round++) {
        expect(rounds_open(MPI_Comm_c2f(MPI_COMM_WORLD), &handle) == 0, "open");
        use(ranks);
        rounds_close(handle);
        handle = NULL;
    }
    if (__lsan_do_recoverable_leak_check() != 0) MPI_Abort(MPI_COMM_WORLD, 4);
    if (rank == 0) printf("%d rounds, nothing left\n", rounds);
    __lsan_disable();
    MPI_Finalize();
    return 0;
}

#include "kinds.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 101, K = 5 };
static int rank, ranks, cut;
static kinds_handle *handle;

/* Where a rank's elements begin: as np.array_split cuts, all on the last rank, all on the first, or unevenly with empty ranks. */
static int begin_of(int n, int r) {
    if (r >= ranks) return n;
    switch (cut) {
    case 0: return n / ranks * r + (r < n % ranks ? r : n % ranks);
    case 1: return 0;
    case 2: return r == 0 ? 0 : n;
    default: return r % 2 == 0 ? n * r / ranks : n * (r + 1) / ranks;
    }
}
static int first(int n) { return begin_of(n, rank); }
static int count(int n) { return begin_of(n, rank + 1) - begin_of(n, rank); }

static void expect(int condition, const char *what) {
    if (condition) return;
    printf("rank %d of %d, cut %d: %s (%s)\n", rank, ranks, cut, what, kinds_message(handle));
    fflush(stdout);
    MPI_Abort(MPI_COMM_WORLD, 3);
}
#define CALL(call) expect((call) == 0, #call)

static double x[N], y[N], m[N][K], mt[K][N], w[K];
static float x32[N];
static int64_t whole[N];
static uint32_t small[N];
static uint8_t flag[N];

static void make(void) {
    for (int i = 0; i < N; i++) {
        x[i] = sin(i) * 1e3 / (i + 1);
        y[i] = cos(i);
        x32[i] = (float)x[i];
        whole[i] = (i * 37) % N;
        small[i] = (uint32_t)(4000000000u - (uint32_t)whole[i]);
        flag[i] = i % 3 == 0;
        for (int j = 0; j < K; j++) m[i][j] = mt[j][i] = i + 0.5 * j;
    }
    for (int j = 0; j < K; j++) w[j] = j - 2;
}

static void numbers(double *total) {
    double low, high, least = INFINITY, most = -INFINITY, dot;
    for (int i = 0; i < N; i++) least = fmin(least, x[i]), most = fmax(most, x[i]);
    CALL(kinds_ends(handle, x + first(N), count(N), &low, &high));
    expect(low == least && high == most, "ends");
    CALL(kinds_pair(handle, x32 + first(N), count(N), &low, &high));
    expect(low == (float)least && high == (float)most, "pair");
    CALL(kinds_dotted(handle, x + first(N), count(N), y + first(N), count(N), &dot));
    *total = dot;
    int64_t above;
    CALL(kinds_above(handle, whole + first(N), count(N), 90, &above));
    expect(above == 10, "above");
    double three[3];
    CALL(kinds_tiny(handle, x + first(N), count(N), three));
    expect(three[0] == 1 && three[1] == 2 && fabs(three[2]) > 0, "tiny");
    double mine;
    CALL(kinds_at(handle, w, K, rank % K, &mine));
    expect(mine == w[rank % K], "at");
    CALL(kinds_told(handle, x + first(N), count(N)));
}

static void arrays(void) {
    double out[N * K] = {0};
    CALL(kinds_scaled(handle, x + first(N), count(N), out));
    for (int i = 0; i < count(N); i++) expect(out[i] == 2 * x[first(N) + i], "scaled");
    CALL(kinds_smooth(handle, x + first(N), count(N), out));
    for (int i = 0; i < count(N); i++) {
        int g = first(N) + i;
        expect(out[i] == (x[(g + N - 1) % N] + x[(g + 1) % N]) / 2, "smooth");
    }
    double block[K * N];
    for (int j = 0; j < K; j++)
        for (int i = 0; i < count(N); i++) block[j * count(N) + i] = mt[j][first(N) + i];
    CALL(kinds_columns(handle, block, K, count(N), w, K, out));
    for (int j = 0; j < K; j++)
        for (int i = 0; i < count(N); i++) expect(out[j * count(N) + i] == mt[j][first(N) + i] * w[j], "columns");
    CALL(kinds_rows(handle, m[first(N)], count(N), K, out));
    for (int i = 0; i < count(N); i++) expect(out[i] == 5.0 * (first(N) + i) + 5, "rows");
    uint32_t sorted[N];
    CALL(kinds_sorted(handle, small + first(N), count(N), sorted));
    for (int i = 0; i < count(N); i++) expect(sorted[i] == 4000000000u - (uint32_t)(N - 1 - first(N) - i), "sorted");
    CALL(kinds_pick(handle, x + first(N), count(N), whole + first(N), count(N), out));
    for (int i = 0; i < count(N); i++) expect(out[i] == x[whole[first(N) + i]], "pick");
    uint8_t flags[N];
    CALL(kinds_flags(handle, flag + first(N), count(N), flags));
    for (int i = 0; i < count(N); i++) expect(flags[i] == !flag[first(N) + i], "flags");
    uint64_t big[N], big_out[N];
    int32_t little[N], little_out[N];
    for (int i = 0; i < N; i++) big[i] = UINT64_MAX - (uint64_t)i, little[i] = -i;
    CALL(kinds_wide(handle, big + first(N), count(N), little + first(N), count(N), big_out, little_out));
    for (int i = 0; i < count(N); i++) expect(big_out[i] == big[first(N) + i] && little_out[i] == little[first(N) + i], "wide");
}

/* Results that the library allocates. */
static void allocated(void) {
    int64_t *fresh, extent[1], all = 0;
    CALL(kinds_fresh(handle, N, &fresh, extent));
    MPI_Exscan(extent, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) all = 0;
    for (int i = 0; i < extent[0]; i++) expect(fresh[i] == all + i, "fresh");
    kinds_free(fresh);
    double *kept, sum = 0, whole_sum, expected = 0;
    CALL(kinds_positive(handle, x + first(N), count(N), &kept, extent));
    for (int i = 0; i < extent[0]; i++) sum += kept[i] > 0 ? 1 : -1000;
    MPI_Allreduce(&sum, &whole_sum, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    for (int i = 0; i < N; i++) expected += x[i] > 0;
    expect(whole_sum == expected, "positive");
    kinds_free(kept);
    double *home = NULL;
    CALL(kinds_home(handle, x + first(N), count(N), &home, extent));
    if (rank == 0) {
        expect(extent[0] == N && memcmp(home, x, sizeof x) == 0, "home");
        kinds_free(home);
    }
    expect(rank == 0 || home == NULL, "home elsewhere");
    double *spread;
    CALL(kinds_spread(handle, rank == 0 ? x : NULL, rank == 0 ? N : 0, &spread, extent));
    all = 0;
    MPI_Exscan(extent, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) all = 0;
    for (int i = 0; i < extent[0]; i++) expect(spread[i] == x[all + i], "spread");
    kinds_free(spread);
}

static void expect_error(int code, int wanted, const char *message) {
    if (code != wanted || strcmp(kinds_message(handle), message) != 0) {
        printf("rank %d of %d: %d, %s\n", rank, ranks, code, kinds_message(handle));
        expect(0, message);
    }
}

/* Whatever only one rank does wrong, all return it, and go on. */
static void errors(void) {
    int64_t number;
    double out[N];
    int64_t bad[N];
    expect_error(kinds_inverses(handle, whole + first(N), count(N), 50, &number), 1,
                 "kinds.pdl:18:39: error: integer division by zero");
    memcpy(bad, whole, sizeof bad);
    if (count(N) > 0) bad[first(N)] = N + rank;
    int speaker = 0;
    while (begin_of(N, speaker + 1) == begin_of(N, speaker)) speaker++;
    char message[200];
    snprintf(message, sizeof message, "kinds.pdl:16:39: error: index %d is out of range: axis 0 has the indices 0 to 100", N + speaker);
    expect_error(kinds_pick(handle, x + first(N), count(N), bad + first(N), count(N), out), 1, message);
    if (ranks > 1) {
        expect_error(kinds_above(handle, whole + first(N), count(N), rank, &number), 2,
                     "above: `limit` must be the same on all ranks, but rank 1 has other values than rank 0");
        expect_error(kinds_rows(handle, m[0], 1, rank == ranks - 1 ? 2 : 1, out), 2,
                     ranks == 2 ? "rows: axis 1 of `m` has 1 elements on rank 0 and 2 on rank 1"
                     : ranks == 3 ? "rows: axis 1 of `m` has 1 elements on rank 0 and 2 on rank 2"
                                  : "rows: axis 1 of `m` has 1 elements on rank 0 and 2 on rank 3");
    }
    expect_error(kinds_dotted(handle, x, 1, y, 2, out), 1,
                 ranks == 1 ? "kinds.pdl:11:1: error: `y` has the extent 2 along axis 0, its type says 1"
                 : ranks == 2 ? "kinds.pdl:11:1: error: `y` has the extent 4 along axis 0, its type says 2"
                 : ranks == 3 ? "kinds.pdl:11:1: error: `y` has the extent 6 along axis 0, its type says 3"
                              : "kinds.pdl:11:1: error: `y` has the extent 8 along axis 0, its type says 4");
}

/* Halves of the world, each with a handle of its own, both used by turns with the one of all. */
static void communicators(double total) {
    int wide_rank = rank, wide_ranks = ranks;
    kinds_handle *all = handle, *half;
    MPI_Comm part;
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, 0, &part);
    if (kinds_open(MPI_Comm_c2f(part), &half) != 0) expect(0, kinds_message(half));
    double again;
    for (int turn = 0; turn < 3; turn++) {
        MPI_Comm_rank(part, &rank);
        MPI_Comm_size(part, &ranks);
        handle = half;
        CALL(kinds_dotted(handle, x + first(N), count(N), y + first(N), count(N), &again));
        expect(memcmp(&again, &total, sizeof total) == 0, "the same bits in half of the world");
        int64_t number;
        if (wide_rank % 2 == 1) {
            expect_error(kinds_inverses(handle, whole + first(N), count(N), 50, &number), 1,
                         "kinds.pdl:18:39: error: integer division by zero");
        }
        rank = wide_rank;
        ranks = wide_ranks;
        handle = all;
        CALL(kinds_dotted(handle, x + first(N), count(N), y + first(N), count(N), &again));
        expect(memcmp(&again, &total, sizeof total) == 0, "the same bits");
    }
    kinds_close(half);
    MPI_Comm_free(&part);
}

int main(int words, char **word) {
    MPI_Init(&words, &word);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    make();
    if (kinds_open(MPI_Comm_c2f(MPI_COMM_WORLD), &handle) != 0) expect(0, "open");
    double total = 0;
    for (int round = 0; round < 8; round++) {
        double other = 0;
        cut = round % 4;
        numbers(&other);
        if (round > 0) expect(memcmp(&other, &total, sizeof total) == 0, "the same bits however it is cut");
        total = other;
        arrays();
        allocated();
        errors();
    }
    communicators(total);
    kinds_close(handle);
    if (rank == 0) printf("%a\n", total);
    MPI_Finalize();
    return 0;
}

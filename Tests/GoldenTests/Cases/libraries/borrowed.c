/* Calls the functions of borrowed.pdl with arrays of many lengths, each right behind or right before a page that cannot be read. */
#define _GNU_SOURCE
#include "borrowed.h"
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, ROOM = 16 * PAGE, PLACES = 3 };
static borrowed_handle *handle;
static int ranks, at_end;
static char *rooms[PLACES];

static void expect(int condition, const char *what, int64_t n) {
    if (condition) return;
    printf("%s of %lld, at the %s: %s\n", what, (long long)n, at_end ? "end" : "begin", borrowed_message(handle));
    fflush(stdout);
    MPI_Abort(MPI_COMM_WORLD, 3);
}

/* Memory between two pages that cannot be read, filled from outside and then for reading alone. */
static void *fenced(int place, const void *from, size_t bytes) {
    if (rooms[place] == NULL) {
        rooms[place] = mmap(NULL, ROOM + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    char *room = rooms[place] + PAGE, *data = room + (at_end ? ROOM - bytes : 0);
    mprotect(room, ROOM, PROT_READ | PROT_WRITE);
    memcpy(data, from, bytes);
    mprotect(room, ROOM, PROT_READ);
    return data;
}

static void floats(int64_t n) {
    double x[1000], y[1000], out[1000], more[1000], sum = 0, inner = 0, result;
    float single[1000], twice[1000];
    for (int64_t i = 0; i < n; i++) x[i] = (double)(i % 7), y[i] = (double)(i % 5), single[i] = (float)i, sum += x[i];
    for (int64_t i = 1; i < n - 1; i++) inner += x[i] * y[i];
    double *a = fenced(0, x, sizeof *x * (size_t)n), *b = fenced(1, y, sizeof *y * (size_t)n);
    float *c = fenced(2, single, sizeof *single * (size_t)n);
    expect(borrowed_total(handle, a, n, &result) == 0 && result == ranks * sum, "total", n);
    expect(borrowed_inner(handle, a, n, b, n, &result) == 0, "inner", n);
    if (ranks == 1) expect(result == inner, "inner", n);
    expect(borrowed_inner(handle, a, n, a, n, &result) == 0, "inner with itself", n);
    expect(borrowed_scaled(handle, c, n, twice) == 0, "scaled", n);
    expect(borrowed_changed(handle, a, n, out) == 0, "changed", n);
    for (int64_t i = 1; i < n; i++) expect(twice[i] == 2 * single[i] && out[i] == (x[i] < 3 ? 0 : x[i]), "elements", n);
    expect(memcmp(a, x, sizeof *x * (size_t)n) == 0, "what the caller has", n);
    expect(borrowed_same(handle, a, n, out, more) == 0, "same", n);
    for (int64_t i = 0; i < n; i++) expect(out[i] == x[i] && more[i] == 2 * x[i], "a result that is an argument", n);
    if (n % 4 == 0) {
        expect(borrowed_rows(handle, a, n / 4, 4, out) == 0, "rows", n);
        for (int64_t i = 0; i < n / 4; i++) expect(out[i] == x[4 * i] + x[4 * i + 1] + x[4 * i + 2] + x[4 * i + 3], "a row", n);
    }
}

static void integers(int64_t n) {
    int64_t whole[1000], sums[1000], index[1000], place;
    int32_t small[1000], least;
    uint8_t flags[1000], flipped[1000];
    double x[1000], picked[1000];
    for (int64_t i = 0; i < n; i++) whole[i] = i, index[i] = n - 1 - i, small[i] = (int32_t)(n - i), flags[i] = i % 3 == 0, x[i] = (double)i;
    int64_t *a = fenced(0, whole, sizeof *whole * (size_t)n);
    int32_t *b = fenced(1, small, sizeof *small * (size_t)n);
    uint8_t *c = fenced(2, flags, (size_t)n);
    expect(borrowed_prefix(handle, a, n, sums) == 0 && (ranks > 1 || sums[n - 1] == n * (n - 1) / 2), "prefix", n);
    expect(borrowed_least(handle, b, n, &least, &place) == 0 && least == 1 && place == n - 1, "least", n);
    expect(borrowed_flipped(handle, c, n, flipped) == 0, "flipped", n);
    a = fenced(0, index, sizeof *index * (size_t)n);
    double *t = fenced(1, x, sizeof *x * (size_t)n);
    expect(borrowed_table(handle, t, n, a, n, picked) == 0, "table", n);
    for (int64_t i = 0; i < n; i++) expect(flipped[i] == !flags[i] && picked[i] == x[index[i]], "elements", n);
}

/* Copies stay with the handle: a large one would be seen in what the process holds. */
static void large(int rank) {
    enum { N = 4 << 20 };
    double *x = calloc(N, sizeof *x), *twice = calloc(N, sizeof *x), *copy = calloc(N, sizeof *x), result;
    x[1] = 1;
    size_t before = mallinfo2().hblkhd;
    expect(borrowed_total(handle, x, N, &result) == 0 && result == ranks, "total", N);
    expect(mallinfo2().hblkhd - before < 1 << 20, "an argument was copied", N);
    expect(borrowed_same(handle, x, N, copy, twice) == 0 && copy[1] == 1 && twice[1] == 2, "same", N);
    expect(mallinfo2().hblkhd - before < 1 << 20, "a result was copied", N);
    if (rank == 0) puts("not copied");
    free(x);
    free(twice);
    free(copy);
}

int main(int words, char **word) {
    int rank;
    MPI_Init(&words, &word);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    expect(borrowed_open(MPI_Comm_c2f(MPI_COMM_WORLD), &handle) == 0, "open", 0);
    large(rank);
    for (at_end = 0; at_end < 2; at_end++) {
        for (int64_t n = 1; n < 1000; n += n < 70 ? 1 : 31) {
            floats(n);
            integers(n);
        }
    }
    borrowed_close(handle);
    if (rank == 0) puts("fine");
    MPI_Finalize();
    return 0;
}

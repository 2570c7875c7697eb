/* Mean, variance, least and greatest of 2^26 numbers. */
#include "bench.h"
#include <immintrin.h>

typedef struct { double mean, variance, low, high; } figures;

/* Two passes, three messages. */
static figures plain_stats(const double *restrict x, long count, long n) {
    double sum = 0, low = INFINITY, high = -INFINITY, squares = 0, ends[2];
    for (long i = 0; i < count; i++) {
        sum += x[i];
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    double own[2] = {-low, high}, mean = total(sum) / n;
    MPI_Allreduce(own, ends, 2, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    for (long i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
    return (figures){mean, total(squares) / n, -ends[0], ends[1]};
}

static void join(void *in, void *out, int *count, MPI_Datatype *type) {
    (void)count, (void)type;
    const double *a = in;
    double *b = out;
    b[0] += a[0], b[1] += a[1];
    b[2] = a[2] < b[2] ? a[2] : b[2];
    b[3] = a[3] > b[3] ? a[3] : b[3];
}

/* One pass around a number that lies near the mean, one message. */
static figures expert_stats(const double *restrict x, long count, long n, MPI_Op op, MPI_Datatype type) {
    const double pivot = 0.5;
    quad sum[4] = {0}, squares[4] = {0}, low[4], high[4];
    for (int k = 0; k < 4; k++) low[k] = four(INFINITY), high[k] = four(-INFINITY);
    long i = 0;
    for (; i + 16 <= count; i += 16)
        for (int k = 0; k < 4; k++) {
            quad v = load(x + i + 4 * k), far = v - four(pivot);
            sum[k] += far;
            squares[k] += far * far;
            low[k] = (quad)_mm256_min_pd((__m256d)v, (__m256d)low[k]);
            high[k] = (quad)_mm256_max_pd((__m256d)v, (__m256d)high[k]);
        }
    double own[4] = {0, 0, INFINITY, -INFINITY}, whole[4];
    for (; i < count; i++) {
        double one[4] = {x[i] - pivot, (x[i] - pivot) * (x[i] - pivot), x[i], x[i]};
        join(one, own, NULL, NULL);
    }
    for (int k = 0; k < 16; k++) {
        double lane[4] = {sum[k / 4][k % 4], squares[k / 4][k % 4], low[k / 4][k % 4], high[k / 4][k % 4]};
        join(lane, own, NULL, NULL);
    }
    MPI_Allreduce(own, whole, 1, type, op, MPI_COMM_WORLD);
    double mean = whole[0] / n;
    return (figures){pivot + mean, whole[1] / n - mean * mean, whole[2], whole[3]};
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 26, lo = first(n, rank), count = first(n, rank + 1) - lo;
    double *restrict x = array(count, sizeof *x);
    for (long i = 0; i < count; i++) x[i] = ((lo + i) * 2654435761 % 4294967296) / 4294967296.0;
    MPI_Op op;
    MPI_Datatype type;
    MPI_Op_create(join, 1, &op);
    MPI_Type_contiguous(4, MPI_DOUBLE, &type);
    MPI_Type_commit(&type);
    figures f = {0};
    for (int r = 0; r < 8; r++) {
        double started = MPI_Wtime();
        f = expert ? expert_stats(x, count, n, op, type) : plain_stats(x, count, n);
        seconds(started);
    }
    if (rank == 0) printf("answer %.17g %.17g %.17g %.17g\n", f.mean, f.variance, f.low, f.high);
    MPI_Finalize();
}

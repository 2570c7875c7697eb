/* Pi by 2^28 random points, from Philox4x32-10: words are kept in 64 bits, so that the loop over points becomes vectors. */
#include "bench.h"

static inline double uniform(unsigned long seed, unsigned long index) {
    unsigned long k0 = seed & 0xffffffff, k1 = seed >> 32, c0 = index & 0xffffffff, c1 = index >> 32, c2 = 0, c3 = 0;
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
        unsigned long p = 0xD2511F53 * c0, q = 0xCD9E8D57 * c2;
        c0 = (q >> 32) ^ c1 ^ k0;
        c1 = q & 0xffffffff;
        c2 = (p >> 32) ^ c3 ^ k1;
        c3 = p & 0xffffffff;
        k0 = (k0 + 0x9E3779B9) & 0xffffffff;
        k1 = (k1 + 0xBB67AE85) & 0xffffffff;
    }
    return (double)(long)((c0 | c1 << 32) >> 11) * 0x1p-53;
}

int main(int argc, char **argv) {
    begin(&argc, &argv);
    long n = 1L << 28, lo = first(n, rank), end = first(n, rank + 1), hits = 0;
    for (unsigned long seed = 0; seed < 4; seed++) {
        double started = MPI_Wtime();
        long own = 0, all;
        for (long i = lo; i < end; i++) {
            double a = uniform(seed, 2 * i), b = uniform(seed, 2 * i + 1);
            own += a * a + b * b < 1;
        }
        MPI_Allreduce(&own, &all, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
        hits += all;
        seconds(started);
    }
    if (rank == 0) printf("answer %ld\n", hits);
    MPI_Finalize();
}

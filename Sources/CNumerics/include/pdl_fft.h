/* What the files of the Fourier transform share. */
#ifndef PDL_FFT_H
#define PDL_FFT_H
#include "pdl_numerics.h"
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

enum { PDL_FFT_LANES = 4, PDL_FFT_PASSES = 64 };
typedef double pdl_lanes __attribute__((vector_size(PDL_FFT_LANES * sizeof(double)), aligned(sizeof(double))));

/* Points of the circle are pairs, real and imaginary. */
typedef struct {
    int64_t radix, rest; /* elements of a line that is left after the pass */
    const double *turns; /* for each of them, exp(-2πi p k / (radix rest)) of k = 1, … radix - 1 */
    const double *roots; /* exp(-2πi k / radix) */
} pdl_fft_pass;

typedef struct pdl_fft_plan {
    int64_t n;
    int passes;
    pdl_fft_pass pass[PDL_FFT_PASSES];
    double *tables;
    /* Of a long line: the plans of its columns and of its rows, and what elements are turned by between; else NULL. */
    struct pdl_fft_plan *columns, *rows;
    double *between;
    /* Bluestein's: the plan of the convolution's length, the chirp of n points, the transform of its conjugate; else NULL. */
    struct pdl_fft_plan *convolution;
    double *chirp, *chirps;
} pdl_fft_plan;

/* NULL: there is not enough memory. Lines of more than `longest` elements are matrices. */
pdl_fft_plan *pdl_fft_plan_new(int64_t n, int64_t longest);
void pdl_fft_plan_free(pdl_fft_plan *it);
/* How many elements a line has in its buffer. */
static inline int64_t pdl_fft_room(const pdl_fft_plan *it) { return it->convolution != NULL ? it->convolution->n : it->n; }
/* How many of the lines that are left are transformed together. */
static inline int64_t pdl_fft_together(int64_t left) { return left < PDL_FFT_LANES ? left : PDL_FFT_LANES; }

/* Transforms PDL_FFT_LANES lines. Element k has its real parts at data[k], its imaginary parts the buffer's length further on; `data` is
 * where the result is. */
void pdl_fft_passes(const pdl_fft_plan *it, pdl_lanes **data, pdl_lanes **spare);
/* The same, also of lengths with large primes. */
void pdl_fft_lines(const pdl_fft_plan *it, pdl_lanes **data, pdl_lanes **spare);
/* One long line, real parts before imaginary ones; the result stands behind it. `buffers`: two of the longer side's lines. */
void pdl_fft_matrix(const pdl_fft_plan *it, double *line, pdl_lanes *buffers);
#endif

/* Facts on which the interpreter and a compiled program must agree to the bit: how numbers print, how an extent is cut
 * into blocks, how a reduction is cut into leaves. The same source is compiled into pdlc and into every program. */
#ifndef PDL_NUMERICS_H
#define PDL_NUMERICS_H
#include <stddef.h>
#include <stdint.h>

/* Element types. */
enum pdl_element { PDL_BOOL, PDL_I32, PDL_I64, PDL_U32, PDL_U64, PDL_F32, PDL_F64, PDL_C64, PDL_C128 };

/* Which NaN an operation gives, its sign and its other bits, depends on the processor and the optimiser. Files hold one: pdl_one_nan sets
 * every NaN of some numbers to it, pdl_has_nan tells whether there is any. */
int pdl_has_nan(int element, const void *data, int64_t bytes);
void pdl_one_nan(int element, void *data, int64_t bytes);
size_t pdl_element_size(int element);

/* A new, empty file beside `target`, open to be written, whose name says which process made it: it becomes `target` when all of it is there.
 * What processes that were killed have left of theirs goes. -1, with errno and an empty name, where none can be made. */
int pdl_new_file(const char *target, char *name, size_t capacity);

/* The number that all of a text says, without blanks around it; 0 where it says none, or none of the type. Floats round to nearest. */
int pdl_parse_number(const char *text, int element, void *out);

/* No array has more elements: so many of 16 bytes fill what an address can name. */
static const int64_t pdl_most_elements = (int64_t)1 << 59;

enum { PDL_LARGEST_LEAF = 1024 };

/* Elements of a leaf along a divided axis of the given extent: the largest power of two <= max(1, extent / 256), at most
 * PDL_LARGEST_LEAF. */
int64_t pdl_leaf(int64_t extent);

/* First index of the block of `rank` of an axis cut over `ranks`: blocks are runs of leaves, as even as leaves allow, the
 * first (leaves mod ranks) blocks one leaf longer. pdl_block_begin(n, p, p) == n. */
int64_t pdl_block_begin(int64_t extent, int64_t ranks, int64_t rank);

/* A grid of ranks: the columns of the one that is most like a square; it has no more columns than rows. */
int64_t pdl_grid_columns(int64_t ranks);

/* An axis that is cut over the rows or the columns of a grid is cut between tiles. Their side: the largest power of two
 * <= max(1, extent / 64), at most PDL_LARGEST_LEAF. Blocks are runs of tiles, as even as tiles allow. */
int64_t pdl_grid_tile(int64_t extent);
int64_t pdl_grid_begin(int64_t extent, int64_t ranks, int64_t rank);

/* The number of a tile among all of a matrix: the bits of its row and its column in turn, those of the row first. */
static inline int64_t pdl_tile_number(int64_t row, int64_t column) {
    int64_t number = 0;
    for (int bit = 0; bit < 31; bit++) number |= (row >> bit & 1) << (2 * bit + 1) | (column >> bit & 1) << (2 * bit);
    return number;
}

/* Rows of the outermost axis in a leaf of a reduction tree. `inner` is the product of the other axes' spans (1 for a 1-D domain);
 * `divided_extent` is the divided axis's extent, or -1 when the outermost axis is not divided:
 * q = largest power of two <= max(1, PDL_LARGEST_LEAF / max(inner, 1)); undivided: q; divided: min(q, pdl_leaf(extent)). */
int64_t pdl_leaf_rows(int64_t inner, int64_t divided_extent);

/* The order inside a leaf (docs/architecture.md, "Bits"). Contributions go to PDL_LANES lanes; those of complete blocks of PDL_BLOCK
 * positions go to as many lanes as a block has positions, if their run is longer than PDL_SHORT_RUN and has no gaps. */
enum { PDL_LANES = 8, PDL_BLOCK = 32, PDL_SHORT_RUN = 64 };

/* The lane of a position in the run begin..<end of positions that it belongs to; 0 <= begin <= position < end. A run with gaps is given
 * as an empty one. */
static inline int64_t pdl_lane(int64_t position, int64_t begin, int64_t end) {
    int64_t block = position / PDL_BLOCK * PDL_BLOCK;
    int is_complete = end - begin > PDL_SHORT_RUN && block >= begin && block + PDL_BLOCK <= end;
    return is_complete ? position - block : position % PDL_LANES;
}

/* Elements of a leaf of a scan along an axis that is not divided. */
enum { PDL_SCAN_LEAF = 1024 };

/* Shortest decimal digits that read back the same, in Python's repr style: 0.25, 1e-06, 1e+16, inf, nan, 120.0.
 * Writes at most 32 bytes and a NUL, returns the length. */
int pdl_format_f64(char *out, double x);
int pdl_format_f32(char *out, float x);
/* Any element by its address; bool prints true/false; complex prints (re+imj). At most 80 bytes. */
int pdl_format_element(char *out, int element, const void *x);
/* How a hole of print writes a number: fixed and scientific with `digits`; padded on the left to `width`, with zeros where that is negative. */
enum { PDL_SHORTEST, PDL_FIXED, PDL_SCIENTIFIC };
typedef struct { int style, digits, width; } pdl_format;
/* A number in that format. Integers of another style than PDL_SHORTEST are converted to f64 first.
 * At most `capacity` bytes with the NUL; returns the length. */
int pdl_format_hole(char *out, size_t capacity, int element, const void *x, pdl_format format);

/* Discrete Fourier transforms of the lines of an array, n elements long, `outer` after one another times `inner` side by side.
 * The arrays hold real and imaginary parts, doubles or floats. */
typedef struct {
    int64_t n, outer, inner;
    int64_t taken; /* elements of a line that are there: n, or n / 2 + 1 where the others are their conjugates */
    int64_t given; /* elements of a line that are wanted: n, or n / 2 + 1 */
    int32_t single, inverse;
    const void *re, *im; /* im is NULL of real lines */
    void *to_re, *to_im; /* to_im is NULL where nobody asks for it */
} pdl_fft;
/* 0: there is not enough memory. */
int pdl_fft_run(const pdl_fft *it);

/* An array, its numbers in that format: nested brackets, at most 16 elements an axis in full, else the first 3, "...", the last 3.
 * A number, of no axes, has no brackets. Returns a malloc'ed string. `extents` are of what this rank holds. */
char *pdl_format_array(int element, int axes, const int64_t *extents, const void *data, pdl_format format);
#endif

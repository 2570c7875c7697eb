/* The runtime of a compiled PDL program: what generated code calls. It talks MPI and files. CodeGen/Runtime/RuntimeABI.swift says the same
 * to the compiler, and a test that both agree.
 * An array is a pointer to what this rank holds of it, in C order; in front of the elements stands a header that the runtime owns. */
#ifndef PDL_H
#define PDL_H
#include "pdl_numerics.h"

/* ---- What generated code defines ---- */
typedef struct {
    const char *name;
    int32_t element;          /* enum pdl_element, or -1 for text */
    int32_t required;
    const char *default_text; /* NULL when required */
    const char *documentation; /* or NULL */
} pdl_parameter;
typedef struct {
    const char *name;
    const pdl_parameter *parameters;
    int64_t parameter_count;
    void (*run)(void);
    int64_t grid_margin; /* rows and columns around the blocks of arrays that are cut over a grid */
} pdl_program;
extern const pdl_program pdl_main; /* a program's; a library has one for each of its functions */

/* A place in the source, passed to whatever can fail. */
typedef struct { const char *file; int32_t line, column; } pdl_place;

/* ---- Parameters, ranks, time ---- */
/* The value is written as the parameter's element type (or a const char * for text) when the user gave it. */
void pdl_parameter_get(int64_t index, void *out);
uint8_t pdl_parameter_given(int64_t index);
/* Called before every operation that communicates: what is sent from here on is this line's. In a library's function this is where ranks
 * learn that another one failed. */
void pdl_sends(const pdl_place *place);
int64_t pdl_rank(void);
int64_t pdl_ranks(void);
double pdl_clock(void); /* rank 0's, broadcast */
/* The grid of ranks: this rank's number along a direction, and how many there are. */
enum { PDL_ALL_RANKS, PDL_GRID_ROWS, PDL_GRID_COLUMNS };
int64_t pdl_grid_rank(int64_t direction);
int64_t pdl_grid_ranks(int64_t direction);

/* ---- Progress: an outermost loop from lower to upper by step (0: until a condition fails) begins, makes a turn, ends ---- */
void pdl_progress_begin(int64_t lower, int64_t upper, int64_t step, const pdl_place *place);
void pdl_progress_turn(void);
void pdl_progress_end(void);

/* ---- Profiles: the time from here on belongs to this line ---- */
void pdl_profile_at(const pdl_place *place);

/* ---- Memory: reference-counted blocks from a pool, 64-byte aligned, with 64 bytes in front and 64 behind
 * that vector loads at the ends of a range may read ---- */
void *pdl_allocate(int64_t bytes); /* fails with one message when there is none */
void pdl_allocates(const pdl_place *place); /* what asks from now on, for the message */
/* With room for so many bytes in front and as many behind, for the rows around a block that an exchange brings. */
void *pdl_allocate_block(int64_t bytes, int64_t margin);
void pdl_retain(void *array); /* retain and release do nothing to NULL */
void pdl_release(void *array);
uint8_t pdl_is_unique(void *array);

/* ---- Failure: in a program one message from one elected rank and MPI_Abort(1); a library's function returns it on all ranks ---- */
_Noreturn void pdl_fail(const pdl_place *place, const char *message);
_Noreturn void pdl_fail_index(const pdl_place *place, int64_t index, int64_t extent, int64_t axis);
_Noreturn void pdl_fail_division(const pdl_place *place);
_Noreturn void pdl_fail_extent(const pdl_place *place, const char *what, int64_t expected, int64_t actual);
/* `count` elements for each index along the axes before: how many with this one. Fails where that cannot be. */
int64_t pdl_check_extent(const pdl_place *place, int64_t axis, int64_t count, int64_t extent);

/* ---- Reduction trees ----
 * A rank's part of a reduction is a run of complete subtrees of the tree over leaf numbers, as a list of nodes; a node holds one
 * value of `size` bytes (a number, a (value, index) pair, or a whole array). `combine(left, right, count)` sets left = left ∘ right on
 * `count` elements. Nodes merge exactly when they are siblings (levels equal, left one even), so the result does not depend on
 * where the run was cut; at the end missing right siblings are passed over. */
typedef void (*pdl_combine)(void *left, const void *right, int64_t count);
typedef struct pdl_part pdl_part;
/* element_size bytes of one element, count elements a node; `identity` is one element. */
pdl_part *pdl_part_new(int64_t element_size, int64_t count, pdl_combine combine, const void *identity);
/* Adds the next leaf; leaf numbers grow by one or more (skipped leaves are absent: empty). */
void pdl_part_push(pdl_part *part, int64_t leaf, const void *value);
/* Adds the next node: the combination of all leaves there are from index * 2^level up to (index + 1) * 2^level. */
void pdl_part_push_node(pdl_part *part, int64_t level, int64_t index, const void *value);
/* Adds all leaves of `later`, which lie behind those of the part, and frees it. */
void pdl_part_append(pdl_part *part, pdl_part *later);
/* Folds what this rank holds (for `show`, and for reductions that are not divided) into out. */
void pdl_part_fold(const pdl_part *part, void *out);
void pdl_part_free(pdl_part *part);
/* A part of numbers over a matrix that is cut over a grid: its leaves are tiles, by `pdl_tile_number`. Of each band of tiles, in order, it
 * gets what every column of this rank comes to, of `columns` columns that all have together; closed, it is a part like any other. */
pdl_part *pdl_tiles_new(int64_t element_size, int64_t columns, pdl_combine combine, const void *identity);
void pdl_tiles_push(pdl_part *part, int64_t band, const void *sums);
void pdl_tiles_close(pdl_part *part);

/* ---- Collectives ---- */
/* One message for all parts; outs[i] gets the combination of parts[i] on every rank. Frees nothing. */
void pdl_allreduce(int64_t count, pdl_part *const *parts, void *const *outs);
/* The combination on rank 0; other ranks' out is untouched. */
void pdl_reduce(pdl_part *part, void *out);
/* out is this rank's block of `extent` rows of row_bytes each. */
void pdl_reduce_scatter(pdl_part *part, void *out, int64_t extent, int64_t row_bytes);
/* rows: the extent of the axis that is cut; row_bytes: what lies at one index of it.
 * gather: out holds the whole array on rank 0 (NULL elsewhere); allgather: everywhere; scatter_root: whole is NULL but on rank 0. */
void pdl_gather(const void *block, void *out, int64_t rows, int64_t row_bytes);
void pdl_allgather(const void *block, void *out, int64_t rows, int64_t row_bytes);
/* The same of a matrix that is cut over a grid; cell_bytes: what lies at one row and column of it. */
void pdl_grid_allgather(const void *block, void *out, int64_t rows, int64_t columns, int64_t cell_bytes);
void pdl_scatter_root(const void *whole, void *block, int64_t rows, int64_t row_bytes);
void pdl_bcast(void *data, int64_t bytes);

/* ---- Halos ----
 * Fills `low` rows in front of this rank's block and `high` rows behind it with copies of the array's rows there; beyond the
 * ends of the array there are none, or if it wraps those of the other end. All ranks call it with the same numbers. */
typedef struct {
    void *data;        /* this rank's block, with margins at least as wide */
    int64_t extent;    /* rows of the whole array */
    int64_t row_bytes;
    int64_t low, high;
    int64_t wraps;
    /* Over a grid: how many columns there are, and those around the block, which come first, so that the rows bring the corners along;
     * row_bytes are then of what lies at one row and column. Else -1. */
    int64_t columns;
    int64_t across_low, across_high;
    int64_t across_wraps;
} pdl_halo;
/* All rows for one rank travel in one message. */
void pdl_exchange(int64_t count, const pdl_halo *halos);
/* The same in two steps. One exchange at a time; until it is finished nothing else communicates, and the arrays stay as they are. */
void pdl_exchange_start(int64_t count, const pdl_halo *halos);
void pdl_exchange_finish(void);

/* ---- Operations on whole arrays ----
 * pdl_array_<kind>(results, operands, attributes, place): Language/ArrayOperation.swift says what each kind takes and gives. */
enum pdl_cut { PDL_CUT_WHOLE, PDL_CUT_BLOCK }; /* how an axis is cut: this rank has all of it, or its block */
typedef struct {
    void *data;         /* what this rank holds; a number's address; results: the function allocates it */
    int64_t extents[4]; /* of the whole array; results: -1 where the function finds it out, and writes it */
    int32_t element, axes;
    int32_t placement;
    uint8_t cuts[4];    /* enum pdl_cut, for each axis */
    int64_t margin;     /* results: rows around this rank's block that there must be room for */
} pdl_array;
/* A leaf of `lines` neighbouring lines: `rows` rows of them, `stride` elements apart. */
typedef struct {
    void *out;        /* the elements, or NULL where only the totals are wanted */
    const void *from;
    void *total;      /* out: what each line of the leaf comes to */
    void *carry;      /* what comes before the leaf in each line; overwritten */
    int64_t has_carry;
    int64_t rows, stride, lines;
    int64_t is_large; /* whether `out` goes past the caches */
} pdl_scan_leaf;
typedef void (*pdl_scan_kernel)(const pdl_scan_leaf *leaf);
/* What the next scan combines by: nodes and the identity have `size` bytes; they are made of one number of each of `arrays` arrays.
 * Without a kernel (NULL), elements are combined one after the other by calls of `combine`. */
void pdl_scan_operator(pdl_combine combine, pdl_scan_kernel kernel, const void *identity, int64_t size, int64_t arrays);
#define PDL_ARRAY_OPERATION(kind)                                                                                              \
    void pdl_array_##kind(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place);
PDL_ARRAY_OPERATION(transpose)
PDL_ARRAY_OPERATION(matmul)
PDL_ARRAY_OPERATION(slice)
PDL_ARRAY_OPERATION(gatherPlan)
PDL_ARRAY_OPERATION(gather)
PDL_ARRAY_OPERATION(scan)
PDL_ARRAY_OPERATION(exscan)
PDL_ARRAY_OPERATION(sort)
PDL_ARRAY_OPERATION(argsort)
PDL_ARRAY_OPERATION(unique)
PDL_ARRAY_OPERATION(compress)
PDL_ARRAY_OPERATION(top_k)
PDL_ARRAY_OPERATION(reshape)
PDL_ARRAY_OPERATION(concat)
PDL_ARRAY_OPERATION(permute)
PDL_ARRAY_OPERATION(put)
PDL_ARRAY_OPERATION(interleave)
PDL_ARRAY_OPERATION(separate)
PDL_ARRAY_OPERATION(fft)
PDL_ARRAY_OPERATION(ifft)
PDL_ARRAY_OPERATION(rfft)
PDL_ARRAY_OPERATION(irfft)

/* ---- The outside world ----
 * Extents and cuts are in the order in which axes are written, data in that in which they are stored: what is cut first. */
/* The operators of scans; what follows them is the program's own. */
enum { PDL_SUM, PDL_PRODUCT, PDL_MIN, PDL_MAX, PDL_AND, PDL_OR, PDL_BIT_AND, PDL_BIT_OR, PDL_BIT_XOR, PDL_MINLOC, PDL_MAXLOC };
enum { PDL_REPLICATED, PDL_SCATTERED, PDL_PART, PDL_LOCAL, PDL_ROOT }; /* placement of shown and stored values */
/* Text is put together piece by piece, then printed once by rank 0 (or becomes the message of a failed assert). */
void pdl_text(const char *text);
void pdl_hole(int32_t element, int32_t axes, const int64_t *extents, const void *data, int32_t style, int32_t digits, int32_t width);
void pdl_print(void);
const char *pdl_compose(void);
uint8_t pdl_same_text(const char *a, const char *b);
void pdl_assert(uint8_t condition, const pdl_place *place); /* uses and clears the text put together */
/* Header line `name: <prefix>f64[/16, 3]` (prefix: "part(+) ", "local ", "root " or ""; extents as numbers, a `/` before what is cut,
 * `_` for those of a local array), then a line for each rank. Extents are the whole array's (of a local array: this rank's own). A part
 * comes folded by pdl_part_fold. */
void pdl_show(const char *name, const char *prefix, const pdl_array *array);
/* Reads the header on rank 0, checks element type, order and extents (-1 means any; then they are the file's), tells all ranks.
 * `detail`: which array of an .h5 or .npz file, else "". */
void pdl_load_open(const char *path, const char *detail, pdl_array *array, const pdl_place *place);
/* Reads what this rank holds of that array into its data, from the file opened last, and closes it. */
void pdl_load_read(const pdl_array *array, const pdl_place *place);
/* What is cut every rank writes its own part of, else rank 0. `detail`: of an .h5 file the dataset, of a .png file the map of colours, of
 * a .csv file its first line; or "". */
void pdl_save(const char *path, const char *detail, const pdl_array *array, const pdl_place *place);

/* ---- Functions of a library: what its callers give and take; see library/library.h ---- */
/* An array argument: checks its extents (in extents: -1 means any; out: the whole array's). */
void pdl_argument_open(int64_t index, int32_t axes, int64_t *extents, const pdl_place *place);
/* What this rank holds of it by PDL's own cut, so many bytes with so many around them: the caller's memory where it lies there as PDL
 * would have it, else a copy; NULL where that is nothing. The caller's is never alone, so it is not written to; it may have any
 * address that its elements may have. */
void *pdl_argument_take(int64_t index, int64_t bytes, int64_t margin);
/* Memory of so many bytes for an array that will be this result: the caller's where it will lie there as PDL has it. */
void *pdl_result_take(int64_t index, int64_t bytes);
/* A number or what this rank holds of an array, handed to the caller. Extents are the whole array's, as they are written. */
void pdl_result(int64_t index, const int64_t *extents, const void *data);
#endif

/* Products of matrices. An element is one chain of fused multiply-adds over the inner index, in rising order from 0: the same
 * bits however rows, columns and the inner axis are cut, so that blocking for caches and ranks is free. The blocking is that of
 * K. Goto, R. A. van de Geijn: Anatomy of High-Performance Matrix Multiplication, ACM TOMS 34 (2008). */

#if defined(__AVX512F__)
#include <immintrin.h>
#define ROWS 8
#define VECTORS 3
typedef __m512d vec_double;
typedef __m512 vec_float;
#define vec_load_double _mm512_loadu_pd
#define vec_load_float _mm512_loadu_ps
#define vec_store_double _mm512_storeu_pd
#define vec_store_float _mm512_storeu_ps
#define vec_all_double _mm512_set1_pd
#define vec_all_float _mm512_set1_ps
#define vec_fma_double _mm512_fmadd_pd
#define vec_fma_float _mm512_fmadd_ps
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define ROWS 4
#define VECTORS 3
typedef __m256d vec_double;
typedef __m256 vec_float;
#define vec_load_double _mm256_loadu_pd
#define vec_load_float _mm256_loadu_ps
#define vec_store_double _mm256_storeu_pd
#define vec_store_float _mm256_storeu_ps
#define vec_all_double _mm256_set1_pd
#define vec_all_float _mm256_set1_ps
#define vec_fma_double _mm256_fmadd_pd
#define vec_fma_float _mm256_fmadd_ps
#else
#define ROWS 4
#define VECTORS 4
typedef double vec_double;
typedef float vec_float;
static inline double vec_load_double(const double *p) { return *p; }
static inline float vec_load_float(const float *p) { return *p; }
static inline void vec_store_double(double *p, double x) { *p = x; }
static inline void vec_store_float(float *p, float x) { *p = x; }
static inline double vec_all_double(double x) { return x; }
static inline float vec_all_float(float x) { return x; }
#define vec_fma_double __builtin_fma
#define vec_fma_float __builtin_fmaf
#endif

/* Inner indices and rows of a packed block: a strip of B's block stays in the first cache, A's block in the second. */
enum { INNER_BLOCK = 256, ROW_BLOCK = 24 * ROWS, COLUMN_BLOCK = 3072 };

/* A tile's sums are registers only when the loops over them are written out, which -O2 does not do by itself. */
#define UNROLL _Pragma("GCC unroll 8")

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* c (m × n, rows n apart) continues its chains with a (m × k, rows lda apart) times b (k × n, rows n apart). */
#define MATMUL(type)                                                                                                      \
    enum { LANES_##type = sizeof(vec_##type) / sizeof(type), COLUMNS_##type = VECTORS * LANES_##type };                   \
                                                                                                                          \
    static void tile_##type(int64_t k, const type *a, const type *b, type *c, int64_t ldc) {                              \
        vec_##type sum[ROWS][VECTORS];                                                                                    \
        UNROLL for (int i = 0; i < ROWS; i++)                                                                             \
            UNROLL for (int v = 0; v < VECTORS; v++) sum[i][v] = vec_load_##type(c + i * ldc + v * LANES_##type);         \
        for (int64_t p = 0; p < k; p++, a += ROWS, b += COLUMNS_##type) {                                                 \
            vec_##type row[VECTORS];                                                                                      \
            UNROLL for (int v = 0; v < VECTORS; v++) row[v] = vec_load_##type(b + v * LANES_##type);                      \
            UNROLL for (int i = 0; i < ROWS; i++) {                                                                       \
                vec_##type left = vec_all_##type(a[i]);                                                                   \
                UNROLL for (int v = 0; v < VECTORS; v++) sum[i][v] = vec_fma_##type(left, row[v], sum[i][v]);             \
            }                                                                                                             \
        }                                                                                                                 \
        UNROLL for (int i = 0; i < ROWS; i++)                                                                             \
            UNROLL for (int v = 0; v < VECTORS; v++) vec_store_##type(c + i * ldc + v * LANES_##type, sum[i][v]);         \
    }                                                                                                                     \
                                                                                                                          \
    /* A tile at the edge: in a full one beside it. */                                                                    \
    static void edge_##type(int64_t k, const type *a, const type *b, type *c, int64_t ldc, int64_t rows, int64_t columns) { \
        type whole[ROWS * COLUMNS_##type] = {0};                                                                          \
        for (int64_t i = 0; i < rows; i++)                                                                                \
            memcpy(whole + i * COLUMNS_##type, c + i * ldc, (size_t)columns * sizeof(type));                              \
        tile_##type(k, a, b, whole, COLUMNS_##type);                                                                      \
        for (int64_t i = 0; i < rows; i++)                                                                                \
            memcpy(c + i * ldc, whole + i * COLUMNS_##type, (size_t)columns * sizeof(type));                              \
    }                                                                                                                     \
                                                                                                                          \
    static void pack_rows_##type(const type *a, int64_t lda, int64_t rows, int64_t inner, type *to) {                     \
        for (int64_t i = 0; i < rows; i += ROWS)                                                                          \
            for (int64_t p = 0; p < inner; p++)                                                                           \
                for (int64_t r = 0; r < ROWS; r++) *to++ = i + r < rows ? a[(i + r) * lda + p] : 0;                       \
    }                                                                                                                     \
                                                                                                                          \
    static void pack_columns_##type(const type *b, int64_t ldb, int64_t inner, int64_t columns, type *to) {               \
        for (int64_t j = 0; j < columns; j += COLUMNS_##type) {                                                           \
            int64_t width = least(COLUMNS_##type, columns - j);                                                           \
            for (int64_t p = 0; p < inner; p++, to += COLUMNS_##type) {                                                   \
                memcpy(to, b + p * ldb + j, (size_t)width * sizeof(type));                                                \
                memset(to + width, 0, (size_t)(COLUMNS_##type - width) * sizeof(type));                                   \
            }                                                                                                             \
        }                                                                                                                 \
    }                                                                                                                     \
                                                                                                                          \
    static void block_##type(const type *a, const type *b, type *c, int64_t ldc, int64_t rows, int64_t inner, int64_t columns) { \
        for (int64_t j = 0; j < columns; j += COLUMNS_##type)                                                             \
            for (int64_t i = 0; i < rows; i += ROWS) {                                                                    \
                const type *left = a + i * inner, *right = b + j * inner;                                                 \
                int64_t height = least(ROWS, rows - i), width = least(COLUMNS_##type, columns - j);                       \
                if (height == ROWS && width == COLUMNS_##type) tile_##type(inner, left, right, c + i * ldc + j, ldc);     \
                else edge_##type(inner, left, right, c + i * ldc + j, ldc, height, width);                                \
            }                                                                                                             \
    }                                                                                                                     \
                                                                                                                          \
    static void matmul_##type(const void *left, const void *right, void *out, int64_t m, int64_t k, int64_t n) {          \
        const type *a = left, *b = right;                                                                                 \
        type *c = out;                                                                                                    \
        type *rows = pdl_allocate((int64_t)sizeof(type) * ROW_BLOCK * INNER_BLOCK);                                       \
        type *columns = pdl_allocate((int64_t)sizeof(type) * INNER_BLOCK * (COLUMN_BLOCK + COLUMNS_##type));              \
        for (int64_t j = 0; j < n; j += COLUMN_BLOCK)                                                                     \
            for (int64_t p = 0; p < k; p += INNER_BLOCK) {                                                                \
                int64_t width = least(COLUMN_BLOCK, n - j), inner = least(INNER_BLOCK, k - p);                            \
                pack_columns_##type(b + p * n + j, n, inner, width, columns);                                             \
                for (int64_t i = 0; i < m; i += ROW_BLOCK) {                                                              \
                    int64_t height = least(ROW_BLOCK, m - i);                                                             \
                    pack_rows_##type(a + i * k + p, k, height, inner, rows);                                              \
                    block_##type(rows, columns, c + i * n + j, n, height, inner, width);                                  \
                }                                                                                                         \
            }                                                                                                             \
        pdl_release(columns);                                                                                             \
        pdl_release(rows);                                                                                                \
    }
MATMUL(double)
MATMUL(float)

/* Integers wrap; their sums may be taken in any order. */
#define MATMUL_INTEGER(type)                                                                                              \
    static void matmul_##type(const void *left, const void *right, void *out, int64_t m, int64_t k, int64_t n) {          \
        const type *a = left, *b = right;                                                                                 \
        type *c = out;                                                                                                    \
        for (int64_t i = 0; i < m; i++)                                                                                   \
            for (int64_t p = 0; p < k; p++)                                                                               \
                for (int64_t j = 0; j < n; j++) c[i * n + j] += a[i * k + p] * b[p * n + j];                              \
    }
MATMUL_INTEGER(uint32_t)
MATMUL_INTEGER(uint64_t)

/* out (n × m) continues its chains with a (n × k) times b (k × m). */
typedef struct {
    const void *a, *b;
    void *out;
    int64_t n, k, m;
} block_factors;

static void multiply(int element, const block_factors *it) {
    switch (element) {
    case PDL_F64: matmul_double(it->a, it->b, it->out, it->n, it->k, it->m); break;
    case PDL_F32: matmul_float(it->a, it->b, it->out, it->n, it->k, it->m); break;
    case PDL_I32:
    case PDL_U32: matmul_uint32_t(it->a, it->b, it->out, it->n, it->k, it->m); break;
    default: matmul_uint64_t(it->a, it->b, it->out, it->n, it->k, it->m); break;
    }
}

/* ---- Over a grid of ranks: SUMMA. R. A. van de Geijn, J. Watts: SUMMA: Scalable Universal Matrix Multiplication Algorithm (1997) ---- */

/* A panel of inner indices that one column of ranks has of the left matrix, and one row of ranks of the right one. */
typedef struct {
    indices inner;
    int column, row;
} panel;

/* The panel that begins at an inner index. */
static panel panel_at(int64_t begin, int64_t k) {
    panel it = {.inner = {begin, begin}};
    it.column = cut_owner(PDL_GRID_COLUMNS, k, begin);
    it.row = cut_owner(PDL_GRID_ROWS, k, begin);
    it.inner.end = least(cut_begin(PDL_GRID_COLUMNS, k, it.column + 1), cut_begin(PDL_GRID_ROWS, k, it.row + 1));
    return it;
}

/* Sends this rank's part of a panel to the others along a direction, or takes it from the one that has it. */
static void share_panel(requests *open, int64_t direction, int owner, char *data, int64_t bytes) {
    if (pdl_grid_rank(direction) != owner) {
        post_receive(open, data, bytes, peer_of(direction, owner));
        return;
    }
    for (int number = 0; number < pdl_grid_ranks(direction); number++)
        if (number != owner) post_send(open, data, bytes, peer_of(direction, number));
}

/* Copies this rank's part of a panel, if it has one, and shares it with those that need it. */
static void spread_panel(requests *open, const panel *it, const pdl_array *a, const pdl_array *b, const block_factors *part) {
    int64_t size = (int64_t)pdl_element_size(a->element), begin = it->inner.begin;
    grid_box left = grid_box_of(a->extents[0], a->extents[1], now->rank), right = grid_box_of(b->extents[0], b->extents[1], now->rank);
    run_places columns = {(char *)part->a, part->k * size}, rows = {(char *)part->b, part->m * size};
    if (pdl_grid_rank(PDL_GRID_COLUMNS) == it->column) {
        run_places from = grid_lines(&left, (char *)a->data + (begin - left.columns.begin) * size, size);
        copy_runs(columns, from, columns.step, part->n);
    }
    if (pdl_grid_rank(PDL_GRID_ROWS) == it->row) {
        run_places from = grid_lines(&right, b->data, size);
        from.data += (begin - right.rows.begin) * from.step;
        copy_runs(rows, from, rows.step, part->k);
    }
    share_panel(open, PDL_GRID_COLUMNS, it->column, columns.data, part->n * columns.step);
    share_panel(open, PDL_GRID_ROWS, it->row, rows.data, part->k * rows.step);
}

/* Panels travel in the order of the inner index, so every element is the same chain as in any other product. */
static void multiply_over_grid(pdl_array *result, const pdl_array *a, const pdl_array *b) {
    int64_t size = (int64_t)pdl_element_size(a->element);
    grid_box own = grid_box_of(a->extents[0], b->extents[1], now->rank);
    block_factors part = {.n = length(own.rows), .m = length(own.columns)};
    int64_t bytes = part.n * part.m * size;
    part.out = memset(pdl_allocate(bytes), 0, (size_t)bytes);
    panel it;
    for (int64_t begin = 0; begin < a->extents[1]; begin = it.inner.end) {
        it = panel_at(begin, a->extents[1]);
        part.k = length(it.inner);
        char *columns = pdl_allocate(part.n * part.k * size), *rows = pdl_allocate(part.k * part.m * size);
        part.a = columns;
        part.b = rows;
        requests open = {0};
        spread_panel(&open, &it, a, b, &part);
        complete(&open);
        multiply(a->element, &part);
        pdl_release(columns);
        pdl_release(rows);
    }
    grid_unpack(&own, allocate_result(result), part.out, size);
    pdl_release(part.out);
}

/* a (n × k) times b (k × m). Rows of a may be divided: the result's are likewise. When b's rows are divided, every rank first
 * collects b. */
void pdl_array_matmul(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place) {
    (void)attributes;
    (void)place;
    const pdl_array *a = &operands[0], *b = &operands[1];
    if (is_over_grid(a)) {
        multiply_over_grid(&results[0], a, b);
        return;
    }
    int64_t n = held_rows(a), k = a->extents[1], m = b->extents[1];
    int64_t size = (int64_t)pdl_element_size(a->element);
    void *out = allocate_result(&results[0]), *whole = NULL;
    memset(out, 0, (size_t)(n * m * size));
    if (is_divided(b) && now->ranks > 1) {
        whole = pdl_allocate(k * m * size);
        pdl_allgather(b->data, whole, k, m * size);
    }
    multiply(a->element, &(block_factors){a->data, whole != NULL ? whole : b->data, out, n, k, m});
    pdl_release(whole);
}

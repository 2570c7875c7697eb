/* What operations on whole arrays share: boxes of elements, and exchanges in which every rank may send to every other. */

static int64_t clamped(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

/* Copies a box of elements of `size` bytes; strides count elements. The last axis of the box is the innermost loop; where its elements lie
 * apart in what is read, the last two axes go by tiles, so that every cache line is read once. */
enum { TILE = 32 };
#define COPY_BOX(type)                                                                                                  \
    static void copy_plane_##type(type *to, const int64_t *to_strides, const type *from, const int64_t *from_strides,   \
                                  const int64_t *extents) {                                                             \
        int64_t tile = from_strides[3] == 1 ? extents[3] : TILE;                                                        \
        for (int64_t rows = 0; rows < extents[2]; rows += TILE)                                                         \
            for (int64_t first = 0; first < extents[3]; first += tile) {                                                \
                int64_t end = extents[3] - first < tile ? extents[3] : first + tile;                                    \
                for (int64_t k = rows; k < extents[2] && k < rows + TILE; k++)                                          \
                    for (int64_t l = first; l < end; l++)                                                               \
                        to[k * to_strides[2] + l * to_strides[3]] = from[k * from_strides[2] + l * from_strides[3]];    \
            }                                                                                                           \
    }                                                                                                                   \
    static void copy_box_##type(type *to, const int64_t *to_strides, const type *from, const int64_t *from_strides,     \
                                const int64_t *extents) {                                                               \
        for (int64_t i = 0; i < extents[0]; i++)                                                                        \
            for (int64_t j = 0; j < extents[1]; j++)                                                                    \
                copy_plane_##type(to + i * to_strides[0] + j * to_strides[1], to_strides,                               \
                                  from + i * from_strides[0] + j * from_strides[1], from_strides, extents);             \
    }
typedef struct { double re, im; } wide;
COPY_BOX(uint8_t)
COPY_BOX(uint32_t)
COPY_BOX(uint64_t)
COPY_BOX(wide)

/* A box of elements of `size` bytes, and where they stand; strides count elements. Four axes; unused leading ones have extent 1. */
typedef struct {
    size_t size;
    const int64_t *extents, *to, *from;
} box_copy;

static void copy_box(const box_copy *it, void *to, const void *from) {
    switch (it->size) {
    case 1: copy_box_uint8_t(to, it->to, from, it->from, it->extents); break;
    case 4: copy_box_uint32_t(to, it->to, from, it->from, it->extents); break;
    case 8: copy_box_uint64_t(to, it->to, from, it->from, it->extents); break;
    default: copy_box_wide(to, it->to, from, it->from, it->extents); break;
    }
}

/* Row-major strides of a box, in elements, the extents padded to four axes. */
static void strides_of(const int64_t *extents, int64_t *strides) {
    strides[3] = 1;
    for (int axis = 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * extents[axis + 1];
}

/* Copies elements of `size` bytes with their two leading axes exchanged: from[a][b][inner] to to[b][a][inner]. */
static void exchange_axes(size_t size, void *to, const void *from, const int64_t *extents) {
    int64_t a = extents[0], b = extents[1], inner = extents[2];
    int64_t rows[4] = {1, b, a, inner}, row_to[4] = {0, a * inner, inner, 1}, row_from[4] = {0, inner, b * inner, 1};
    int64_t flat[4] = {1, 1, b, a}, flat_to[4] = {0, 0, a, 1}, flat_from[4] = {0, 0, 1, b};
    box_copy by_row = {size, rows, row_to, row_from}, by_element = {size, flat, flat_to, flat_from};
    copy_box(inner == 1 ? &by_element : &by_row, to, from);
}

/* Sends [send_begin[r], send_begin[r + 1]) of `send` to rank r and receives likewise; bytes. Own bytes are copied. */
static void exchange(const char *send, const int64_t *send_begin, char *receive, const int64_t *receive_begin) {
    requests pending = {0};
    for (int step = 0; step < now->ranks; step++) {
        int from = (now->rank + now->ranks - step) % now->ranks;
        if (from != now->rank) post_receive(&pending, receive + receive_begin[from], run_bytes(receive_begin, from), from);
    }
    for (int step = 0; step < now->ranks; step++) {
        int to = (now->rank + step) % now->ranks;
        if (to != now->rank) post_send(&pending, send + send_begin[to], run_bytes(send_begin, to), to);
    }
    memcpy(receive + receive_begin[now->rank], send + send_begin[now->rank], (size_t)run_bytes(send_begin, now->rank));
    complete(&pending);
}

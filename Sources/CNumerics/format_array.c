/* Arrays as text: a hole of `print`, one rank's line of `show`. */
#include "pdl_numerics.h"
#include <stdlib.h>
#include <string.h>

enum { IN_FULL = 16, AT_EACH_END = 3 };

/* A string that grows; text is NULL once memory has run out. */
typedef struct {
    char *text;
    size_t length, capacity;
} line;

static void append(line *to, const char *piece) {
    size_t length = strlen(piece);
    if (to->text != NULL && to->length + length >= to->capacity) {
        to->capacity = 2 * (to->length + length + 1);
        char *grown = realloc(to->text, to->capacity);
        if (grown == NULL) free(to->text);
        to->text = grown;
    }
    if (to->text == NULL) return;
    memcpy(to->text + to->length, piece, length + 1);
    to->length += length;
}

typedef struct {
    int element;
    pdl_format format;
} numbers;

static void append_axes(line *to, const numbers *of, int axes, const int64_t *extents, const char *data) {
    if (axes == 0) {
        char number[2048];
        pdl_format_hole(number, sizeof number, of->element, data, of->format);
        append(to, number);
        return;
    }
    size_t stride = pdl_element_size(of->element);
    for (int axis = 1; axis < axes; axis++) stride *= (size_t)extents[axis];
    append(to, "[");
    for (int64_t i = 0; i < extents[0]; i++) {
        if (i > 0) append(to, ", ");
        if (i == AT_EACH_END && extents[0] > IN_FULL) {
            append(to, "..., ");
            i = extents[0] - AT_EACH_END;
        }
        append_axes(to, of, axes - 1, extents + 1, data + (size_t)i * stride);
    }
    append(to, "]");
}

char *pdl_format_array(int element, int axes, const int64_t *extents, const void *data, pdl_format format) {
    line to = {.text = calloc(1, 256), .capacity = 256};
    append_axes(&to, &(numbers){element, format}, axes, extents, data);
    return to.text;
}

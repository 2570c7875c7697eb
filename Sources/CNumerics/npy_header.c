/* A .npy file starts with \x93NUMPY, two bytes of version, the length of what follows, and a Python dictionary:
 * {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   padded with blanks to a newline.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#include "pdl_npy.h"
#include <stdio.h>
#include <string.h>

static const char magic[] = "\x93NUMPY";
/* Kind and bytes of each element type. */
static const char *const kinds[] = {
    [PDL_BOOL] = "b1", [PDL_I32] = "i4", [PDL_I64] = "i8", [PDL_U32] = "u4", [PDL_U64] = "u8",
    [PDL_F32] = "f4", [PDL_F64] = "f8", [PDL_C64] = "c8", [PDL_C128] = "c16",
};
enum { ELEMENTS = sizeof kinds / sizeof *kinds };

int64_t pdl_npy_offset(const unsigned char *start, size_t count) {
    if (count < 10 || memcmp(start, magic, 6) != 0) return 0;
    if (start[6] == 1) return 10 + start[8] + 256 * start[9];
    if (count < PDL_NPY_START || start[6] < 1 || start[6] > 3) return 0;
    return 12 + (start[8] | start[9] << 8 | start[10] << 16 | (int64_t)start[11] << 24);
}

/* ---- A reader of the Python literals that stand in a header ---- */

typedef struct { const char *at, *end; } reader;

static void skip_blanks(reader *in) {
    while (in->at < in->end && strchr(" \t\r\n", *in->at) && *in->at) in->at++;
}

static int take(reader *in, char c) {
    skip_blanks(in);
    if (in->at == in->end || *in->at != c) return 0;
    in->at++;
    return 1;
}

/* 'text' or "text" */
static int string(reader *in, char *out, size_t capacity) {
    skip_blanks(in);
    if (in->at == in->end || (*in->at != '\'' && *in->at != '"')) return 0;
    char quote = *in->at++;
    size_t length = 0;
    while (in->at < in->end && *in->at != quote) {
        if (length + 1 < capacity) out[length++] = *in->at;
        in->at++;
    }
    out[length] = 0;
    return take(in, quote);
}

static int word(reader *in, const char *expected) {
    size_t length = strlen(expected);
    skip_blanks(in);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, expected, length) != 0) return 0;
    in->at += length;
    return 1;
}

/* Digits; Python 2 put an L behind long ones. */
static int integer(reader *in, int64_t *out) {
    skip_blanks(in);
    const char *first = in->at;
    for (*out = 0; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, *in->at - '0', out)) return 0;
    }
    if (in->at == first) return 0;
    take(in, 'L');
    return 1;
}

static int shape(reader *in, pdl_npy *out) {
    if (!take(in, '(')) return 0;
    for (out->axes = 0; !take(in, ')'); out->axes++) {
        if (out->axes == PDL_NPY_AXES || !integer(in, &out->extents[out->axes])) return 0;
        if (!take(in, ',')) {
            out->axes++;
            return take(in, ')');
        }
    }
    return 1;
}

/* A type that is no string is a record's: a list of fields, kept as it stands. */
static int type(reader *in, pdl_npy *out) {
    if (string(in, out->type, sizeof out->type)) return 1;
    if (!take(in, '[')) return 0;
    int depth = 1;
    for (; in->at < in->end && depth > 0; in->at++) depth += (*in->at == '[') - (*in->at == ']');
    strcpy(out->type, "record");
    return depth == 0;
}

static void classify(pdl_npy *out) {
    uint16_t probe = 1;
    int little = *(unsigned char *)&probe == 1;
    char order = out->type[0];
    out->big_endian = order == '>' || (order == '=' && !little);
    const char *kind = out->type + (order != 0 && strchr("<>=|", order) != NULL);
    out->element = -1;
    for (int element = 0; element < ELEMENTS; element++) {
        if (strcmp(kind, kinds[element]) == 0) out->element = element;
    }
    if (strcmp(kind, "?") == 0) out->element = PDL_BOOL;
    if (out->element == PDL_BOOL) out->big_endian = 0;
}

int pdl_npy_parse(const unsigned char *header, size_t count, pdl_npy *out) {
    memset(out, 0, sizeof *out);
    out->offset = pdl_npy_offset(header, count);
    if (out->offset == 0 || (size_t)out->offset > count) return 0;
    const char *text = (const char *)header;
    reader in = {text + (header[6] == 1 ? 10 : 12), text + out->offset};
    enum { TYPE = 1, ORDER = 2, SHAPE = 4 };
    int seen = 0;
    if (!take(&in, '{')) return 0;
    while (!take(&in, '}')) {
        char key[16];
        if (!string(&in, key, sizeof key) || !take(&in, ':')) return 0;
        if (strcmp(key, "descr") == 0 && type(&in, out)) {
            seen |= TYPE;
        } else if (strcmp(key, "fortran_order") == 0 && ((out->fortran = word(&in, "True")) || word(&in, "False"))) {
            seen |= ORDER;
        } else if (strcmp(key, "shape") == 0 && shape(&in, out)) {
            seen |= SHAPE;
        } else {
            return 0;
        }
        if (!take(&in, ',') && (in.at == in.end || *in.at != '}')) return 0;
    }
    if (out->axes < 2) out->fortran = 0;
    classify(out);
    return seen == (TYPE | ORDER | SHAPE);
}

/* (3, 4), (3,), ()  */
static int shape_text(char *out, int axes, const int64_t *extents) {
    int length = sprintf(out, "(");
    for (int axis = 0; axis < axes; axis++) {
        length += sprintf(out + length, "%s%lld", axis > 0 ? ", " : "", (long long)extents[axis]);
    }
    return length + sprintf(out + length, axes == 1 ? ",)" : ")");
}

size_t pdl_npy_header(unsigned char *out, int element, int axes, const int64_t *extents) {
    char *text = (char *)out + 10;
    int length = sprintf(text, "{'descr': '%c%s', 'fortran_order': False, 'shape': ", element == PDL_BOOL ? '|' : '<',
                         kinds[element]);
    length += shape_text(text + length, axes, extents);
    length += sprintf(text + length, ", }");
    int padded = (10 + length + 1 + 63) / 64 * 64;
    memset(text + length, ' ', (size_t)(padded - 10 - length));
    out[padded - 1] = '\n';
    memcpy(out, magic, 6);
    out[6] = 1;
    out[7] = 0;
    out[8] = (unsigned char)(padded - 10);
    out[9] = (unsigned char)((padded - 10) >> 8);
    return (size_t)padded;
}

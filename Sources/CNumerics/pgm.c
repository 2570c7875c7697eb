#include "pdl_pgm.h"
#include <stdio.h>
#include <string.h>

int pdl_is_picture(const char *path) {
    size_t length = strlen(path);
    return length >= 4 && strcmp(path + length - 4, ".pgm") == 0;
}

int pdl_pgm_problem(char *message, const char *path, int element, int axes) {
    int integer = element == PDL_I32 || element == PDL_I64 || element == PDL_U32 || element == PDL_U64;
    if (integer && axes == 2) return 0;
    snprintf(message, PDL_NPY_MESSAGE, "%s is a picture: it holds a matrix of integers, the grey levels, not %s with %d %s", path,
             pdl_element_name(element), axes, axes == 1 ? "axis" : "axes");
    return 1;
}

/* An unsigned number too large for i64 is no level either way. */
static int64_t level_at(int element, const void *data, int64_t index) {
    switch (element) {
    case PDL_I32: return ((const int32_t *)data)[index];
    case PDL_U32: return ((const uint32_t *)data)[index];
    default: return ((const int64_t *)data)[index];
    }
}

int64_t pdl_pgm_levels(int element, const void *data, int64_t count, int64_t *wrong) {
    int64_t greatest = 0;
    *wrong = -1;
    for (int64_t index = 0; index < count; index++) {
        int64_t level = level_at(element, data, index);
        if (level < 0 || level > PDL_PGM_BRIGHTEST) {
            *wrong = index;
            return greatest;
        }
        if (level > greatest) greatest = level;
    }
    return greatest;
}

void pdl_pgm_wrong_level(char *message, const char *path, int element, const void *number, int64_t row, int64_t column) {
    char digits[80];
    pdl_format_element(digits, element, number);
    snprintf(message, PDL_NPY_MESSAGE, "cannot save %s: the element [%lld, %lld] is %s, and grey levels go from 0 to %d", path,
             (long long)row, (long long)column, digits, PDL_PGM_BRIGHTEST);
}

int pdl_pgm_bytes(int64_t white) { return white > 255 ? 2 : 1; }

size_t pdl_pgm_header(unsigned char *out, int64_t rows, int64_t columns, int64_t white) {
    return (size_t)snprintf((char *)out, PDL_PGM_HEADER, "P5\n%lld %lld\n%d\n", (long long)columns, (long long)rows,
                            pdl_pgm_bytes(white) == 1 ? 255 : PDL_PGM_BRIGHTEST);
}

void pdl_pgm_encode(unsigned char *out, int bytes, int element, const void *data, int64_t count) {
    for (int64_t index = 0; index < count; index++) {
        int64_t level = level_at(element, data, index);
        if (bytes == 2) *out++ = (unsigned char)(level >> 8);
        *out++ = (unsigned char)level;
    }
}

void pdl_pgm_decode(void *out, int element, const unsigned char *levels, int bytes, int64_t count) {
    for (int64_t index = 0; index < count; index++, levels += bytes) {
        int64_t level = bytes == 2 ? levels[0] << 8 | levels[1] : levels[0];
        if (pdl_element_size(element) == 4) {
            ((int32_t *)out)[index] = (int32_t)level;
        } else {
            ((int64_t *)out)[index] = level;
        }
    }
}

/* A number after blanks and comments; -1: there is none, or it does not end within `end`. */
static int64_t header_number(const unsigned char **at, const unsigned char *end) {
    while (*at < end && **at != 0 && (**at == '#' || strchr(" \t\r\n", **at))) {
        if (**at == '#') {
            while (*at < end && **at != '\n') ++*at;
        } else {
            ++*at;
        }
    }
    int64_t number = -1;
    for (; *at < end && **at >= '0' && **at <= '9' && number < 1000000000000; ++*at) {
        number = 10 * (number < 0 ? 0 : number) + (**at - '0');
    }
    return *at < end ? number : -1;
}

int pdl_pgm_parse(const unsigned char *start, size_t count, int element, pdl_npy *out, int *bytes) {
    if (count < 3 || memcmp(start, "P5", 2) != 0) return 0;
    const unsigned char *at = start + 2, *end = start + count;
    int64_t columns = header_number(&at, end), rows = header_number(&at, end), white = header_number(&at, end);
    if (columns < 0 || rows < 0) return 0;
    /* No file is too short for a shape without elements, but nobody can count through this one. */
    if (columns == 0 && rows > INT32_MAX) return 0;
    if (white < 1 || white > PDL_PGM_BRIGHTEST) return 0;
    *out = (pdl_npy){.element = element, .axes = 2, .extents = {rows, columns}, .offset = at + 1 - start};
    *bytes = pdl_pgm_bytes(white);
    return 1;
}

int pdl_pgm_load_problem(char *message, const char *path, const pdl_npy *header, int bytes, int64_t file_bytes, int element,
                         int axes, const int64_t *extents) {
    if (pdl_pgm_problem(message, path, element, axes)) return 1;
    if (header == NULL) {
        snprintf(message, PDL_NPY_MESSAGE, "%s is not a binary .pgm picture (P5), or its header is damaged", path);
        return 1;
    }
    int64_t promised = bytes * header->extents[0], there = file_bytes - header->offset;
    if (header->extents[1] > 0 && promised > there / header->extents[1]) {
        snprintf(message, PDL_NPY_MESSAGE, "%s is shorter than its header promises: %lld rows of %lld levels", path,
                 (long long)header->extents[0], (long long)header->extents[1]);
        return 1;
    }
    /* The extents that the program wants, told as for a .npy file: lengths have been looked at. */
    return pdl_npy_problem(message, path, header, INT64_MAX, element, axes, extents);
}

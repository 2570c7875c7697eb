/* Numbers read from text: a program's parameters, the cells of a table. */
#include "pdl_numerics.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The digits of a whole number, all of them, within the type. */
static int parse_integer(const char *text, int element, void *out) {
    char *end = NULL;
    int is_unsigned = element == PDL_U32 || element == PDL_U64;
    if (is_unsigned && *text == '-') return 0;
    errno = 0;
    uint64_t bits = is_unsigned ? strtoull(text, &end, 10) : (uint64_t)strtoll(text, &end, 10);
    if (*end != 0 || end == text || errno != 0) return 0;
    if (element == PDL_I32 && ((int64_t)bits < INT32_MIN || (int64_t)bits > INT32_MAX)) return 0;
    if (element == PDL_U32 && bits > UINT32_MAX) return 0;
    uint32_t low = (uint32_t)bits;
    if (pdl_element_size(element) == 4) {
        memcpy(out, &low, sizeof low);
    } else {
        memcpy(out, &bits, sizeof bits);
    }
    return 1;
}

static int parse_float(const char *text, int element, void *out) {
    char *end = NULL;
    double wide = strtod(text, &end);
    if (*end != 0 || end == text) return 0;
    float narrow = strtof(text, NULL);
    if (element == PDL_F32) {
        memcpy(out, &narrow, sizeof narrow);
    } else {
        memcpy(out, &wide, sizeof wide);
    }
    return 1;
}

int pdl_parse_number(const char *text, int element, void *out) {
    if (*text == 0 || isspace((unsigned char)*text)) return 0;
    switch (element) {
    case PDL_F32: case PDL_F64: return parse_float(text, element, out);
    case PDL_I32: case PDL_I64: case PDL_U32: case PDL_U64: return parse_integer(text, element, out);
    default: return 0;
    }
}

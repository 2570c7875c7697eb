/* How numbers print: the shortest decimal digits that read back the same, in the style of Python's repr. */
#include "pdl_numerics.h"
#include <math.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t pdl_element_size(int element) {
    static const unsigned char sizes[] = {
        [PDL_BOOL] = 1, [PDL_I32] = 4, [PDL_I64] = 8, [PDL_U32] = 4, [PDL_U64] = 8,
        [PDL_F32] = 4, [PDL_F64] = 8, [PDL_C64] = 8, [PDL_C128] = 16,
    };
    return sizes[element];
}

/* digits[0].digits[1]digits[2]... times 10 to the exponent. */
typedef struct {
    char digits[20];
    int count, exponent;
} decimal;

/* x > 0, correctly rounded to `count` digits. */
static decimal rounded(double x, int count) {
    char text[40];
    snprintf(text, sizeof text, "%.*e", count - 1, x);
    decimal d = {.digits = {text[0]}, .count = count, .exponent = atoi(strchr(text, 'e') + 1)};
    if (count > 1) memcpy(d.digits + 1, text + 2, (size_t)count - 1);
    return d;
}

/* One more in the last digit. */
static decimal next_up(decimal d) {
    int last = d.count - 1;
    while (last >= 0 && d.digits[last] == '9') d.digits[last--] = '0';
    if (last >= 0) {
        d.digits[last]++;
    } else {
        d.digits[0] = '1';
        d.exponent++;
    }
    return d;
}

static int reads_back(const decimal *d, double x, int single) {
    char text[40];
    snprintf(text, sizeof text, "%c.%.*se%d", d->digits[0], d->count - 1, d->digits + 1, d->exponent);
    return single ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x;
}

/* Below a power of two numbers lie twice as close as above it: there the shortest digits that read back may be those
 * just above the correctly rounded ones. */
static decimal shortest(double x, int single) {
    int normal = x >= (single ? FLT_MIN : DBL_MIN);
    int count = normal ? (single ? FLT_DIG : DBL_DIG) : 1;
    for (;; count++) {
        decimal nearest = rounded(x, count), above = next_up(nearest);
        if (reads_back(&nearest, x, single)) return nearest;
        if (reads_back(&above, x, single)) return above;
    }
}

static int format_real(char *out, double x, int single) {
    if (isnan(x)) return sprintf(out, "nan");
    const char *sign = signbit(x) ? "-" : "";
    if (isinf(x)) return sprintf(out, "%sinf", sign);
    if (x == 0) return sprintf(out, "%s0.0", sign);
    decimal d = shortest(fabs(x), single);
    while (d.count > 1 && d.digits[d.count - 1] == '0') d.count--;
    int whole = d.exponent + 1; /* digits before the point */
    if (d.exponent < -4 || d.exponent >= 16) {
        return sprintf(out, "%s%c%s%.*se%+03d", sign, d.digits[0], d.count > 1 ? "." : "", d.count - 1, d.digits + 1,
                       d.exponent);
    }
    if (whole <= 0) return sprintf(out, "%s0.%.*s%.*s", sign, -whole, "0000", d.count, d.digits);
    if (whole < d.count) return sprintf(out, "%s%.*s.%.*s", sign, whole, d.digits, d.count - whole, d.digits + whole);
    return sprintf(out, "%s%.*s%.*s.0", sign, d.count, d.digits, whole - d.count, "0000000000000000");
}

int pdl_format_f64(char *out, double x) { return format_real(out, x, 0); }
int pdl_format_f32(char *out, float x) { return format_real(out, x, 1); }

/* An unaligned read: elements may be given by any address. */
#define AT(type, x) (*(const type *)memcpy(&(type){0}, x, sizeof(type)))

static int format_complex(char *out, double re, double im, int single) {
    int length = sprintf(out, "(");
    length += format_real(out + length, re, single);
    if (isnan(im) || !signbit(im)) out[length++] = '+';
    length += format_real(out + length, im, single);
    return length + sprintf(out + length, "j)");
}

int pdl_format_element(char *out, int element, const void *x) {
    switch (element) {
    case PDL_BOOL: return sprintf(out, "%s", AT(uint8_t, x) ? "true" : "false");
    case PDL_I32: return sprintf(out, "%ld", (long)AT(int32_t, x));
    case PDL_I64: return sprintf(out, "%lld", (long long)AT(int64_t, x));
    case PDL_U32: return sprintf(out, "%lu", (unsigned long)AT(uint32_t, x));
    case PDL_U64: return sprintf(out, "%llu", (unsigned long long)AT(uint64_t, x));
    case PDL_F32: return format_real(out, AT(float, x), 1);
    case PDL_F64: return format_real(out, AT(double, x), 0);
    case PDL_C64: return format_complex(out, AT(float, x), AT(float, (const char *)x + 4), 1);
    default: return format_complex(out, AT(double, x), AT(double, (const char *)x + 8), 0);
    }
}

/* ---- Holes of print ---- */

static double real_part(int element, const void *x) {
    switch (element) {
    case PDL_I32: return AT(int32_t, x);
    case PDL_I64: return (double)AT(int64_t, x);
    case PDL_U32: return AT(uint32_t, x);
    case PDL_U64: return (double)AT(uint64_t, x);
    case PDL_F32: case PDL_C64: return AT(float, x);
    default: return AT(double, x);
    }
}

/* printf's own signs of NaN are left out. */
static int styled(char *out, size_t capacity, double x, pdl_format format, const char *plus) {
    if (isnan(x)) return snprintf(out, capacity, "%snan", plus);
    if (signbit(x)) plus = "";
    return snprintf(out, capacity, format.style == PDL_FIXED ? "%s%.*f" : "%s%.*e", plus, format.digits, x);
}

int pdl_format_hole(char *out, size_t capacity, int element, const void *x, pdl_format format) {
    enum { ROOM = 1024 }; /* 309 digits before the point; what follows is cut there */
    char text[2 * ROOM + 8];
    if (format.digits > ROOM / 2) format.digits = ROOM / 2;
    if (format.style == PDL_SHORTEST || element == PDL_BOOL) {
        pdl_format_element(text, element, x);
    } else if (element == PDL_C64 || element == PDL_C128) {
        double im = element == PDL_C64 ? AT(float, (const char *)x + 4) : AT(double, (const char *)x + 8);
        int length = sprintf(text, "(");
        length += styled(text + length, ROOM, real_part(element, x), format, "");
        length += styled(text + length, ROOM, im, format, "+");
        sprintf(text + length, "j)");
    } else {
        styled(text, ROOM, real_part(element, x), format, "");
    }
    if (capacity == 0) return 0;
    int sign = text[0] == '-', length = (int)strlen(text), zeros = -format.width - length;
    if (format.width < 0 && zeros > 0 && text[sign] >= '0' && text[sign] <= '9') {
        memmove(text + sign + zeros, text + sign, (size_t)(length - sign) + 1);
        memset(text + sign, '0', (size_t)zeros);
    }
    length = snprintf(out, capacity, "%*s", abs(format.width), text);
    return (size_t)length < capacity ? length : (int)capacity - 1;
}

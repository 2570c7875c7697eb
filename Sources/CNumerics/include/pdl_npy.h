/* The header of NumPy's .npy files, versions 1 to 3 (pictures have pdl_pgm.h); and what can be wrong with a file, in the user's terms. */
#ifndef PDL_NPY_H
#define PDL_NPY_H
#include "pdl_numerics.h"

enum { PDL_NPY_AXES = 32, PDL_NPY_START = 12, PDL_NPY_LIMIT = 65536, PDL_NPY_HEADER = 1024, PDL_NPY_MESSAGE = 768 };

typedef struct {
    int element;      /* enum pdl_element, or -1: PDL has no such type */
    int big_endian;
    int fortran;      /* Fortran order where it matters: two axes or more */
    int axes;
    int64_t extents[PDL_NPY_AXES];
    int64_t offset;   /* of the first element in the file */
    char type[32];    /* as the file writes it: <f8 */
} pdl_npy;

/* Bytes of the file in front of its elements, from its first PDL_NPY_START bytes; `count` of them were there. 0: not a .npy file,
 * or of an unknown version. More than PDL_NPY_LIMIT: nothing NumPy writes. */
int64_t pdl_npy_offset(const unsigned char *start, size_t count);

/* Reads a header of `count` bytes, all in front of the elements. 0: it is damaged. */
int pdl_npy_parse(const unsigned char *header, size_t count, pdl_npy *out);

/* What keeps the file from being loaded as this element type and these extents (-1: any): a message of at most PDL_NPY_MESSAGE
 * bytes and 1, or 0 when nothing does. `header` may be NULL: then the file has no readable one. */
int pdl_npy_problem(char *message, const char *path, const pdl_npy *header, int64_t file_bytes, int element, int axes,
                    const int64_t *extents);

/* Writes a header of version 1.0 in C order, at most PDL_NPY_HEADER bytes, a multiple of 64; returns its length. */
size_t pdl_npy_header(unsigned char *out, int element, int axes, const int64_t *extents);

/* PDL's name of an element type: f64. */
const char *pdl_element_name(int element);
#endif

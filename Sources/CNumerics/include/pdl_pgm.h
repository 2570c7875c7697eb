/* Portable grey maps, .pgm: "P5\n640 480\n255\n", then the rows from the top, a byte a level, or two (the high one first) where
 * the brightest level is above 255. https://netpbm.sourceforge.net/doc/pgm.html */
#ifndef PDL_PGM_H
#define PDL_PGM_H
#include "pdl_npy.h"

enum { PDL_PGM_HEADER = 256, PDL_PGM_BRIGHTEST = 65535 };

/* Whether a path means a picture: it ends in .pgm. */
int pdl_is_picture(const char *path);

/* What keeps an array of such elements and so many axes from being a picture: a message of at most PDL_NPY_MESSAGE bytes and 1,
 * or 0 when nothing does. */
int pdl_pgm_problem(char *message, const char *path, int element, int axes);

/* The greatest of `count` integers; `*wrong` is the index of the first that is no level, or -1. */
int64_t pdl_pgm_levels(int element, const void *data, int64_t count, int64_t *wrong);

/* The message for a number that is no level. */
void pdl_pgm_wrong_level(char *message, const char *path, int element, const void *number, int64_t row, int64_t column);

/* Bytes of a level in a file whose brightest is `white`. */
int pdl_pgm_bytes(int64_t white);

/* Writes a header of at most PDL_PGM_HEADER bytes for this brightest level; returns its length. */
size_t pdl_pgm_header(unsigned char *out, int64_t rows, int64_t columns, int64_t white);

/* Levels as the file holds them, `bytes` each, from integers, and back. */
void pdl_pgm_encode(unsigned char *out, int bytes, int element, const void *data, int64_t count);
void pdl_pgm_decode(void *out, int element, const unsigned char *levels, int bytes, int64_t count);

/* Reads a header from a file's first `count` bytes: extents and offset as of a .npy file with these elements, and the bytes of a
 * level. 0: the file is no binary grey map, or it is damaged. */
int pdl_pgm_parse(const unsigned char *start, size_t count, int element, pdl_npy *out, int *bytes);

/* As pdl_npy_problem, for a header of pdl_pgm_parse (NULL: there was none). */
int pdl_pgm_load_problem(char *message, const char *path, const pdl_npy *header, int bytes, int64_t file_bytes, int element,
                         int axes, const int64_t *extents);
#endif

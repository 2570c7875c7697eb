/* Tables as text: a line of names, then a line for each row, columns between commas. A cell may stand in quotes. Blank lines count for
 * nothing. */
#ifndef PDL_CSV_H
#define PDL_CSV_H
#include "pdl_npy.h"

/* A run of a table's lines. */
typedef struct {
    int64_t from;  /* where it begins in the file */
    int64_t line;  /* the number of its first line, from 1 */
    int64_t row;   /* the number of its first row, from 0 */
} pdl_csv_place;

/* What the first line says of a table. */
typedef struct {
    int64_t columns;
    int64_t only;       /* the column that is wanted; -1: all */
    pdl_csv_place body; /* behind the line if it names columns: none of its cells is a number then */
} pdl_csv_opening;

/* `column`: the name of the one that is wanted; empty: all. 0: the message says what is wrong. */
int pdl_csv_open(char *message, const char *path, int file, const char *column, pdl_csv_opening *out);

/* The lines, and the rows among them, that begin in the bytes first ..< last. 0: errno says what is wrong. */
int pdl_csv_count(int file, int64_t first, int64_t last, int64_t *lines, int64_t *rows);

/* What to read of a table: rows first ..< first + count, of them the column `only`, or all columns if that is -1. */
typedef struct {
    const char *path;
    int file, element;
    int64_t columns, only, first, count;
} pdl_csv_part;

/* Reads it, beginning at a place in front of it. Returns 0, or the number of the first line with a mistake, which the message tells. */
int64_t pdl_csv_read(char *message, const pdl_csv_part *part, pdl_csv_place from, void *out);

/* A table's lines as text, in memory that the caller frees; NULL: there is none. */
char *pdl_csv_text(int element, const void *data, int64_t rows, int64_t columns, size_t *length);

/* The line of names: `names` as given, else c0,c1 and so on. NULL: there is no memory, or the message says what is wrong. */
char *pdl_csv_names(char *message, const char *path, const char *names, int64_t columns, size_t *length);
#endif

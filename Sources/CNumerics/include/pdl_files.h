/* Kinds of files by the endings of their names, and what the libraries of some do for the runtime and the interpreter: linked/hdf5.c,
 * npz.c and png.c are objects of their own, linked into the programs that use them. */
#ifndef PDL_FILES_H
#define PDL_FILES_H
#include "pdl_npy.h"

enum pdl_file_kind { PDL_FILE_UNKNOWN, PDL_FILE_NPY, PDL_FILE_PGM, PDL_FILE_CSV, PDL_FILE_NPZ, PDL_FILE_HDF5, PDL_FILE_PNG };
int pdl_file_kind(const char *path);

/* What keeps a file of that name from being loaded or saved by a program that has, or has not, the kind's library: a message of at most
 * PDL_NPY_MESSAGE bytes and 1, or 0 when nothing does. `detail` as in pdl_save. */
int pdl_file_problem(char *message, const char *path, int is_saved, int has_library, int axes, const char *detail);

/* The run of indices first ..< first + count along one axis, and all along the others; axis -1: everything. And where its elements go. */
typedef struct { int axis; int64_t first, count; void *out; } pdl_slab;

/* A file of several named arrays. Functions return 0 and leave a message of at most PDL_NPY_MESSAGE bytes where they cannot; those of what
 * makes a new file do not name it, because it has another name yet. */
typedef struct {
    /* What the file says of an array. An offset above 0: its elements stand there in one piece; 0: `read` finds them. */
    int (*look)(const char *path, const char *name, pdl_npy *found, char *message);
    /* Elements in C order. */
    int (*read)(const char *path, const char *name, const pdl_npy *header, const pdl_slab *part, char *message);
    /* Makes room for an array in the file `path`, which is empty or has others: elements are to be written at *offset. */
    int (*create)(const char *path, const char *name, const pdl_npy *shape, int64_t *offset, char *message);
} pdl_file_library;

/* Writes a picture from its first row to its last. */
typedef struct {
    /* NULL: the message says why not. `extents`: rows and columns. `bytes`: of a level; the high one first. `colors`: the name of a map, or
     * "" for grey. */
    void *(*start)(const char *path, const int64_t *extents, int bytes, const char *colors, char *message);
    int (*add)(void *picture, const unsigned char *levels, int64_t rows);
    /* Frees the picture, whole or not. 0: errno says what is wrong. */
    int (*finish)(void *picture);
} pdl_picture_library;

/* Missing in a program that names no such file. */
extern const pdl_file_library pdl_hdf5 __attribute__((weak)), pdl_npz __attribute__((weak));
extern const pdl_picture_library pdl_png __attribute__((weak));
#endif

/* Kinds of files, and what is wrong with a name that only a run knows. The checker says the same of names that stand in the program. */
#include "pdl_files.h"
#include <stdio.h>
#include <string.h>

static const struct { const char *ending; int kind; } endings[] = {
    {".npy", PDL_FILE_NPY}, {".pgm", PDL_FILE_PGM}, {".csv", PDL_FILE_CSV}, {".npz", PDL_FILE_NPZ},
    {".h5", PDL_FILE_HDF5}, {".hdf5", PDL_FILE_HDF5}, {".png", PDL_FILE_PNG},
};

static const char *ending_of(const char *path, int *kind) {
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t own = strlen(endings[i].ending);
        if (length < own || strcmp(path + length - own, endings[i].ending) != 0) continue;
        *kind = endings[i].kind;
        return endings[i].ending;
    }
    *kind = PDL_FILE_UNKNOWN;
    return "";
}

int pdl_file_kind(const char *path) {
    int kind;
    ending_of(path, &kind);
    return kind;
}

int pdl_file_problem(char *message, const char *path, int is_saved, int has_library, int axes, const char *detail) {
    int kind;
    const char *ending = ending_of(path, &kind), *verb = is_saved ? "save" : "read";
    if (kind == PDL_FILE_UNKNOWN) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: a file's name ends in .npy, .csv, .pgm, .png, .npz or .h5", verb, path);
    } else if ((is_saved && kind == PDL_FILE_NPZ) || (!is_saved && kind == PDL_FILE_PNG)) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: %s", verb, path,
                 is_saved ? "PDL reads .npz files; save a .npy or .h5 file" : "PDL writes .png files; load a .pgm or .npy file");
    } else if (kind >= PDL_FILE_NPZ && (!has_library || (kind != PDL_FILE_PNG && *detail == 0))) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: a program that does so has the ending in its text: \"{name}%s\"%s", verb, path,
                 ending, kind == PDL_FILE_PNG ? "" : ", dataset: \"x\"");
    } else if (kind == PDL_FILE_CSV && axes != 1 && axes != 2) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot %s %s: a table has one axis or two, not %d", verb, path, axes);
    } else {
        return 0;
    }
    return 1;
}

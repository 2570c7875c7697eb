/* Why a .npy file cannot be loaded, and the way out. */
#include "pdl_npy.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [PDL_BOOL] = "bool", [PDL_I32] = "i32", [PDL_I64] = "i64", [PDL_U32] = "u32", [PDL_U64] = "u64",
    [PDL_F32] = "f32", [PDL_F64] = "f64", [PDL_C64] = "c64", [PDL_C128] = "c128",
};
static const char *const numpy_names[] = {
    [PDL_BOOL] = "bool", [PDL_I32] = "int32", [PDL_I64] = "int64", [PDL_U32] = "uint32", [PDL_U64] = "uint64",
    [PDL_F32] = "float32", [PDL_F64] = "float64", [PDL_C64] = "complex64", [PDL_C128] = "complex128",
};

const char *pdl_element_name(int element) { return names[element]; }

static int say(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, PDL_NPY_MESSAGE, format, arguments);
    va_end(arguments);
    return 1;
}

/* (3, *): as in Python, a star where anything goes. */
static void wanted_shape(char *out, size_t capacity, int axes, const int64_t *extents) {
    size_t length = (size_t)snprintf(out, capacity, "(");
    for (int axis = 0; axis < axes && length < capacity; axis++) {
        const char *comma = axis > 0 ? ", " : "";
        length += (size_t)(extents[axis] < 0
                               ? snprintf(out + length, capacity - length, "%s*", comma)
                               : snprintf(out + length, capacity - length, "%s%lld", comma, (long long)extents[axis]));
    }
    if (length < capacity) snprintf(out + length, capacity - length, axes == 1 ? ",)" : ")");
}

static int type_problem(char *message, const char *path, const pdl_npy *header, int element) {
    const char *wanted = numpy_names[element];
    if (header->element < 0) {
        return say(message, "%s holds elements of the type %s, which PDL does not have; the program wants %s: "
                   "save x.astype('%s')", path, header->type, names[element], wanted);
    }
    if (header->element != element) {
        return say(message, "%s holds %s (%s), the program wants %s: save x.astype('%s') or declare %s", path,
                   names[header->element], numpy_names[header->element], names[element], wanted, names[header->element]);
    }
    if (header->big_endian) {
        return say(message, "%s holds big-endian numbers (%s): save x.astype('%s')", path, header->type, wanted);
    }
    return 0;
}

static int shape_problem(char *message, const char *path, const pdl_npy *header, int axes, const int64_t *extents) {
    int same = header->axes == axes;
    for (int axis = 0; same && axis < axes; axis++) same = extents[axis] < 0 || extents[axis] == header->extents[axis];
    if (!same) {
        char has[160], wants[160];
        wanted_shape(has, sizeof has, header->axes, header->extents);
        wanted_shape(wants, sizeof wants, axes, extents);
        return say(message, "%s has the shape %s, the program wants %s", path, has, wants);
    }
    if (header->fortran) return say(message, "%s is in Fortran order: save np.ascontiguousarray(x)", path);
    return 0;
}

static int length_problem(char *message, const char *path, const pdl_npy *header, int64_t file_bytes, int element) {
    int64_t promised = (int64_t)pdl_element_size(element), there = file_bytes - header->offset;
    int overflow = 0, empty = 0;
    for (int axis = 0; axis < header->axes; axis++) {
        /* What stands beside an axis of no elements must be countable too. */
        int64_t extent = header->extents[axis] > 0 ? header->extents[axis] : 1;
        empty |= header->extents[axis] == 0;
        overflow |= __builtin_mul_overflow(promised, extent, &promised);
    }
    if (empty && !overflow) return 0;
    if (overflow) return say(message, "%s has a header that promises more elements than any file can hold", path);
    if (promised <= there) return 0;
    return say(message, "%s is short by %lld bytes: its header promises %lld bytes of elements, and %lld are there", path,
               (long long)(promised - there), (long long)promised, (long long)there);
}

int pdl_npy_problem(char *message, const char *path, const pdl_npy *header, int64_t file_bytes, int element, int axes,
                    const int64_t *extents) {
    if (header == NULL) {
        return say(message, "%s is not a .npy file that NumPy wrote (versions 1 to 3), or its header is damaged", path);
    }
    return type_problem(message, path, header, element) || shape_problem(message, path, header, axes, extents)
        || length_problem(message, path, header, file_bytes, element);
}

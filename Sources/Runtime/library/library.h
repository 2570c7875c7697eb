/* What the C code that pdlc writes for a library is made of: a table of its functions, and how one is called.
 *
 * A function's parameters and results are its ports. A caller gives this rank's part of each argument and says where results go. */
#ifndef PDL_LIBRARY_H
#define PDL_LIBRARY_H
#include "../pdl.h"
#include <mpi.h>

typedef struct pdl_context pdl_context;

typedef struct {
    const char *name;
    int32_t element, axes;      /* axes 0: a number */
    int32_t placement;
    uint8_t cuts[4];            /* enum pdl_cut, for each axis as it is written; an argument that is a part has one of the ranks in front */
    /* A result: the argument that has the axis that is cut, by which it is cut, or -1: as PDL cuts. */
    int32_t like;
    /* A result array: whether the caller gives the memory, because its extents are those of arguments. */
    int32_t is_given;
} pdl_port;

typedef struct {
    const char *name;
    const pdl_program *program;
    int32_t argument_count, result_count;
    const pdl_port *arguments, *results;
} pdl_function;

/* This rank's part of an argument. A number: `data` is its address. */
typedef struct {
    const void *data;
    int64_t extents[4]; /* of what this rank holds, as they are written */
} pdl_input;

/* Where a result goes: to `data`, or for an array whose memory the library gives its address to `array`, and this rank's extents. */
typedef struct {
    void *data;
    void **array;
    int64_t *extents;
} pdl_output;

enum { PDL_OK, PDL_FAULT, PDL_REFUSED, PDL_WRONG_MACHINE };

/* Makes a handle for a communicator; all of its ranks come here. `built_for`: the MPI library, as `pdl_built_for`. */
int pdl_open(MPI_Fint communicator, const char *built_for, pdl_context **handle);
/* Calls a function; all ranks of the handle's communicator come here. */
int pdl_call(pdl_context *handle, const pdl_function *function, const pdl_input *inputs, const pdl_output *outputs);
/* What went wrong in the last call that did not return 0. */
const char *pdl_message(const pdl_context *handle);
/* Gives back an array that a function allocated. */
void pdl_free(void *array);
/* All ranks of the communicator come here. */
void pdl_close(pdl_context *handle);

#define PDL_TEXT_OF(x) #x
#define PDL_TEXT(x) PDL_TEXT_OF(x)
#if defined(OMPI_MAJOR_VERSION)
#define PDL_BUILT_FOR \
    "Open MPI " PDL_TEXT(OMPI_MAJOR_VERSION) "." PDL_TEXT(OMPI_MINOR_VERSION) "." PDL_TEXT(OMPI_RELEASE_VERSION)
#elif defined(MPICH_VERSION)
#define PDL_BUILT_FOR "MPICH " MPICH_VERSION
#else
#define PDL_BUILT_FOR "" /* not known */
#endif
#endif

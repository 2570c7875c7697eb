/* The runtime of a compiled PDL program, as one translation unit: `mpicc -O2 -c runtime.c`. */
#define _GNU_SOURCE
#include "pdl.h"
#include "pdl_npy.h"
#include <errno.h>
#include <fcntl.h>
#include <mpi.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Shared with the interpreter. */
#include "blocks.c"
#include "format.c"
#include "format_array.c"
#include "npy_header.c"
#include "npy_problem.c"

#include "world.c"
#include "fail.c"
#include "memory.c"
#include "tree.c"
#include "messages.c"
#include "blocks_move.c"
#include "allreduce.c"
#include "reduce_scatter.c"
#include "array.c"
#include "halo.c"
#include "transpose.c"
#include "matmul.c"
#include "slice.c"
#include "text.c"
#include "show.c"
#include "npy_load.c"
#include "npy_save.c"
#include "launcher.c"
#include "parameters.c"
#include "main.c"

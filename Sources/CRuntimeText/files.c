#include "CRuntimeText.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const pdl_source_file files[] = {
    {"pdl.h", (const char[]){
#embed "../MPIRuntime/runtime/pdl.h" suffix(, 0)
    }},
    {"runtime.c", (const char[]){
#embed "../MPIRuntime/runtime/runtime.c" suffix(, 0)
    }},
    {"world.c", (const char[]){
#embed "../MPIRuntime/runtime/world.c" suffix(, 0)
    }},
    {"counting.c", (const char[]){
#embed "../MPIRuntime/runtime/counting.c" suffix(, 0)
    }},
    {"fail.c", (const char[]){
#embed "../MPIRuntime/runtime/fail.c" suffix(, 0)
    }},
    {"memory.c", (const char[]){
#embed "../MPIRuntime/runtime/memory.c" suffix(, 0)
    }},
    {"tree.c", (const char[]){
#embed "../MPIRuntime/runtime/tree.c" suffix(, 0)
    }},
    {"messages.c", (const char[]){
#embed "../MPIRuntime/runtime/messages.c" suffix(, 0)
    }},
    {"blocks_move.c", (const char[]){
#embed "../MPIRuntime/runtime/blocks_move.c" suffix(, 0)
    }},
    {"halo.c", (const char[]){
#embed "../MPIRuntime/runtime/halo.c" suffix(, 0)
    }},
    {"array.c", (const char[]){
#embed "../MPIRuntime/runtime/array.c" suffix(, 0)
    }},
    {"matmul.c", (const char[]){
#embed "../MPIRuntime/runtime/matmul.c" suffix(, 0)
    }},
    {"gather_plan.c", (const char[]){
#embed "../MPIRuntime/runtime/gather_plan.c" suffix(, 0)
    }},
    {"reshape_concat.c", (const char[]){
#embed "../MPIRuntime/runtime/reshape_concat.c" suffix(, 0)
    }},
    {"permute.c", (const char[]){
#embed "../MPIRuntime/runtime/permute.c" suffix(, 0)
    }},
    {"gather.c", (const char[]){
#embed "../MPIRuntime/runtime/gather.c" suffix(, 0)
    }},
    {"slice.c", (const char[]){
#embed "../MPIRuntime/runtime/slice.c" suffix(, 0)
    }},
    {"transpose.c", (const char[]){
#embed "../MPIRuntime/runtime/transpose.c" suffix(, 0)
    }},
    {"scan.c", (const char[]){
#embed "../MPIRuntime/runtime/scan.c" suffix(, 0)
    }},
    {"deliver.c", (const char[]){
#embed "../MPIRuntime/runtime/deliver.c" suffix(, 0)
    }},
    {"sort.c", (const char[]){
#embed "../MPIRuntime/runtime/sort.c" suffix(, 0)
    }},
    {"select.c", (const char[]){
#embed "../MPIRuntime/runtime/select.c" suffix(, 0)
    }},
    {"allreduce.c", (const char[]){
#embed "../MPIRuntime/runtime/allreduce.c" suffix(, 0)
    }},
    {"reduce_scatter.c", (const char[]){
#embed "../MPIRuntime/runtime/reduce_scatter.c" suffix(, 0)
    }},
    {"text.c", (const char[]){
#embed "../MPIRuntime/runtime/text.c" suffix(, 0)
    }},
    {"show.c", (const char[]){
#embed "../MPIRuntime/runtime/show.c" suffix(, 0)
    }},
    {"npy_load.c", (const char[]){
#embed "../MPIRuntime/runtime/npy_load.c" suffix(, 0)
    }},
    {"npy_save.c", (const char[]){
#embed "../MPIRuntime/runtime/npy_save.c" suffix(, 0)
    }},
    {"picture_save.c", (const char[]){
#embed "../MPIRuntime/runtime/picture_save.c" suffix(, 0)
    }},
    {"launcher.c", (const char[]){
#embed "../MPIRuntime/runtime/launcher.c" suffix(, 0)
    }},
    {"parameters.c", (const char[]){
#embed "../MPIRuntime/runtime/parameters.c" suffix(, 0)
    }},
    {"main.c", (const char[]){
#embed "../MPIRuntime/runtime/main.c" suffix(, 0)
    }},
    /* What the interpreter shares. */
    {"pdl_numerics.h", (const char[]){
#embed "../CNumerics/include/pdl_numerics.h" suffix(, 0)
    }},
    {"pdl_npy.h", (const char[]){
#embed "../CNumerics/include/pdl_npy.h" suffix(, 0)
    }},
    {"pdl_pgm.h", (const char[]){
#embed "../CNumerics/include/pdl_pgm.h" suffix(, 0)
    }},
    {"blocks.c", (const char[]){
#embed "../CNumerics/blocks.c" suffix(, 0)
    }},
    {"format.c", (const char[]){
#embed "../CNumerics/format.c" suffix(, 0)
    }},
    {"format_array.c", (const char[]){
#embed "../CNumerics/format_array.c" suffix(, 0)
    }},
    {"npy_header.c", (const char[]){
#embed "../CNumerics/npy_header.c" suffix(, 0)
    }},
    {"npy_problem.c", (const char[]){
#embed "../CNumerics/npy_problem.c" suffix(, 0)
    }},
    {"pgm.c", (const char[]){
#embed "../CNumerics/pgm.c" suffix(, 0)
    }},
    {0, 0},
};

const pdl_source_file *pdl_source_files(void) { return files; }

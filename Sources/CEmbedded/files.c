/* Made by scripts/embed. */
#include "CEmbedded.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const pdl_embedded_file runtime_files[] = {
    {"arrays/array.c", (const char[]){
#embed "../Runtime/arrays/array.c" suffix(, 0)
    }},
    {"arrays/blocks_move.c", (const char[]){
#embed "../Runtime/arrays/blocks_move.c" suffix(, 0)
    }},
    {"arrays/complex.c", (const char[]){
#embed "../Runtime/arrays/complex.c" suffix(, 0)
    }},
    {"arrays/distribution.c", (const char[]){
#embed "../Runtime/arrays/distribution.c" suffix(, 0)
    }},
    {"arrays/fft.c", (const char[]){
#embed "../Runtime/arrays/fft.c" suffix(, 0)
    }},
    {"arrays/gather.c", (const char[]){
#embed "../Runtime/arrays/gather.c" suffix(, 0)
    }},
    {"arrays/gather_plan.c", (const char[]){
#embed "../Runtime/arrays/gather_plan.c" suffix(, 0)
    }},
    {"arrays/halo.c", (const char[]){
#embed "../Runtime/arrays/halo.c" suffix(, 0)
    }},
    {"arrays/matmul.c", (const char[]){
#embed "../Runtime/arrays/matmul.c" suffix(, 0)
    }},
    {"arrays/reshape_concat.c", (const char[]){
#embed "../Runtime/arrays/reshape_concat.c" suffix(, 0)
    }},
    {"arrays/slice.c", (const char[]){
#embed "../Runtime/arrays/slice.c" suffix(, 0)
    }},
    {"arrays/transpose.c", (const char[]){
#embed "../Runtime/arrays/transpose.c" suffix(, 0)
    }},
    {"arrays/written.c", (const char[]){
#embed "../Runtime/arrays/written.c" suffix(, 0)
    }},
    {"core/context.h", (const char[]){
#embed "../Runtime/core/context.h" suffix(, 0)
    }},
    {"core/counting.c", (const char[]){
#embed "../Runtime/core/counting.c" suffix(, 0)
    }},
    {"core/fail.c", (const char[]){
#embed "../Runtime/core/fail.c" suffix(, 0)
    }},
    {"core/memory.c", (const char[]){
#embed "../Runtime/core/memory.c" suffix(, 0)
    }},
    {"core/messages.c", (const char[]){
#embed "../Runtime/core/messages.c" suffix(, 0)
    }},
    {"core/profile.c", (const char[]){
#embed "../Runtime/core/profile.c" suffix(, 0)
    }},
    {"core/text.c", (const char[]){
#embed "../Runtime/core/text.c" suffix(, 0)
    }},
    {"core/world.c", (const char[]){
#embed "../Runtime/core/world.c" suffix(, 0)
    }},
    {"files/layout.c", (const char[]){
#embed "../Runtime/files/layout.c" suffix(, 0)
    }},
    {"files/load.c", (const char[]){
#embed "../Runtime/files/load.c" suffix(, 0)
    }},
    {"files/picture_save.c", (const char[]){
#embed "../Runtime/files/picture_save.c" suffix(, 0)
    }},
    {"files/save.c", (const char[]){
#embed "../Runtime/files/save.c" suffix(, 0)
    }},
    {"files/table_load.c", (const char[]){
#embed "../Runtime/files/table_load.c" suffix(, 0)
    }},
    {"files/table_save.c", (const char[]){
#embed "../Runtime/files/table_save.c" suffix(, 0)
    }},
    {"library/library.c", (const char[]){
#embed "../Runtime/library/library.c" suffix(, 0)
    }},
    {"library/library.h", (const char[]){
#embed "../Runtime/library/library.h" suffix(, 0)
    }},
    {"library/mpi_library.c", (const char[]){
#embed "../Runtime/library/mpi_library.c" suffix(, 0)
    }},
    {"library/ports.c", (const char[]){
#embed "../Runtime/library/ports.c" suffix(, 0)
    }},
    {"linked/hdf5.c", (const char[]){
#embed "../Runtime/linked/hdf5.c" suffix(, 0)
    }},
    {"linked/npz.c", (const char[]){
#embed "../Runtime/linked/npz.c" suffix(, 0)
    }},
    {"linked/png.c", (const char[]){
#embed "../Runtime/linked/png.c" suffix(, 0)
    }},
    {"order/deliver.c", (const char[]){
#embed "../Runtime/order/deliver.c" suffix(, 0)
    }},
    {"order/permute.c", (const char[]){
#embed "../Runtime/order/permute.c" suffix(, 0)
    }},
    {"order/select.c", (const char[]){
#embed "../Runtime/order/select.c" suffix(, 0)
    }},
    {"order/sort.c", (const char[]){
#embed "../Runtime/order/sort.c" suffix(, 0)
    }},
    {"pdl.h", (const char[]){
#embed "../Runtime/pdl.h" suffix(, 0)
    }},
    {"program/counts.c", (const char[]){
#embed "../Runtime/program/counts.c" suffix(, 0)
    }},
    {"program/launcher.c", (const char[]){
#embed "../Runtime/program/launcher.c" suffix(, 0)
    }},
    {"program/main.c", (const char[]){
#embed "../Runtime/program/main.c" suffix(, 0)
    }},
    {"program/parameters.c", (const char[]){
#embed "../Runtime/program/parameters.c" suffix(, 0)
    }},
    {"program/processor.c", (const char[]){
#embed "../Runtime/program/processor.c" suffix(, 0)
    }},
    {"program/progress.c", (const char[]){
#embed "../Runtime/program/progress.c" suffix(, 0)
    }},
    {"program/show.c", (const char[]){
#embed "../Runtime/program/show.c" suffix(, 0)
    }},
    {"reductions/allreduce.c", (const char[]){
#embed "../Runtime/reductions/allreduce.c" suffix(, 0)
    }},
    {"reductions/reduce_scatter.c", (const char[]){
#embed "../Runtime/reductions/reduce_scatter.c" suffix(, 0)
    }},
    {"reductions/scan.c", (const char[]){
#embed "../Runtime/reductions/scan.c" suffix(, 0)
    }},
    {"reductions/tiles.c", (const char[]){
#embed "../Runtime/reductions/tiles.c" suffix(, 0)
    }},
    {"reductions/tree.c", (const char[]){
#embed "../Runtime/reductions/tree.c" suffix(, 0)
    }},
    {"runtime.c", (const char[]){
#embed "../Runtime/runtime.c" suffix(, 0)
    }},
    {"pdl_csv.h", (const char[]){
#embed "../CNumerics/include/pdl_csv.h" suffix(, 0)
    }},
    {"pdl_fft.h", (const char[]){
#embed "../CNumerics/include/pdl_fft.h" suffix(, 0)
    }},
    {"pdl_files.h", (const char[]){
#embed "../CNumerics/include/pdl_files.h" suffix(, 0)
    }},
    {"pdl_npy.h", (const char[]){
#embed "../CNumerics/include/pdl_npy.h" suffix(, 0)
    }},
    {"pdl_numerics.h", (const char[]){
#embed "../CNumerics/include/pdl_numerics.h" suffix(, 0)
    }},
    {"pdl_pgm.h", (const char[]){
#embed "../CNumerics/include/pdl_pgm.h" suffix(, 0)
    }},
    {"blocks.c", (const char[]){
#embed "../CNumerics/blocks.c" suffix(, 0)
    }},
    {"csv.c", (const char[]){
#embed "../CNumerics/csv.c" suffix(, 0)
    }},
    {"fft.c", (const char[]){
#embed "../CNumerics/fft.c" suffix(, 0)
    }},
    {"fft_passes.c", (const char[]){
#embed "../CNumerics/fft_passes.c" suffix(, 0)
    }},
    {"fft_plan.c", (const char[]){
#embed "../CNumerics/fft_plan.c" suffix(, 0)
    }},
    {"file_kind.c", (const char[]){
#embed "../CNumerics/file_kind.c" suffix(, 0)
    }},
    {"format.c", (const char[]){
#embed "../CNumerics/format.c" suffix(, 0)
    }},
    {"format_array.c", (const char[]){
#embed "../CNumerics/format_array.c" suffix(, 0)
    }},
    {"nan.c", (const char[]){
#embed "../CNumerics/nan.c" suffix(, 0)
    }},
    {"new_file.c", (const char[]){
#embed "../CNumerics/new_file.c" suffix(, 0)
    }},
    {"npy_header.c", (const char[]){
#embed "../CNumerics/npy_header.c" suffix(, 0)
    }},
    {"npy_problem.c", (const char[]){
#embed "../CNumerics/npy_problem.c" suffix(, 0)
    }},
    {"parse.c", (const char[]){
#embed "../CNumerics/parse.c" suffix(, 0)
    }},
    {"pgm.c", (const char[]){
#embed "../CNumerics/pgm.c" suffix(, 0)
    }},
    {0, 0},
};

const pdl_embedded_file *pdl_embedded_runtime(void) { return runtime_files; }

static const pdl_embedded_file library_files[] = {
    {"image.pdl", (const char[]){
#embed "../Library/image.pdl" suffix(, 0)
    }},
    {"krylov.pdl", (const char[]){
#embed "../Library/krylov.pdl" suffix(, 0)
    }},
    {"linalg.pdl", (const char[]){
#embed "../Library/linalg.pdl" suffix(, 0)
    }},
    {"sparse.pdl", (const char[]){
#embed "../Library/sparse.pdl" suffix(, 0)
    }},
    {"stats.pdl", (const char[]){
#embed "../Library/stats.pdl" suffix(, 0)
    }},
    {0, 0},
};

const pdl_embedded_file *pdl_embedded_library(void) { return library_files; }

static const pdl_embedded_file templates_files[] = {
    {"engines.pbs", (const char[]){
#embed "../Templates/engines.pbs" suffix(, 0)
    }},
    {"engines.slurm", (const char[]){
#embed "../Templates/engines.slurm" suffix(, 0)
    }},
    {"ipcluster_config.py", (const char[]){
#embed "../Templates/ipcluster_config.py" suffix(, 0)
    }},
    {"ipcontroller_config.py", (const char[]){
#embed "../Templates/ipcontroller_config.py" suffix(, 0)
    }},
    {"ipengine_config.py", (const char[]){
#embed "../Templates/ipengine_config.py" suffix(, 0)
    }},
    {"job.pbs", (const char[]){
#embed "../Templates/job.pbs" suffix(, 0)
    }},
    {"job.slurm", (const char[]){
#embed "../Templates/job.slurm" suffix(, 0)
    }},
    {"profile.html", (const char[]){
#embed "../Templates/profile.html" suffix(, 0)
    }},
    {0, 0},
};

const pdl_embedded_file *pdl_embedded_templates(void) { return templates_files; }

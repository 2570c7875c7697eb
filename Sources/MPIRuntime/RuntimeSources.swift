/// The runtime's C sources by file name, as pdlc hands them to the user's `mpicc`: written into one folder, `runtime.c` is the
/// one file to compile; it includes the others.
///
/// Files of `CNumerics`, which the interpreter shares, stand in `runtime` as symbolic links.
public enum RuntimeSources {
    /// The translation unit that includes all others.
    public static let main = "runtime.c"

    public static let files: [(name: String, text: [UInt8])] = [
        ("pdl.h", PackageResources.pdl_h),
        ("pdl_numerics.h", PackageResources.pdl_numerics_h),
        ("pdl_npy.h", PackageResources.pdl_npy_h),
        ("blocks.c", PackageResources.blocks_c),
        ("format.c", PackageResources.format_c),
        ("format_array.c", PackageResources.format_array_c),
        ("npy_header.c", PackageResources.npy_header_c),
        ("npy_problem.c", PackageResources.npy_problem_c),
        ("world.c", PackageResources.world_c),
        ("fail.c", PackageResources.fail_c),
        ("memory.c", PackageResources.memory_c),
        ("tree.c", PackageResources.tree_c),
        ("messages.c", PackageResources.messages_c),
        ("blocks_move.c", PackageResources.blocks_move_c),
        ("allreduce.c", PackageResources.allreduce_c),
        ("reduce_scatter.c", PackageResources.reduce_scatter_c),
        ("text.c", PackageResources.text_c),
        ("show.c", PackageResources.show_c),
        ("npy_load.c", PackageResources.npy_load_c),
        ("npy_save.c", PackageResources.npy_save_c),
        ("parameters.c", PackageResources.parameters_c),
        ("main.c", PackageResources.main_c),
        ("runtime.c", PackageResources.runtime_c),
    ]
}

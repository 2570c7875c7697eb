import ArgumentParser
import Compiler

struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compile a program to an executable for mpiexec, or its functions to a library.")

    @Argument(help: "The program.", completion: .file(extensions: ["pdl"]))
    var file: String

    @Option(
        name: .short,
        help: "The executable, else the file's name without .pdl, in this folder; or the library, else libNAME.so.")
    var output: String?

    @Flag(
        help:
            "Make a shared library of the file's functions, with a C header, a Fortran interface and a JSON description beside it."
    )
    var library = false

    @Flag(help: "Print on standard error the seconds of each stage and pass.")
    var timeStages = false

    @OptionGroup var building: BuildOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        let compilation = try await diagnostics.compilation(
            of: file, building.options, watch: timeStages ? Stopwatch(report: StandardStream.error) : nil)
        let cache = try Cache()
        let toolchain = try await Toolchain(mpicc: building.mpicc, cache: cache)
        if library {
            let made = try await diagnostics.reporting { try LibraryCompilation(compilation) }
            return try await made.build(to: output, toolchain: toolchain, cache: cache)
        }
        try await compilation.build(
            to: output ?? compilation.executableName, toolchain: toolchain, cache: cache)
    }
}

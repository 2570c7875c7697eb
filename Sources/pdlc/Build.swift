import ArgumentParser
import CodeGen
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

    @Flag(help: "Write the program's object file alone, to be linked with the runtime elsewhere.")
    var emitObject = false

    @Option(
        help: ArgumentHelp(
            "With --emit-object: another system, \(Target.systems.map(\.name).joined(separator: ", ")).",
            valueName: "system"))
    var target: String?

    @Flag(
        help:
            "Make a shared library of the file's functions, with a C header, a Fortran interface and a JSON description beside it."
    )
    var library = false

    @Flag(help: "Print on standard error the seconds of each stage and pass.")
    var timeStages = false

    @OptionGroup var writing: OutputOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    mutating func validate() throws {
        guard let target else { return }
        guard emitObject else { throw ValidationError("--target makes object files: say --emit-object, too") }
        guard Target.systems.contains(where: { $0.name == target }) else {
            throw ValidationError("--target knows \(Target.systems.map(\.name).joined(separator: ", ")), not \(target)")
        }
    }

    func run() async throws {
        var options = building.options
        if let system = Target.systems.first(where: { $0.name == target }) { options.target = system }
        let compilation = try await diagnostics.compilation(
            of: file, options, watch: timeStages ? Stopwatch(report: StandardStream.error) : nil)
        if library { return try await buildLibrary(compilation) }
        let output = output ?? compilation.executableName + (emitObject ? ".o" : "")
        try Outputs(of: compilation, force: writing.force).checkBuilt(output)
        if emitObject { return try compilation.emitObjects(to: output) }
        let cache = try Cache()
        let toolchain = try await Toolchain(mpicc: building.mpicc, cache: cache)
        try await compilation.build(to: output, toolchain: toolchain, cache: cache)
    }

    private func buildLibrary(_ compilation: Compilation) async throws {
        let made = try await diagnostics.reporting { try LibraryCompilation(compilation) }
        let cache = try Cache()
        let toolchain = try await Toolchain(mpicc: building.mpicc, cache: cache)
        let output = output ?? made.fileName
        try Outputs(of: compilation, force: writing.force).checkLibrary(output)
        try await made.build(to: output, toolchain: toolchain, cache: cache)
    }
}

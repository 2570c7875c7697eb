import ArgumentParser
import Compiler
import Evaluation
import Glibc
import TypedTree

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compile a program and run it under mpiexec; or play it without MPI.",
        discussion: "What follows -- goes to the program: pdlc run psum.pdl -n 4 -- --n 100")

    @Argument(help: "The program.", completion: .file(extensions: ["pdl"]))
    var file: String

    @Option(name: [.customShort("n"), .long], help: "How many ranks run it.")
    var ranks = 1

    @Option(
        help: "How the ranks stand where two axes of an array are divided: 2x3; else as much like a square as can be.")
    var grid: String?

    @Flag(help: "Play the program on that many imagined ranks, without compiling it and without MPI.")
    var interpret = false

    @Flag(help: "Print at the end, on standard error, what was sent: by kind of MPI call and by line of the program.")
    var countMessages = false

    @Flag(
        inversion: .prefixedNo,
        help: "Draw a bar on standard error while loops run; by itself where that is a terminal.")
    var progress: Bool?

    @Option(help: "The launcher; else $PDL_MPIEXEC, else the one that belongs to mpicc.")
    var mpiexec: String?

    @OptionGroup var profiling: ProfileOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    @Argument(parsing: .postTerminator, help: "The program's own arguments.")
    var arguments: [String] = []

    mutating func validate() throws {
        if interpret, countMessages { throw ValidationError("--interpret sends nothing that could be counted") }
        if interpret, profiling.isWished { throw ValidationError("--interpret takes no time that would say anything") }
        guard ranks >= 1 else { throw ValidationError("a program runs on one rank or more, not on \(ranks)") }
    }

    /// The program's own arguments, and how its ranks stand.
    private var allArguments: [String] { (grid.map { ["--grid", $0] } ?? []) + arguments }

    func run() async throws {
        var options = building.options
        options.profile = profiling.isWished
        let compilation = try await diagnostics.compilation(of: file, options)
        try profiling.check(compilation)
        let cache = try Cache()
        if interpret { throw ExitCode(try await play(try compilation.typed(), cache)) }
        let toolchain = try await Toolchain(mpicc: building.mpicc, cache: cache)
        var wishes: Runner.Wishes = countMessages ? .counts : []
        if progress ?? (isatty(STDERR_FILENO) == 1) { wishes.insert(.progress) }
        let profile = profiling.isWished ? try ProfileFolder() : nil
        defer { profile?.remove() }
        let runner = Runner(
            toolchain: toolchain, launcher: try toolchain.launcher(mpiexec), wishes: wishes, profile: profile)
        let executable = try await ExecutableCache(cache: cache).executable(of: compilation, toolchain: toolchain)
        let name = Files.name(of: file).split(separator: ".").first.map(String.init) ?? file
        let code = try runner.run(name, executable, ranks: ranks, arguments: allArguments)
        if let profile { try profiling.report(profile, of: compilation, ranks: ranks, arguments: allArguments) }
        throw ExitCode(code)
    }

    private func play(_ program: TypedProgram, _ cache: Cache) async throws -> Int32 {
        let output = StandardStream(STDOUT_FILENO)
        var interpreter = Interpreter(
            program: program, ranks: ranks, arguments: allArguments, output: output.write,
            errors: {
                output.flush()
                StandardStream.error($0)
            })
        interpreter.libraries = try await FileLibraryCache(cache: cache).loaded(program.fileKinds)
        let code = try interpreter.run()
        output.flush()
        if output.hasFailed { throw UsageError("cannot write to standard output") }
        return code
    }
}

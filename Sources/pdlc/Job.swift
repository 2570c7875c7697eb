import ArgumentParser
import Compiler
import Glibc

struct Job: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build a program and write, or submit, a batch script that runs it.",
        discussion: """
            What follows -- goes to the program. Templates of a site stand in ~/.config/pdlc/job.slurm and job.pbs \
            (docs/clusters.md).
            """)

    @Argument(help: "The program.", completion: .file(extensions: ["pdl"]))
    var file: String

    @Option(help: "Who starts the job: slurm or pbs.")
    var scheduler: Scheduler

    @OptionGroup var batch: BatchOptions

    @Option(name: .short, help: "The script; else the program's name with .slurm or .pbs, in this folder.")
    var output: String?

    @Flag(help: "Submit it.")
    var submit = false

    @Flag(help: "Wait for its end, show its output, and leave with its exit code.")
    var wait = false

    @Option(help: "The launcher; else $PDL_MPIEXEC, else the one that belongs to mpicc.")
    var mpiexec: String?

    @OptionGroup var writing: OutputOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    @Argument(parsing: .postTerminator, help: "The program's own arguments.")
    var arguments: [String] = []

    mutating func validate() throws {
        if scheduler == .none { throw ValidationError("a job needs a scheduler: slurm or pbs") }
        if wait, !submit { throw ValidationError("--wait waits for what --submit submits") }
    }

    func run() async throws {
        let compilation = try await diagnostics.compilation(of: file, building.options)
        let cache = try Cache()
        let toolchain = try await Toolchain(mpicc: building.mpicc, cache: cache)
        let runner = Runner(toolchain: toolchain, launcher: try toolchain.launcher(mpiexec))
        let name = compilation.executableName
        let outputs = try Outputs(of: compilation, force: writing.force)
        try outputs.checkBuilt(name)
        try await compilation.build(to: name, toolchain: toolchain, cache: cache)
        let text = try await JobScript(scheduler, batch.request, runner: runner)
            .text(name: name, executable: Files.absolute(name), arguments: arguments)
        let script = output ?? "\(name).\(scheduler.rawValue)"
        try outputs.checkText(script, text)
        try Files.write(Array(text.utf8), to: script)
        guard submit else { return try StandardStream.output("\(script)\n") }
        let job = try await SubmittedJob(script, named: name, to: scheduler)
        guard wait else { return try StandardStream.output("\(job.id)\n") }
        throw ExitCode(try await job.wait(print: StandardStream.output, report: StandardStream.error))
    }
}

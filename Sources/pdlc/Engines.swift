import ArgumentParser
import Compiler

struct Engines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write an ipyparallel profile whose engines are one MPI world.",
        discussion: """
            Then `ipcluster start --profile=NAME -n N` and `ipyparallel.Client(profile="NAME")`. Templates of a site stand \
            in ~/.config/pdlc/engines.slurm and engines.pbs (docs/clusters.md).
            """)

    @Option(help: "Who starts the engines: slurm, pbs, or none for this machine alone.")
    var scheduler: Scheduler

    @Option(help: "The profile's name.")
    var profile: String

    @OptionGroup var batch: BatchOptions

    @Option(help: "The Python that has ipyparallel and mpi4py.")
    var python = "python3"

    @Option(help: "The launcher; else the one that belongs to the MPI of mpi4py.")
    var mpiexec: String?

    func run() async throws {
        let environment = try await PythonEnvironment(python: python, mpiexec: mpiexec)
        let files = try await EnginesProfile(profile, scheduler, batch.request, python: environment).write()
        try StandardStream.output(files.map { $0 + "\n" }.joined())
    }
}

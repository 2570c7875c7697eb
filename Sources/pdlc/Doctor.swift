import ArgumentParser
import Compiler

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at LLVM and MPI on this machine, and run a program on two ranks.")

    @Option(help: "The MPI compiler wrapper; else $PDL_MPICC, else mpicc on PATH.")
    var mpicc: String?

    @Option(help: "The launcher; else $PDL_MPIEXEC, else the one that belongs to mpicc.")
    var mpiexec: String?

    @Option(help: "Start the engines of this ipyparallel profile instead, and look at them.")
    var engines: String?

    @Option(help: "The Python that has ipyparallel, mpi4py and pdlc, for --engines.")
    var python = "python3"

    func run() async throws {
        if let engines { try Tool.replaceThisProcess([python, "-m", "pdlc.doctor", engines]) }
        let findings = try await Doctor(mpicc: mpicc, mpiexec: mpiexec).examine()
        for finding in findings {
            print("\(finding.isFine ? "ok  " : "FAIL") \(finding.subject): \(finding.detail)")
        }
        if !findings.allSatisfy(\.isFine) { throw ExitCode(1) }
    }
}

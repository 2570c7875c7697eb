import Compiler
import FoundationEssentials

/// What one run of a program printed and how it ended.
struct Performed: Equatable {
    var output: [String]
    var errors: [String]
    var exitCode: Int

    init(_ outcome: Tool.Outcome) {
        output = Self.lines(outcome.output)
        errors = Self.lines(outcome.errors)
        exitCode = outcome.code
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The run with this as what it must do.
    func asExpectation(of run: Run) -> Run {
        Run(ranks: run.ranks, arguments: run.arguments, output: output, errors: errors, exitCode: exitCode)
    }

    /// As the `#>` lines of a case would say it.
    var lines: [String] {
        Array(asExpectation(of: Run()).lines(directive: "").dropFirst())
    }
}

/// Who plays a case: compiled code under one MPI, or the interpreter.
struct Player: Sendable {
    var name: String
    /// The launcher's settings; nil: the interpreter.
    var mpi: MPI?
    /// The numbers of ranks that it is asked for.
    var limit: Int

    struct MPI: Sendable {
        var toolchain: Toolchain
        var runner: Runner
    }

    static func all(_ cache: Cache) async throws -> [Player] {
        var players: [Player] = []
        // More ranks than cores spin under MPICH: two there.
        for (wrapper, limit) in [("mpicc.openmpi", 4), ("mpicc.mpich", 2)] {
            let toolchain = try await Toolchain(mpicc: wrapper, cache: cache)
            let runner = Runner(toolchain: toolchain, launcher: try toolchain.launcher())
            players.append(
                Player(name: toolchain.family.rawValue, mpi: MPI(toolchain: toolchain, runner: runner), limit: limit))
        }
        return players + [Player(name: "interpreter", mpi: nil, limit: .max)]
    }

    /// One machine's shared memory is all that is needed; looking for networks takes Open MPI longer than most cases.
    private static let settings = ["OMPI_MCA_btl": "self,vader", "OMPI_MCA_pml": "ob1"]

    /// Plays a program in a folder of its own, in which the case's input files stand.
    func play(_ scene: Scene, _ run: Run, ranks: Int, folder: String) async throws -> Performed {
        let command: [String]
        var environment: [String: String] = [:]
        if let mpi {
            command = mpi.runner.command(scene.executables[name] ?? "", ranks: ranks, arguments: run.arguments)
            environment = mpi.runner.environment.merging(Self.settings) { own, _ in own }
        } else {
            command = [scene.pdlc, "run", scene.source, "--interpret", "--ranks", String(ranks), "--"] + run.arguments
        }
        // A program that hangs is a failed promise, not a hung test.
        let outcome = try await Tool.run(
            ["timeout", "-k", "5", "120"] + command, environment: environment, folder: folder)
        return Performed(outcome)
    }
}

/// Where a case is played.
struct Scene: Sendable {
    var pdlc: String
    /// The program's file, as messages name it, relative to the folders that it is played in.
    var source: String
    /// The case's folder: input files in `inputs`.
    var folder: String
    /// Compiled code by the name of the player.
    var executables: [String: String]

    /// A new folder in which the input files stand.
    func stage(_ name: String) throws -> String {
        let manager = FileManager.default
        let stage = "\(folder)/plays/\(name)"
        try manager.createDirectory(atPath: "\(folder)/plays", withIntermediateDirectories: true)
        try manager.copyItem(atPath: "\(folder)/inputs", toPath: stage)
        return stage
    }
}

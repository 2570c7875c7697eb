import Compiler
import FoundationEssentials
import Glibc

/// What one run of a program printed and how it ended.
public struct Outcome: Equatable {
    public var output: [String]
    public var errors: [String]
    public var exitCode: Int

    public init(_ outcome: Tool.Outcome) {
        self.init(output: outcome.output, errors: outcome.errors, exitCode: outcome.code)
    }

    public init(output: String, errors: String, exitCode: Int) {
        self.output = Self.lines(output)
        self.errors = Self.lines(errors)
        self.exitCode = exitCode
    }

    /// The exit code of a program that had to be ended.
    public static let hung = 124

    /// The launcher, not the program, did something of its own while it ended ranks of which one had failed: Open MPI's warns or
    /// crashes, MPICH's takes the exit code for a signal.
    fileprivate var isDisturbed: Bool {
        let spoke =
            errors.contains { $0.hasPrefix("[warn]") || $0.contains("bin/mpiexec") }
            || output.contains { $0.hasPrefix("=   EXIT CODE: 1") }
        let died = [137, 139].contains(exitCode) && errors.last?.contains(": error: ") == true
        return spoke || died
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The run with this as what it must do.
    public func asExpectation(of run: Run) -> Run {
        var expected = run
        (expected.output, expected.errors, expected.exitCode) = (output, errors, exitCode)
        return expected
    }

    /// As the `#>` lines of a case would say it.
    public var lines: [String] {
        Array(asExpectation(of: Run()).lines(directive: "").dropFirst())
    }
}

/// Who plays a case: compiled code under one MPI, or the interpreter.
public struct Player: Sendable {
    public var name: String
    /// The launcher's settings; nil: the interpreter.
    public var mpi: MPI?
    /// The numbers of ranks that it is asked for.
    public var limit: Int

    public struct MPI: Sendable {
        public var toolchain: Toolchain
        public var runner: Runner
    }

    /// The MPIs that cases are played on.
    public static let wrappers = ["mpicc.openmpi", "mpicc.mpich"]

    public static func all(_ cache: Cache, wrappers: [String] = wrappers) async throws -> [Player] {
        var players: [Player] = []
        for wrapper in wrappers {
            // More ranks than cores spin under MPICH: two there.
            let limit = wrapper == "mpicc.mpich" ? 2 : 7
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
    /// A program that hangs is a failed promise, not a hung test: it is ended after so many seconds. Where the launcher gets in the way
    /// it is played once more.
    public func play(
        _ workspace: Workspace, _ run: Run, ranks: Int, folder: String, seconds: Int = 120,
        settings: [String: String] = [:]
    ) async throws -> Outcome {
        let command: [String]
        var environment: [String: String] = [:]
        if let mpi {
            command = mpi.runner.command(
                workspace.executables[name] ?? "", ranks: ranks, arguments: run.arguments, isQuiet: true)
            environment = mpi.runner.environment.merging(Self.settings) { own, _ in own }.merging(settings) { $1 }
        } else {
            command =
                [workspace.pdlc, "run", workspace.source, "--interpret", "--ranks", String(ranks), "--"] + run.arguments
        }
        func attempt() async throws -> Outcome {
            Outcome(
                try await Tool.run(
                    ["timeout", "-k", "5", String(seconds)] + command, environment: environment, folder: folder))
        }
        let outcome = try await attempt()
        return outcome.isDisturbed ? try await attempt() : outcome
    }
}

/// Where a case is played.
public struct Workspace: Sendable {
    public var pdlc: String
    /// The program's file, as messages name it, relative to the folders that it is played in.
    public var source: String
    /// The case's folder: input files in `inputs`.
    public var folder: String
    /// Compiled code by the name of the player.
    public var executables: [String: String]

    public init(pdlc: String, source: String, folder: String, executables: [String: String]) {
        (self.pdlc, self.source, self.folder, self.executables) = (pdlc, source, folder, executables)
    }

    /// A new folder in which the input files stand.
    public func stage(_ name: String) throws -> String {
        let manager = FileManager.default
        let stage = "\(folder)/plays/\(name)"
        try manager.createDirectory(atPath: "\(folder)/plays", withIntermediateDirectories: true)
        try manager.createDirectory(atPath: stage, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: "\(folder)/inputs") {
            try Self.copy("\(folder)/inputs/\(name)", to: "\(stage)/\(name)")
        }
        return stage
    }

    /// A FIFO becomes another one: nobody would write what is to be copied of it.
    private static func copy(_ source: String, to copy: String) throws {
        var facts = stat()
        guard lstat(source, &facts) == 0, facts.st_mode & S_IFMT == S_IFIFO else {
            return try FileManager.default.copyItem(atPath: source, toPath: copy)
        }
        mkfifo(copy, 0o600)
    }
}

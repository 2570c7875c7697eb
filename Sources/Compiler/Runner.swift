import FoundationEssentials
import Glibc

/// Starts a compiled program under the launcher of its MPI.
public struct Runner: Sendable {
    let toolchain: Toolchain
    let launcher: String
    /// What the runtime is asked for besides running the program.
    public struct Wishes: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// To print at the end what was sent, line by line.
        public static let counts = Wishes(rawValue: 1)
        /// To draw a bar while loops run.
        public static let progress = Wishes(rawValue: 2)

    }
    let wishes: Wishes
    /// Where ranks write their profiles, of a program that is built to make one.
    let profile: ProfileFolder?

    public init(toolchain: Toolchain, launcher: String, wishes: Wishes = [], profile: ProfileFolder? = nil) {
        self.toolchain = toolchain
        self.launcher = launcher
        self.wishes = wishes
        self.profile = profile
    }

    /// How the runtime is told.
    private var variables: [(name: String, value: String)] {
        (wishes.contains(.counts) ? [("PDL_COUNT_MESSAGES", "1")] : [])
            + (wishes.contains(.progress) ? [("PDL_PROGRESS", "1")] : [])
            + (profile.map { [("PDL_PROFILE", $0.path)] } ?? [])
    }

    /// What is started: launcher, its options, the program, its arguments. `isQuiet`: without Open MPI's page about a rank that
    /// failed, which `LaunchedRun` reads to say the same in a line.
    public func command(_ executable: String, ranks: Int, arguments: [String], isQuiet: Bool = false) -> [String] {
        let quiet = isQuiet && toolchain.family == .openMPI ? ["-q"] : []
        let exported = toolchain.family == .openMPI ? variables.flatMap { ["-x", $0.name] } : []
        // PBS tells its jobs by this file where their ranks belong; Slurm's launchers know without.
        let nodes = ProcessInfo.processInfo.environment["PBS_NODEFILE"].map { ["-machinefile", $0] } ?? []
        return [launcher] + quiet + exported + nodes + ["-n", String(ranks), executable] + arguments
    }

    /// What Open MPI wants before it starts more ranks than cores, or anything as root. What the user has set stays.
    public var environment: [String: String] { Self.environment(for: toolchain.family) }

    static func environment(for family: Toolchain.Family) -> [String: String] {
        guard family == .openMPI else { return [:] }
        var settings = [
            "OMPI_MCA_rmaps_base_oversubscribe": "1",
            "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        ]
        if geteuid() == 0 {
            settings["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
            settings["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        }
        return settings
    }

    /// Where ranks say which process they are: MPICH's launcher names a lost one by its process alone.
    private static let ranksVariable = "PDL_RANKS_FILE"

    /// Runs the program called `name` to its end and returns its exit code; see `LaunchedRun`.
    public func run(_ name: String, _ executable: String, ranks: Int, arguments: [String]) throws -> Int32 {
        for (name, value) in environment { setenv(name, value, 0) }
        for (name, value) in variables { setenv(name, value, 1) }
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let ranksFile = "\(folder)/pdl-ranks-\(getpid())"
        if toolchain.family != .openMPI { setenv(Self.ranksVariable, ranksFile, 1) }
        var run = LaunchedRun(
            name, command(executable, ranks: ranks, arguments: arguments), ranksFile: ranksFile)
        return try run.run()
    }
}

import FoundationEssentials

/// A batch script that runs a built program.
public struct JobScript {
    let scheduler: Scheduler
    let request: BatchRequest
    let runner: Runner

    public init(_ scheduler: Scheduler, _ request: BatchRequest, runner: Runner) {
        (self.scheduler, self.request, self.runner) = (scheduler, request, runner)
    }

    /// - Parameters:
    ///   - name: the job's, also the beginning of its output's name.
    ///   - executable: an absolute path.
    public func text(name: String, executable: String, arguments: [String]) async throws -> String {
        var values = request.values()
        values["name"] = [name]
        values["folder"] = [Template.quoted(FileManager.default.currentDirectoryPath)]
        values["command"] = [([executable] + arguments).map(Template.quoted).joined(separator: " ")]
        let launch = try await Self.launch(scheduler, runner.toolchain.family, runner.launcher)
        // srun would kill its tasks instead of passing the signal on.
        let isStep = launch.hasPrefix("srun")
        values["forward"] = [isStep ? "scancel --signal=TERM \"$SLURM_JOB_ID\"" : "kill -TERM \"$launcher\""]
        values["launch"] = ["\(launch) -n \(request.ranks)"]
        values["setting"] = runner.environment.map { "\($0)=\(Template.quoted($1))" }.sorted()
        return try Template("job.\(scheduler.rawValue)").filled(values)
    }

    /// What starts ranks: srun, where it speaks what this MPI understands; else the MPI's own launcher.
    static func launch(_ scheduler: Scheduler, _ family: Toolchain.Family, _ launcher: String) async throws -> String {
        guard scheduler == .slurm else { return Template.quoted(launcher) }
        let wanted = family == .openMPI ? "pmix" : "pmi2"
        let kinds = Files.executable("srun") == nil ? nil : try await Tool.run(["srun", "--mpi=list"])
        let known = (kinds.map { $0.output + $0.errors } ?? "").split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        return known.contains(Substring(wanted)) ? "srun --mpi=\(wanted)" : Template.quoted(launcher)
    }
}

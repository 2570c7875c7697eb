import FoundationEssentials

/// A profile of ipyparallel (8 or 9) whose engines are one MPI world.
public struct EnginesProfile {
    let name: String
    let scheduler: Scheduler
    let request: BatchRequest
    let python: PythonEnvironment

    public init(_ name: String, _ scheduler: Scheduler, _ request: BatchRequest, python: PythonEnvironment) {
        (self.name, self.scheduler, self.request, self.python) = (name, scheduler, request, python)
    }

    public var folder: String { "\(python.profilesFolder)/profile_\(name)" }

    /// Writes the profile's files and returns their paths.
    public func write() async throws -> [String] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let batchFiles = scheduler == .none ? [] : ["engines.\(scheduler.rawValue)"]
        let values = try await values()
        return try (batchFiles + ["ipcluster_config.py", "ipcontroller_config.py", "ipengine_config.py"]).map { file in
            let path = "\(folder)/\(file)"
            try refuseForeign(path)
            try Files.write(Array(try Template(file).filled(values).utf8), to: path)
            return path
        }
    }

    /// A profile that somebody else has made stays as it is.
    private func refuseForeign(_ path: String) throws {
        guard let bytes = Files.read(path), !String(decoding: bytes, as: UTF8.self).contains("pdlc engines") else {
            return
        }
        throw UsageError("\(path) was not written by pdlc engines; move it away, or choose another name by --profile")
    }

    private func values() async throws -> [String: [String]] {
        // ipyparallel puts the number in when it submits the script.
        var values = request.values(ranks: "{n}")
        let settings = Runner.environment(for: python.family).sorted { $0.key < $1.key }
        values["n"] = [String(request.ranks)]
        values["profile"] = [name]
        values["launch"] = ["\(try await JobScript.launch(scheduler, python.family, python.launcher)) -n {n}"]
        values["setting"] = settings.map { "\($0.key)=\(Template.quoted($0.value))" }
        values["settingPair"] = scheduler == .none ? settings.map { "\"\($0.key)\", \"\($0.value)\"" } : []
        values["launcher"] = [scheduler == .none ? "mpi" : scheduler.rawValue]
        values["mpiexec"] = scheduler == .none ? ["[\"\(python.launcher)\"]"] : []
        values["batchLauncher"] =
            [Scheduler.slurm: "SlurmEngineSetLauncher", .pbs: "PBSEngineSetLauncher"][scheduler].map { [$0] } ?? []
        values["qsub"] = scheduler == .pbs ? ["\"qsub\""] : []
        values["template"] = ["engines.\(scheduler.rawValue)"]
        return values
    }
}

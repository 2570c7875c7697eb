/// Who starts jobs on this machine.
public enum Scheduler: String, CaseIterable, Sendable {
    case slurm, pbs
    /// Nobody: the launcher is called at once.
    case none

    /// What submits a script and prints the job's number. (Slurm's own qsub does not read these two in the script.)
    func submission(of script: String, named name: String) -> [String] {
        switch self {
        case .slurm: ["sbatch", "--parsable", script]
        case .pbs: ["qsub", "-N", name, "-j", "oe", script]
        case .none: []
        }
    }

    /// Where a job's output comes to stand, in the folder it was submitted from.
    func output(of name: String, job: String) -> String {
        switch self {
        case .slurm: "\(name).\(job).out"
        case .pbs, .none: "\(name).o\(job)"
        }
    }

    /// The state of a job in words, such as "PENDING" or "R"; nil when it has ended.
    func state(of job: String) async throws -> String? {
        switch self {
        case .slurm:
            let answer = try await Tool.run(["squeue", "--noheader", "--jobs", job, "--format", "%T"])
            let state = answer.output.split(whereSeparator: \.isWhitespace).first
            return answer.succeeded ? state.map(String.init) : nil
        case .pbs:
            let answer = try await Tool.run(["qstat", job])
            guard answer.succeeded, let row = answer.output.split(separator: "\n").last else { return nil }
            // Job, name, user, time, state, queue.
            let columns = row.split(separator: " ")
            guard columns.count >= 5, !["C", "F"].contains(columns[4]) else { return nil }
            return String(columns[4])
        case .none: return nil
        }
    }
}

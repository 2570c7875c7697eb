import FoundationEssentials

/// A job that a scheduler has.
public struct SubmittedJob: Sendable {
    let scheduler: Scheduler
    let name: String
    /// As the scheduler names it: "12", "12.server".
    public let id: String

    /// Submits a script from this folder.
    public init(_ script: String, named name: String, to scheduler: Scheduler) async throws {
        let command = scheduler.submission(of: script, named: name)
        let answer = try await Tool.run(command)
        let number = answer.output.split(whereSeparator: \.isWhitespace).last?.split(separator: ";").first
        guard answer.succeeded, let number, number.first?.isNumber == true else {
            throw UsageError("\(command[0]) refuses \(script): \(answer.output)\(answer.errors)")
        }
        (self.scheduler, self.name, id) = (scheduler, name, String(number))
    }

    /// Where its output comes to stand.
    public var output: String {
        scheduler.output(of: name, job: String(id.prefix { $0 != "." }))
    }

    /// Waits for the end and returns the exit code.
    ///
    /// - Parameters:
    ///   - print: gets the output as it comes.
    ///   - report: gets a line whenever the job's state changes.
    public func wait(print: (String) throws -> Void, report: (String) -> Void) async throws -> Int32 {
        var last = ""
        var follower = Follower(path: output)
        while let state = try await scheduler.state(of: id) {
            if state != last { report("job \(id): \(state)\n") }
            last = state
            try print(follower.news())
            try await Task.sleep(for: .seconds(1))
        }
        // The output may come later than the end, from another node.
        for _ in 0..<20 {
            try print(follower.news())
            if let code = code(in: follower.text) { return code }
            try await Task.sleep(for: .seconds(0.5))
        }
        throw UsageError("job \(id) ended without a last word; see \(output)")
    }

    /// The code in the script's last line.
    private func code(in text: String) -> Int32? {
        text.split(separator: "\n").last { $0.hasPrefix("\(name): exit code ") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Int32($0) }
    }
}

/// A file that grows.
private struct Follower {
    let path: String
    private var seen: [UInt8] = []

    init(path: String) { self.path = path }

    var text: String { String(decoding: seen, as: UTF8.self) }

    /// What has come since the last call.
    mutating func news() -> String {
        guard let all = Files.read(path), all.count > seen.count else { return "" }
        defer { seen = all }
        return String(decoding: all[seen.count...], as: UTF8.self)
    }
}

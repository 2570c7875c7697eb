import Subprocess

/// Another program, run to its end.
struct Tool {
    struct Outcome {
        var succeeded: Bool
        var output: String
        var errors: String
    }

    /// Runs `command` (its first word an absolute path or a name on PATH) and collects what it prints.
    static func run(_ command: [String], input: String = "") async throws -> Outcome {
        guard let name = command.first, let path = Files.executable(name) else {
            throw UsageError("cannot find the program \(command.first ?? "")")
        }
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: Arguments(Array(command.dropFirst())), input: .string(input),
            output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
        return Outcome(
            succeeded: result.terminationStatus.isSuccess, output: result.standardOutput,
            errors: result.standardError)
    }
}

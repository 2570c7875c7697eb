import FoundationEssentials
import Glibc
import Subprocess

/// Another program, run to its end.
public enum Tool {
    public struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number for a program that a signal ended.
        public var code: Int
        public var output: String
        public var errors: String
        public var succeeded: Bool { code == 0 }
    }

    /// Runs `command` (its first word a path or a name on PATH) and collects what it prints.
    ///
    /// - Parameters:
    ///   - environment: what is added to this process's own.
    ///   - folder: where it runs; nil: here.
    public static func run(
        _ command: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil
    ) async throws -> Outcome {
        guard let name = command.first, let path = Files.executable(name) else {
            throw UsageError("cannot find the program \(command.first ?? "")")
        }
        let added = environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) }
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: added)),
            workingDirectory: folder.map { .init($0) }, input: .string(input),
            output: .string(limit: 1 << 26), error: .string(limit: 1 << 22))
        let code =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
    }

    /// Becomes `command` (its first word a path or a name on PATH): terminal, signals and exit code are its own from here on.
    /// Returns only by throwing.
    public static func replaceThisProcess(_ command: [String]) throws -> Never {
        guard let path = Files.executable(command[0]) else { throw UsageError("cannot find the program \(command[0])") }
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        execv(path, &words)
        throw UsageError("cannot start \(path): \(Files.lastProblem)")
    }
}

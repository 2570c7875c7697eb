import ArgumentParser
import Compiler
import Glibc

/// The command line. Exit codes: 0 fine, 1 errors in the program, 2 wrong usage, 70 a fault of pdlc itself.
@main
struct PDLC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pdlc",
        abstract: "The compiler of PDL, a parallel array language for MPI machines.",
        version: "pdlc 0.1.0",
        subcommands: [
            Build.self, Run.self, Job.self, Engines.self, Check.self, Format.self, Emit.self, ExplainCommand.self,
            DoctorCommand.self, LanguageServerCommand.self, Docs.self,
        ])

    static func main() async {
        do {
            try checkCommand(CommandLine.arguments.dropFirst().first)
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Glibc.exit(report(error))
        }
    }

    /// The parser of arguments would only call a mistyped command an unexpected argument.
    private static func checkCommand(_ word: String?) throws {
        let names = configuration.subcommands.compactMap { $0._commandName }
        guard let word, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
        let nearest = names.map { ($0, Array($0).difference(from: Array(word)).count) }.min { $0.1 < $1.1 }
        let hint = nearest.flatMap { $0.1 <= 3 ? "; did you mean `\($0.0)`?" : nil } ?? ": `pdlc --help` lists them"
        throw UsageError("there is no command `\(word)`\(hint)")
    }

    /// Says what went wrong, and with which exit code to leave.
    private static func report(_ error: any Error) -> Int32 {
        switch error {
        case let code as ExitCode:
            return code.rawValue
        case let errors as ReportedErrors:
            return errors.exitCode
        case let problem as UsageError:
            StandardStream.error("error: \(problem)\n")
            return 2
        default:
            // Help and version arrive here too.
            let code = exitCode(for: error)
            if code.isSuccess {
                print(fullMessage(for: error))
                return 0
            }
            if code == .validationFailure {
                StandardStream.error(fullMessage(for: error) + "\n")
                return 2
            }
            StandardStream.error(
                "pdlc itself is at fault, not your program: \(error)\n"
                    + "Please report this with the program that led here.\n")
            return 70
        }
    }
}

/// The program's errors have been shown.
struct ReportedErrors: Error {
    var exitCode: Int32 = 1
}

import ArgumentParser
import LanguageServer

struct LanguageServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp", abstract: "Serve an editor: the Language Server Protocol on standard input and output.")

    /// Editors pass it by habit.
    @Flag(help: "Speak over standard input and output, which it does anyway.")
    var stdio = false

    func run() async throws {
        let code = await LanguageServer.serve()
        if code != 0 { throw ReportedErrors(exitCode: code) }
    }
}

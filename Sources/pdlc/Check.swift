import ArgumentParser
import Compiler
import Source

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Report every error in programs; make nothing.")

    @Argument(help: "The programs.", completion: .file(extensions: ["pdl"]))
    var files: [String]

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        var failed = false
        for file in files {
            let found = Compilation(try SourceFile(reading: file)).diagnostics
            diagnostics.show(found)
            failed = failed || found.contains { $0.severity == .error }
        }
        if failed { throw ReportedErrors() }
    }
}

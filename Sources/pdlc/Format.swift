import ArgumentParser
import Compiler
import Source

import func Syntax.format

struct Format: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lay programs out in the one style, in place.")

    @Argument(help: "The programs.", completion: .file(extensions: ["pdl"]))
    var files: [String]

    @Flag(help: "Change nothing; name the files that are not in the style and fail if there are any.")
    var check = false

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() async throws {
        var failed = false
        for path in files {
            let file = try SourceFile(reading: path)
            let (text, found) = format(file)
            guard let text else {
                diagnostics.show(found)
                failed = true
                continue
            }
            if path == "-", !check {
                try StandardStream.output(text)
                continue
            }
            guard Array(text.utf8) != file.text else { continue }
            if check {
                try StandardStream.output("\(path)\n")
                failed = true
            } else {
                try Files.write(Array(text.utf8), to: path)
            }
        }
        if failed { throw ReportedErrors() }
    }
}

import ArgumentParser
import Compiler
import Source

extension Form: ExpressibleByArgument {}

struct Emit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a program on its way to machine code.",
        discussion: "--after PASS shows the IR after that pass instead.")

    @Argument(help: "The program.", completion: .file(extensions: ["pdl"]))
    var file: String

    @Option(help: "The form to show.")
    var stage: Form = .local

    @Option(help: "Show the IR after the pass of this name.")
    var after: String?

    @Option(name: .short, help: "Where to write; else standard output.")
    var output: String?

    @Option(name: .customShort("O", allowingJoined: true), help: "How much LLVM optimises, 0 to 3.")
    var level = 3

    @Flag(name: .customShort("g"), help: "For a debugger: lines, and at -O 0 variables.")
    var debugInfo = false

    @OptionGroup var passes: PassOptions
    @OptionGroup var writing: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    mutating func validate() throws {
        guard (0...3).contains(level) else { throw ValidationError("-O takes a level from 0 to 3") }
    }

    func run() async throws {
        var options = Compilation.Options()
        options.optimisation = level
        options.debugInfo = debugInfo
        options.timeTiling = !passes.noTimeTiling
        let compilation = Compilation(try SourceFile(reading: file), options: options)
        let text = try await diagnostics.reporting {
            try after.map { try compilation.text(after: $0) } ?? compilation.text(of: stage)
        }
        guard let output else { return try StandardStream.output(text) }
        try Outputs(of: compilation, force: writing.force).checkText(output, text)
        try Files.write(Array(text.utf8), to: output)
    }
}

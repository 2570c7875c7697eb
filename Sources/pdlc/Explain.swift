import ArgumentParser
import Compiler

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show what a program sends: on which line, how much, and what was merged.",
        usage: "pdlc explain FILE [-n RANKS] [--NAME VALUE ...]",
        discussion: "With -n and values for the program's parameters, formulas become numbers.")

    @Argument(help: "The program.", completion: .file(extensions: ["pdl"]))
    var file: String

    @Option(name: [.customShort("n"), .long], help: "The number of ranks, P.")
    var ranks: Int?

    @OptionGroup var diagnostics: DiagnosticOptions

    @Argument(parsing: .allUnrecognized, help: "Sizes of the program: --n 1000.")
    var sizes: [String] = []

    mutating func validate() throws {
        if let ranks, ranks < 1 { throw ValidationError("a program runs on one rank or more, not on \(ranks)") }
        _ = try values()
    }

    func run() async throws {
        let compilation = try await diagnostics.compilation(of: file)
        try StandardStream.output(try Explanation(compilation).text(values: values()))
    }

    private func values() throws -> [String: Int] {
        var values: [String: Int] = [:]
        values["P"] = ranks
        var words = sizes[...]
        while let name = words.popFirst() {
            guard name.hasPrefix("--") else { throw ValidationError("unexpected argument '\(name)'") }
            let halves = name.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard let text = halves.count == 2 ? String(halves[1]) : words.popFirst() else {
                throw ValidationError("\(name) needs a value")
            }
            // Sizes are integers; other parameters are no part of a formula.
            if let value = Int(text), let key = halves.first { values[String(key)] = value }
        }
        return values
    }
}

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

    @OptionGroup var passes: PassOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    @Argument(parsing: .allUnrecognized, help: "Sizes of the program: --n 1000.")
    var sizes: [String] = []

    mutating func validate() throws {
        if let ranks, ranks < 1 { throw ValidationError("a program runs on one rank or more, not on \(ranks)") }
        _ = try values()
    }

    func run() async throws {
        var options = Compilation.Options()
        options.timeTiling = !passes.noTimeTiling
        let compilation = try await diagnostics.compilation(of: file, options)
        let given = try values()
        let explanation = try Explanation(compilation, values: given.compactMapValues { $0 })
        if let name = given.keys.sorted().first(where: { $0 != "P" && !explanation.sizeNames.contains($0) }) {
            throw UsageError("the program has no parameter --\(name)")
        }
        try StandardStream.output(diagnostics.diagnostics == .json ? explanation.json() : explanation.text())
    }

    /// The given sizes; nil for what is no integer, and so no part of a formula.
    private func values() throws -> [String: Int?] {
        var values: [String: Int?] = ranks.map { ["P": $0] } ?? [:]
        var words = sizes[...]
        while let name = words.popFirst() {
            guard name.hasPrefix("--"), name.count > 2 else { throw ValidationError("unexpected argument '\(name)'") }
            let halves = name.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard let text = halves.count == 2 ? String(halves[1]) : words.popFirst() else {
                throw ValidationError("\(name) needs a value")
            }
            if let key = halves.first { values.updateValue(Int(text), forKey: String(key)) }
        }
        return values
    }
}

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

    @Flag(help: "Show instead which arrays live, and what each loop reads and writes of memory.")
    var memory = false

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
        let isJSON = diagnostics.diagnostics == .json
        if memory {
            let report = try MemoryReport(compilation, values: given.compactMapValues { $0 })
            return try StandardStream.output(isJSON ? report.json() : report.text())
        }
        try StandardStream.output(isJSON ? explanation.json() : explanation.text())
    }

    /// The given sizes; nil for what is no integer, and so no part of a formula.
    private func values() throws -> [String: Int?] {
        var values = try GivenParameters(sizes).integers
        if let ranks { values["P"] = ranks }
        return values
    }
}

import Playing

/// One generated program. Several stand in one file, so that one compilation and one launch play them all.
struct Section: Sendable {
    var seed: UInt64
    var statements: [Statement]

    /// Whether it must end with an error. Such a program stands alone in its file.
    var fails = false

    init(seed: UInt64) {
        self.seed = seed
        statements = ProgramGenerator.program(seed: seed)
    }

    init(seed: UInt64, statements: [Statement]) { (self.seed, self.statements) = (seed, statements) }

    init(failing seed: UInt64) {
        (self.seed, fails) = (seed, true)
        statements = ProgramGenerator.failingProgram(seed: seed)
    }

    private var header: String { fails ? "== \(seed) fails" : "== \(seed)" }

    var lines: [String] { ["print \"\(header)\""] + statements.flatMap { $0.lines() } }

    static func text(_ sections: [Section]) -> String {
        sections.flatMap(\.lines).joined(separator: "\n") + "\n"
    }

    /// Which of `sections` print something else in two plays of their file.
    static func differing(_ sections: [Section], _ a: [String], _ b: [String]) -> [Section] {
        let (first, second) = (outputs(a), outputs(b))
        return sections.filter { first[$0.header] != second[$0.header] }
    }

    private static func outputs(_ lines: [String]) -> [String: [String]] {
        var found: [String: [String]] = [:]
        var header = ""
        for line in lines {
            if line.hasPrefix("== ") { header = line }
            found[header, default: []].append(line)
        }
        return found
    }

    /// The lines that must be the same on every number of ranks: the headers and what begins with `=`.
    static func withoutRanks(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("=") } }
}

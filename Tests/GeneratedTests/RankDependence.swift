import Compiler
import FoundationEssentials
import Glibc
import Playing
import Source

/// Programs that use what only one rank knows: a source of it × a way or two to launder it × a use (`RankDependence+Tables.swift`).
///
/// Each is refused by an ordinary error, or it passes every stage of the compiler and its verifier, and then prints under MPI what it
/// prints in the interpreter.
struct RankDependence {
    /// A piece of a program. In it `$` begins the program's own names; `IN` is the value that comes from the piece before.
    struct Piece: Sendable {
        var lines: [String]
        var value: String
        init(_ value: String, _ lines: String...) { (self.lines, self.value) = (lines, value) }
    }

    /// What all programs begin with.
    private static let beginning = [
        "let $x = scatter(f64(arange(16)))",
        "let $t = [10, 20, 30, 40, 50, 60, 70, 80]",
    ]

    static let combinations = sources.count * launderings.count * uses.count

    /// The program of a number; beyond `combinations` the value is laundered twice.
    static func program(_ number: Int) -> [String] {
        var (rest, name) = (number, "c\(number)_")
        func next<Choice>(_ choices: [Choice]) -> Choice {
            defer { rest /= choices.count }
            return choices[rest % choices.count]
        }
        let pieces = [next(sources), next(launderings)]
        let use = next(uses)
        let again = rest == 0 ? [] : [launderings[(rest - 1) % launderings.count]]
        var (lines, value) = (beginning, "")
        for (step, piece) in (pieces + again).enumerated() {
            // What two launderings define are different names.
            let own = { (text: String) in text.replacing("$$", with: "$l\(step)").replacing("IN", with: "(\(value))") }
            lines += piece.lines.map(own)
            value = own(piece.value)
        }
        lines += ["let $q = \(value)"] + use
        return lines.map { $0.replacing("$", with: name) }
    }

    /// What was found of so many programs: lines that tell what is wrong, and the numbers of those that were accepted.
    private(set) var problems: [String] = []
    private(set) var accepted: [Int] = []

    /// Looks at `count` programs, all combinations in order if that many are asked for.
    init(count: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0x7261_6e6b)
        for position in 0..<count {
            let twice = Self.combinations * (1 + Self.launderings.count)
            look(
                at: count >= Self.combinations ? position : random.below(random.once(in: 3) ? twice : Self.combinations)
            )
        }
    }

    private mutating func look(at number: Int) {
        let text = Self.program(number).joined(separator: "\n") + "\n"
        // A compiler that never answers dies here.
        alarm(30)
        defer { alarm(0) }
        let compilation = Compilation(SourceFile(path: "laundered\(number).pdl", text))
        var problem = Mutants.problem(in: compilation)
        if !compilation.diagnostics.contains(where: { $0.severity == .error }) {
            do {
                _ = try compilation.steps()
                accepted.append(number)
            } catch { problem = "\(error)" }
        }
        if let problem { problems.append("FAILED program \(number): \(problem)\n\(text)") }
    }

    /// Accepted programs, up to `count` of them, as sections of files to play; the interpreter would write files where it stands.
    func sections(count: Int) -> [Section] {
        let numbers = Set(accepted).sorted().filter { number in
            !Self.program(number).contains { $0.contains("save(") || $0.contains("load(") }
        }
        let stride = max(1, numbers.count / max(1, count))
        return numbers.enumerated().filter { $0.offset % stride == 0 }.prefix(count).map {
            Section(seed: UInt64($0.element), statements: Self.program($0.element).map { Statement(Term($0)) })
        }
    }
}

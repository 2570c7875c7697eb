@testable import Syntax

/// SplitMix64: the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Makes random sentences of the grammar.
struct SentenceGenerator {
    private let grammar: Grammar
    private var random: SeededGenerator
    /// The least height of a tree for each rule: what a generator does that has to come to an end.
    private let heights: [String: Int]
    private var textsAround = 0

    init(_ grammar: Grammar, seed: UInt64) {
        self.grammar = grammar
        random = SeededGenerator(seed: seed)
        var heights: [String: Int] = [:]
        for _ in grammar.rules {
            for (name, rule) in grammar.rules { heights[name] = SentenceGenerator.height(rule, heights).map { $0 + 1 } }
        }
        self.heights = heights
    }

    private static func height(_ rule: Grammar.Rule, _ heights: [String: Int]) -> Int? {
        switch rule {
        case .terminal, .described, .optional, .repeated: 0
        case .reference(let name): Grammar.isWord(name) ? 0 : heights[name]
        case .sequence(let rules):
            rules.reduce(0) { most, rule in most.flatMap { most in height(rule, heights).map { max(most, $0) } } }
        case .choice(let rules): rules.compactMap { height($0, heights) }.min()
        }
    }

    /// A sentence of at most about so many levels of rules inside one another.
    mutating func sentence(_ start: String = "program", budget: Int) -> String {
        // A minus with a blank behind it would go on with the line before.
        words(of: .reference(start), budget).joined(separator: " ").replacing(#/(\n\s*)-\s+/#) { "\($0.1)-" }
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    private mutating func words(of rule: Grammar.Rule, _ budget: Int) -> [String] {
        switch rule {
        case .terminal(let text): return [text]
        case .described: return []
        case .reference(let name):
            if Grammar.isWord(name) { return [word(name)] }
            return words(ofRule: name, budget)
        case .sequence(let rules): return rules.flatMap { words(of: $0, budget) }
        case .choice(let rules):
            let fitting = rules.filter { height($0) < budget }
            let least = rules.map(height).min()
            // Every second time the simplest will do: sentences are to be many, not long.
            let isSimple = fitting.isEmpty || chance(0.5)
            let candidates = isSimple ? rules.filter { height($0) == least } : fitting
            return candidates.randomElement(using: &random).map { words(of: $0, budget) } ?? []
        case .optional(let rule):
            return height(rule) < budget && chance(0.25) ? words(of: rule, budget) : []
        case .repeated(let rule):
            var all: [String] = []
            while height(rule) < budget, chance(isList(rule) ? 0.5 : 0.1) { all += words(of: rule, budget) }
            return all
        }
    }

    private func height(_ rule: Grammar.Rule) -> Int { SentenceGenerator.height(rule, heights) ?? 0 }

    /// Whether repetition makes a list longer, rather than an expression deeper.
    private func isList(_ rule: Grammar.Rule) -> Bool {
        guard case .sequence(let rules) = rule else { return false }
        switch rules[0] {
        case .terminal(let text): return text == ","
        case .reference: return true
        default: return false
        }
    }

    private mutating func words(ofRule name: String, _ budget: Int) -> [String] {
        guard let rule = grammar.rules[name] else { return [] }
        // A text stands on one line, so that its holes get the simplest expressions.
        let budget = name == "expression" && textsAround > 0 ? 0 : budget - 1
        if name == "text" { textsAround += 1 }
        defer { if name == "text" { textsAround -= 1 } }
        return words(of: rule, name == "text" ? max(budget, heights["expression", default: 0] + 2) : budget)
    }

    // MARK: Words

    private mutating func word(_ name: String) -> String {
        if name == "NEWLINE" { return "\n" }
        guard let rule = grammar.rules[name] else { return name }
        let word = characters(of: rule)
        let isTaken = Keyword(rawValue: word) != nil || ["part", "root", "cyclic"].contains(word)
        return isTaken ? "x" + word : word
    }

    private mutating func characters(of rule: Grammar.Rule) -> String {
        switch rule {
        case .terminal(let text): return text
        case .reference(let name): return grammar.rules[name].map { characters(of: $0) } ?? ""
        case .sequence(let rules): return rules.map { characters(of: $0) }.joined()
        case .choice(let rules): return rules.randomElement(using: &random).map { characters(of: $0) } ?? ""
        case .optional(let rule): return chance(0.5) ? characters(of: rule) : ""
        case .repeated(let rule):
            let count = Int.random(in: 0...4, using: &random)
            return (0..<count).map { _ in characters(of: rule) }.joined()
        case .described(let description): return character(description)
        }
    }

    /// An example of a character that the grammar describes in words.
    private mutating func character(_ description: String) -> String {
        let examples =
            if description.contains("XID_Start") {
                "abcxyzABCσé変"
            } else if description.contains("XID_Continue") {
                "abcxyz_0123σé変"
            } else if description.contains("but \" \\ { }") {
                "abc XYZ0123+-*/()[]#:,.'σé変😀"
            } else {
                ""
            }
        return examples.randomElement(using: &random).map(String.init) ?? ""
    }
}

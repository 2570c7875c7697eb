import Source

@testable import Syntax

/// Says whether a list of tokens is a sentence of the grammar: for each rule and position all positions where it may end, kept once
/// known. (No rule of the grammar is left-recursive.)
struct Recogniser {
    private let grammar: Grammar
    private let file: SourceFile
    private let tokens: [Token]
    private var known: [String: [Int: Set<Int>]] = [:]
    /// The furthest token that was matched: where a rejected text goes wrong.
    private(set) var furthest = 0

    init(_ grammar: Grammar, _ file: SourceFile) {
        self.grammar = grammar
        self.file = file
        tokens = tokenize(file).tokens.filter { !$0.isTrivia && $0.kind != .endOfFile }
    }

    mutating func accepts(_ start: String = "program") -> Bool {
        ends(of: .reference(start), at: 0).contains(tokens.count)
    }

    private mutating func ends(of rule: Grammar.Rule, at position: Int) -> Set<Int> {
        switch rule {
        case .terminal(let text): return match(at: position) { $0.isWritten && text == $1 }
        case .reference(let name):
            if let kinds = Recogniser.kinds(ofWord: name) {
                return match(at: position) { token, _ in kinds(token.kind) }
            }
            if let known = known[name]?[position] { return known }
            let found = grammar.rules[name].map { ends(of: $0, at: position) } ?? []
            known[name, default: [:]][position] = found
            return found
        case .sequence(let rules):
            return rules.reduce(into: [position]) { starts, rule in
                starts = Set(starts.flatMap { ends(of: rule, at: $0) })
            }
        case .choice(let rules): return Set(rules.flatMap { ends(of: $0, at: position) })
        case .optional(let rule): return ends(of: rule, at: position).union([position])
        case .repeated(let rule):
            var all: Set<Int> = [position]
            var new = all
            while !new.isEmpty {
                new = Set(new.flatMap { ends(of: rule, at: $0) }).subtracting(all)
                all.formUnion(new)
            }
            return all
        case .described: return []
        }
    }

    private mutating func match(at position: Int, _ matches: (Token, String) -> Bool) -> Set<Int> {
        guard position < tokens.count else { return [] }
        let token = tokens[position]
        guard matches(token, Span(file, token.start, token.end).text) else { return [] }
        furthest = max(furthest, position + 1)
        return [position + 1]
    }

    /// What the lexer calls a word of the grammar.
    private static func kinds(ofWord name: String) -> ((Token.Kind) -> Bool)? {
        switch name {
        case "IDENTIFIER": { $0 == .identifier }
        case "INTEGER", "DIGITS": { $0 == .integer }
        case "FLOAT": { $0 == .float }
        case "IMAGINARY": { $0 == .imaginary }
        case "NEWLINE": { $0 == .endOfStatement }
        case "TEXT": { if case .text = $0 { true } else { false } }
        case "FORMAT": { if case .format = $0 { true } else { false } }
        default: nil
        }
    }
}

extension Token {
    /// Whether the grammar may write it between quotes: not the characters of a text.
    fileprivate var isWritten: Bool {
        switch kind {
        case .text, .format, .endOfStatement: false
        default: true
        }
    }
}

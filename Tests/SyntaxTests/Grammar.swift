import Foundation

@testable import Syntax

/// The rules of `grammar/pdl.ebnf`, read from the file itself.
struct Grammar: Sendable {
    indirect enum Rule: Sendable {
        case terminal(String)
        case reference(String)
        case sequence([Rule])
        case choice([Rule])
        case optional(Rule)
        case repeated(Rule)
        /// `? in words ?`
        case described(String)
    }

    let rules: [String: Rule]

    static let pdl: Grammar = {
        let text = try? String(contentsOf: Inputs.root.appending(path: "grammar/pdl.ebnf"), encoding: .utf8)
        var reader = GrammarReader(text ?? "")
        return Grammar(rules: reader.rules())
    }()

    /// Names in capitals are words: the lexer reads them, and a sentence is a list of them.
    static func isWord(_ name: String) -> Bool { name == name.uppercased() }

    /// The names that rules use and no rule defines.
    var undefined: Set<String> {
        Set(rules.values.flatMap(\.references)).subtracting(rules.keys)
    }
}

extension Grammar.Rule {
    var references: [String] {
        switch self {
        case .reference(let name): [name]
        case .sequence(let rules), .choice(let rules): rules.flatMap(\.references)
        case .optional(let rule), .repeated(let rule): rule.references
        case .terminal, .described: []
        }
    }
}

/// Reads ISO 14977's notation, as far as the grammar uses it.
private struct GrammarReader {
    private var tokens: [String] = []
    private var index = 0

    init(_ text: String) {
        var rest = text[...]
        while let first = rest.first {
            if rest.hasPrefix("(*") {
                rest = rest[(rest.range(of: "*)")?.upperBound ?? rest.endIndex)...]
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter || $0 == "_" }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            } else if "\"'?".contains(first) {
                let body = rest.dropFirst().prefix { $0 != first }
                tokens.append(String(first) + body)
                rest = rest.dropFirst(body.count + 2)
            } else {
                if !first.isWhitespace { tokens.append(String(first)) }
                rest = rest.dropFirst()
            }
        }
    }

    private var token: String { index < tokens.count ? tokens[index] : "" }

    private mutating func accept(_ text: String) -> Bool {
        guard token == text else { return false }
        index += 1
        return true
    }

    mutating func rules() -> [String: Grammar.Rule] {
        var rules: [String: Grammar.Rule] = [:]
        while index < tokens.count {
            let name = token
            index += 1
            precondition(accept("="), "the grammar's rule \(name) has no =")
            precondition(rules[name] == nil, "the grammar's rule \(name) stands twice")
            rules[name] = choice()
            precondition(accept(";"), "the grammar's rule \(name) does not end: \(token)")
        }
        return rules
    }

    private mutating func choice() -> Grammar.Rule {
        var choices = [sequence()]
        while accept("|") { choices.append(sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() -> Grammar.Rule {
        var items = [item()]
        while accept(",") { items.append(item()) }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func item() -> Grammar.Rule {
        let first = token
        index += 1
        switch first.first {
        case "\"", "'": return .terminal(String(first.dropFirst()))
        case "?": return .described(first.dropFirst().trimmingCharacters(in: .whitespaces))
        case "(": return closed(choice(), ")")
        case "[": return .optional(closed(choice(), "]"))
        case "{": return .repeated(closed(choice(), "}"))
        default: return .reference(first)
        }
    }

    private mutating func closed(_ rule: Grammar.Rule, _ closing: String) -> Grammar.Rule {
        precondition(accept(closing), "the grammar lacks \(closing) before \(token)")
        return rule
    }
}

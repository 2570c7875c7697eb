import Language
import Source
import Syntax

/// The protocol's names for kinds of words; a token's number is its place here.
enum SemanticTokenKind: String, CaseIterable {
    case keyword, number, string, comment, `operator`, function, parameter, variable, property, type
}

/// A token's modifiers are bits, by their places here.
enum SemanticTokenModifier: String, CaseIterable {
    case declaration, readonly, defaultLibrary

    var bit: Int { 1 << (SemanticTokenModifier.allCases.firstIndex(of: self) ?? 0) }
}

extension Analysis {
    /// Each word's kind, five numbers a word: lines and characters after the word before, length, kind, modifiers.
    var semanticTokens: SemanticTokens {
        var known: [Int: (SemanticTokenKind, Int)] = [:]
        for member in names.members { known[member.name.span.start] = (.property, 0) }
        for occurrence in names.occurrences { known[occurrence.name.span.start] = kind(of: occurrence) }
        var data: [Int] = []
        var before = Position(line: 0, character: 0)
        for token in tokenize(file).tokens {
            guard let (kind, modifiers) = known[token.start] ?? token.kind.semantic.map({ ($0, 0) }) else { continue }
            let range = lines.range(token.start, token.end)
            guard range.start.line == range.end.line, token.end > token.start else { continue }
            let isSameLine = range.start.line == before.line
            data += [
                range.start.line - before.line, range.start.character - (isSameLine ? before.character : 0),
                range.end.character - range.start.character,
                SemanticTokenKind.allCases.firstIndex(of: kind) ?? 0, modifiers,
            ]
            before = range.start
        }
        return SemanticTokens(data: data)
    }

    private func kind(of occurrence: Occurrence) -> (SemanticTokenKind, Int)? {
        let declares = occurrence.role == .declares ? SemanticTokenModifier.declaration.bit : 0
        let readonly = SemanticTokenModifier.readonly.bit | declares
        guard let declaration = declaration(of: occurrence) else {
            let isType = ElementType(rawValue: occurrence.name.text) != nil && occurrence.role != .calls
            if isType || Vocabulary.typeWords.contains(occurrence.name.text) { return (.type, 0) }
            let isKnown = Builtins.named(occurrence.name.text) != nil
            return isKnown ? (.function, SemanticTokenModifier.defaultLibrary.bit) : (.variable, 0)
        }
        switch declaration.kind {
        case .function: return (.function, declares)
        case .record: return (.type, declares)
        case .field: return (.property, declares)
        case .parameter: return (.parameter, readonly)
        case .variable: return (.variable, declares)
        case .parameterOfProgram, .constant, .index, .size: return (.variable, readonly)
        }
    }
}

extension Token.Kind {
    /// What the word is wherever it stands; nil for names and brackets.
    fileprivate var semantic: SemanticTokenKind? {
        switch self {
        case .keyword: .keyword
        case .integer, .float, .imaginary: .number
        case .openQuote, .closeQuote, .text, .format: .string
        case .comment: .comment
        case .symbol(let symbol): symbol.rawValue.contains { "()[]{},:.".contains($0) } ? nil : .operator
        default: nil
        }
    }
}

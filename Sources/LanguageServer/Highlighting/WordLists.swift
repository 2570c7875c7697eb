import Language
import Syntax

/// The words of the language by what they mean, for the highlighters that are made from them.
enum WordLists {
    private static let declaring: Set<Keyword> = [.param, .fn, .record, .import, .let, .var]
    private static let operators: Set<Keyword> = [.and, .or, .not]
    private static let literals: Set<Keyword> = [.true, .false]

    static let declarations = Keyword.allCases.filter(declaring.contains).map(\.rawValue)
    static let operatorWords = Keyword.allCases.filter(operators.contains).map(\.rawValue)
    static let constants = Keyword.allCases.filter(literals.contains).map(\.rawValue) + Vocabulary.constants
    static let control = Keyword.allCases
        .filter { !declaring.contains($0) && !operators.contains($0) && !literals.contains($0) }.map(\.rawValue)
    static let types = Vocabulary.elementTypes + Vocabulary.typeWords

    /// The builtins that move data between ranks.
    static let communicating = names { meaning in
        switch meaning {
        case .collective, .redistribution: true
        default: false
        }
    }

    static let functions = names { meaning in
        switch meaning {
        case .collective, .redistribution, .conversion: false
        default: true
        }
    }

    private static func names(_ isWanted: (Builtin.Meaning) -> Bool) -> [String] {
        Builtins.all.filter { isWanted($0.meaning) }.map(\.name)
    }
}

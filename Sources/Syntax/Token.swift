import Source

/// One word of the source. Comments and line breaks are tokens as well, so that the tokens of a file are all of it but its blanks.
public struct Token: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case identifier
        case integer
        case float
        /// `2i`, `0.5i`
        case imaginary
        case keyword(Keyword)
        case symbol(Symbol)
        /// The `"` at either end of a text.
        case openQuote, closeQuote
        /// Characters of a text, escapes resolved.
        case text(String)
        /// The braces of a hole: `{` and `}` inside a text.
        case openHole, closeHole
        /// What follows the colon in a hole; the token spans the colon too.
        case format(String)
        case comment
        /// A line end inside a statement, or after nothing.
        case lineBreak
        /// A line end (or a `;`, already reported) that ends a statement.
        case endOfStatement
        case endOfFile
        /// What the lexer could not read and has already reported.
        case invalid
    }

    public var kind: Kind
    /// Byte offsets into the file.
    public let start: Int
    public let end: Int

    public init(_ kind: Kind, _ start: Int, _ end: Int) {
        self.kind = kind
        self.start = start
        self.end = end
    }

    /// Whether the parser passes over it.
    public var isTrivia: Bool { kind == .comment || kind == .lineBreak }

    var isClosingBracket: Bool {
        if case .symbol(let symbol) = kind { symbol.isClosing } else { false }
    }

    /// Whether an operand can end here, so that an operator that follows stands between two operands.
    var endsOperand: Bool {
        switch kind {
        case .identifier, .integer, .float, .imaginary, .closeQuote, .invalid: true
        case .keyword(let keyword): keyword == .true || keyword == .false
        case .symbol(let symbol): [.rightParenthesis, .rightBracket, .rightBrace].contains(symbol)
        default: false
        }
    }
}

/// The reserved words.
public enum Keyword: String, CaseIterable, Hashable, Sendable {
    case param, fn, record, `import`, `let`, `var`, `for`, `while`, `if`, `else`, `return`, `break`, `continue`, print,
        show, assert
    case `in`, by, scattered, local
    case and, or, not
    case `true`, `false`

    /// Whether it stands at the start of a statement and nowhere else.
    var onlyStartsStatements: Bool {
        switch self {
        case .param, .fn, .record, .import, .let, .var, .while, .return, .break, .continue, .print, .show, .assert: true
        default: false
        }
    }
}

/// Operators and punctuation.
public enum Symbol: String, CaseIterable, Hashable, Sendable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case colon = ":"
    case dot = "."
    case range = ".."
    case arrow = "->"
    case fatArrow = "=>"
    case assign = "="
    case addAssign = "+="
    case subtractAssign = "-="
    case multiplyAssign = "*="
    case divideAssign = "/="
    case andAssign = "&="
    case orAssign = "|="
    case xorAssign = "^="
    case minAssign = "min="
    case maxAssign = "max="
    case pipe = "|>"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case verticalBar = "|"
    case caret = "^"
    case ampersand = "&"
    case tilde = "~"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case doubleSlash = "//"
    case percent = "%"
    case at = "@"
    case power = "**"

    /// By their bytes: the first, and the second times 256. (`min=` and `max=` are read as words.)
    static let byBytes: [Int: Symbol] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.rawValue.utf8.count <= 2 }.map { symbol in
            let bytes = Array(symbol.rawValue.utf8)
            return (Int(bytes[0]) + (bytes.count > 1 ? Int(bytes[1]) << 8 : 0), symbol)
        })

    var closing: Symbol? {
        switch self {
        case .leftParenthesis: .rightParenthesis
        case .leftBracket: .rightBracket
        case .leftBrace: .rightBrace
        default: nil
        }
    }

    var isClosing: Bool { self == .rightParenthesis || self == .rightBracket || self == .rightBrace }
}

extension Token {
    /// The operator between two operands that this token writes.
    var binaryOperator: BinaryOperator? {
        switch kind {
        case .symbol(let symbol): BinaryOperator(rawValue: symbol.rawValue)
        case .keyword(.and): .and
        case .keyword(.or): .or
        default: nil
        }
    }

    var assignmentOperator: AssignmentOperator? {
        if case .symbol(let symbol) = kind { AssignmentOperator(rawValue: symbol.rawValue) } else { nil }
    }
}

extension BinaryOperator {
    /// How tightly it binds; `not` stands between `and` and the comparisons. `**` is not here: its right side is a unary expression.
    var precedence: Precedence {
        switch self {
        case .pipe: .pipe
        case .or: .or
        case .and: .and
        case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: .comparison
        case .bitOr: .bitOr
        case .bitXor: .bitXor
        case .bitAnd: .bitAnd
        case .shiftLeft, .shiftRight: .shift
        case .add, .subtract: .sum
        case .multiply, .divide, .floorDivide, .modulo, .matmul: .product
        case .power: .power
        }
    }

    var isComparison: Bool { precedence == .comparison }
}

enum Precedence: Int, Comparable {
    case pipe, or, and, not, comparison, bitOr, bitXor, bitAnd, shift, sum, product, power

    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
    var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .power }
}

import Source

/// The tree of a file and what is wrong with its text. Any bytes will do. Statements that could not be read are `invalid`.
public func parse(_ file: SourceFile) -> (program: Program, diagnostics: [Diagnostic]) {
    let (tokens, lexical) = tokenize(file)
    var parser = Parser(file, tokens)
    let statements = parser.wholeFile()
    let diagnostics = (lexical + parser.diagnostics).enumerated().sorted { a, b in
        (a.element.span.start, a.offset) < (b.element.span.start, b.offset)
    }
    return (Program(statements: statements), diagnostics.prefix(Parser.mostDiagnostics).map(\.element))
}

/// A mistake was reported; the nearest list or statement goes on behind it.
struct SyntaxFailure: Error {}

/// Recursive descent over the tokens, with precedence climbing for operators. Here: the position, failure and recovery; the rules
/// are in the extensions, one file for statements, expressions and types each.
struct Parser {
    /// More than this would not be read.
    static let mostDiagnostics = 100
    /// How tall a tree may be; every later stage recurses over it.
    static let greatestHeight = 256

    let file: SourceFile
    /// Without trivia; `endOfFile` is last.
    let tokens: [Token]
    /// The `##` comments right before the token at an index.
    let documentation: [Int: String]
    var index = 0
    var diagnostics: [Diagnostic] = []

    /// The token at which the last mistake was reported: a second one there would be an echo.
    private var reportedAt = -1
    /// Where brackets open that were reported as not closed.
    private var unclosed: Set<Int> = []
    /// How many constructs the one being read stands in.
    private var depth = 0
    /// The greatest depth that what was read since the last `measure` began reaches.
    private var reach = 0

    init(_ file: SourceFile, _ allTokens: [Token]) {
        self.file = file
        var tokens: [Token] = []
        var documentation: [Int: String] = [:]
        var lines: [String] = []
        for token in allTokens {
            if token.kind == .comment {
                let text = Span(file, token.start, token.end).text
                if text.hasPrefix("##") { lines.append(String(text.dropFirst(2).drop { $0 == " " })) }
            } else if token.kind != .lineBreak {
                if !lines.isEmpty, token.kind != .endOfStatement {
                    documentation[tokens.count] = lines.joined(separator: "\n")
                    lines = []
                }
                tokens.append(token)
            }
        }
        self.tokens = tokens
        self.documentation = documentation
    }
}

// MARK: Tokens

extension Parser {
    var token: Token { tokens[index] }

    func peek(_ ahead: Int = 1) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

    func span(of token: Token) -> Span { Span(file, token.start, token.end) }

    /// From a byte offset to the end of the last token read.
    func span(from start: Int) -> Span {
        Span(file, start, max(start, index > 0 ? tokens[index - 1].end : 0))
    }

    func at(_ symbol: Symbol) -> Bool { token.kind == .symbol(symbol) }

    func at(_ keyword: Keyword) -> Bool { token.kind == .keyword(keyword) }

    /// Whether the current token is the word, which is not reserved.
    func atWord(_ word: String) -> Bool { token.kind == .identifier && span(of: token).text == word }

    var atStatementEnd: Bool {
        token.kind == .endOfStatement || token.kind == .endOfFile || at(.rightBrace)
    }

    @discardableResult
    mutating func advance() -> Token {
        let token = tokens[index]
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    mutating func accept(_ symbol: Symbol) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    mutating func accept(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Symbol) throws(SyntaxFailure) {
        if !accept(symbol) { throw unexpected("`\(symbol.rawValue)`") }
    }

    mutating func expect(_ keyword: Keyword) throws(SyntaxFailure) {
        if !accept(keyword) { throw unexpected("`\(keyword.rawValue)`") }
    }

    mutating func name(_ expected: String = "a name") throws(SyntaxFailure) -> Name {
        if case .keyword(let keyword) = token.kind {
            throw failure(.reservedWord(keyword.rawValue, at: span(of: token)))
        }
        guard token.kind == .identifier else { throw unexpected(expected) }
        let span = span(of: advance())
        return Name(span.text, span)
    }
}

// MARK: Failure and recovery

extension Parser {
    /// Reports a mistake at the current token, unless that token was already reported or nothing was read since.
    mutating func failure(_ diagnostic: Diagnostic) -> SyntaxFailure {
        if token.kind != .invalid, reportedAt != index { diagnostics.append(diagnostic) }
        reportedAt = index
        return SyntaxFailure()
    }

    mutating func unexpected(_ expected: String) -> SyntaxFailure {
        failure(
            .unexpectedToken(
                describe(token), expected: expected, at: place(of: token), hint: foreignHint(expected: expected)))
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .endOfFile: "the end of the file"
        case .endOfStatement: Self.endOfLine
        case .openQuote: "a text"
        default: "`\(span(of: token).text)`"
        }
    }

    /// Where to point for a token: the end of a line is right behind its last word.
    private func place(of token: Token) -> Span {
        guard token.kind == .endOfStatement || token.kind == .endOfFile, index > 0 else { return span(of: token) }
        let end = tokens[index - 1].end
        return Span(file, end, end)
    }

    /// Passes over the rest of a broken statement, up to its end or the end of its block.
    mutating func skipStatement() {
        var blocks = 0
        while token.kind != .endOfFile {
            if blocks == 0, atStatementEnd { return }
            if at(.leftBrace) { blocks += 1 }
            if at(.rightBrace) { blocks -= 1 }
            advance()
        }
    }

    /// Passes over a broken element of a list, up to the comma or the bracket behind it; false when there is neither.
    private mutating func skipElement(_ closing: Symbol) -> Bool {
        var nested: [Symbol] = []
        while token.kind != .endOfFile {
            if nested.isEmpty {
                if at(.comma) || at(closing) { return true }
                if token.kind == .endOfStatement { return false }
            }
            if case .symbol(let symbol) = token.kind {
                if symbol.closing != nil { nested.append(symbol) }
                if symbol.isClosing, nested.popLast()?.closing != symbol { return false }
            }
            advance()
        }
        return false
    }

    /// What stands between two brackets, separated by commas; one may stand at the end. After a mistake in an element reading goes on
    /// with the next. `separatesByLines`: the end of a line will do for a comma.
    mutating func list<Element>(
        _ opening: Symbol, _ closing: Symbol, separatesByLines: Bool = false,
        _ element: (inout Parser) throws(SyntaxFailure) -> Element
    ) throws(SyntaxFailure) -> [Element] {
        let opener = token
        try expect(opening)
        var elements: [Element] = []
        while !at(closing) {
            if separatesByLines, token.kind == .endOfStatement {
                advance()
                continue
            }
            do throws(SyntaxFailure) {
                elements.append(try element(&self))
                let isSeparated = at(.comma) || (separatesByLines && token.kind == .endOfStatement)
                guard isSeparated || at(closing) else { throw unclosed(opening, closing, opener) }
            } catch {
                guard skipElement(closing) else { throw error }
                // That nothing is left in the list is no second mistake.
                reportedAt = index
            }
            _ = accept(.comma)
        }
        advance()
        return elements
    }

    /// The mistake of a list whose element is followed by neither a comma nor the closing bracket.
    mutating func unclosed(_ opening: Symbol, _ closing: Symbol, _ opener: Token) -> SyntaxFailure {
        guard atStatementEnd || token.isClosingBracket || span(of: opener).line < span(of: token).line else {
            return unexpected("`,` or `\(closing.rawValue)`")
        }
        guard unclosed.insert(opener.start).inserted else {
            reportedAt = index
            return SyntaxFailure()
        }
        return failure(
            .unclosedBracket(opening, openedAt: span(of: opener), found: describe(token), at: place(of: token)))
    }
}

// MARK: Height

extension Parser {
    /// Reads something that stands inside what is being read.
    mutating func nested<Value>(
        _ body: (inout Parser) throws(SyntaxFailure) -> Value
    ) throws(SyntaxFailure) -> Value {
        depth += 1
        defer { depth -= 1 }
        reach = max(reach, depth)
        guard depth <= Parser.greatestHeight else { throw tooDeep() }
        return try body(&self)
    }

    /// Begins to measure the height of a chain `a + b + c`, in which each link puts what was read so far inside one more
    /// construct; the result goes to `endMeasure`.
    mutating func beginMeasure() -> Int {
        let outer = reach
        reach = depth
        return outer
    }

    mutating func link() throws(SyntaxFailure) {
        reach += 1
        guard reach <= Parser.greatestHeight else { throw tooDeep() }
    }

    mutating func endMeasure(_ outer: Int) { reach = max(reach, outer) }

    /// Nobody wrote such a file: it is read no further.
    private mutating func tooDeep() -> SyntaxFailure {
        let failure = failure(.nestingTooDeep(limit: Parser.greatestHeight, at: span(of: token)))
        index = tokens.count - 1
        reportedAt = index
        return failure
    }
}

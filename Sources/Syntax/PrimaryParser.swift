import Source

// The operands of expressions: literals, names, and what stands in brackets of its own.
extension Parser {
    mutating func primary() throws(SyntaxFailure) -> Expression {
        let start = token.start
        let kind: Expression.Kind
        switch token.kind {
        case .integer: kind = .integer(number())
        case .float: kind = .float(number())
        case .imaginary: kind = .imaginary(String(number().dropLast()))
        case .keyword(.true), .keyword(.false): kind = .boolean(advance().kind == .keyword(.true))
        case .identifier where atPrefixedText: kind = .string(try prefixedText())
        case .identifier: kind = .name(span(of: advance()).text)
        case .openQuote: kind = .string(try text("a text"))
        case .symbol(.leftParenthesis): kind = try parenthesized()
        case .symbol(.leftBracket): kind = try bracketed()
        case .keyword(.if): kind = try conditional()
        case .keyword(.local): kind = try local()
        default: throw unexpected("an expression")
        }
        return Expression(kind, span(from: start))
    }

    private mutating func number() -> String {
        span(of: advance()).text.filter { $0 != "_" }
    }

    // MARK: Texts

    /// A text between quotes.
    mutating func text(_ expected: String) throws(SyntaxFailure) -> [StringPart] {
        guard token.kind == .openQuote else { throw unexpected(expected) }
        advance()
        var parts: [StringPart] = []
        while token.kind != .closeQuote {
            switch token.kind {
            case .text(let characters):
                advance()
                parts.append(.text(characters))
            case .openHole:
                parts.append(try hole())
            default:
                throw unexpected("the closing quote")
            }
        }
        advance()
        return parts
    }

    /// Whether `f"..."` comes next, as Python writes a text with holes.
    var atPrefixedText: Bool {
        token.kind == .identifier && peek().kind == .openQuote && peek().start == token.end
    }

    mutating func prefixedText() throws(SyntaxFailure) -> [StringPart] {
        diagnostics.append(.prefixedText(at: span(of: advance())))
        return try text("a text")
    }

    private mutating func hole() throws(SyntaxFailure) -> StringPart {
        let opener = advance()
        if token.kind == .closeHole { throw failure(.emptyHole(at: Span(file, opener.start, token.end))) }
        let value = try expression()
        var format: String?
        if case .format(let text) = token.kind {
            advance()
            format = text
        }
        guard token.kind == .closeHole else { throw unexpected("`}`") }
        advance()
        return .hole(value, format: format)
    }

    // MARK: Brackets

    /// `(a)`, or `(a, b)`, a tuple.
    private mutating func parenthesized() throws(SyntaxFailure) -> Expression.Kind {
        let elements = try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in
            try parser.expression()
        }
        guard let first = elements.first else {
            index -= 1
            throw unexpected("an expression")
        }
        return elements.count == 1 ? .parenthesized(first) : .tuple(elements)
    }

    /// `[1.0, 2.0]`, `[E for ...]`, `[/n, m]`
    private mutating func bracketed() throws(SyntaxFailure) -> Expression.Kind {
        var generator: Generator?
        let elements = try list(.leftBracket, .rightBracket) { parser throws(SyntaxFailure) in
            if parser.at(.slash) { return try parser.dimension() }
            let value = try parser.elementCode()
            if generator == nil, parser.at(.for) { generator = try parser.generator() }
            return Dimension(value, .none, value.span)
        }
        if let generator, let value = elements.first?.size {
            guard elements.count == 1 else {
                index -= 1
                throw unexpected("one expression before `for`; this array has \(elements.count)")
            }
            return .comprehension(value, generator)
        }
        return elements.allSatisfy { $0.distribution == .none } ? .array(elements.map(\.size)) : .layout(elements)
    }

    /// What is computed for each element: an expression, or statements before one in braces.
    mutating func elementCode() throws(SyntaxFailure) -> Expression {
        guard at(.leftBrace) else { return try expression() }
        let start = token.start
        let block = try nested { parser throws(SyntaxFailure) in try parser.block().asValue }
        return Expression(.block(block), span(from: start))
    }

    // MARK: Words

    /// `if C { 1.0 } else { 0.0 }` with a value.
    private mutating func conditional() throws(SyntaxFailure) -> Expression.Kind {
        let keyword = advance()
        let condition = try expression()
        let then = try block()
        guard accept(.else) else { throw failure(.missingElse(at: span(of: keyword))) }
        guard at(.if) else { return .conditional(condition, then.asValue, try block().asValue) }
        let start = token.start
        let otherwise = try nested { parser throws(SyntaxFailure) in
            Expression(try parser.conditional(), parser.span(from: start))
        }
        let block = Block([Statement(.expression(otherwise), otherwise.span)], otherwise.span)
        return .conditional(condition, then.asValue, block)
    }

    /// `local { ... }`, `local sum(a)`
    private mutating func local() throws(SyntaxFailure) -> Expression.Kind {
        let keyword = advance()
        if at(.leftBrace) { return .local(try block().asValue) }
        guard token.kind == .identifier, peek().kind == .symbol(.leftParenthesis) else {
            throw failure(.localNeedsCall(at: span(of: keyword)))
        }
        let function = try primary()
        return .call(function, try arguments(), isLocal: true)
    }

    // MARK: Functions without a name

    /// Whether `x =>` or `(x, y) =>` comes next.
    var atLambda: Bool {
        if token.kind == .identifier { return peek().kind == .symbol(.fatArrow) }
        guard at(.leftParenthesis) else { return false }
        var ahead = 1
        while peek(ahead).kind == .identifier {
            ahead += 1
            if peek(ahead).kind == .symbol(.comma) { ahead += 1 } else { break }
        }
        return peek(ahead).kind == .symbol(.rightParenthesis) && peek(ahead + 1).kind == .symbol(.fatArrow)
    }

    mutating func lambda() throws(SyntaxFailure) -> Expression {
        let start = token.start
        let names: [Name]
        if at(.leftParenthesis) {
            names = try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in
                try parser.name()
            }
        } else {
            names = [try name()]
        }
        try expect(.fatArrow)
        let body = try elementCode()
        return Expression(.lambda(names, body), span(from: start))
    }
}

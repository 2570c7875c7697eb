import Source

extension Parser {
    mutating func expression() throws(SyntaxFailure) -> Expression {
        try nested { parser throws(SyntaxFailure) in
            parser.atLambda ? try parser.lambda() : try parser.binary(.pipe)
        }
    }

    /// The rest of an expression whose first operand has been read.
    mutating func expression(from operand: Expression) throws(SyntaxFailure) -> Expression {
        let outer = beginMeasure()
        defer { endMeasure(outer) }
        return try operators(after: try power(of: try suffixes(of: operand)), .pipe)
    }

    // MARK: Operators

    /// An expression of operators that bind at least so tightly.
    mutating func binary(_ minimum: Precedence) throws(SyntaxFailure) -> Expression {
        let outer = beginMeasure()
        defer { endMeasure(outer) }
        let first = at(.not) && minimum <= .not ? try negation() : try unary()
        return try operators(after: first, minimum)
    }

    private mutating func negation() throws(SyntaxFailure) -> Expression {
        let start = advance().start
        let operand = try nested { parser throws(SyntaxFailure) in try parser.binary(.not) }
        return Expression(.unary(.not, operand), span(from: start))
    }

    private mutating func operators(
        after first: Expression, _ minimum: Precedence
    ) throws(SyntaxFailure) -> Expression {
        var left = first
        var isChained = false
        while let infix = token.binaryOperator, infix.precedence >= minimum, infix != .power {
            if infix.isComparison, !isChained, case .binary(let before, _, let middle) = left.kind, before.isComparison
            {
                diagnostics.append(
                    .chainedComparison(middle, operatorSpan: span(of: token), at: left.span))
                isChained = true
            }
            advance()
            let right = try binary(infix.precedence.tighter)
            try link()
            left = Expression(.binary(infix, left, right), left.span.joined(right.span))
        }
        return left
    }

    private mutating func unary() throws(SyntaxFailure) -> Expression {
        let sign: UnaryOperator? = at(.minus) ? .negate : at(.tilde) ? .bitNot : nil
        guard let sign else { return try power(of: try suffixes(of: try primary())) }
        let start = advance().start
        let operand = try nested { parser throws(SyntaxFailure) in try parser.unary() }
        return Expression(.unary(sign, operand), span(from: start))
    }

    private mutating func power(of base: Expression) throws(SyntaxFailure) -> Expression {
        guard accept(.power) else { return base }
        let exponent = try nested { parser throws(SyntaxFailure) in try parser.unary() }
        return Expression(.binary(.power, base, exponent), base.span.joined(exponent.span))
    }

    // MARK: Calls, indices, members

    /// What is called, indexed, or has a member: anything but a number.
    private mutating func suffixes(of first: Expression) throws(SyntaxFailure) -> Expression {
        switch first.kind {
        case .integer, .float, .imaginary: return first
        default: break
        }
        var base = first
        while true {
            let kind: Expression.Kind
            switch token.kind {
            case .symbol(.leftParenthesis): kind = .call(base, try arguments(), isLocal: false)
            case .symbol(.leftBracket): kind = .index(base, try subscripts())
            case .symbol(.dot): kind = .member(base, try member())
            default: return base
            }
            try link()
            base = Expression(kind, span(from: first.span.start))
        }
    }

    mutating func arguments() throws(SyntaxFailure) -> [Argument] {
        try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in try parser.argument() }
    }

    private mutating func argument() throws(SyntaxFailure) -> Argument {
        if let name = operatorName(), [.symbol(.comma), .symbol(.rightParenthesis)].contains(peek().kind) {
            advance()
            return Argument(Expression(.name(name.text), name.span))
        }
        var label: Name?
        if token.kind == .identifier, peek().kind == .symbol(.colon) {
            label = try name()
            advance()
        }
        let value = try elementCode()
        return Argument(label: label, value, generator: at(.for) ? try generator() : nil)
    }

    /// An operator that is named rather than used, as in `scan(+, a)` and `part(+) f64`.
    func operatorName() -> Name? {
        switch token.kind {
        case .symbol(.plus), .symbol(.star), .symbol(.ampersand), .symbol(.verticalBar), .symbol(.caret),
            .keyword(.and), .keyword(.or):
            Name(span(of: token).text, span(of: token))
        default: nil
        }
    }

    private mutating func subscripts() throws(SyntaxFailure) -> [Subscript] {
        let positions = try list(.leftBracket, .rightBracket) { parser throws(SyntaxFailure) in
            try parser.subscriptPosition()
        }
        // `a[]`: the closing bracket has been read.
        if positions.isEmpty {
            index -= 1
            throw unexpected("an index")
        }
        return positions
    }

    private mutating func subscriptPosition() throws(SyntaxFailure) -> Subscript {
        let start = token.start
        var lower: Expression?
        if !at(.range) {
            let value = try expression()
            guard at(.range) else { return .index(value) }
            checkBound(value)
            lower = value
        }
        advance()
        let hasUpper = !at(.comma) && !at(.rightBracket) && !at(.by)
        let upper = hasUpper ? try bound() : nil
        let step = accept(.by) ? try bound() : nil
        let span = span(from: start)
        if lower == nil, upper == nil, step == nil { return .all(span) }
        return .range(lower: lower, upper: upper, step: step, span)
    }

    private mutating func member() throws(SyntaxFailure) -> Name {
        advance()
        guard token.kind == .integer else { return try name("the name of a field or the number of a tuple's element") }
        let span = span(of: advance())
        return Name(span.text, span)
    }

    // MARK: Ranges

    /// An end or a step of a range: what binds tighter than a comparison.
    private mutating func bound() throws(SyntaxFailure) -> Expression {
        try nested { parser throws(SyntaxFailure) in try parser.binary(.bitOr) }
    }

    /// Reports an expression too loose to be a bound.
    private mutating func checkBound(_ value: Expression) {
        switch value.kind {
        case .lambda, .unary(.not, _): diagnostics.append(.looseRangeBound(value))
        case .binary(let infix, _, _) where infix.precedence < .bitOr: diagnostics.append(.looseRangeBound(value))
        default: break
        }
    }

    /// `0..n by 2`, `scattered 0..n`, `x`. The loops of statements are never scattered.
    mutating func clauseSource(isLoop: Bool) throws(SyntaxFailure) -> Generator.Clause.Source {
        let isScattered = !isLoop && accept(.scattered)
        let lower = try bound()
        guard accept(.range) else {
            if isScattered { throw unexpected("`..`") }
            return .elements(token.binaryOperator == .pipe ? try operators(after: lower, .pipe) : lower)
        }
        let upper = try bound()
        let step = accept(.by) ? try bound() : nil
        let span = span(from: lower.span.start)
        return .range(RangeExpression(lower, upper, step, span), isScattered: isScattered)
    }

    private mutating func acceptInOrder() throws(SyntaxFailure) -> Bool {
        guard accept(.in) else { return false }
        guard atWord("order") else { throw unexpected("`order`") }
        advance()
        return true
    }

    /// `i in`, of a clause or a loop. Of several names, as Python takes pairs apart, the first, after one error.
    mutating func indexName() throws(SyntaxFailure) -> Name {
        let first = try name()
        if at(.comma) { _ = unexpected("`in`") }
        while accept(.comma) { _ = try name() }
        try expect(.in)
        return first
    }

    /// `for i in 0..n, j in 0..m if C`
    mutating func generator() throws(SyntaxFailure) -> Generator {
        let start = token.start
        try expect(.for)
        var clauses: [Generator.Clause] = []
        repeat {
            if !clauses.isEmpty { advance() }
            let name = try indexName()
            let source = try clauseSource(isLoop: false)
            clauses.append(Generator.Clause(name, source, isInOrder: try acceptInOrder()))
        } while at(.comma) && peek().kind == .identifier && peek(2).kind == .keyword(.in)
        let condition = accept(.if) ? try expression() : nil
        return Generator(clauses, condition, span(from: start))
    }
}

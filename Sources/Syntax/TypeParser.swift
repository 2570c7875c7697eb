import Source

extension Parser {
    mutating func type() throws(SyntaxFailure) -> TypeExpression {
        try nested { parser throws(SyntaxFailure) in
            let start = parser.token.start
            let kind = try parser.kindOfType()
            return TypeExpression(kind, parser.span(from: start))
        }
    }

    private mutating func kindOfType() throws(SyntaxFailure) -> TypeExpression.Kind {
        if accept(.local) { return .local(try type()) }
        if atWord("root"), startsType(peek()) {
            advance()
            return .root(try type())
        }
        if atWord("part"), peek().kind == .symbol(.leftParenthesis) {
            advance()
            let combination = try partOperator()
            return .part(combination, try type())
        }
        if at(.leftParenthesis) {
            let types = try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in
                try parser.type()
            }
            guard types.count >= 2 else {
                index -= 1
                throw unexpected("a tuple's second type")
            }
            return .tuple(types)
        }
        let name = try name("a type")
        guard at(.leftBracket) else { return .named(name, []) }
        let dimensions = try list(.leftBracket, .rightBracket) { parser throws(SyntaxFailure) in
            try parser.dimension()
        }
        return .named(name, dimensions)
    }

    private func startsType(_ token: Token) -> Bool {
        [.identifier, .keyword(.local), .symbol(.leftParenthesis)].contains(token.kind)
    }

    /// `(+)`, `(min)`
    private mutating func partOperator() throws(SyntaxFailure) -> Name {
        advance()
        let name: Name
        if let symbol = operatorName() {
            advance()
            name = symbol
        } else {
            name = try self.name("an operator: + * & | ^ and or, or the name of a function")
        }
        try expect(.rightParenthesis)
        return name
    }

    /// `n`, `/n`, `/n:cyclic`, `/n:cyclic(64)`
    mutating func dimension() throws(SyntaxFailure) -> Dimension {
        let start = token.start
        let isDivided = accept(.slash)
        let size = try nested { parser throws(SyntaxFailure) in try parser.binary(.bitOr) }
        guard isDivided, accept(.colon) else {
            return Dimension(size, isDivided ? .block : .none, span(from: start))
        }
        guard atWord("cyclic") else { throw unexpected("`cyclic`") }
        advance()
        var block: Expression?
        if accept(.leftParenthesis) {
            block = try expression()
            try expect(.rightParenthesis)
        }
        return Dimension(size, .cyclic(block: block), span(from: start))
    }
}

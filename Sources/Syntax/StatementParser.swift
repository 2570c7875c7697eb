import Source

extension Parser {
    /// Every statement of the file.
    mutating func wholeFile() -> [Statement] {
        var statements = statementsOfBlock()
        while token.kind != .endOfFile {
            // A `}` that closes nothing.
            _ = unexpected("a statement")
            advance()
            statements += statementsOfBlock()
        }
        return statements
    }

    /// Statements up to a `}` or the end of the file.
    private mutating func statementsOfBlock() -> [Statement] {
        var statements: [Statement] = []
        while token.kind != .endOfFile, !at(.rightBrace) {
            if token.kind == .endOfStatement {
                advance()
                continue
            }
            let start = token.start
            do {
                statements.append(try nested { parser throws(SyntaxFailure) in try parser.statement() })
                guard atStatementEnd else { throw afterStatement(statements.last) }
            } catch {
                skipStatement()
                statements.append(Statement(.invalid, span(from: start)))
            }
        }
        return statements
    }

    /// The mistake of a complete statement with something behind it.
    private mutating func afterStatement(_ statement: Statement?) -> SyntaxFailure {
        guard at(.for), let value = statement?.value, let generator = try? generator() else {
            return unexpected(Self.endOfLine)
        }
        // The generator has been read, so nothing else is reported at this token.
        diagnostics.append(.generatorNeedsBrackets(value.span, generator: generator.span))
        return SyntaxFailure()
    }

    mutating func block() throws(SyntaxFailure) -> Block {
        let opener = token
        try expect(.leftBrace)
        let statements = statementsOfBlock()
        guard accept(.rightBrace) else {
            throw unclosed(.leftBrace, .rightBrace, opener)
        }
        return Block(statements, span(from: opener.start))
    }

    mutating func statement() throws(SyntaxFailure) -> Statement {
        let start = token.start
        let documentation = documentation[index]
        let kind: Statement.Kind
        switch token.kind {
        case .keyword(.param): kind = try parameterOfProgram()
        case .keyword(.fn): kind = try function(documentation)
        case .keyword(.record): kind = try record()
        case .keyword(.import): kind = try importFile()
        case .keyword(.let), .keyword(.var): kind = try binding()
        case .keyword(.for): kind = try forLoop(start)
        case .keyword(.while): kind = try whileLoop(start)
        case .keyword(.if): kind = try conditionalStatement()
        case .keyword(.return):
            advance()
            kind = .returnValue(atStatementEnd ? nil : try expression())
        case .keyword(.break), .keyword(.continue):
            kind = advance().kind == .keyword(.break) ? .breakLoop : .continueLoop
        case .keyword(.print): kind = try print()
        case .keyword(.show):
            advance()
            kind = .show(try expression())
        case .keyword(.assert): kind = try assertion()
        case .identifier where atWord("expect") && peek().kind == .identifier:
            kind = .expecting(try expectations(), nil)
        default: kind = try effect(of: try expression())
        }
        return Statement(kind, span(from: start))
    }

    // MARK: Declarations

    /// `param n: i64 = 16`
    private mutating func parameterOfProgram() throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let name = try name()
        if at(.assign) || atStatementEnd { throw failure(.missingTypeOfParam(name)) }
        try expect(.colon)
        let type = try type()
        return .param(name, type, default: accept(.assign) ? try expression() : nil)
    }

    private mutating func function(_ documentation: String?) throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let name = try name()
        let parameters = try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in
            try parser.parameter()
        }
        let result = accept(.arrow) ? try type() : nil
        let body: FunctionDeclaration.Body
        if at(.leftBrace) {
            body = .block(try block())
        } else if accept(.assign) {
            body = .expression(try expression())
        } else {
            throw unexpected("`=` or `{`")
        }
        return .function(
            FunctionDeclaration(
                name: name, parameters: parameters, result: result, body: body, documentation: documentation))
    }

    private mutating func parameter() throws(SyntaxFailure) -> Parameter {
        let name = try name()
        return Parameter(name, accept(.colon) ? try type() : nil)
    }

    private mutating func record() throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let name = try name()
        let fields = try list(.leftBrace, .rightBrace, separatesByLines: true) { parser throws(SyntaxFailure) in
            let field = try parser.name()
            try parser.expect(.colon)
            return Parameter(field, try parser.type())
        }
        return .record(name, fields)
    }

    private mutating func importFile() throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let start = token.start
        let parts = try text("the path of a file, as in `import \"file.pdl\"`")
        var path = ""
        for part in parts {
            guard case .text(let text) = part else { throw failure(.textWithoutHoles(at: span(from: start))) }
            path += text
        }
        return .importFile(path: path)
    }

    private mutating func binding() throws(SyntaxFailure) -> Statement.Kind {
        let isVariable = advance().kind == .keyword(.var)
        let pattern = try pattern()
        let type = accept(.colon) ? try type() : nil
        try expect(.assign)
        return .binding(isVariable: isVariable, pattern, type, try expression())
    }

    private mutating func pattern() throws(SyntaxFailure) -> Pattern {
        guard at(.leftParenthesis) else { return .name(try name()) }
        let start = token.start
        let parts = try list(.leftParenthesis, .rightParenthesis) { parser throws(SyntaxFailure) in
            try parser.pattern()
        }
        return .tuple(parts, span(from: start))
    }

    // MARK: Control

    private mutating func forLoop(_ start: Int) throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let name = try indexName()
        let source = try clauseSource(isLoop: true)
        let expectations = try expectations()
        return expecting(expectations, .forLoop(name, source, try block()), start)
    }

    private mutating func whileLoop(_ start: Int) throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let condition = try expression()
        let expectations = try expectations()
        return expecting(expectations, .whileLoop(condition, try block()), start)
    }

    /// A number; what is larger than any count is the greatest.
    private func count(_ digits: String) -> Int {
        (digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)) ?? .max
    }

    private func expecting(_ expectations: [Expectation], _ loop: Statement.Kind, _ start: Int) -> Statement.Kind {
        expectations.isEmpty ? loop : .expecting(expectations, Statement(loop, span(from: start)))
    }

    /// `expect halo <= 1, allreduce <= 2`, or nothing.
    private mutating func expectations() throws(SyntaxFailure) -> [Expectation] {
        guard atWord("expect") else { return [] }
        var expectations: [Expectation] = []
        repeat {
            advance()
            let message = try name()
            try expect(.lessEqual)
            guard token.kind == .integer else { throw unexpected("how often it may be sent") }
            expectations.append(Expectation(message, most: count(span(of: advance()).text.filter { $0 != "_" })))
        } while at(.comma)
        return expectations
    }

    /// An `if` at the start of a statement: a statement, or where something follows its last block, the start of an expression.
    private mutating func conditionalStatement() throws(SyntaxFailure) -> Statement.Kind {
        let start = token.start
        let (condition, then, otherwise) = try conditionalParts()
        guard !atStatementEnd, let otherwise else { return .conditional(condition, then, otherwise) }
        let value = Expression.Kind.conditional(condition, then.asValue, otherwise.asValue)
        return try effect(of: try expression(from: Expression(value, span(from: start))))
    }

    private mutating func conditionalParts() throws(SyntaxFailure) -> (Expression, Block, Block?) {
        try expect(.if)
        let condition = try expression()
        let then = try block()
        guard accept(.else) else { return (condition, then, nil) }
        guard at(.if) else { return (condition, then, try block()) }
        let start = token.start
        let chained = try nested { parser throws(SyntaxFailure) in
            let (condition, then, otherwise) = try parser.conditionalParts()
            return Statement(.conditional(condition, then, otherwise), parser.span(from: start))
        }
        return (condition, then, Block([chained], chained.span))
    }

    // MARK: Effects

    private mutating func print() throws(SyntaxFailure) -> Statement.Kind {
        let keyword = advance()
        guard !at(.leftParenthesis), token.kind == .openQuote || atStatementEnd || atPrefixedText else {
            let known = diagnostics.count
            let value = try expression()
            // A letter before a text inside goes by the same edit.
            if diagnostics.count > known { diagnostics.removeSubrange(known...) }
            diagnostics.append(.printNeedsText(value, isCalled: value.span.start == keyword.end))
            return .print([])
        }
        let parts = atPrefixedText ? try prefixedText() : try text("a text, as in `print \"total {x}\"`")
        if token.start > keyword.end, !atStatementEnd { throw unexpected(Self.endOfLine) }
        return .print(parts)
    }

    private mutating func assertion() throws(SyntaxFailure) -> Statement.Kind {
        advance()
        let condition = try expression()
        return .assertion(condition, message: accept(.comma) ? try text("a text") : nil)
    }

    /// An expression that stands alone, or is assigned to.
    private mutating func effect(of target: Expression) throws(SyntaxFailure) -> Statement.Kind {
        guard let assignment = token.assignmentOperator else { return .expression(target) }
        guard let (name, subscripts) = target.assigned else { throw failure(.notAssignable(at: target.span)) }
        advance()
        guard let subscripts else { return .assignment(name, assignment, try expression()) }
        let value = try elementCode()
        return .regionAssignment(name, subscripts, assignment, value, at(.for) ? try generator() : nil)
    }
}

extension Expression {
    /// What is assigned where the expression stands on the left: a variable or a part of one, and at most once elements of it.
    fileprivate var assigned: (target: Target, subscripts: [Subscript]?)? {
        switch kind {
        case .name(let name): return (Target(Name(name, span), []), nil)
        case .index(let base, let subscripts):
            guard let inner = base.assigned, inner.subscripts == nil else { return nil }
            return (inner.target, subscripts)
        case .member(let base, let field):
            guard let (target, subscripts) = base.assigned else { return nil }
            return (Target(target.name, target.fields + [field]), subscripts)
        default: return nil
        }
    }
}

extension Statement {
    /// What it computes, where it could be an array by a generator.
    fileprivate var value: Expression? {
        switch kind {
        case .binding(_, _, _, let value), .assignment(_, _, let value), .show(let value), .expression(let value),
            .returnValue(let value?):
            value
        default: nil
        }
    }
}

extension Block {
    /// The block as an expression has it: an `if` with an `else` that stands last is its value.
    var asValue: Block {
        guard let last = statements.last, case .conditional(let condition, let then, let otherwise?) = last.kind else {
            return self
        }
        let value = Expression(.conditional(condition, then.asValue, otherwise.asValue), last.span)
        return Block(statements.dropLast() + [Statement(.expression(value), last.span)], span)
    }
}

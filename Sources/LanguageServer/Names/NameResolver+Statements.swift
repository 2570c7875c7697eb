import Source
import Syntax

extension NameResolver {
    mutating func block(_ block: Block) {
        inNewScope(to: block.span.end) { resolver in
            for statement in block.statements { resolver.statement(statement) }
        }
    }

    mutating func statement(_ statement: Statement) {
        let span = statement.span
        switch statement.kind {
        case .param(let name, let written, let value): parameter(name, written, value, span)
        case .record(_, let fields): for field in fields { if let written = field.type { type(written) } }
        case .function, .importFile: break
        case .binding(let isVariable, let pattern, let written, let value):
            expression(value)
            if let written { annotation(written, isLoad: value.isLoad) }
            bind(pattern, isVariable: isVariable, span)
        case .assignment(let target, _, let value):
            self.target(target)
            expression(value)
        case .regionAssignment(let target, let subscripts, _, let value, let generator):
            self.target(target)
            inGenerator(generator, span) { resolver in
                for subscript_ in subscripts { resolver.position(subscript_) }
                resolver.expression(value)
            }
        case .forLoop(let name, let source, let body): loop(name, source, body, span)
        case .expecting(_, let loop): if let loop { self.statement(loop) }
        case .whileLoop(let condition, let body):
            expression(condition)
            block(body)
        case .conditional(let condition, let then, let otherwise):
            expression(condition)
            block(then)
            if let otherwise { block(otherwise) }
        case .returnValue(let value): if let value { expression(value) }
        case .breakLoop, .continueLoop: break
        case .print(let parts): text(parts)
        case .show(let value), .expression(let value): expression(value)
        case .assertion(let condition, let message):
            expression(condition)
            if let message { text(message) }
        case .invalid: words(of: span)
        }
    }

    private mutating func parameter(_ name: Name, _ written: TypeExpression, _ value: Expression?, _ span: Span) {
        type(written)
        if let value { expression(value) }
        bind(.parameterOfProgram, name, span)
    }

    private mutating func loop(_ name: Name, _ source: Generator.Clause.Source, _ body: Block, _ span: Span) {
        self.source(source)
        inNewScope(to: span.end) { resolver in
            resolver.bind(.index, name, name.span)
            for statement in body.statements { resolver.statement(statement) }
        }
    }

    /// What is assigned: a variable, or a field of one.
    private mutating func target(_ target: Target) {
        use(target.name, .writes)
        for (index, field) in target.fields.enumerated() {
            let before = target.fields[..<index].map(\.text)
            names.members.append(MemberUse(name: field, owner: .path(target.name, before), isWritten: true))
        }
    }

    /// The type of a `let`. What a load names and nobody declared is bound to what the file says.
    private mutating func annotation(_ written: TypeExpression, isLoad: Bool) {
        guard isLoad, let dimensions = written.writtenDimensions else { return type(written) }
        type(written, dimensions: false)
        for dimension in dimensions {
            if case .name(let text) = dimension.size.kind, lookUp(text) == nil {
                bind(.size, Name(text, dimension.size.span), dimension.span)
            } else {
                expression(dimension.size)
            }
        }
    }

    /// A statement that could not be read: words behind `let`, `var` and `for` are declared, others looked up.
    private mutating func words(of span: Span) {
        let (tokens, _) = tokenize(SourceFile(path: file.path, text: Array(file.text[span.start..<span.end])))
        var before: Token.Kind?
        for token in tokens where !token.isTrivia {
            defer { before = token.kind }
            guard token.kind == .identifier else { continue }
            let place = Span(file, span.start + token.start, span.start + token.end)
            let name = Name(place.text, place)
            switch before {
            case .symbol(.dot): continue
            case .keyword(.let): bind(.constant, name, place)
            case .keyword(.var): bind(.variable, name, place)
            case .keyword(.for): bind(.index, name, place)
            case .keyword(.param): bind(.parameterOfProgram, name, place)
            case .keyword(.fn): bind(.function, name, place)
            default: use(name)
            }
        }
    }
}

extension Expression {
    /// Whether it is `load(...)`.
    fileprivate var isLoad: Bool {
        guard case .call(let callee, _, _) = kind, case .name("load") = callee.kind else { return false }
        return true
    }
}

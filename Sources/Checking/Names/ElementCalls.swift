import Language
import Source
import Syntax
import TypedTree

// Calls of functions in the code of an element that get divided arrays: `[at(u, i) for i in 0..n]` with `fn at(u, i) = u[i]`. The body
// stands in place of the call, so that it reads the array at the caller's indices.

extension Checker {
    /// nil: a call like any other.
    func calledInElement(
        _ declaration: FunctionDeclaration, _ actuals: [Actual], _ nameSpan: Span, _ span: Span
    ) -> TypedExpression? {
        guard !context.domains.isEmpty, actuals.contains(where: \.needsPlace) else { return nil }
        let isOfValues = actuals.allSatisfy { if case .value = $0 { true } else { false } }
        // What all ranks compute of a divided array together they compute once, not for each element.
        if isOfValues, !context.isUnderCondition {
            let once = movedOut(actuals.flatMap(\.values)) { specialisedCall(declaration, actuals, nameSpan, span) }
            if let once { return once }
        }
        guard let body = declaration.body.asValue else {
            let reads = actuals.flatMap(\.values).first { $0.isDivided }
            return reads.map { report(.returnsFromLoop(declaration.name.text, $0.type, at: span)) }
        }
        if context.callsInPlace.contains(declaration.identity) {
            return report(.recursion(declaration.name.text, at: nameSpan))
        }
        return calledInPlace(declaration, body, actuals, span)
    }

    private func calledInPlace(
        _ declaration: FunctionDeclaration, _ body: FunctionDeclaration.Body, _ actuals: [Actual], _ span: Span
    ) -> TypedExpression {
        // An array that is made for the call is made once.
        let actuals = actuals.map { actual in
            guard case .value(let value) = actual, value.type.array?.isScalar == false else { return actual }
            return .value(stable(value))
        }
        let caller = scopes
        scopes = [visibleGlobals(of: declaration), Scope()]
        context.callChain.append((declaration.name.text, span))
        context.callsInPlace.append(declaration.identity)
        defer {
            scopes = caller
            context.callChain.removeLast()
            context.callsInPlace.removeLast()
        }
        var bindings: [TypedStatement] = []
        for (parameter, actual) in zip(declaration.parameters, actuals) {
            switch actual {
            case .function(let function):
                bind(parameter.name, Binding(meaning: .function(function), span: parameter.name.span))
            case .value(let value): bindings += bindArguments([parameter.name], [value])
            case .view(let array, let view):
                let value = TypedExpression(.view(array, view), array.type, array.span)
                bindings += bindArguments([parameter.name], [value])
            }
        }
        bindings += bindSizes(declaration) { self.expression(Expression(.name($0.text), $0.span)) }
        let result = value(of: body, declaration, span)
        let isNeeded =
            !result.variables.isDisjoint(with: bindings.flatMap(\.bound)) || bindings.contains(where: \.isAssertion)
        guard isNeeded, result.type != .error else { return result }
        return TypedExpression(.block(TypedBlock(bindings, result)), result.type, span)
    }

    private func value(
        of body: FunctionDeclaration.Body, _ declaration: FunctionDeclaration, _ span: Span
    ) -> TypedExpression {
        let declared = declaration.result.flatMap { type($0) }
        let element = declared?.literalElement
        var result: TypedExpression
        switch body {
        case .expression(let written): result = expressionOrView(written, expecting: element)
        case .block(let block):
            let typed = valueBlock(block, element)
            result = TypedExpression(.block(typed), typed.value.type, span)
        }
        guard let declared, result.type != .error, !result.isView else { return result }
        result = convert(result, to: declared, for: "the result of `\(declaration.name.text)`")
        return result
    }
}

extension FunctionDeclaration {
    fileprivate var identity: String { "fn \(name.text) of \(name.span.file.path)" }
}

extension Actual {
    /// Whether a function has to stand where it is called: a divided array is read at the caller's indices, perhaps in a lambda.
    fileprivate var needsPlace: Bool {
        if case .function(let function) = self, case .lambda = function.body { return true }
        return values.contains(where: \.isDivided)
    }
}

extension TypedExpression {
    fileprivate var isDivided: Bool { type.dataLeaves?.contains { $0.placement.isDivided } == true }
}

extension TypedStatement {
    fileprivate var bound: [Variable] {
        switch kind {
        case .binding(let variable, _): [variable]
        case .tupleBinding(let variables, _): variables
        default: []
        }
    }

    fileprivate var isAssertion: Bool { if case .assertion = kind { true } else { false } }
}

// MARK: Bodies as values

extension FunctionDeclaration.Body {
    /// The body with its result as the value of its last statement instead of `return`s; nil where a loop returns.
    fileprivate var asValue: Self? {
        switch self {
        case .expression: self
        case .block(let block): block.returning().map { .block($0) }
        }
    }
}

extension Block {
    /// Each way to a `return` becomes a way of a choice: what follows `if c { return a }` stands in its `else`.
    fileprivate func returning() -> Block? {
        guard let place = statements.firstIndex(where: \.mayReturn) else { return nil }
        let (statement, rest) = (statements[place], Array(statements[(place + 1)...]))
        var ended = Array(statements[..<place])
        switch statement.kind {
        case .returnValue(let value?): ended.append(Statement(.expression(value), statement.span))
        case .conditional(let condition, let then, let otherwise):
            let others = otherwise ?? Block([], statement.span)
            guard then.alwaysReturns || others.alwaysReturns || rest.isEmpty,
                let first = then.followed(by: rest).returning(), let second = others.followed(by: rest).returning()
            else { return nil }
            ended.append(Statement(.conditional(condition, first, second), statement.span))
        default: return nil
        }
        return Block(ended, span)
    }

    private func followed(by rest: [Statement]) -> Block {
        alwaysReturns ? self : Block(statements + rest, span)
    }

    private var alwaysReturns: Bool {
        statements.contains { statement in
            switch statement.kind {
            case .returnValue: true
            case .conditional(_, let then, let otherwise?): then.alwaysReturns && otherwise.alwaysReturns
            default: false
            }
        }
    }
}

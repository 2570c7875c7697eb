import Language
import Source
import Syntax
import TypedTree

// Operators of the program's own. An operator takes two values of one type (numbers, or tuples or records of numbers) and gives a
// third; ranks call it wherever parts meet, so it sees nothing but its values and what is known when the program is compiled.

extension Checker {
    /// The operator that a function is on values of the contributions' type, joined with the identity's.
    func userOperator(
        _ function: FunctionValue, _ identity: Expression, on contribution: ValueType, _ span: Span
    ) -> (op: UserOperator, type: ValueType)? {
        let name = function.name
        let start = expression(identity, expecting: contribution.literalElement)
        guard start.type != .error else { return nil }
        let wanted = contribution.mappingLeaves { $0.with(placement: .replicated) }
        guard let type = commonType(wanted, start.type), let leaves = type.dataLeaves, leaves.allSatisfy(\.isScalar)
        else {
            report(.operatorIdentity(start.type, wanted, at: identity.span))
            return nil
        }
        let first = mistakes
        let left = newVariable("left", type)
        let right = newVariable("right", type)
        let combination = applied(function, left, right, span)
        guard combination.type != .error, mistakes == first else { return nil }
        if combination.type.dataLeaves?.contains(where: { $0.placement == .local }) == true {
            report(.operatorDependsOnRank(name, at: function.span))
            return nil
        }
        guard let common = commonType(combination.type, type), common == type else {
            report(.operatorResult(name, combination.type, type, at: function.span))
            return nil
        }
        let outside = visibleVariables(of: function)
        guard let value = closed(convert(combination, to: type, for: "the operator"), name, outside, function.span),
            let neutral = closed(convert(start, to: type, for: "the identity"), name, outside, identity.span)
        else { return nil }
        operators.append(
            TypedOperator(name, of: (left, right), identity: neutral, combination: value, at: function.span))
        return (UserOperator(id: operators.count - 1, name: name, arity: leaves.count), type)
    }

    /// The function's value for two variables, checked as code that runs for each element and nowhere in particular.
    private func applied(
        _ function: FunctionValue, _ left: Variable, _ right: Variable, _ span: Span
    ) -> TypedExpression {
        let saved = (context, scopes)
        defer { (context, scopes) = saved }
        context = Context()
        context.callChain = saved.0.callChain
        context.function = FunctionContext(isElement: true, declaredResult: nil)
        scopes = [saved.1[0], Scope()]
        let arguments = [left, right].map { variable -> Argument in
            let name = Name(variable.name, function.span)
            bind(name, Binding(meaning: .variable(variable), span: function.span))
            return Argument(Expression(.name(variable.name), function.span))
        }
        return call(function, arguments, function.span, span)
    }

    /// What a function may see around it besides its parameters.
    private func visibleVariables(of function: FunctionValue) -> Set<Variable> {
        var visible = scopes
        if case .lambda(_, _, let captured) = function.body { visible += captured }
        return visible.reduce(into: []) { found, scope in
            for binding in scope.bindings.values {
                switch binding.meaning {
                case .variable(let variable): found.insert(variable)
                case .compound(let value), .alias(let value): found.formUnion(value.variables)
                case .function: break
                }
            }
        }
    }

    // MARK: Closed expressions

    /// The expression together with the `let`s known at compile time that it reads; nil (and a diagnostic) when it reads anything
    /// else from outside, or is more than numbers.
    private func closed(
        _ value: TypedExpression, _ name: String, _ outside: Set<Variable>, _ span: Span
    ) -> TypedExpression? {
        var needed: Set<Variable> = []
        var problem: Diagnostic?
        var seen: Set<Int> = []
        func look(_ expression: TypedExpression) {
            expression.walk { inner in
                problem = problem ?? self.problem(inner, name, span)
                switch inner.kind {
                case .variable(let variable) where outside.contains(variable):
                    if let constant = constantLets[variable] {
                        if needed.insert(variable).inserted { look(constant) }
                    } else {
                        problem = problem ?? .operatorReadsOutside(name, variable.name, at: span)
                    }
                case .call(let index, _) where seen.insert(index).inserted:
                    for statement in functions[index].body {
                        if statement.actsOutside {
                            problem = problem ?? .operatorNotOfNumbers(name, "an action", at: statement.span)
                        }
                        for child in statement.children { look(child) }
                    }
                default: break
                }
            }
        }
        look(value)
        if let problem {
            report(problem)
            return nil
        }
        guard !needed.isEmpty else { return value }
        let bindings = needed.sorted { $0.id < $1.id }.compactMap { variable in
            constantLets[variable].map { TypedStatement(kind: .binding(variable, $0), span: span) }
        }
        return TypedExpression(.block(TypedBlock(bindings, value)), value.type, value.span)
    }

    /// What keeps an expression out of an operator.
    private func problem(_ expression: TypedExpression, _ name: String, _ span: Span) -> Diagnostic? {
        switch expression.kind {
        case .rank, .ranks, .clock, .local: return .operatorDependsOnRank(name, at: expression.span)
        case .reduction, .comprehension, .arrayLiteral, .collective, .arrayOperation, .slice, .element, .view:
            return .operatorNotOfNumbers(name, "an operation on arrays", at: expression.span)
        case .string, .text: return .operatorNotOfNumbers(name, "a text", at: expression.span)
        default: return nil
        }
    }

    /// Notes a `let` whose value is known at compile time: it reads constants and such `let`s only.
    func noteConstant(_ variable: Variable, _ value: TypedExpression) {
        guard value.type.dataLeaves?.allSatisfy({ $0.isScalar && $0.placement == .replicated }) == true else { return }
        var isConstant = true
        value.walk { inner in
            switch inner.kind {
            case .constant, .apply, .convert, .tuple, .tupleElement, .conditional: break
            case .variable(let read): if constantLets[read] == nil { isConstant = false }
            default: isConstant = false
            }
        }
        if isConstant { constantLets[variable] = value }
    }
}

extension FunctionValue {
    /// How messages call it.
    var name: String {
        switch body {
        case .declared(let declaration): declaration.name.text
        case .builtin(let builtin): builtin.name
        case .lambda: "=>"
        }
    }
}

extension TypedStatement {
    /// Whether it does something besides computing.
    fileprivate var actsOutside: Bool {
        switch kind {
        case .print, .show, .assertion, .save, .load: true
        case .forLoop(_, _, _, _, let body), .whileLoop(_, let body): body.contains(where: \.actsOutside)
        case .conditional(_, let then, let otherwise): (then + otherwise).contains(where: \.actsOutside)
        default: false
        }
    }
}

import Language
import Source
import Syntax
import TypedTree

/// What a reduction combines by.
enum Combiner {
    /// A row of the table of builtins.
    case builtin(Builtin.Reduction)
    /// A function of the program, and what combines with anything without changing it.
    case user(FunctionValue, identity: Expression)

    /// What combines the values of reductions by this one; nil where they say nothing of the whole.
    var ofCombinations: Combiner? {
        switch self {
        case .builtin(let spec):
            switch spec.result {
            case .value: self
            case .count: .builtin(Builtin.Reduction(spec.op))
            case .index, .pair: nil
            }
        case .user: self
        }
    }

    var isUser: Bool { if case .user = self { true } else { false } }
}

/// A reduction's operator, the type of what it combines, and each point's contribution.
struct Combination {
    var op: ReductionOperator
    var type: ValueType
    var contributions: [TypedExpression]
    var result = Builtin.Reduction.Result.value
}

extension Checker {
    /// `reduce(op, init, a)`, `reduce(op, init, a, axis: k)`, `reduce(op, init, E for i in R if C)`, each also `local`.
    func userReduction(
        _ builtin: Builtin, _ arguments: [Argument], _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        guard arguments.count >= 3, arguments.prefix(3).allSatisfy({ $0.label == nil }),
            arguments.prefix(2).allSatisfy({ $0.generator == nil })
        else { return report(.wrongArgumentCount(builtin.name, expected: "3", got: arguments.count, at: span)) }
        guard let combiner = combiner(builtin.name, arguments[0].value, arguments[1].value) else { return error(span) }
        let rest = Array(arguments.dropFirst(2))
        let value = reduction(
            ReductionRequest(name: builtin.name, combiner: combiner, isLocal: isLocal, span: span), rest)
        if case .builtin(let spec) = combiner { checkIdentity(arguments[1].value, spec.op, value) }
        return value
    }

    private func combiner(_ name: String, _ written: Expression, _ identity: Expression) -> Combiner? {
        if let op = languageOperator(written), op.arity == 1 { return .builtin(Builtin.Reduction(op)) }
        if let function = functionValue(written) { return .user(function, identity: identity) }
        report(.notAnOperator(name, at: written.span))
        return nil
    }

    /// The language's own operator that an argument writes, if it does.
    func languageOperator(_ written: Expression) -> ReductionOperator? {
        guard case .name(let symbol) = written.kind, meaning(of: symbol, at: written.span)?.isOwn != true,
            let op = ReductionOperator(symbol: symbol)
        else { return nil }
        return op
    }

    /// An operator of the language has an identity of its own, which is the one that must be given.
    private func checkIdentity(_ written: Expression, _ op: ReductionOperator, _ result: TypedExpression) {
        guard let element = result.type.array?.element else { return }
        let given = expression(written, expecting: element)
        guard given.type != .error else { return }
        let wanted = op.identity(element)?.first
        guard let wanted, constantValue(given) == wanted else {
            report(.notTheIdentity(op.symbol, at: written.span))
            return
        }
    }

    /// A number written as a constant, perhaps with a sign.
    private func constantValue(_ value: TypedExpression) -> Constant? {
        switch value.kind {
        case .constant(let constant): return constant
        case .apply(.negate, let operands):
            switch constantValue(operands[0]) {
            case .integer(let number, let element): return .integer(0 &- number, element)
            case .float(let number, let element): return .float(-number, element)
            default: return nil
            }
        default: return nil
        }
    }

    /// What each point contributes, in the type that is combined, and the operator.
    func combination(
        _ request: ReductionRequest, _ domain: Domain, _ contribution: TypedExpression
    ) -> Combination? {
        switch request.combiner {
        case .builtin(let spec):
            guard let values = contributions(request.name, spec, domain, contribution, request.span) else { return nil }
            let types = values.map { ValueType.scalar($0.type.array?.element ?? .f64) }
            return Combination(
                op: spec.op, type: types.count == 1 ? types[0] : .tuple(types), contributions: values,
                result: spec.result)
        case .user(let function, let identity):
            guard let (op, type) = userOperator(function, identity, on: contribution.type, request.span) else {
                return nil
            }
            let placed = contribution.type.dataLeaves?.contains { $0.placement == .local } == true
            let wanted = placed ? type.mappingLeaves { $0.with(placement: .local) } : type
            let value = convert(contribution, to: wanted, for: "`\(request.name)`")
            return value.type == .error ? nil : Combination(op: .user(op), type: type, contributions: [value])
        }
    }
}

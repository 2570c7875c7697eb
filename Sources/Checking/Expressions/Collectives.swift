import Language
import Source
import Syntax
import TypedTree

// The operators that change a placement: each takes one and gives another, and nothing else communicates.

extension Checker {
    func collective(_ collective: Collective, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        let name = collective.rawValue
        guard !arguments.isEmpty, collective == .allreduce || arguments.count == 1 else {
            return report(
                .wrongArgumentCount(
                    name, expected: collective == .allreduce ? "1 or more" : "1", got: arguments.count, at: span))
        }
        let values = arguments.map { expression($0.value) }
        if values.contains(where: { $0.type == .error }) { return error(span) }
        if values[0].type.components != nil, ![.reduce, .allreduce, .reduceScatter].contains(collective) {
            if collective == .scatter, let inPlace = madeInPlace(values[0]) {
                if context.isElement { report(.communicationInElement("`scatter`", at: span, domain: nil)) }
                return inPlace
            }
            return leafwise(values[0]) { self.collective(collective, of: [$0], span) }
        }
        return self.collective(collective, of: values, span)
    }

    /// The scattered form of a comprehension of tuples or records: every rank makes its own elements only.
    private func madeInPlace(_ value: TypedExpression) -> TypedExpression? {
        guard value.type.placement == .replicated else { return nil }
        switch value.kind {
        case .comprehension:
            let type = value.type.mappingLeaves { $0.with(placement: .scattered(.rows)) }
            return TypedExpression(value.kind, type, value.span)
        case .block(let block):
            return madeInPlace(block.value).map { inner in
                TypedExpression(.block(TypedBlock(block.statements, inner)), inner.type, value.span)
            }
        default: return nil
        }
    }

    /// Several operands, or parts that are tuples or records, travel in one message.
    private func collective(
        _ collective: Collective, of values: [TypedExpression], _ span: Span
    ) -> TypedExpression {
        let name = collective.rawValue
        // What every rank has is that already: so a function may take what is divided and what is not.
        if collective == .allgather, let type = values[0].type.array, type.placement == .replicated, !type.isScalar {
            return values[0]
        }
        var results: [ValueType] = []
        for value in values {
            guard let result = result(of: collective, value, value.type, span) else { return error(span) }
            results.append(result)
        }
        let isFree = collective == .scatter && values[0].type.array?.placement == .replicated
        if !isFree { requireUniform("`\(name)`", span) }
        if isFree, context.isElement {
            report(.communicationInElement("`scatter`", at: span, domain: nil))
        }
        return TypedExpression(.collective(collective, values), results.count == 1 ? results[0] : .tuple(results), span)
    }

    /// The type after the operator, nil (and a diagnostic) where it cannot be applied.
    private func result(
        of collective: Collective, _ value: TypedExpression, _ type: ValueType, _ span: Span
    ) -> ValueType? {
        if let array = type.array { return result(of: collective, value, array, span).map(ValueType.array) }
        guard let components = type.components, value.type.dataLeaves != nil else {
            report(.badOperand(collective.rawValue, value.type, at: value.span))
            return nil
        }
        var results: [ValueType] = []
        for component in components {
            guard let result = result(of: collective, value, component, span) else { return nil }
            results.append(result)
        }
        guard case .record(var record) = type else { return .tuple(results) }
        for (index, result) in results.enumerated() { record.fields[index].type = result }
        return .record(record)
    }

    private func result(
        of collective: Collective, _ value: TypedExpression, _ type: ArrayType, _ span: Span
    ) -> ArrayType? {
        switch (collective, type.placement) {
        case (.scatter, .replicated) where !type.isScalar, (.scatter, .root) where !type.isScalar:
            return type.with(placement: .scattered(.rows))
        case (.gather, .scattered): return type.with(placement: .root)
        case (.allgather, .scattered), (.bcast, .root), (.allreduce, .part): return type.with(placement: .replicated)
        case (.reduce, .part): return type.with(placement: .root)
        case (.reduceScatter, .part) where !type.isScalar: return type.with(placement: .scattered(.rows))
        case (.allreduce, .replicated), (.reduce, .replicated):
            report(.alreadyCombined(collective.rawValue, value.type, at: value.span, call: span))
        case (.allreduce, .scattered), (.reduce, .scattered):
            report(.reduceOfScattered(collective.rawValue, value.type, at: value.span))
        default: report(.wrongPlacement(collective.rawValue, value.type, collective.wants, at: value.span))
        }
        return nil
    }
}

extension Collective {
    /// What it takes, in words.
    var wants: String {
        switch self {
        case .scatter: "a replicated or root array"
        case .gather, .allgather: "a scattered array"
        case .bcast: "a root value"
        case .reduce, .allreduce: "a part, such as `local sum(x)`"
        case .reduceScatter: "a part that is an array"
        }
    }
}

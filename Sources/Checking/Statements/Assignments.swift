import Language
import Source
import Syntax
import TypedTree

// `x = E`, `x += E`, `b.at.x = E`, `bodies.mass = E`: whole variables, and the fields of tuples and records, which are variables too.

extension Checker {
    func assignment(_ target: Target, _ op: AssignmentOperator, _ value: Expression, _ span: Span) -> [TypedStatement] {
        guard let current = assignable(target) else {
            _ = expression(value)
            return []
        }
        guard current.type.components == nil else {
            guard op == .assign || current.type.complexElement != nil else {
                report(.badOperand(op.rawValue, current.type, at: target.name.span))
                return []
            }
            let updated = assigned(current, op, span) {
                self.expression(value, expecting: $0 ?? current.type.literalElement)
            }
            let typed = convert(updated, to: current.type, for: "`\(target.text)`", target: current)
            return typed.type == .error ? [] : compoundAssignment(current, typed, span)
        }
        var updated = assigned(current, op, span) { self.expression(value, expecting: $0) }
        // What does not fit is the value: `x += E` is not an expression that a fix could stand around.
        if op != .assign { updated.span = value.span }
        let typed = convert(updated, to: current.type, for: "`\(target.text)`", target: current)
        guard case .variable(let variable) = current.kind else { return [] }
        noteOrigin(variable, typed)
        return [TypedStatement(kind: .assignment(variable, typed), span: span)]
    }

    /// What an assignment may change here: a variable, or a tuple or record of variables.
    func assignable(_ target: Target) -> TypedExpression? {
        let name = target.name
        guard let binding = lookUp(name.text) else {
            report(
                .unknownName(
                    name.text, at: name.span, nearest: nearestName(to: name.text, at: name.span), isAssigned: true))
            return nil
        }
        var value: TypedExpression
        switch binding.meaning {
        case .variable(let variable) where binding.isAssignable:
            value = TypedExpression(.variable(variable), variable.type, name.span)
        case .compound(let compound) where binding.isAssignable: value = compound
        default:
            report(.notAssignable(name.text, at: name.span, defined: binding.span))
            return nil
        }
        if value.type == .error { return nil }
        for field in target.fields {
            guard let position = position(of: field, in: value.type) else { return nil }
            value = component(value, position)
        }
        return value.leafReads.allSatisfy { mayAssign($0, name) } ? value : nil
    }

    private func mayAssign(_ leaf: TypedExpression, _ name: Name) -> Bool {
        if case .variable(let variable) = leaf.kind { mayAssign(variable, name) } else { false }
    }

    /// Whether a variable may be changed here: not from elements' code, nor by some ranks alone.
    private func mayAssign(_ variable: Variable, _ name: Name) -> Bool {
        if let domain = context.domains.first, !context.domains.contains(where: { $0.bodyVariables.contains(variable) })
        {
            report(.assignmentInElement(name.text, at: name.span, domain: domain.ranges.first?.lower.span))
            return false
        }
        if let block = context.localBlock, variable.type.array?.placement != .local {
            report(.assignmentInLocal(name.text, variable.type, at: name.span, block))
            return false
        }
        if let divergence = context.divergence.last, variable.type.array?.placement != .local {
            report(.divergentAssignment(name.text, variable.type, at: name.span, divergence))
            return false
        }
        return true
    }
}

extension AssignmentOperator {
    /// `+=` is `+`; nil for `=`.
    var binary: BinaryOperator? {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .bitAnd: .bitAnd
        case .bitOr: .bitOr
        case .bitXor: .bitXor
        case .assign, .min, .max: nil
        }
    }
}

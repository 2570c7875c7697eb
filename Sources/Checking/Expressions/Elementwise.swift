import Language
import Source
import Syntax
import TypedTree

// Lifting: a primitive of numbers applied to arrays of one shape and placement, and to numbers beside them.

extension Checker {
    /// The primitive applied to operands whose element types are right already; `written` is how the user calls it.
    func elementwise(
        _ op: ScalarOperator, _ operands: [TypedExpression], result element: ElementType, _ written: String,
        _ span: Span
    ) -> TypedExpression {
        if operands.contains(where: { $0.type == .error }) { return error(span) }
        let types = operands.compactMap(\.type.array)
        guard types.count == operands.count else {
            return report(.badOperand(written, operands.first { $0.type.array == nil }?.type ?? .void, at: span))
        }
        if types.contains(where: { $0.placement.isPart }) { return partArithmetic(op, operands, types, written, span) }
        let stretched = broadcast(operands, written, span) { elementwise(op, $0, result: element, written, span) }
        if let stretched { return stretched }
        guard let placement = joinedPlacement(operands, types, written, span) else { return error(span) }
        guard let base = operands.first(where: { $0.type.array?.isScalar == false }) else {
            return TypedExpression(.apply(op, operands), .scalar(element, placement), span)
        }
        return lifted(
            Lifting(op: op, written: written, element: element, placement: placement, span: span), operands, base)
    }

    /// A primitive that is applied element by element, and what it gives.
    private struct Lifting {
        var op: ScalarOperator
        var written: String
        var element: ElementType
        var placement: Placement
        var span: Span
    }

    private func lifted(
        _ lifting: Lifting, _ operands: [TypedExpression], _ base: TypedExpression
    ) -> TypedExpression {
        let span = lifting.span
        guard let shape = base.type.array?.shape else { return error(span) }
        // Extents that cannot be written as sizes are read off the first array, which then needs a name.
        let unknown = operands.contains { operand in
            guard let type = operand.type.array, !type.isScalar, type.rank == shape.count, type.shape != shape else {
                return false
            }
            return shape.contains { sizes.expression(for: $0, span) == nil }
        }
        if unknown {
            guard let position = operands.firstIndex(where: { $0.type.array?.isScalar == false }) else {
                return error(span)
            }
            return bindingOnce(base) { named in
                var operands = operands
                operands[position] = named
                return self.shaped(lifting, operands, shape, target: named)
            }
        }
        return shaped(lifting, operands, shape, target: nil)
    }

    private func shaped(
        _ lifting: Lifting, _ operands: [TypedExpression], _ shape: [Size], target: TypedExpression?
    ) -> TypedExpression {
        let (written, placement, span) = (lifting.written, lifting.placement, lifting.span)
        var checked: [TypedExpression] = []
        for operand in operands {
            guard let type = operand.type.array, !type.isScalar else {
                checked.append(operand)
                continue
            }
            guard type.rank == shape.count,
                var value = withShape(operand, shape, what: "`\(written)`", target: target)
            else {
                let base = operands.first { $0.type.array?.isScalar == false } ?? operand
                var mismatch = Diagnostic.shapeMismatch(
                    written, base, operand, at: span, origins: origins(of: [base, operand]))
                mismatch.notes += Diagnostic.stretching(written, base, operand)
                return report(mismatch)
            }
            if type.placement == .replicated, placement != .replicated {
                value = TypedExpression(.place(value), .array(ArrayType(type.element, shape, placement)), value.span)
            }
            checked.append(value)
        }
        return TypedExpression(.apply(lifting.op, checked), .array(ArrayType(lifting.element, shape, placement)), span)
    }

    /// Where the names among the operands are bound.
    func origins(of operands: [TypedExpression]) -> [(name: String, span: Span)] {
        operands.compactMap { operand in
            guard case .variable(let variable) = operand.kind, let binding = lookUp(variable.name) else { return nil }
            return (variable.name, binding.span)
        }
    }

    /// The placement at which operands meet: replicated ones go anywhere, others must be alike.
    func joinedPlacement(
        _ operands: [TypedExpression], _ types: [ArrayType], _ written: String, _ span: Span
    ) -> Placement? {
        var joined: (placement: Placement, operand: TypedExpression)?
        for (operand, type) in zip(operands, types) where type.placement != .replicated {
            if type.placement == .root {
                report(.rootArithmetic(operand.type, at: operand.span))
                return nil
            }
            guard let current = joined else {
                joined = (type.placement, operand)
                continue
            }
            if current.placement != type.placement {
                report(.placementMismatch(written, current.operand, operand, at: span))
                return nil
            }
        }
        return joined?.placement ?? .replicated
    }

    /// What commutes with a part's operator: part(+) may be negated, added to and subtracted from another, multiplied and divided by
    /// a replicated number; part(min) and part(max) may have a replicated number added. It is applied after the combination.
    private func partArithmetic(
        _ op: ScalarOperator, _ operands: [TypedExpression], _ types: [ArrayType], _ written: String, _ span: Span
    ) -> TypedExpression {
        let parts = zip(operands, types).filter { $0.1.placement.isPart }
        guard let (first, type) = parts.first, case .part(let reduction) = type.placement else { return error(span) }
        let allAlike = parts.allSatisfy { $0.1.placement == type.placement && $0.1.shape == type.shape }
        let others = zip(operands, types).filter { !$0.1.placement.isPart }
        let othersFit = others.allSatisfy {
            $0.1.placement == .replicated && ($0.1.isScalar || $0.1.shape == type.shape)
        }
        let commutes =
            switch (reduction, op) {
            case (.sum, .negate): true
            case (.sum, .add), (.sum, .subtract): others.isEmpty
            case (.sum, .multiply): parts.count == 1
            case (.sum, .divide): types[0].placement.isPart && parts.count == 1
            case (.min, .add), (.max, .add): parts.count == 1
            default: false
            }
        guard allAlike, othersFit, commutes else {
            return report(.partUsed(first.type, "an operand of `\(written)`", at: first.span))
        }
        return TypedExpression(.apply(op, operands), .array(type), span)
    }

    /// An array of one constant, of a value's shape and placement.
    func filled(like value: TypedExpression, _ constant: Constant, _ span: Span) -> TypedExpression {
        guard let type = value.type.array else { return error(span) }
        let one = TypedExpression(.constant(constant), .scalar(constant.element), span)
        return type.isScalar ? one : filled(like: value, one, span)
    }

    /// An array of copies of a number.
    func filled(like value: TypedExpression, _ number: TypedExpression, _ span: Span) -> TypedExpression {
        guard let type = value.type.array, let element = number.type.array?.element else { return error(span) }
        return bindingOnce(value) { value in
            var domain = self.domain(of: value, type, span)
            domain.cut(like: type)
            var result = ArrayType(element, type.shape, type.placement)
            if type.placement == .replicated, number.type.isLocal { result.placement = .local }
            return TypedExpression(.comprehension(domain, number), .array(result), span)
        }
    }

    /// All index points of an array, undivided.
    func domain(of array: TypedExpression, _ type: ArrayType, _ span: Span) -> Domain {
        Domain(
            ranges: type.shape.enumerated().map { axis, size in
                wholeAxis(axis, extent(array, axis, span), size, span)
            })
    }

    /// A fresh index over an axis.
    func wholeAxis(_ axis: Int, _ extent: TypedExpression, _ size: Size, _ span: Span) -> Domain.Range {
        let index = newVariable("i\(axis)", .i64)
        sizes.bound(index, from: Size(0), to: size - Size(1), span)
        return Domain.Range(index: index, lower: integer(0, span), upper: extent, step: integer(1, span))
    }

    func extent(_ array: TypedExpression, _ axis: Int, _ span: Span) -> TypedExpression {
        sizes.extent(array, axis, span)
    }
}

import Language
import Source
import TypedTree

// One row, or column, of a divided axis that is assigned an array which is divided, too. No rank has all of that array, so the row is
// a range of one, and so is the row of each slice that is read:
//
//     p[0, ..] = 2.0 * p[1, ..]    →    p[0..1, ..] = 2.0 * p[1..2, ..]

extension Checker {
    /// What is assigned with the one row as a range, and the value with an axis for it; both as they are where nothing is divided.
    func asRow(
        _ target: RegionTarget, _ ranges: AssignedRanges, _ value: TypedExpression
    ) -> (AssignedRanges, TypedExpression) {
        guard let divided = target.type.placement.dividedAxis, case .index(let index, _) = ranges.cuts[divided],
            let leaves = value.type.dataLeaves, leaves.contains(where: { $0.placement.isDivided })
        else { return (ranges, value) }
        let axis = ranges.cuts[..<divided].count(where: \.isRange)
        var row = ranges
        row.cuts[divided] = .range(lower: index, upper: next(index), step: integer(1, index.span))
        row.shape.insert(Size(1), at: axis)
        return (row, leafwise(value) { raised($0, axis) })
    }

    private func next(_ index: TypedExpression) -> TypedExpression {
        arithmetic(.add, index, integer(1, index.span), index.span)
    }

    /// An array with one more axis, of the extent 1, that is divided.
    private func raised(_ value: TypedExpression, _ axis: Int) -> TypedExpression {
        guard let type = value.type.array, !type.isScalar else { return value }
        var result = type
        result.shape.insert(Size(1), at: axis)
        result.placement = .scattered(axis: axis)
        switch value.kind {
        case .apply(let op, let operands):
            return TypedExpression(.apply(op, operands.map { raised($0, axis) }), .array(result), value.span)
        case .convert(let inner):
            return TypedExpression(.convert(raised(inner, axis)), .array(result), value.span)
        case .place(let inner): return raised(inner, axis)
        case .block(let block):
            return TypedExpression(
                .block(TypedBlock(block.statements, raised(block.value, axis))), .array(result), value.span)
        case .arrayOperation(var operation, let operands) where operation.kind == .slice:
            guard let divided = operands[0].type.array?.placement.dividedAxis, operation.attributes[divided] == 0,
                operation.attributes[..<divided].reduce(0, +) == axis
            else { break }
            operation.attributes[divided] = 1
            return TypedExpression(.arrayOperation(operation, operands), .array(result), value.span)
        default: break
        }
        return type.placement.isDivided ? moved(value, axis) : repeated(value, result, axis)
    }

    /// Of an array that all ranks have, every rank takes what it writes.
    private func repeated(_ value: TypedExpression, _ result: ArrayType, _ axis: Int) -> TypedExpression {
        guard let type = value.type.array else { return value }
        let span = value.span
        return bindingOnce(value) { value in
            var domain = self.domain(of: value, type, span)
            let element = TypedExpression(
                .element(value, domain.ranges.map { $0.index.read(at: span) }, .proved), .scalar(type.element), span)
            let one = Domain.Range(
                index: newVariable("_", .i64), lower: integer(0, span), upper: integer(1, span), step: integer(1, span))
            domain.ranges.insert(one, at: axis)
            let all = result.with(placement: .replicated)
            let whole = TypedExpression(.comprehension(domain, element), .array(all), span)
            return TypedExpression(.place(whole), .array(result), span)
        }
    }

    /// Of one whose elements lie on many ranks, they travel to the one that has the row.
    private func moved(_ value: TypedExpression, _ axis: Int) -> TypedExpression {
        guard var type = value.type.array else { return value }
        let span = value.span
        requireUniform("an array assigned to one row of a divided axis", span)
        return bindingOnce(value) { value in
            var extents = type.shape.indices.map { extent(value, $0, span) }
            extents.insert(integer(1, span), at: axis)
            type.shape.insert(Size(1), at: axis)
            type.placement = .scattered(.rows)
            let row = TypedExpression(
                .arrayOperation(ArrayOperation(.reshape), [value] + extents), .array(type), span)
            return axis == 0 ? row : redivided(row, along: axis, span)
        }
    }
}

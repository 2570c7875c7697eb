import Language
import Source
import TypedTree

// `s[2..5] = w` of scattered arrays: what stands in w's blocks is wanted in others.

extension Desugaring {
    /// An array along a divided axis of which a part is written, with its elements where they are written.
    func dealt(
        _ array: TypedExpression, _ range: WrittenRange, _ region: WrittenRegion, _ span: Span
    ) -> TypedExpression {
        guard let own = array.type.array, let axis = own.placement.dividedAxis, axis > 0 else {
            return dealtRows(array, range, region, span)
        }
        let (there, back) = ordersAround(axis, rank: own.rank)
        let rows = dealtRows(bound("across", inOrder(there, array, span)), range, region, span)
        return bound("back", inOrder(back, rows, span))
    }

    private func inOrder(_ order: [Int], _ array: TypedExpression, _ span: Span) -> TypedExpression {
        let ranges = (0..<order.count).map { axis in
            newRange("i", integer(0, span), extent(array, axis), integer(1, span))
        }
        return reordered(array, order, ranges, span)
    }

    /// Of an array with divided rows: every rank asks the owners for what it writes.
    private func dealtRows(
        _ array: TypedExpression, _ range: WrittenRange, _ region: WrittenRegion, _ span: Span
    ) -> TypedExpression {
        guard let own = array.type.array else { return array }
        // Outside of the range any element does, as long as there is one.
        let index = newRange("i", integer(0, span), extent(region.array, range.axis), integer(1, span))
        let steps = arithmetic(
            .floorDivide, arithmetic(.subtract, index.index.read(at: span), range.lower, span), range.step, span)
        let last = arithmetic(.subtract, extent(array, 0), integer(1, span), span)
        let nearest = arithmetic(.max, integer(0, span), arithmetic(.min, steps, last, span), span)
        var domain = Domain(ranges: [index], divided: (0, index.upper))
        let shape = ArrayType(.i64, [region.type.shape[range.axis]], .scattered(axis: 0))
        let wanted = bound("wanted", TypedExpression(.comprehension(domain, nearest), .array(shape), span))
        let asked = gathered(array, wanted, count: extent(array, 0), span)
        guard (own.shape[0].constant ?? 0) <= 0 else { return bound("dealt", asked) }
        domain.ranges += (1..<own.rank).map { axis in
            newRange("i", integer(0, span), extent(array, axis), integer(1, span))
        }
        let zero = TypedExpression(.constant(.zero(own.element)), .scalar(own.element), span)
        let none = TypedExpression(.comprehension(domain, zero), asked.type, span)
        let isAny = TypedExpression(.apply(.less, [integer(0, span), extent(array, 0)]), .bool, span)
        return bound(
            "dealt",
            TypedExpression(.conditional(isAny, TypedBlock([], asked), TypedBlock([], none)), asked.type, span))
    }

    private func bound(_ name: String, _ value: TypedExpression) -> TypedExpression {
        let variable = newVariable(name, value.type)
        before.append(TypedStatement(kind: .binding(variable, value), span: value.span))
        return TypedExpression(.variable(variable), value.type, value.span)
    }
}

import Language
import Source
import TypedTree

// `s[2..5] = w` of scattered arrays: what stands in w's blocks is wanted in others.

extension Desugaring {
    /// An array along a divided axis of which a part is written, with its elements where they are written: every rank asks
    /// their owners.
    func dealt(
        _ array: TypedExpression, _ own: ArrayType, _ range: WrittenRange, _ region: WrittenRegion, _ span: Span
    ) throws(Diagnostic) -> TypedExpression {
        guard own.placement.dividedAxis == 0 else {
            let written = range.lower.span
            throw Diagnostic.dividedDifferently(sourceText(span), at: span, sourceText(written), written)
        }
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

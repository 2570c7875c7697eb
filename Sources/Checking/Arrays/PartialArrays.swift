import Language
import Source
import TypedTree

/// The part of a divided axis that an array over it has.
struct DividedPart {
    var axis: Int
    var lower, upper, step: TypedExpression
    /// How many elements that are.
    var count: Size
}

// `[u[i+1] - u[i-1] for i in 1..n-1]`: elements are computed where they lie, then dealt out in the blocks of an array of their number.

extension Checker {
    /// The array over the whole axis, zero outside of the part; notes the part.
    func overWholeAxis(
        _ domain: OpenDomain, _ axis: Int, _ element: TypedExpression, _ shape: [Size], _ span: Span
    ) -> TypedExpression {
        guard let divided = domain.divided else { return error(span) }
        let range = domain.ranges[axis]
        let (lower, upper) = (once(range.lower), once(range.upper))
        domain.part = DividedPart(axis: axis, lower: lower, upper: upper, step: range.step, count: shape[axis])
        let index = range.index.read(at: span)
        let tests = [(ScalarOperator.lessEqual, lower, index), (.less, index, upper)].map {
            TypedExpression(.apply($0.0, [$0.1, $0.2]), .bool, span)
        }
        // A block, so that it is never evaluated where its indices may be outside.
        let inside = TypedExpression(.block(TypedBlock([], element)), element.type, element.span)
        let zero = zero(element.type, span)
        let chosen = TypedExpression(
            .conditional(
                TypedExpression(.apply(.and, tests), .bool, span), TypedBlock([], inside), TypedBlock([], zero)),
            element.type, span)
        var whole = domain.typed
        whole.ranges[axis] = Domain.Range(
            index: range.index, lower: integer(0, span), upper: divided.extent, step: integer(1, span))
        var extents = shape
        extents[axis] = divided.size
        return TypedExpression(
            .comprehension(whole, chosen), element.type.over(extents, .scattered(axis: axis)), span)
    }

    /// 0 in every number of a type.
    private func zero(_ type: ValueType, _ span: Span) -> TypedExpression {
        guard let parts = type.components else {
            return TypedExpression(.constant(.zero(type.array?.element ?? .f64)), type, span)
        }
        return TypedExpression(.tuple(parts.map { zero($0, span) }), type, span)
    }

    /// A number that is read more than once, evaluated before the elements' code.
    func once(_ value: TypedExpression) -> TypedExpression {
        switch value.kind {
        case .constant, .variable: value
        default: moveOut(value) ?? value
        }
    }

    /// That part of the array, divided like any array of its extent.
    func cut(_ array: TypedExpression, to part: DividedPart, _ span: Span) -> TypedExpression {
        guard array.type != .error else { return array }
        if case .block(let block) = array.kind {
            let value = cut(block.value, to: part, span)
            return TypedExpression(.block(TypedBlock(block.statements, value)), value.type, span)
        }
        if context.isElement {
            return report(.communicationInElement("an array over a part of a divided range", at: span, domain: nil))
        }
        requireUniform("an array over a part of a divided range", span)
        return leafwise(array) { leaf in
            bindingOnce(leaf) { cutLeaf($0, to: part, span) }
        }
    }

    private func cutLeaf(_ array: TypedExpression, to part: DividedPart, _ span: Span) -> TypedExpression {
        guard var type = array.type.array else { return error(span) }
        let stays = [Int](repeating: 1, count: type.rank)
        var bounds: [TypedExpression] = []
        for axis in type.shape.indices {
            bounds +=
                axis == part.axis
                ? [part.lower, part.upper, part.step]
                : [integer(0, span), extent(array, axis, span), integer(1, span)]
        }
        type.shape[part.axis] = part.count
        return TypedExpression(
            .arrayOperation(ArrayOperation(.slice, stays), [array] + bounds), .array(type), span)
    }
}

import Language
import Source
import Syntax
import TypedTree

// `a[2..10, j, ..]`. Of a scattered array: read where the elements lie while the divided axis is kept whole; otherwise
// the result is divided anew, an operation on whole arrays.

/// A slice of a divided array: what each of its axes is cut to, and the extents of those that stay.
private struct DividedSlice {
    var array: TypedExpression
    var type: ArrayType
    var divided: Int
    var cuts: [Subscripted]
    var shape: [Size]
}

extension Checker {
    func slice(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression {
        guard let divided = type.placement.dividedAxis else {
            guard let (cuts, shape) = cuts(array, type, subscripts, span) else { return error(span) }
            let isLocal = cuts.flatMap(\.children).contains { $0.type.array?.placement == .local }
            let placement = isLocal ? .local : type.placement
            return TypedExpression(.slice(array, cuts), .array(ArrayType(type.element, shape, placement)), span)
        }
        let isWhole = subscripts[divided].isAll
        if context.isElement, subscripts[divided].index != nil { return ownSlice(array, type, subscripts, span) }
        if isWhole, context.isElement {
            return report(.communicationInElement("a slice of a scattered array", at: span, domain: nil))
        }
        return bindingOnce(array) { array in
            guard let (cuts, shape) = cuts(array, type, subscripts, span) else { return error(span) }
            let slice = DividedSlice(array: array, type: type, divided: divided, cuts: cuts, shape: shape)
            return isWhole ? alignedSlice(slice, span) : movedSlice(slice, span)
        }
    }

    /// The subscripts with their bounds, and the extents of the axes that stay; nil when one is wrong.
    func cuts(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> (cuts: [Subscripted], shape: [Size])? {
        var shape: [Size] = []
        var cuts: [Subscripted] = []
        for (axis, subscripted) in subscripts.enumerated() {
            switch subscripted {
            case .index(let index):
                guard let bounds = checkedBounds(index, type.shape[axis], axis) else { return nil }
                cuts.append(.index(index, bounds))
            case .all:
                let upper = extent(array, axis, span)
                cuts.append(.range(lower: integer(0, span), upper: upper, step: integer(1, span)))
                shape.append(type.shape[axis])
            case .range(let low, let high, let by, let rangeSpan):
                let ends = ends((low, high, by), of: array, axis, span)
                guard isInside(ends, type.shape[axis], axis, rangeSpan) else { return nil }
                shape.append(sizes.count(sizes.size(of: ends.lower), sizes.size(of: ends.upper), step: ends.step))
                cuts.append(.range(lower: ends.lower, upper: ends.upper, step: ends.step))
            }
        }
        return (cuts, shape)
    }

    private func checkedBounds(_ index: TypedExpression, _ extent: Size, _ axis: Int) -> Bounds? {
        switch verdict(index: index, extent: extent) {
        case .proved: return .proved
        case .unknown: return .checked
        case .broken(let value):
            report(.indexOutOfRange(value, extent, axis, at: index.span))
            return nil
        }
    }

    /// Whether a range is well formed and not provably outside its axis.
    func isInside(_ range: TypedRange, _ extent: Size, _ axis: Int, _ span: Span) -> Bool {
        let (lower, upper, step) = range
        guard lower.type != .error, upper.type != .error, step.type != .error else { return false }
        guard constantStep(step, at: span) != nil else { return false }
        if context.isUnderCondition { return true }
        let ends = [sizes.size(of: lower), sizes.size(of: upper)]
        let beyond = Size.difference(ends[1], extent).flatMap { $0 > 0 ? ends[1] - Size(1) : nil }
        let below = ends.first { ($0.constant ?? 0) < 0 }
        guard let broken = beyond ?? below else { return true }
        report(.indexOutOfRange("\(broken)", extent, axis, at: span))
        return false
    }

    /// In the code of an element, a slice of the row that is this rank's: a small array of aligned reads.
    private func ownSlice(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression {
        guard let (cuts, shape) = cuts(array, type, subscripts, span) else { return error(span) }
        var domain = Domain(ranges: [])
        let indices = cuts.map { cut -> TypedExpression in
            switch cut {
            case .index(let index, _): return index
            case .range(let lower, let upper, let step):
                let range = counted(lower, upper, step, size: shape[domain.ranges.count], span)
                domain.ranges.append(range)
                return position(range, lower, step, span)
            }
        }
        let element = element(array, type, indices, span)
        guard element.type != .error, let own = element.type.array else { return element }
        return TypedExpression(
            .comprehension(domain, element), .array(ArrayType(type.element, shape, own.placement)), span)
    }

    /// A slice that keeps the whole divided axis: a comprehension of aligned reads.
    private func alignedSlice(_ slice: DividedSlice, _ span: Span) -> TypedExpression {
        let (type, shape) = (slice.type, slice.shape)
        var domain = Domain(ranges: [])
        var read: [TypedExpression] = []
        var isProved = true
        for (axis, cut) in slice.cuts.enumerated() {
            switch cut {
            case .index(let index, let bounds):
                read.append(index)
                isProved = isProved && bounds == .proved
            case .range(let lower, let upper, let step):
                let range = counted(lower, upper, step, size: shape[domain.ranges.count], span)
                if axis == slice.divided { domain.divided = (domain.ranges.count, upper) }
                domain.ranges.append(range)
                let index = position(range, lower, step, span)
                if case .proved = verdict(index: index, extent: type.shape[axis]) {} else { isProved = false }
                read.append(index)
            }
        }
        let element = TypedExpression(
            .element(slice.array, read, isProved ? .proved : .checked), .scalar(type.element), span)
        return TypedExpression(
            .comprehension(domain, element), .array(ArrayType(type.element, shape, .scattered(domain.distribution))),
            span)
    }

    /// A fresh index for each of lower, lower + step, … before upper, counted from 0; there are `size` of them.
    private func counted(
        _ lower: TypedExpression, _ upper: TypedExpression, _ step: TypedExpression, size: Size, _ span: Span
    ) -> Domain.Range {
        let index = newVariable("i", .i64)
        sizes.bound(index, from: Size(0), to: size - Size(1), span)
        var count = isInteger(lower, 0) ? upper : arithmetic(.subtract, upper, lower, span)
        if case .constant(.integer(let stride, _)) = step.kind, stride != 1 {
            let rounded = arithmetic(.add, count, integer(Int(stride) - 1, span), span)
            count = arithmetic(.floorDivide, rounded, step, span)
        }
        return Domain.Range(index: index, lower: integer(0, span), upper: count, step: integer(1, span))
    }

    /// lower + step · index
    private func position(_ range: Domain.Range, _ lower: TypedExpression, _ step: TypedExpression, _ span: Span)
        -> TypedExpression
    {
        var index = range.index.read(at: span)
        if !isInteger(step, 1) { index = arithmetic(.multiply, step, index, span) }
        return isInteger(lower, 0) ? index : arithmetic(.add, lower, index, span)
    }

    private func isInteger(_ value: TypedExpression, _ number: Int64) -> Bool {
        if case .constant(.integer(number, _)) = value.kind { true } else { false }
    }

    /// A slice along the divided axis: its elements go to the ranks whose blocks of the result they are.
    private func movedSlice(_ slice: DividedSlice, _ span: Span) -> TypedExpression {
        requireUniform("a slice along a divided axis", span)
        var stays: [Int] = []
        var bounds: [TypedExpression] = []
        for cut in slice.cuts {
            switch cut {
            case .index(let index, _):
                stays.append(0)
                let next = arithmetic(.add, index, integer(1, span), span)
                bounds += [index, next, integer(1, span)]
            case .range(let lower, let upper, let step):
                stays.append(1)
                bounds += [lower, upper, step]
            }
        }
        // A divided axis that goes leaves the result divided along its first.
        let axis = stays[slice.divided] == 1 ? stays[..<slice.divided].reduce(0, +) : 0
        return TypedExpression(
            .arrayOperation(ArrayOperation(.slice, stays), [slice.array] + bounds),
            .array(ArrayType(slice.type.element, slice.shape, .scattered(axis: axis))), span)
    }
}

import Language
import Source
import Syntax
import TypedTree

// `v[1..n-1] = E`, `m[i, ..] = E for i in 0..n`: what is assigned to ranges is an array of their shape, or one number for all of their
// elements.

/// What an assignment writes at each point of its domain.
struct AssignedRanges {
    var cuts: [Subscripted]
    /// The extents of the ranges, and the axes that they run along.
    var shape: [Size]
    var axes: [Int] { cuts.indices.filter { cuts[$0].isRange } }
}

extension Checker {
    /// An update without a `for`.
    func assignRanges(_ target: RegionTarget, _ subscripts: [Subscript], _ written: Expression) -> [TypedStatement] {
        let whole = expression(written, expecting: target.type.element)
        guard whole.type != .error, let typed = typed(subscripts, index: { self.index($0) }),
            let points = ranges(of: target, typed)
        else { return [] }
        let (ranges, assigned) = asRow(target, points, whole)
        guard let value = value(target, ranges, written.span, { _ in assigned }) else { return [] }
        let checks = context.hoisted
        context.hoisted = []
        let (names, parts) = value.type.components == nil ? ([], value) : dissolved(value, named: "new")
        return checks + names
            + updates(target, ranges, parts.leafReads, nil).map { TypedStatement(kind: $0, span: target.span) }
    }

    /// The subscripts as what is written: nil where one is wrong.
    func ranges(of target: RegionTarget, _ subscripts: [TypedSubscript]) -> AssignedRanges? {
        guard let subscripts = expanded(subscripts, rank: target.type.rank, target.span),
            let (cuts, shape) = cuts(firstLeaf(target.current), target.type, subscripts, target.span)
        else { return nil }
        return AssignedRanges(cuts: cuts, shape: shape)
    }

    /// The new values of the ranges' elements in the type that the variable wants; nil where there was a mistake.
    func value(
        _ target: RegionTarget, _ ranges: AssignedRanges, _ span: Span, _ read: (ElementType?) -> TypedExpression
    ) -> TypedExpression? {
        var value = read(target.type.element)
        if target.op != .assign {
            let type = target.type
            let divided = type.placement.dividedAxis.flatMap { ranges.axes.firstIndex(of: $0) }
            let placement =
                divided.map { Placement.scattered(axis: $0) } ?? (type.placement == .local ? .local : .replicated)
            let own = mapped(target.old ?? target.current) { leaf in
                let element = leaf.type.array?.element ?? type.element
                // Both parts of complex numbers are read before one is written: the slice is an array of its own.
                if divided != nil, target.current.type.components != nil, let own = leaf.type.array {
                    return slice(leaf, own, ranges.cuts.map(\.subscripted), target.span)
                }
                return TypedExpression(
                    .slice(leaf, ranges.cuts), .array(ArrayType(element, ranges.shape, placement)), target.span)
            }
            value = assigned(own, target.op, target.span) { _ in value }
        }
        guard value.type != .error else { return nil }
        guard let own = arrayType(of: value) else {
            if value.type.dataLeaves == nil { report(.elementNotScalar(value.type, at: span)) }
            return value.type.dataLeaves == nil ? nil : converted(value, target, [], span)
        }
        if own.isScalar { return converted(value, target, [], span) }
        if own.placement.isPart {
            report(.partUsed(value.type, "assigned", at: span))
        } else if own.placement == .root {
            report(.rootArithmetic(value.type, at: span))
        } else if hasShape(value, own, of: ranges, target, span), isAligned(value, own, ranges, target, span) {
            return converted(value, target, own.shape, span)
        }
        return nil
    }

    private func converted(
        _ value: TypedExpression, _ target: RegionTarget, _ shape: [Size], _ span: Span
    ) -> TypedExpression? {
        let placement: Placement = target.type.placement == .local ? .local : .replicated
        let wanted = target.current.type.element(placement)
        let what = "an element of `\(target.name)`"
        guard !shape.isEmpty, let own = arrayType(of: value) else {
            let number = convert(value, to: wanted, for: what)
            return number.type == .error ? nil : number
        }
        // What is wrong is said of an element.
        let element = TypedExpression(
            value.kind, value.type.element(own.placement == .local ? .local : .replicated), span)
        guard convert(element, to: wanted, for: what).type != .error else { return nil }
        let array = convert(value, to: wanted.over(shape, placement == .local ? .local : own.placement), for: what)
        return array.type == .error ? nil : array
    }

    /// Whether an array has the shape of what is assigned, as far as can be told; what cannot is checked before.
    private func hasShape(
        _ value: TypedExpression, _ type: ArrayType, of ranges: AssignedRanges, _ target: RegionTarget, _ span: Span
    ) -> Bool {
        guard ranges.shape.count == type.rank,
            zip(ranges.shape, type.shape).allSatisfy({ Size.difference($0, $1) ?? 0 == 0 })
        else {
            report(.regionShape(target.name, ranges.shape, value, at: span))
            return false
        }
        for (axis, cut) in ranges.axes.map({ ranges.cuts[$0] }).enumerated()
        where ranges.shape[axis] != type.shape[axis] {
            var extent = extent(firstLeaf(value), axis, span)
            extent.span = span
            checkBefore(count(of: cut), extent, "the elements assigned and axis \(axis) of the value")
        }
        return true
    }

    /// How many indices a range has: max(0, (upper - lower + step - 1) // step).
    private func count(of cut: Subscripted) -> TypedExpression {
        guard case .range(let lower, let upper, let step) = cut else { return cut.children[0] }
        let span = lower.span
        let gap = arithmetic(.subtract, upper, lower, span)
        let length = arithmetic(.add, gap, arithmetic(.subtract, step, integer(1, span), span), span)
        return arithmetic(.max, integer(0, span), arithmetic(.floorDivide, length, step, span), span)
    }

    /// Whether the elements of an array lie where they are assigned, or are dealt out anew by all ranks together.
    private func isAligned(
        _ value: TypedExpression, _ type: ArrayType, _ ranges: AssignedRanges, _ target: RegionTarget, _ span: Span
    ) -> Bool {
        guard let own = type.placement.dividedAxis else { return true }
        let name = sourceText(span)
        guard let divided = target.type.placement.dividedAxis else {
            report(.sharedFromDivided(target.name, .array(target.type), name, at: target.span, span))
            return false
        }
        guard ranges.axes[own] == divided else {
            report(.dividedDifferently(name, at: span, target.name, target.span, isWritten: true))
            return false
        }
        if ranges.shape[own] != target.type.shape[divided], !value.isSliced {
            requireUniform("an array assigned to a part of a divided axis", span)
        }
        return true
    }

    /// The update of each array that is assigned.
    func updates(
        _ target: RegionTarget, _ ranges: AssignedRanges, _ values: [TypedExpression], _ condition: TypedExpression?
    ) -> [TypedStatement.Kind] {
        let domain = target.domain
        let indices = ranges.cuts.map(domain.bindingIndices)
        return zip(target.current.leafReads, values).compactMap { leaf, value in
            guard case .variable(let variable) = leaf.kind else { return nil }
            return .update(
                variable, indices: indices, value: domain.bindingIndices(value),
                condition: condition.map(domain.bindingIndices), domain: domain.typed)
        }
    }
}

extension OpenDomain {
    fileprivate func bindingIndices(_ cut: Subscripted) -> Subscripted {
        switch cut {
        case .index(let index, let bounds): .index(bindingIndices(index), bounds)
        case .range(let lower, let upper, let step):
            .range(lower: bindingIndices(lower), upper: bindingIndices(upper), step: bindingIndices(step))
        }
    }
}

extension TypedExpression {
    /// Whether it is element by element of slices, which said already that they communicate where they do.
    fileprivate var isSliced: Bool {
        switch kind {
        case .slice, .arrayOperation: true
        case .apply(_, let operands): operands.allSatisfy { $0.type.array?.placement.isDivided != true || $0.isSliced }
        case .convert(let inner): inner.isSliced
        default: false
        }
    }
}

extension Subscripted {
    /// The same as it is written between brackets.
    fileprivate var subscripted: TypedSubscript {
        switch self {
        case .index(let index, _): .index(index)
        case .range(let lower, let upper, let step): .range(lower: lower, upper: upper, step: step, lower.span)
        }
    }
}

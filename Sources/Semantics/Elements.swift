import Language
import Source
import Syntax

// `a[...]`: elements, aligned reads of scattered arrays, slices.

extension Checker {
    func indexed(_ base: Expression, _ subscripts: [Subscript], _ span: Span) -> TypedExpression {
        var array = expressionOrView(base)
        guard array.type != .error else { return array }
        guard let type = array.type.array, !type.isScalar else {
            return report(.notIndexable(array.type, at: base.span))
        }
        guard type.placement == .replicated || type.placement == .local || type.placement.dividedAxis != nil else {
            return type.placement.isPart
                ? report(.partUsed(array.type, "indexed", at: base.span)) : report(.misplacedRead(array.type, at: span))
        }
        guard let subscripts = expandedSubscripts(subscripts, rank: type.rank, span) else { return error(span) }
        if context.isElement, !array.isView { array = stable(array) }
        var indices: [TypedExpression] = []
        for case .index(let written) in subscripts { indices.append(subscriptIndex(written)) }
        if indices.contains(where: { $0.type == .error }) { return error(span) }
        if indices.contains(where: { $0.type.array?.isScalar == false }) {
            return report(.notYetSupported("an index array", at: span))
        }
        if indices.count == type.rank { return element(array, type, indices, span) }
        if array.isView { return report(.viewSliced(sourceText(base.span), at: span)) }
        return slice(array, type, subscripts, indices, span)
    }

    private func subscriptIndex(_ written: Expression) -> TypedExpression {
        let typed = expression(written, expecting: .i64)
        guard let type = typed.type.array else {
            return typed.type == .error ? typed : report(.notAnInteger(typed.type, at: written.span))
        }
        guard type.element.isInteger else { return report(.notAnInteger(typed.type, at: written.span)) }
        return type.isScalar ? convert(typed, toElement: .i64) : typed
    }

    /// `..` alone stands for as many whole axes as are missing.
    private func expandedSubscripts(_ written: [Subscript], rank: Int, _ span: Span) -> [Subscript]? {
        var subscripts = written
        if written.count < rank, case .all(let all)? = written.last {
            subscripts += [Subscript](repeating: .all(all), count: rank - written.count)
        }
        guard subscripts.count == rank else {
            report(.wrongIndexCount(rank, got: written.count, at: span))
            return nil
        }
        return subscripts
    }

    private func element(_ array: TypedExpression, _ type: ArrayType, _ indices: [TypedExpression], _ span: Span)
        -> TypedExpression
    {
        if case .view(let base, let view) = array.kind { return element(of: base, view, type, indices, span) }
        var bounds = Bounds.proved
        for (axis, index) in indices.enumerated() {
            switch verdict(index: index, extent: type.shape[axis]) {
            case .proved: break
            case .unknown: bounds = .checked
            case .broken(let value): return report(.indexOutOfRange(value, type.shape[axis], axis, at: index.span))
            }
        }
        var base = array
        var indices = indices
        if let axis = type.placement.dividedAxis {
            guard let aligned = align(array, type, indices[axis], axis, span) else { return error(span) }
            indices[axis] = aligned.index
            if aligned.offset != 0 {
                var view = View(nil)
                view.offset = aligned.offset
                base = TypedExpression(.view(array, view), array.type, array.span)
            }
        }
        let isLocal = type.placement == .local || indices.contains { $0.type.array?.placement == .local }
        let placement: Placement = isLocal ? .local : .replicated
        return TypedExpression(.element(base, indices, bounds), .scalar(type.element, placement), span)
    }

    // MARK: Slices

    private func slice(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [Subscript], _ indices: [TypedExpression],
        _ span: Span
    ) -> TypedExpression {
        if let axis = type.placement.dividedAxis { return scatteredSlice(array, type, axis, subscripts, indices, span) }
        var indices = indices[...]
        var shape: [Size] = []
        var typed: [Subscripted] = []
        for (axis, subscripted) in subscripts.enumerated() {
            switch subscripted {
            case .index:
                guard let index = indices.popFirst(), let bounds = checkedBounds(index, type.shape[axis], axis) else {
                    return error(span)
                }
                typed.append(.index(index, bounds))
            case .all:
                let upper = extent(array, axis, span)
                typed.append(.range(lower: integer(0, span), upper: upper, step: integer(1, span)))
                shape.append(type.shape[axis])
            case .range(let low, let high, let by, let rangeSpan):
                let lower = low.map { index($0) } ?? integer(0, span)
                let upper = high.map { index($0) } ?? extent(array, axis, span)
                let step = by.map { index($0) } ?? integer(1, span)
                guard lower.type != .error, upper.type != .error, step.type != .error else { return error(span) }
                guard case .constant(.integer(let stride, _)) = step.kind, stride > 0 else {
                    return report(.badStep(at: rangeSpan))
                }
                if let excess = (size(of: upper) - type.shape[axis]).constant, excess > 0 {
                    return report(
                        .indexOutOfRange("\(size(of: upper) - Size(1))", type.shape[axis], axis, at: rangeSpan))
                }
                if let low = size(of: lower).constant, low < 0 {
                    return report(.indexOutOfRange("\(low)", type.shape[axis], axis, at: rangeSpan))
                }
                shape.append(count(size(of: lower), size(of: upper), step: step))
                typed.append(.range(lower: lower, upper: upper, step: step))
            }
        }
        return TypedExpression(.slice(array, typed), .array(ArrayType(type.element, shape, type.placement)), span)
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

    /// A slice that keeps the whole divided axis and is an index or a whole axis elsewhere: a comprehension of aligned reads.
    private func scatteredSlice(
        _ array: TypedExpression, _ type: ArrayType, _ axis: Int, _ subscripts: [Subscript],
        _ indices: [TypedExpression],
        _ span: Span
    ) -> TypedExpression {
        let isWhole = subscripts.map { if case .all = $0 { true } else { false } }
        let isRange = subscripts.contains { if case .range = $0 { true } else { false } }
        guard isWhole[axis], !isRange, !context.isElement else {
            if case .index = subscripts[axis] {
                return report(.readNeedsOtherRank(sourceText(array.span), array.type, sourceText(span), at: span))
            }
            return report(.notYetSupported("this slice of a scattered array", at: span))
        }
        return bindingOnce(array) { array in
            var rest = indices[...]
            let all = self.domain(of: array, type, span).ranges
            let kept = all.indices.filter { isWhole[$0] }
            let domain = Domain(
                ranges: kept.map { all[$0] },
                divided: kept.firstIndex(of: axis).map { ($0, all[axis].upper) })
            var read: [TypedExpression] = []
            var bounds = Bounds.proved
            for position in all.indices {
                if isWhole[position] {
                    read.append(TypedExpression(.variable(all[position].index), .i64, span))
                } else if let index = rest.popFirst() {
                    guard let verdict = checkedBounds(index, type.shape[position], position) else { return error(span) }
                    if verdict == .checked { bounds = .checked }
                    read.append(index)
                }
            }
            let element = TypedExpression(.element(array, read, bounds), .scalar(type.element), span)
            let placement = Placement.scattered(axis: domain.divided?.range ?? 0)
            let result = ArrayType(type.element, kept.map { type.shape[$0] }, placement)
            return TypedExpression(.comprehension(domain, element), .array(result), span)
        }
    }
}

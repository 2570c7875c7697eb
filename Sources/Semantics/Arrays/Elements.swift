import Language
import Source
import Syntax

// `a[...]`: elements, aligned reads of scattered arrays, slices.

extension Checker {
    func indexed(_ base: Expression, _ subscripts: [Subscript], _ span: Span) -> TypedExpression {
        let array = expressionOrView(base)
        guard array.type != .error else { return array }
        return indexed(array, base, subscripts, span)
    }

    func indexed(
        _ array: TypedExpression, _ base: Expression, _ subscripts: [Subscript], _ span: Span
    ) -> TypedExpression {
        if array.type.record?.isArray == true {
            return leafwise(array) { self.indexed($0, base, subscripts, span) }
        }
        var array = array
        guard let type = array.type.array, !type.isScalar else {
            return report(.notIndexable(array.type, at: base.span))
        }
        guard type.placement == .replicated || type.placement == .local || type.placement.dividedAxis != nil else {
            return type.placement.isPart
                ? report(.partUsed(array.type, "indexed", at: base.span)) : report(.misplacedRead(array.type, at: span))
        }
        if context.isElement, !array.isView { array = stable(array) }
        var indices: [TypedExpression] = []
        for case .index(let written) in subscripts { indices.append(subscriptIndex(written)) }
        if indices.contains(where: { $0.type == .error }) { return error(span) }
        if subscripts.count == 1, indices.first?.isMask == true, case .index(let mask) = subscripts[0],
            let compress = Builtins.named("compress")
        {
            return builtinCall(compress, [Argument(base), Argument(mask)], false, nil, span)
        }
        if indices.contains(where: { $0.type.array?.isScalar == false }) {
            if array.isView { return report(.viewSliced(sourceText(base.span), at: span)) }
            return gather(array, type, subscripts, indices, span)
        }
        guard let subscripts = expandedSubscripts(subscripts, rank: type.rank, span) else { return error(span) }
        if indices.count == type.rank { return element(array, type, indices, span) }
        if array.isView { return report(.viewSliced(sourceText(base.span), at: span)) }
        return slice(array, type, subscripts, indices, span)
    }

    private func subscriptIndex(_ written: Expression) -> TypedExpression {
        let typed = expression(written, expecting: .i64)
        guard let type = typed.type.array else {
            return typed.type == .error ? typed : report(.notAnInteger(typed.type, at: written.span))
        }
        if typed.isMask { return typed }
        guard type.element.isInteger else { return report(.notAnInteger(typed.type, at: written.span)) }
        if type.placement.isPart { return report(.partUsed(typed.type, "an index", at: written.span)) }
        if type.placement == .root { return report(.rootArithmetic(typed.type, at: written.span)) }
        return type.isScalar ? convert(typed, toElement: .i64) : typed
    }

    /// `..` alone stands for as many whole axes as are missing.
    func expandedSubscripts(_ written: [Subscript], rank: Int, _ span: Span) -> [Subscript]? {
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

    func element(_ array: TypedExpression, _ type: ArrayType, _ indices: [TypedExpression], _ span: Span)
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
            if aligned.offsets != 0...0 {
                var view = View()
                view.offsets = aligned.offsets
                base = TypedExpression(.view(array, view), array.type, array.span)
            }
        }
        let isLocal = type.placement == .local || indices.contains { $0.type.array?.placement == .local }
        let placement: Placement = isLocal ? .local : .replicated
        return TypedExpression(.element(base, indices, bounds), .scalar(type.element, placement), span)
    }
}

extension TypedExpression {
    /// An array of bools, `x[x > 0.0]`.
    var isMask: Bool { type.array.map { !$0.isScalar && $0.element == .bool } ?? false }
}

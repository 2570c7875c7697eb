import Language
import Source
import Syntax
import TypedTree

// `x[idx]` with an index array: an array of idx's shape and placement whose elements are those of x (its rows along axis 0).

extension Checker {
    func gather(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression {
        if subscripts.count > type.rank { return report(.wrongIndexCount(type.rank, got: subscripts.count, at: span)) }
        if let cut = cutFirst(array, type, subscripts, span) { return cut }
        if let mask = subscripts[0].index, mask.isMask, subscripts.dropFirst().allSatisfy(\.isAll) {
            return Builtins.named("compress").map { compress($0, [array, mask], span) } ?? error(span)
        }
        if let mask = subscripts.lazy.compactMap(\.index).first(where: \.isMask) {
            return report(.maskBeside(mask.type, at: span))
        }
        guard let axis = subscripts.firstIndex(where: \.isArray), subscripts.count(where: { !$0.isAll }) == 1,
            let index = subscripts[axis].index, let own = index.type.array
        else {
            return report(.indexArrayBeside(sourceText(array.span), at: span))
        }
        switch own.placement {
        case .part: return report(.partUsed(index.type, "an index", at: index.span))
        case .root: return report(.rootArithmetic(index.type, at: index.span))
        case .replicated, .scattered, .local: break
        }
        if own.rank + type.rank - 1 > 4 {
            return report(.notYetSupported("arrays of more than 4 dimensions", at: span))
        }
        if context.isElement, type.placement.isDivided || own.placement.isDivided {
            return report(.communicationInElement("`x[idx]` of a scattered array", at: span, domain: nil))
        }
        return bindingOnce(array) { array in
            bindingOnce(convert(index, toElement: .i64)) { index in
                guard type.placement.dividedAxis == axis else {
                    return gatheredInPlace(array, index, axis: axis, span)
                }
                return axis == 0
                    ? requested(array, type, index, own, span) : requestedAcross(array, type, index, axis, span)
            }
        }
    }

    /// `m[idx, 1]` is `m[.., 1][idx]`, of a mask, too; `m[1, idx]` is `m[1, ..][idx]`, and `m[2..5, idx]` is `m[2..5, ..][.., idx]`; nil where nothing is
    /// to be cut.
    private func cutFirst(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression? {
        guard subscripts.count == type.rank, let place = subscripts.firstIndex(where: \.isArray),
            subscripts.count(where: \.isArray) == 1, let index = subscripts[place].index
        else { return nil }
        var cuts = subscripts
        cuts[place] = .all(index.span)
        guard !cuts.allSatisfy(\.isAll) else { return nil }
        let cut = slice(array, type, cuts, span)
        guard let left = cut.type.array else { return cut }
        var whole = [TypedSubscript](repeating: .all(span), count: left.rank)
        whole[cuts[..<place].count { $0.index == nil }] = .index(index)
        return gather(cut, left, whole, span)
    }

    /// x is divided along the axis that the indices go along: every rank asks the owners.
    func requested(
        _ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ own: ArrayType, _ span: Span
    ) -> TypedExpression {
        requireUniform("`x[idx]` of a scattered array", span)
        return gathered(array, index, count: extent(array, 0, span), span)
    }

    /// x is divided along another axis than the first, along which the indices go: that one comes first meanwhile, as it is stored.
    private func requestedAcross(
        _ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ axis: Int, _ span: Span
    ) -> TypedExpression {
        guard let own = index.type.array, own.rank == 1 else {
            return report(.indexArrayBeside(sourceText(array.span), at: span))
        }
        let (there, back) = ordersAround(axis, rank: type.rank)
        let first = inOrder(there, array, span)
        guard let firstType = first.type.array else { return first }
        return bindingOnce(first) { first in
            bindingOnce(requested(first, firstType, index, own, span)) { inOrder(back, $0, span) }
        }
    }

    private func inOrder(_ order: [Int], _ array: TypedExpression, _ span: Span) -> TypedExpression {
        guard let type = array.type.array else { return array }
        return reordered(array, order, domain(of: array, type, span).ranges, span)
    }

    /// Every rank has what it reads: a comprehension, which fuses with what is done with it.
    func gatheredInPlace(
        _ array: TypedExpression, _ index: TypedExpression, axis: Int = 0, _ span: Span
    ) -> TypedExpression {
        guard let type = array.type.array, let own = index.type.array else { return error(span) }
        let outer = self.domain(of: index, own, span).ranges
        let inner = self.domain(of: array, type, span).ranges
        var domain = Domain(ranges: inner[..<axis] + outer + inner[(axis + 1)...])
        var placement: Placement = own.placement == .local || type.placement == .local ? .local : .replicated
        if let divided = own.placement.dividedAxis { domain.divided = (axis + divided, outer[divided].upper) }
        if let divided = type.placement.dividedAxis {
            guard domain.divided == nil else {
                return report(.indexOnAllRanks("x[idx]", array.type, index.type, at: index.span))
            }
            domain.divided = (divided < axis ? divided : own.rank + divided - 1, inner[divided].upper)
        }
        if let divided = domain.divided {
            guard placement == .replicated else { return report(.placementMismatch("x[idx]", array, index, at: span)) }
            placement = .scattered(axis: divided.range)
        }
        let positions = outer.map { $0.index.read(at: span) }
        let position = TypedExpression(
            .element(index, positions, .proved), .scalar(.i64, own.placement == .local ? .local : .replicated), span)
        var read = inner.map { $0.index.read(at: span) }
        read[axis] = position
        let element = TypedExpression(
            .element(array, read, .checked), .scalar(type.element, placement == .local ? .local : .replicated), span)
        let shape = type.shape[..<axis] + own.shape + type.shape[(axis + 1)...]
        return TypedExpression(
            .comprehension(domain, element), .array(ArrayType(type.element, Array(shape), placement)), span)
    }
}

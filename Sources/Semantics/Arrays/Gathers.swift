import Language
import Source
import Syntax

// `x[idx]` with an index array: an array of idx's shape and placement whose elements are those of x (its rows along axis 0).

extension Checker {
    func gather(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression {
        if subscripts.count > type.rank { return report(.wrongIndexCount(type.rank, got: subscripts.count, at: span)) }
        if subscripts.contains(where: { $0.index?.isMask == true }) {
            return report(.indexArrayBeside(sourceText(array.span), at: span))
        }
        if let cut = cutFirst(array, type, subscripts, span) { return cut }
        guard subscripts.dropFirst().allSatisfy(\.isAll), let index = subscripts[0].index, let own = index.type.array
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
                type.placement.dividedAxis == 0
                    ? requested(array, type, index, own, span) : gatheredInPlace(array, type, index, own, span)
            }
        }
    }

    /// `m[idx, 1]` is `m[.., 1][idx]`, and `m[1, idx]` is `m[1, ..][idx]`; nil where nothing is to be cut, or the indices do not go along
    /// what is then the first axis.
    private func cutFirst(
        _ array: TypedExpression, _ type: ArrayType, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression? {
        guard subscripts.count == type.rank, let place = subscripts.firstIndex(where: \.isArray),
            subscripts.count(where: \.isArray) == 1, subscripts[..<place].allSatisfy({ $0.index != nil }),
            let index = subscripts[place].index
        else { return nil }
        var cuts = subscripts
        cuts[place] = .all(index.span)
        guard !cuts.allSatisfy(\.isAll) else { return nil }
        let cut = slice(array, type, cuts, span)
        guard let left = cut.type.array else { return cut }
        let whole = [TypedSubscript](repeating: .all(span), count: left.rank - 1)
        return gather(cut, left, [.index(index)] + whole, span)
    }

    /// x is divided along the axis that the indices go along: every rank asks the owners.
    func requested(
        _ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ own: ArrayType, _ span: Span
    ) -> TypedExpression {
        requireUniform("`x[idx]` of a scattered array", span)
        return gathered(array, index, count: extent(array, 0, span), span)
    }

    /// Every rank has what it reads: a comprehension, which fuses with what is done with it.
    func gatheredInPlace(
        _ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ own: ArrayType, _ span: Span
    ) -> TypedExpression {
        let outer = self.domain(of: index, own, span).ranges
        let inner = self.domain(of: array, type, span).ranges.dropFirst()
        var domain = Domain(ranges: outer + inner)
        var placement: Placement = own.placement == .local || type.placement == .local ? .local : .replicated
        if let axis = own.placement.dividedAxis { domain.divided = (axis, outer[axis].upper) }
        if let axis = type.placement.dividedAxis {
            guard domain.divided == nil else {
                return report(.indexOnAllRanks("x[idx]", array.type, index.type, at: index.span))
            }
            domain.divided = (own.rank + axis - 1, inner[axis].upper)
        }
        if let divided = domain.divided {
            guard placement == .replicated else { return report(.placementMismatch("x[idx]", array, index, at: span)) }
            placement = .scattered(axis: divided.range)
        }
        func read(_ ranges: some Sequence<Domain.Range>) -> [TypedExpression] {
            ranges.map { $0.index.read(at: span) }
        }
        let position = TypedExpression(
            .element(index, read(outer), .proved), .scalar(.i64, own.placement == .local ? .local : .replicated), span)
        let element = TypedExpression(
            .element(array, [position] + read(inner), .checked),
            .scalar(type.element, placement == .local ? .local : .replicated), span)
        return TypedExpression(
            .comprehension(domain, element),
            .array(ArrayType(type.element, own.shape + type.shape.dropFirst(), placement)), span)
    }
}

/// Elements (rows) of an array that other ranks hold, `count` of them along its divided axis: their owners are asked for them.
func gathered(
    _ array: TypedExpression, _ index: TypedExpression, count: TypedExpression, _ span: Span
) -> TypedExpression {
    guard let type = array.type.array, let own = index.type.array else { return array }
    let plan = TypedExpression(
        .arrayOperation(ArrayOperation(.gatherPlan), [index, count]), .array(ArrayType(.i64, [Size(1)], .local)), span)
    return TypedExpression(
        .arrayOperation(ArrayOperation(.gather), [array, index, plan]),
        .array(ArrayType(type.element, own.shape + type.shape.dropFirst(), own.placement)), span)
}

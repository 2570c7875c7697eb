import Language
import Source
import TypedTree

// Where scattered arrays are read: on the rank that holds an element, or at a bounded distance from it (a halo).

extension Checker {
    /// What an index along a divided axis is: that of a domain's range, plus one of some offsets.
    struct Aligned {
        /// The index, written with the domain's own one.
        var index: TypedExpression
        var offsets: ClosedRange<Int>
        var range: Domain.Range
    }

    /// A scattered array is read where it lies or at a bounded distance: its divided axis at an index of a domain plus a constant, or
    /// plus what lies between constants (`u[i + q - 2]` for q in 0..5). The domain is thereby divided.
    func align(_ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ axis: Int, _ span: Span)
        -> Aligned?
    {
        let name = sourceText(array.span)
        for domain in context.domains {
            for (position, range) in domain.ranges.enumerated() {
                // No array has rows farther away than it can have elements.
                guard let aligned = aligned(index, with: range, of: domain),
                    (-Shape.mostElements...Shape.mostElements).contains(aligned.offsets.lowerBound),
                    aligned.offsets.upperBound <= Shape.mostElements
                else { continue }
                divide(
                    domain,
                    DividedRange(
                        range: position, extent: extent(array, axis, span), size: type.shape[axis], name: name,
                        span: span, direction: type.placement.distribution.direction(axis: axis)))
                return aligned
            }
        }
        let text = sourceText(index.span)
        report(.readNeedsOtherRank(name, context.records ?? array.type, text, at: span, distantIndex(index)))
        return nil
    }

    private func distantIndex(_ index: TypedExpression) -> DistantIndex {
        let read = index.variables
        if let domain = context.domains.first(where: { !$0.boundIndices.isDisjoint(with: read) }),
            let written = domain.divided, written.isWritten
        {
            return .written(written.name)
        }
        let ranges = context.domains.flatMap(\.ranges)
        if let size = sizes.knownSize(of: index), ranges.contains(where: { distance(from: $0, to: size) != nil }) {
            return .shift
        }
        return ranges.contains { read.contains($0.index) } ? .otherwise : .elsewhere
    }

    /// What is added to a range's index; nil where that index stands in it too.
    private func distance(from range: Domain.Range, to size: Size) -> Size? {
        guard let own = sizes.variables[range.index], let atom = own.terms.keys.first?.first else { return nil }
        let distance = size - own
        return distance.terms.keys.contains { $0.contains(atom) } ? nil : distance
    }

    /// nil: not that range's index plus what lies between constants.
    private func aligned(_ index: TypedExpression, with range: Domain.Range, of domain: OpenDomain) -> Aligned? {
        if case .variable(range.index) = index.kind { return Aligned(index: index, offsets: 0...0, range: range) }
        guard let size = sizes.knownSize(of: index), sizes.variables[range.index] != nil else { return nil }
        if let distance = distance(from: range, to: size), let offsets = sizes.constantBounds(of: distance) {
            let own = range.index.read(at: index.span)
            return Aligned(index: distance == Size(0) ? own : index, offsets: offsets, range: range)
        }
        // The one row that is written: `v[0, j] = v[1, j]`.
        guard let row = domain.rows.first(where: { $0.index == range.index })?.size,
            let offset = Size.difference(size, row)
        else { return nil }
        let variable = range.index.read(at: index.span)
        let moved = arithmetic(.add, variable, integer(offset, index.span), index.span)
        return Aligned(index: offset == 0 ? variable : moved, offsets: offset...offset, range: range)
    }
}

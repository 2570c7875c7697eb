import Language
import Source
import Syntax
import TypedTree

// The left side of a region assignment: which elements it writes, that each is written once, and that their owners do it.

extension Checker {
    /// The index of every axis.
    func writtenPoints(_ target: RegionTarget, _ subscripts: [Subscript]) -> WrittenPoints? {
        guard let typed = typed(subscripts, index: { self.index($0) }),
            let subscripts = expanded(typed, rank: target.type.rank, target.span)
        else { return nil }
        var points = WrittenPoints(indices: [])
        for (axis, index) in subscripts.compactMap(\.index).enumerated() {
            switch verdict(index: index, extent: target.type.shape[axis]) {
            case .proved: points.indices.append((index, .proved))
            case .unknown: points.indices.append((index, .checked))
            case .broken(let value):
                report(.indexOutOfRange(value, target.type.shape[axis], axis, at: index.span))
                return nil
            }
        }
        return points
    }

    // MARK: Every element once

    /// Whether no two points of the domain write the same element: as many of the indices are independent linear combinations of
    /// those of the domain as it has ranges.
    func areDistinct(_ indices: [TypedExpression], _ domain: OpenDomain) -> Bool {
        let atoms = domain.ranges.compactMap { sizes.variables[$0.index]?.atom }
        guard atoms.count == domain.ranges.count else { return false }
        let rows = indices.compactMap { index -> [Int]? in
            guard let size = sizes.knownSize(of: index) else { return nil }
            let isLinear = size.terms.keys.allSatisfy { $0.count == 1 || Set($0).isDisjoint(with: atoms) }
            return isLinear ? atoms.map { size.terms[[$0]] ?? 0 } : nil
        }
        return rank(of: rows) == atoms.count
    }

    /// The rank of an integer matrix: elimination without fractions.
    private func rank(of matrix: [[Int]]) -> Int {
        var rows = matrix
        var rank = 0
        for column in matrix.first?.indices ?? 0..<0 {
            guard let pivot = rows[rank...].firstIndex(where: { $0[column] != 0 }) else { continue }
            rows.swapAt(rank, pivot)
            for row in rows.indices where row > rank && rows[row][column] != 0 {
                let (p, q) = (rows[rank][column], rows[row][column])
                rows[row] = zip(rows[row], rows[rank]).map { $0 &* p &- $1 &* q }
            }
            rank += 1
            if rank == rows.count { break }
        }
        return rank
    }

    // MARK: Where the elements lie

    /// Writes to a scattered variable go where the element lies: the divided axis at an index of the domain, or in one row, over
    /// which a range of its own then runs. Gives the index.
    func alignWrite(_ target: RegionTarget, _ index: TypedExpression, _ axis: Int) -> TypedExpression? {
        let domain = target.domain
        var divided = DividedRange(
            range: 0, extent: extent(firstLeaf(target.current), axis, target.span), size: target.type.shape[axis],
            name: target.name, span: target.span,
            direction: target.type.placement.distribution.direction(axis: axis), isWritten: true)
        if let position = domain.ranges.firstIndex(where: { index.isVariable($0.index) }) {
            divided.range = position
            divide(domain, divided)
            return index
        }
        let own = Set(domain.ranges.map(\.index)).union(domain.boundIndices)
        guard index.variables.isDisjoint(with: own) else {
            report(.writeNeedsOtherRank(target.name, sourceText(index.span), at: index.span))
            return nil
        }
        let next = arithmetic(.add, index, integer(1, index.span), index.span)
        let row = indexVariable(Name("_", index.span), .i64, index, next)
        domain.rows.append((row, sizes.size(of: index)))
        domain.ranges.insert(Domain.Range(index: row, lower: index, upper: next, step: integer(1, index.span)), at: 0)
        domain.divided?.range += 1
        domain.across?.range += 1
        divide(domain, divided)
        return row.read(at: index.span)
    }

    // MARK: Indices that stand for others

    /// An index that is a range's own one, times a number and plus what is the same for all points, runs over a range itself:
    ///
    ///     v[2*i + 1] = x[i] for i in 0..n        →        v[k] = x[i] for k in 1..2*n by 2, where i = (k - 1) / 2
    ///
    /// So a write along a divided axis stays the owner's, and one that fills a box is seen to. nil: it is not such an index.
    func substituted(_ index: TypedExpression, isNeeded: Bool, _ domain: OpenDomain) -> TypedExpression? {
        guard let size = sizes.knownSize(of: index) else { return nil }
        let atoms = domain.ranges.compactMap { sizes.variables[$0.index]?.atom }
        for (position, range) in domain.ranges.enumerated()
        where domain.divided?.range != position && domain.across?.range != position {
            guard let atom = sizes.variables[range.index]?.atom, !index.isVariable(range.index),
                let factor = size.terms[[atom]], factor == 1 || isNeeded,
                case .constant(.integer(let step, _)) = range.step.kind
            else { continue }
            let rest = size - Size.term([atom], factor)
            guard Set(rest.terms.keys.joined()).isDisjoint(with: atoms) else { continue }
            let shift = shift(of: index, rest, range.index)
            let stretch = Stretch(factor: factor, step: Int(step), shift: shift, rest: rest, span: index.span)
            let stretched = stretched(range, by: stretch)
            domain.ranges[position] = stretched
            let own = stretched.index.read(at: index.span)
            let distance = arithmetic(.subtract, own, shift, index.span)
            let times = integer(factor, index.span)
            let original =
                switch factor {
                case 1: distance
                case -1: arithmetic(.subtract, shift, own, index.span)
                default: arithmetic(.floorDivide, distance, times, index.span)
                }
            if abs(factor) == 1, let new = sizes.variables[stretched.index] {
                sizes.variables[range.index] = (new - rest) * Size(factor)
            }
            domain.bind(range.index, to: original)
            return own
        }
        return nil
    }

    /// What is added to the multiple of a range's index: the index where that one is 0.
    private func shift(of index: TypedExpression, _ rest: Size, _ variable: Variable) -> TypedExpression {
        if let known = sizes.expression(for: rest, index.span) { return known }
        let zero = TypedStatement(kind: .binding(variable, integer(0, index.span)), span: index.span)
        return TypedExpression(.block(TypedBlock([zero], index)), index.type, index.span)
    }

    /// `factor · index + shift`, of an index that goes in steps; `rest` is the shift as a size, `span` where that is written.
    private struct Stretch {
        var factor, step: Int
        var shift: TypedExpression
        var rest: Size
        var span: Span
    }

    /// The range of what the indices become, rising.
    private func stretched(_ range: Domain.Range, by stretch: Stretch) -> Domain.Range {
        let (factor, step, rest, span) = (stretch.factor, stretch.step, stretch.rest, stretch.span)
        func image(_ value: TypedExpression) -> TypedExpression {
            let scaled = factor == 1 ? value : arithmetic(.multiply, integer(factor, span), value, span)
            return rest == Size(0) ? scaled : arithmetic(.add, scaled, stretch.shift, span)
        }
        var last = arithmetic(.subtract, range.upper, integer(1, span), span)
        if factor < 0, step != 1 {
            let steps = arithmetic(
                .floorDivide, arithmetic(.subtract, last, range.lower, span), integer(step, span), span)
            last = arithmetic(.add, range.lower, arithmetic(.multiply, steps, integer(step, span), span), span)
        }
        let (lower, greatest) = factor > 0 ? (image(range.lower), image(last)) : (image(last), image(range.lower))
        let upper =
            factor == 1 ? image(range.upper) : arithmetic(.add, greatest, integer(1, span), span)
        let ends = [sizes.size(of: range.lower), sizes.size(of: range.upper) - Size(1)].map { $0 * Size(factor) + rest }
        let index = newVariable(range.index.name, range.index.type)
        sizes.bound(index, from: factor > 0 ? ends[0] : ends[1], to: factor > 0 ? ends[1] : ends[0], span)
        return Domain.Range(index: index, lower: lower, upper: upper, step: integer(abs(factor) * step, span))
    }
}

extension OpenDomain {
    /// Puts the ranges in the order of the axes that they run along, where each axis has its own.
    func orderRanges(by indices: [TypedExpression]) {
        let order = indices.compactMap { index in ranges.firstIndex { index.isVariable($0.index) } }
        guard order.count == ranges.count, Set(order).count == order.count else { return }
        if let old = divided?.range, let new = order.firstIndex(of: old) { divided?.range = new }
        if let old = across?.range, let new = order.firstIndex(of: old) { across?.range = new }
        ranges = order.map { ranges[$0] }
    }

    /// An index that is known from that of a range now.
    func bind(_ index: Variable, to value: TypedExpression) {
        indexBindings.insert(TypedStatement(kind: .binding(index, value), span: value.span), at: 0)
        bodyVariables.insert(index)
    }

    var boundIndices: Set<Variable> {
        Set(indexBindings.compactMap { if case .binding(let index, _) = $0.kind { index } else { nil } })
    }

    /// Elements' code with the indices that it reads.
    func bindingIndices(_ value: TypedExpression) -> TypedExpression {
        if value.variables.isDisjoint(with: boundIndices) { return value }
        return TypedExpression(.block(TypedBlock(indexBindings, value)), value.type, value.span)
    }
}

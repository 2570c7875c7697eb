import CNumerics
import LLVMSupport
import Language

/// Sums of products of distances to means, in one pass (docs/architecture.md, "Bits"). Of one number x or two, x and y:
///
///     a contribution:     (1, x…, 0), or all 0 where it does not count
///     what a lane keeps:  (count, first x…, sum of (x - first)…, sum of (x - first) * (y - first))
///     a value:            (count, mean…, sum of (x - mean) * (y - mean))
///
/// What other operators keep in a lane is a value, and gathering is combining.
extension ReductionOperator {
    /// What a lane keeps while it gathers contributions of such elements.
    func laneElements(_ elements: [ElementType]) -> [ElementType] {
        isOfMeans ? Array(repeating: .f64, count: 2 + 2 * means) : elements
    }
}

extension Emitter {
    /// A lane that has gathered nothing.
    func emptyLane(_ op: ReductionOperator, _ laneElements: [ElementType]) throws -> [LLVMValue] {
        op.isOfMeans ? try laneElements.map { try type($0).null } : try identity(op, laneElements[0])
    }

    /// A lane with one contribution more.
    func gather(
        _ op: ReductionOperator, _ elements: [ElementType], _ lane: [LLVMValue], _ contribution: [LLVMValue]
    ) throws -> [LLVMValue] {
        guard op.isOfMeans else { return try combine(op, elements, lane, contribution) }
        let (count, one) = (lane[0], contribution[0])
        let isFirst = builder.compare(.oeq, count, count.type.null)
        let firsts = (1...op.means).map { builder.select(isFirst, contribution[$0], lane[$0]) }
        var new = [builder.binary(.fadd, count, one)] + firsts + lane.dropFirst(1 + op.means)
        new = try gatherDistances(op, new, contribution)
        let counts = builder.compare(.une, one, one.type.null)
        return zip(new, lane).map { builder.select(counts, $0, $1) }
    }

    /// A lane that has counted a contribution and has a first one already, with its distances to that.
    func gatherDistances(
        _ op: ReductionOperator, _ lane: [LLVMValue], _ contribution: [LLVMValue]
    ) throws -> [LLVMValue] {
        let means = op.means
        let distances = (1...means).map { builder.binary(.fsub, contribution[$0], lane[$0]) }
        let sums = (1...means).map { builder.binary(.fadd, lane[means + $0], distances[$0 - 1]) }
        let products = try scalar(.fma, .f64, [distances[0], distances[means - 1], lane[1 + 2 * means]])
        return lane.prefix(1 + means) + sums + [products]
    }

    /// The value that a lane's contributions come to.
    func gathered(_ op: ReductionOperator, _ lane: [LLVMValue]) throws -> [LLVMValue] {
        guard op.isOfMeans else { return lane }
        let means = op.means
        let (count, products) = (lane[0], lane[1 + 2 * means])
        let isEmpty = builder.compare(.oeq, count, count.type.null)
        let shifts = (0..<means).map { builder.binary(.fdiv, lane[1 + means + $0], count) }
        let centred = try scalar(
            .fma, .f64, [builder.negateFloat(lane[1 + means]), shifts[means - 1], products])
        // A sum that has overflowed stays infinite.
        let sum = builder.select(try scalar(.isinf, .f64, [products]), products, centred)
        let new = (0..<means).map { builder.binary(.fadd, lane[1 + $0], shifts[$0]) } + [sum]
        return [count] + new.map { builder.select(isEmpty, $0.type.null, $0) }
    }

    /// Chan's formula; what has no contributions changes nothing.
    func combineMoments(_ a: [LLVMValue], _ b: [LLVMValue]) throws -> [LLVMValue] {
        let count = builder.binary(.fadd, a[0], b[0])
        let weight = builder.binary(.fdiv, b[0], count)
        let middle = 1..<a.count - 1
        let distances = middle.map { builder.binary(.fsub, b[$0], a[$0]) }
        let means = try middle.map { try scalar(.fma, .f64, [distances[$0 - 1], weight, a[$0]]) }
        let product = builder.binary(.fmul, distances[0], distances[middle.count - 1])
        let sums = builder.binary(.fadd, a[middle.upperBound], b[middle.upperBound])
        let sum = try scalar(.fma, .f64, [product, builder.binary(.fmul, a[0], weight), sums])
        let isFirst = builder.compare(.oeq, a[0], a[0].type.null)
        let isSecond = builder.compare(.oeq, b[0], b[0].type.null)
        return zip([count] + means + [sum], zip(a, b)).map { both, one in
            builder.select(isSecond, one.0, builder.select(isFirst, one.1, both))
        }
    }

    // MARK: Leaves without gaps

    /// Does `combine` on some vectors' lanes. Where they hold as many contributions as they do in a leaf without gaps, `perLane` each,
    /// it is done by code in which that is a constant: then nothing divides.
    func combineEvenly(
        _ op: ReductionOperator, _ vectors: [[LLVMValue]], perLane: Int,
        _ combine: ([[LLVMValue]]) throws -> [LLVMValue]
    ) throws -> [LLVMValue] {
        guard op.isOfMeans else { return try combine(vectors) }
        let count = vectors[0][0].type.constant(Double(perLane))
        let others = vectors.map { builder.compare(.une, $0[0], count) }
        let isUneven = others.dropFirst().reduce(others[0]) { builder.binary(.or, $0, $1) }
        let places = vectors[0].prefix(op.arity).map { slot($0.type) }
        func store(_ values: [LLVMValue]) { for (value, place) in zip(values, places) { builder.store(value, place) } }
        try when(any(isUneven)) {
            store(try combine(vectors))
        } otherwise: {
            store(try combine(vectors.map { [count] + $0.dropFirst() }))
        }
        return places.map { builder.load(vectors[0][0].type, $0) }
    }
}

import CNumerics
import LLVMSupport
import Language

/// Sums around means, in one pass (docs/architecture.md, "Bits"). Of numbers x, or of pairs (x, y), a lane or a node of the tree is
///
///     (count, pivot…, sum of (x - pivot)…, sum of (x - pivot) * (y - pivot))
///
/// A lane's pivot is its first contribution, a node's is near the mean: so nothing large is ever taken from something large. A point
/// contributes (1, x…, 0…, 0), or all 0 where it does not count.
extension Emitter {
    /// A lane with one contribution more. Other operators combine it.
    func gather(
        _ op: ReductionOperator, _ elements: [ElementType], _ lane: [LLVMValue], _ contribution: [LLVMValue]
    ) throws -> [LLVMValue] {
        guard op.isOfMeans else { return try combine(op, elements, lane, contribution) }
        let (count, one) = (lane[0], contribution[0])
        let isFirst = builder.compare(.oeq, count, count.type.null)
        let pivots = (1...op.variables).map { builder.select(isFirst, contribution[$0], lane[$0]) }
        var new = [builder.binary(.fadd, count, one)] + pivots + lane.dropFirst(1 + op.variables)
        new = try gatherDistances(op, new, contribution)
        let counts = builder.compare(.une, one, one.type.null)
        return zip(new, lane).map { builder.select(counts, $0, $1) }
    }

    /// A lane that has counted a contribution and has a pivot already, with its distances to that.
    func gatherDistances(
        _ op: ReductionOperator, _ lane: [LLVMValue], _ contribution: [LLVMValue]
    ) throws -> [LLVMValue] {
        let variables = op.variables
        let distances = (1...variables).map { builder.binary(.fsub, contribution[$0], lane[$0]) }
        let sums = (1...variables).map { builder.binary(.fadd, lane[variables + $0], distances[$0 - 1]) }
        let products = try scalar(.fma, .f64, [distances[0], distances[variables - 1], lane[1 + 2 * variables]])
        return lane.prefix(1 + variables) + sums + [products]
    }

    /// What a lane has gathered, around its mean.
    func gathered(_ op: ReductionOperator, _ lane: [LLVMValue]) throws -> [LLVMValue] {
        guard op.isOfMeans else { return lane }
        let isEmpty = builder.compare(.oeq, lane[0], lane[0].type.null)
        let means = (1...op.variables).map {
            builder.binary(.fadd, lane[$0], builder.binary(.fdiv, lane[op.variables + $0], lane[0]))
        }
        return zip(try moved(lane, to: means), lane).map { builder.select(isEmpty, $1, $0) }
    }

    /// The same around other pivots. A sum of products that has overflowed stays as it is; where the way to the pivots overflows, it is
    /// infinite.
    private func moved(_ moment: [LLVMValue], to pivots: [LLVMValue]) throws -> [LLVMValue] {
        let (count, variables) = (moment[0], pivots.count)
        let shifts = (0..<variables).map { builder.binary(.fsub, moment[1 + $0], pivots[$0]) }
        let old = (0..<variables).map { moment[1 + variables + $0] }
        let sums = try (0..<variables).map { try scalar(.fma, .f64, [count, shifts[$0], old[$0]]) }
        let products = moment[1 + 2 * variables]
        let half = try scalar(.fma, .f64, [shifts[variables - 1], old[0], products])
        let whole = try scalar(.fma, .f64, [shifts[0], sums[variables - 1], half])
        let kept = builder.select(try scalar(.isinf, .f64, [products]), products, whole)
        let far = try scalar(.fma, .f64, [shifts[0], shifts[variables - 1], products])
        let isFar = try scalar(.isinf, .f64, [shifts[0]])
        let areFar = try shifts.dropFirst().reduce(isFar) {
            builder.binary(.and, $0, try scalar(.isinf, .f64, [$1]))
        }
        return [count] + pivots + sums + [builder.select(areFar, far, kept)]
    }

    /// Both around the mean of both; what has no contributions changes nothing. Half of how far the pivots are apart is a number where
    /// the whole overflows.
    func combineMoments(_ op: ReductionOperator, _ a: [LLVMValue], _ b: [LLVMValue]) throws -> [LLVMValue] {
        let count = builder.binary(.fadd, a[0], b[0])
        let weight = builder.binary(.fdiv, builder.binary(.fadd, b[0], b[0]), count)
        let (half, minusHalf) = (count.type.constant(0.5), count.type.constant(-0.5))
        let means = try (1...op.variables).map {
            let halfApart = try scalar(.fma, .f64, [half, b[$0], builder.binary(.fmul, minusHalf, a[$0])])
            return try scalar(.fma, .f64, [halfApart, weight, a[$0]])
        }
        let (left, right) = (try moved(a, to: means), try moved(b, to: means))
        var sums = zip(left, right).dropFirst(1 + op.variables).map { builder.binary(.fadd, $0, $1) }
        for one in [b, a] {
            let products = one[1 + 2 * op.variables]
            let hasOverflowed = try scalar(.isinf, .f64, [products])
            sums[op.variables] = builder.select(hasOverflowed, products, sums[op.variables])
        }
        let isFirst = builder.compare(.oeq, a[0], a[0].type.null)
        let isSecond = builder.compare(.oeq, b[0], b[0].type.null)
        return zip([count] + means + sums, zip(a, b)).map { both, one in
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

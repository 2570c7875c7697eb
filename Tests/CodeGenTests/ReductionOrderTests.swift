import CNumerics
import CodeGen
import IR
import Language
import Source
import Testing

/// Sums of every kind of domain against the rule in docs/architecture.md, "Bits".
@Suite struct ReductionOrderTests {
    static let domains: [Domain] = [
        Domain([0..<0]), Domain([0..<1]), Domain([0..<5]), Domain([0..<8]), Domain([0..<13]), Domain([3..<1027]),
        Domain([0..<1025]), Domain([0..<5000]), Domain([7..<4001], step: 3), Domain([-5..<90]),
        Domain([0..<16], divided: 16), Domain([3..<13], divided: 16), Domain([5..<4090], divided: 5000),
        Domain([1..<200_000], divided: 300_000), Domain([2..<4999], step: 5, divided: 5000),
        Domain([0..<3, 0..<5]), Domain([0..<70, 2..<19]), Domain([0..<40, 1..<1500]), Domain([0..<9, 0..<7, 0..<30]),
        Domain([0..<20, 3..<68]), Domain([0..<20, 3..<67]), Domain([31..<700_000], divided: 800_000),
        Domain([0..<7], divided: 1500), Domain([3..<29], divided: 1100), Domain([0..<2047], divided: 2047),
        Domain([0..<9000], step: 700, divided: 9000), Domain([1..<99, 0..<3], divided: 100),
        Domain([1..<1999, 4..<40], divided: 2000),
        Domain([0..<50, 0..<4], step: 2), Domain([4..<4]),
    ]

    @Test(arguments: [0, 1, 3]) func sumsFollowTheTree(_ level: Int) throws {
        var builder = Builder(stage: .local, parameters: [], file: SourceFile(path: "sums.pdl", ""))
        for domain in Self.domains {
            for body in Domain.Body.allCases {
                let total = try domain.appendSum(body, to: &builder)
                try builder.append(.print([.hole(style: .shortest, digits: 0, width: 0)]), [total])
            }
        }
        let output = try NativeProgram.run(try builder.finish(), optimisation: level)
        let expected = Self.domains.flatMap { domain in Domain.Body.allCases.map { _ in "\(domain.expectedSum)" } }
        for (index, pair) in zip(output, expected).enumerated() {
            #expect(Double(pair.0) == Double(pair.1), "domain \(index / 2) \(Domain.Body.allCases[index % 2])")
        }
        #expect(output.count == expected.count)
    }
}

/// A box of indices with a number at each, whose sum rounds often.
struct Domain {
    enum Body: CaseIterable {
        /// Nothing but arithmetic: eight at once.
        case lanes
        /// With a loop inside: one by one.
        case oneByOne
    }

    let axes: [Range<Int>]
    /// Of the last axis.
    let step: Int
    /// The extent of axis 0 when it is divided.
    let divided: Int?

    init(_ axes: [Range<Int>], step: Int = 1, divided: Int? = nil) {
        self.axes = axes
        self.step = step
        self.divided = divided
    }

    private static let factors = [7919, 104_729, 31]
    private static let modulus = 1009

    private func number(_ index: [Int]) -> Double {
        let mixed = zip(index, Self.factors).reduce(0) { $0 + $1.0 * $1.1 }
        let remainder = mixed % Self.modulus
        return Double(remainder < 0 ? remainder + Self.modulus : remainder) * 0.1 - 50.0
    }

    // MARK: The rule

    private var rows: Int {
        let inner = axes.dropFirst().map(\.count).reduce(1, *)
        return Int(pdl_leaf_rows(Int64(inner), Int64(divided ?? -1)))
    }

    private var points: [[Int]] {
        var points: [[Int]] = [[]]
        for (axis, range) in axes.enumerated() {
            let indices = Array(
                stride(from: range.lowerBound, to: range.upperBound, by: axis == axes.count - 1 ? step : 1))
            points = points.flatMap { point in indices.map { point + [$0] } }
        }
        return points
    }

    var expectedSum: Double {
        let origin = divided == nil ? axes[0].lowerBound : 0
        var leaves: [Int: [Double]] = [:]
        for point in points {
            let position = point[0] - origin
            let (leaf, last) = (position / rows, axes[axes.count - 1])
            let start = origin + leaf * rows
            // In one dimension the run is what the range has of the leaf.
            let run =
                axes.count == 1
                ? max(last.lowerBound, start) - start..<min(last.upperBound, start + rows) - start : 0..<last.count
            let along = axes.count == 1 ? position % rows : point[point.count - 1] - last.lowerBound
            leaves[leaf, default: Array(repeating: 0.0, count: 32)][lane(along, run)] += number(point)
        }
        var level = leaves.sorted { $0.key < $1.key }.map { (number: $0.key, sum: Self.combineLanes($0.value)) }
        while level.count > 1 {
            var above: [(number: Int, sum: Double)] = []
            for node in level {
                if let last = above.last, last.number == node.number / 2 {
                    above[above.count - 1].sum = last.sum + node.sum
                } else {
                    above.append((node.number / 2, node.sum))
                }
            }
            level = above
        }
        return level.first?.sum ?? 0.0
    }

    private func lane(_ place: Int, _ run: Range<Int>) -> Int {
        let block = place / 32 * 32
        let isInBlock = step == 1 && run.count > 64 && run.lowerBound <= block && block + 32 <= run.upperBound
        return isInBlock ? place % 32 : place % 8
    }

    private static func combineLanes(_ lanes: [Double]) -> Double {
        func pairs(_ values: [Double]) -> [Double] {
            stride(from: 0, to: values.count, by: 2).map { values[$0] + values[$0 + 1] }
        }
        var eight: [Double] = []
        for k in 0..<8 {
            let (low, high) = (lanes[k] + lanes[k + 8], lanes[k + 16] + lanes[k + 24])
            eight.append(low + high)
        }
        return pairs(pairs(pairs(eight)))[0]
    }

    // MARK: The program

    func appendSum(_ body: Body, to builder: inout Builder) throws -> Value {
        var operands: [Value] = []
        for (axis, range) in axes.enumerated() {
            operands.append(try builder.i64(range.lowerBound))
            operands.append(try builder.i64(range.upperBound))
            operands.append(try builder.i64(axis == axes.count - 1 ? step : 1))
        }
        if let divided { operands.append(try builder.i64(divided)) }
        operands.append(divided == nil ? operands[0] : try builder.i64(0))
        operands.append(try builder.i64(rows))
        let region = try builder.region(axes.map { _ in .scalar(.i64) }) { builder, indices in
            [try appendNumber(body, indices, to: &builder)]
        }
        let loop = Loop(axes: axes.count, divided == nil ? .whole : .rows, yields: [.reduction(.sum)])
        let placement: Placement = divided == nil ? .replicated : .part(.sum)
        let results = try builder.append(
            .loop(loop), operands, regions: [region], types: [.scalar(.f64, placement)])
        guard divided != nil else { return results[0] }
        let total = try builder.collective(.allreduce, results)
        try builder.append(.release, results)
        return total[0]
    }

    private func appendNumber(_ body: Body, _ indices: [Value], to builder: inout Builder) throws -> Value {
        var mixed = try builder.i64(0)
        for (index, factor) in zip(indices, Self.factors) {
            mixed = try builder.scalar(.add, mixed, builder.scalar(.multiply, index, builder.i64(factor)))
        }
        let remainder = try builder.scalar(.modulo, mixed, builder.i64(Self.modulus))
        let scaled = try builder.scalar(
            .multiply, builder.convert(remainder, to: .f64), builder.constant(.float(0.1, .f64)))
        let number = try builder.scalar(.subtract, scaled, builder.constant(.float(50.0, .f64)))
        guard body == .oneByOne else { return number }
        let bounds = [try builder.i64(0), try builder.i64(1), try builder.i64(1)]
        let region = try builder.region([.scalar(.i64), .scalar(.f64)]) { [$1[1]] }
        return try builder.append(.forLoop, bounds + [number], regions: [region], types: [.scalar(.f64)])[0]
    }
}

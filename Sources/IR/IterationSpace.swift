import Language
import Source

/// The box of indices that a `loop` or an `update` runs over: how its operands are to be read.
///
/// Two loops with equal spaces visit the same indices, each rank the same ones.
public struct IterationSpace: Hashable, Sendable {
    /// `lower ..< upper by step`, all i64 values.
    public struct Range: Hashable, Sendable {
        public var lower, upper, step: Value
        public init(_ lower: Value, _ upper: Value, by step: Value) {
            self.lower = lower
            self.upper = upper
            self.step = step
        }
        public var ends: [Value] { [lower, upper, step] }
    }

    public var ranges: [Range]
    /// How its axes are cut over the ranks.
    public var distribution: Distribution
    /// For each axis that is cut the extent of an array's axis: each rank runs over the indices that lie in its block of that.
    public var extents: [Value]

    public init(_ ranges: [Range], _ distribution: Distribution = .whole, of extents: [Value] = []) {
        self.ranges = ranges
        self.distribution = distribution
        self.extents = extents
    }

    /// All indices of an array of these extents; `zero` and `one` have those values.
    public init(over extents: [Value], _ distribution: Distribution, zero: Value, one: Value) {
        self.init(
            extents.map { Range(zero, $0, by: one) }, distribution, of: distribution.dividedAxes.map { extents[$0] })
    }

    /// nil when the node runs over no space, or has too few operands for the one it says it runs over.
    public init?(of node: Node) {
        switch node.bodies {
        case .points(let axes, let distribution), .writes(let axes, let distribution):
            let ends = node[all: .ranges]
            extents = node.extents
            guard ends.count == 3 * axes, extents.count == distribution.dividedAxes.count else { return nil }
            ranges = (0..<axes).map { Range(ends[3 * $0], ends[3 * $0 + 1], by: ends[3 * $0 + 2]) }
            self.distribution = distribution
        case .none, .ways, .fallback, .counted, .tested, .swept: return nil
        }
    }

    /// The operands that stand for it in a node.
    public var operands: [Value] { ranges.flatMap(\.ends) + extents }

    /// The outermost range and its extent where that axis alone is cut.
    public var outermostCut: (range: Range, extent: Value)? {
        distribution == .rows ? (ranges[0], extents[0]) : nil
    }

    /// The axes that are cut, each with its extent.
    public var cuts: [(axis: Int, extent: Value)] { zip(distribution.dividedAxes, extents).map { ($0, $1) } }
}

extension Node {
    /// The reduction tree of a loop of the local stage: the position of outer index i is i - origin, its leaf
    /// (i - origin) / rows.
    public var leaves: (origin: Value, rows: Value)? {
        let rest = self[all: .around].dropLast(inside == nil ? 0 : 2)
        return rest.count == 2 ? (rest[0], rest[1]) : nil
    }

    /// The outer indices that a loop of the local stage runs while the exchange that its second region finishes is under way.
    public var inside: (lower: Value, upper: Value)? {
        let rest = self[all: .around]
        guard regions.count == 2, rest.count >= 2 else { return nil }
        return (rest[rest.count - 2], rest[rest.count - 1])
    }

    /// Where each yield of a loop was written.
    public var yieldPlaces: [Span] {
        guard case .loop(let loop) = operation else { return [] }
        return loop.yields.indices.map { loop.places.spans.indices.contains($0) ? loop.places.spans[$0] : span }
    }
}

extension Loop {
    /// Which yield a result of the loop belongs to; nil: there is no such result.
    public func yieldIndex(ofResult result: Int) -> Int? {
        var next = 0
        return yields.firstIndex { yield in
            next += yield.arity
            return result < next
        }
    }

    public var hasReduction: Bool { yields.contains { $0 != .element } }
    /// Whether it reduces by an operator of the program's own, which need not commute.
    public var hasUserReduction: Bool {
        yields.contains { if case .reduction(let op) = $0 { op.isUser } else { false } }
    }
}

extension Loop.Yield {
    /// How many values of the body's `yield`, and how many results of the loop, it stands for.
    public var arity: Int {
        switch self {
        case .element: 1
        case .reduction(let op): op.arity
        }
    }
}

/// The rows around a rank's block that it has copies of; of an array over a grid of ranks the columns, too, and the corners with them.
public struct Halo: Hashable, Sendable {
    /// Along one axis: `low` indices before the block's first, `high` after its last.
    public struct Side: Hashable, Sendable {
        public var low: Int
        public var high: Int
        /// Whether they go on at the other end of the array; else there is nothing beyond its ends.
        public var wraps: Bool

        public init(low: Int, high: Int, wraps: Bool) {
            self.low = low
            self.high = high
            self.wraps = wraps
        }

        fileprivate init(for reach: Neighbour.Reach) {
            self.init(
                low: max(0, -reach.offsets.lowerBound), high: max(0, reach.offsets.upperBound), wraps: reach.wraps)
        }

        fileprivate func union(_ other: Side) -> Side {
            Side(low: max(low, other.low), high: max(high, other.high), wraps: wraps || other.wraps)
        }

        fileprivate func serves(_ reach: Neighbour.Reach) -> Bool {
            -low <= reach.offsets.lowerBound && reach.offsets.upperBound <= high && (wraps || !reach.wraps)
        }
    }

    public var rows: Side
    public var columns: Side?
    public var low: Int { rows.low }
    public var high: Int { rows.high }
    public var wraps: Bool { rows.wraps }
    public var sides: [Side] { [rows, columns].compactMap { $0 } }

    public init(low: Int, high: Int, wraps: Bool, columns: Side? = nil) {
        rows = Side(low: low, high: high, wraps: wraps)
        self.columns = columns
    }

    /// The halo that serves a read.
    public init(for read: Neighbour) {
        rows = Side(for: read.rows)
        columns = read.columns.map(Side.init)
    }

    public mutating func formUnion(_ other: Halo) {
        rows = rows.union(other.rows)
        if let more = other.columns { columns = columns?.union(more) ?? more }
    }

    public func serves(_ read: Neighbour) -> Bool {
        rows.serves(read.rows) && (read.columns.map { columns?.serves($0) ?? false } ?? true)
    }
}

/// A read of a scattered array in a divided loop, beside the element that lies with the loop's index.
public struct Neighbour: Hashable, Sendable {
    public struct Reach: Hashable, Sendable {
        /// How far the index along the divided axis is from the loop's divided index at most: it lies between that one and that one plus
        /// one of `offsets`. In a read that wraps it is the sum, not yet taken modulo the extent.
        public var offsets: ClosedRange<Int>
        public var wraps: Bool

        public init(offsets: ClosedRange<Int>, wraps: Bool) {
            self.offsets = offsets
            self.wraps = wraps
        }
    }

    public var rows: Reach
    /// Of an array over a grid, whose columns are divided too.
    public var columns: Reach?
    public var bounds: Bounds
    public var offsets: ClosedRange<Int> { rows.offsets }
    public var wraps: Bool { rows.wraps }
    public var reaches: [Reach] { [rows, columns].compactMap { $0 } }

    public init(_ rows: Reach, columns: Reach? = nil, bounds: Bounds) {
        self.rows = rows
        self.columns = columns
        self.bounds = bounds
    }

    public init(offsets: ClosedRange<Int>, wraps: Bool, bounds: Bounds) {
        self.init(Reach(offsets: offsets, wraps: wraps), bounds: bounds)
    }
}

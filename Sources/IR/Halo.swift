/// The rows around a rank's block that it has copies of: `low` before its first, `high` after its last.
public struct Halo: Hashable, Sendable {
    public var low: Int
    public var high: Int
    /// Whether the rows go on at the other end of the array; else there is nothing beyond its ends.
    public var wraps: Bool

    public init(low: Int, high: Int, wraps: Bool) {
        self.low = low
        self.high = high
        self.wraps = wraps
    }

    /// The halo that serves a read.
    public init(for read: Neighbour) {
        self.init(low: max(0, -read.offsets.lowerBound), high: max(0, read.offsets.upperBound), wraps: read.wraps)
    }

    public mutating func formUnion(_ other: Halo) {
        low = max(low, other.low)
        high = max(high, other.high)
        wraps = wraps || other.wraps
    }

    public func serves(_ read: Neighbour) -> Bool {
        -low <= read.offsets.lowerBound && read.offsets.upperBound <= high && (wraps || !read.wraps)
    }
}

/// A read of a scattered array in a divided loop, beside the element that lies with the loop's index.
public struct Neighbour: Hashable, Sendable {
    /// How far the index along the divided axis is from the loop's divided index at most: it lies between that one and that one plus
    /// one of `offsets`. In a read that wraps it is the sum, not yet taken modulo the extent.
    public var offsets: ClosedRange<Int>
    public var wraps: Bool
    public var bounds: Bounds

    public init(offsets: ClosedRange<Int>, wraps: Bool, bounds: Bounds) {
        self.offsets = offsets
        self.wraps = wraps
        self.bounds = bounds
    }
}

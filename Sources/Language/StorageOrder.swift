/// The order in which an array's axes lie in memory and in the IR: the divided one first, the others as they are written. So a rank's
/// block is a run of rows, and halos, leaves and loops know no other case. A `Distribution` says which it is.
///
///     f64[a, /b, c]   is stored as   f64[/b, a, c]
public struct StorageOrder: Hashable, Sendable {
    /// The place of the stored first axis among the axes as they are written.
    public let first: Int

    public init(first: Int) { self.first = first }

    /// What belongs to each axis as it is written, in the order of storage.
    public func stored<T>(_ written: [T]) -> [T] { written.moving(from: first, to: 0) }

    /// What belongs to each stored axis, in the order in which it is written.
    public func written<T>(_ stored: [T]) -> [T] { stored.moving(from: 0, to: first) }

    /// Where an axis is stored.
    public func stored(axis: Int) -> Int { axis == first ? 0 : axis < first ? axis + 1 : axis }

    /// The attribute of a transposition from this order to another: which stored axis each of the other's stored axes is.
    public func transposition(to other: StorageOrder, rank: Int) -> [Int] {
        other.stored(Array(0..<rank)).map { stored(axis: $0) }
    }

    /// As it is written.
    public static let plain = StorageOrder(first: 0)
}

extension Array {
    fileprivate func moving(from: Int, to: Int) -> Array {
        guard from != to, from < count, to < count else { return self }
        var moved = self
        moved.insert(moved.remove(at: from), at: to)
        return moved
    }
}

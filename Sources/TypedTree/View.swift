import Language

/// How an element is read through `periodic(a)`, `clamped(a)` or `padded(a, x)`, or beside where it lies.
///
/// Along the divided axis of a scattered array the index is that of the domain's divided range plus one of `offsets`; the former stays in the
/// extent (proved, or asserted before the domain).
public struct View: Sendable {
    /// How each axis goes on beyond its ends; nil: its index must be in range, as the element's `Bounds` say. None of them: an offset read.
    public var edges: [Edge?]
    /// The value outside of a `padded` view.
    public var fill: TypedExpression?
    /// Along the divided axis; 0...0 when there is none.
    public var offsets = 0...0
    /// Of an array over a grid, along its second divided axis.
    public var across = 0...0
    /// The axes along which the index may leave the extent.
    public var openAxes: [Int] = []

    package init(_ edges: [Edge?] = [], fill: TypedExpression? = nil) {
        self.edges = edges
        self.fill = fill
    }

    /// Notes the offsets along an axis that is cut over the ranks of a direction.
    package mutating func reach(_ own: ClosedRange<Int>, _ direction: Direction) {
        if direction == .columns { across = own } else { offsets = own }
    }

    public func edge(_ axis: Int) -> Edge? { edges.indices.contains(axis) ? edges[axis] : nil }
}

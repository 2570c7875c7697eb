import Language

/// How an element is read through `periodic(a)`, `clamped(a)` or `padded(a, x)`, or beside where it lies.
///
/// Along the divided axis of a scattered array the index is that of the domain's divided range plus one of `offsets`; the former stays in the
/// extent (proved, or asserted before the domain).
public struct View: Sendable {
    /// nil: the indices must be in range, as the element's `Bounds` say.
    public var edge: Edge?
    /// The value outside of a `padded` view.
    public var fill: TypedExpression?
    /// Along the divided axis; 0...0 when there is none.
    public var offsets = 0...0
    /// The axes along which the index may leave the extent.
    public var openAxes: [Int] = []

    init(_ edge: Edge?, fill: TypedExpression? = nil) {
        self.edge = edge
        self.fill = fill
    }
}

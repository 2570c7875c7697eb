/// What a view reads beyond the ends of an array.
public enum Edge: String, CaseIterable, Hashable, Sendable {
    /// The other end: the index is taken modulo the extent.
    case periodic
    /// The nearest element.
    case clamped
    /// A given value.
    case padded
}

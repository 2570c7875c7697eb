/// Where a value lives: part of every type.
public enum Placement: Hashable, Sendable {
    /// The same value on every rank.
    case replicated
    /// One array, cut into blocks along one axis.
    case scattered(axis: Int)
    /// Every rank holds a contribution; the value is their combination.
    case part(ReductionOperator)
    /// Every rank has a value of its own.
    case local
    /// Held by rank 0 alone.
    case root

    public var dividedAxis: Int? { if case .scattered(let axis) = self { axis } else { nil } }
    /// What it is called.
    public var word: String {
        switch self {
        case .replicated: "replicated"
        case .scattered: "scattered"
        case .part: "part"
        case .local: "local"
        case .root: "root"
        }
    }
    public var isPart: Bool { if case .part = self { true } else { false } }
}

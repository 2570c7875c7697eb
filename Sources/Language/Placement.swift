/// Where a value lives: part of every type.
public enum Placement: Hashable, Sendable {
    /// The same value on every rank.
    case replicated
    /// One array, cut over the ranks.
    case scattered(Distribution)
    /// Every rank holds a contribution; the value is their combination.
    case part(ReductionOperator)
    /// Every rank has a value of its own.
    case local
    /// Held by rank 0 alone.
    case root

    /// Cut into blocks along one axis.
    public static func scattered(axis: Int) -> Placement { .scattered(.block(axis: axis)) }

    /// How it is cut: what is not scattered is whole.
    public var distribution: Distribution {
        if case .scattered(let distribution) = self { distribution } else { .whole }
    }
    public var isDivided: Bool { distribution.isDivided }
    public var dividedAxis: Int? { distribution.dividedAxis }
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

    /// The placement of the array as it is stored.
    public var stored: Placement {
        if case .scattered(let distribution) = self { .scattered(distribution.stored) } else { self }
    }
    public var storageOrder: StorageOrder { distribution.storageOrder }
}

extension ArrayType {
    public var storageOrder: StorageOrder { placement.storageOrder }

    /// The array as it is stored.
    public var stored: ArrayType { ArrayType(element, storageOrder.stored(shape), placement.stored) }
}

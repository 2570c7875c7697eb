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
    public var isPart: Bool { if case .part = self { true } else { false } }
}

/// The operators that reductions combine with.
public enum ReductionOperator: String, CaseIterable, Hashable, Sendable {
    case sum = "+"
    case product = "*"
    case min, max
    case and, or
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "^"
    /// (value, index) pairs; a tie goes to the lower index.
    case minloc, maxloc

    /// How many values one contribution has.
    public var arity: Int { self == .minloc || self == .maxloc ? 2 : 1 }

    /// Whether combining in another order can change a bit of the result. Integer operators, `and`, `or` and minloc
    /// with distinct indices never do; float min and max may choose another zero or NaN.
    public func dependsOnOrder(_ element: ElementType) -> Bool {
        switch self {
        case .sum, .product, .min, .max, .minloc, .maxloc: element.isFloat || element.isComplex
        case .and, .or, .bitAnd, .bitOr, .bitXor: false
        }
    }
}

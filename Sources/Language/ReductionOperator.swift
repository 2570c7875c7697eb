/// The operators that reductions combine with.
public enum ReductionOperator: Hashable, Sendable {
    case sum, product
    case min, max
    case and, or
    case bitAnd, bitOr, bitXor
    /// (value, index) pairs; a tie goes to the lower index.
    case minloc, maxloc
    /// A function of the program, associative as its user promises.
    case user(UserOperator)

    /// The operators that the language has, in the order that `ArrayOperation.attributes` counts them in.
    public static let builtin: [ReductionOperator] = [
        .sum, .product, .min, .max, .and, .or, .bitAnd, .bitOr, .bitXor, .minloc, .maxloc,
    ]

    /// How a program writes it; a function's name.
    public var symbol: String {
        switch self {
        case .sum: "+"
        case .product: "*"
        case .min: "min"
        case .max: "max"
        case .and: "and"
        case .or: "or"
        case .bitAnd: "&"
        case .bitOr: "|"
        case .bitXor: "^"
        case .minloc: "minloc"
        case .maxloc: "maxloc"
        case .user(let op): op.name
        }
    }

    /// The language's own operator of that symbol.
    public init?(symbol: String) {
        guard let op = ReductionOperator.builtin.first(where: { $0.symbol == symbol }) else { return nil }
        self = op
    }

    /// How many values one contribution has.
    public var arity: Int {
        switch self {
        case .minloc, .maxloc: 2
        case .user(let op): op.arity
        default: 1
        }
    }

    /// Whether combining in another order can change a bit of the result. Integer operators, `and`, `or` and minloc
    /// with distinct indices never do; float min and max may choose another zero or NaN; a user's function need not commute.
    public func dependsOnOrder(_ element: ElementType) -> Bool {
        switch self {
        case .sum, .product, .min, .max, .minloc, .maxloc: element.isFloat || element.isComplex
        case .and, .or, .bitAnd, .bitOr, .bitXor: false
        case .user: true
        }
    }

    public var isUser: Bool { if case .user = self { true } else { false } }
}

/// An operator that the program defines.
public struct UserOperator: Hashable, Sendable {
    /// Its place in the program's table of operators.
    public let id: Int
    public let name: String
    /// How many numbers the values that it combines are made of.
    public let arity: Int
    public init(id: Int, name: String, arity: Int) {
        self.id = id
        self.name = name
        self.arity = arity
    }
}

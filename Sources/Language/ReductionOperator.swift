/// The operators that reductions combine with.
public enum ReductionOperator: Hashable, Sendable {
    case sum, product
    case min, max
    case and, or
    case bitAnd, bitOr, bitXor
    /// (value, index) pairs; a tie goes to the lower index.
    case minloc, maxloc
    /// What sums around means are made of, of numbers x and of pairs (x, y): (count, pivot, sum of x - pivot, sum of its squares), and
    /// (count, two pivots, two sums, sum of the products). Programs do not write them: the checker makes them of sums that would wait
    /// for means.
    case moment, comoment
    /// A function of the program, associative as its user promises.
    case user(UserOperator)

    /// The operators that programs can write, in the order that `ArrayOperation.attributes` counts them in.
    public static let builtin: [ReductionOperator] = [
        .sum, .product, .min, .max, .and, .or, .bitAnd, .bitOr, .bitXor, .minloc, .maxloc,
    ]

    /// How a program, or the IR, writes it; a function's name.
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
        case .moment: "moment"
        case .comoment: "comoment"
        case .user(let op): op.name
        }
    }

    /// The language's own operator of that symbol.
    public init?(symbol: String) {
        guard let op = ReductionOperator.builtin.first(where: { $0.symbol == symbol }) else { return nil }
        self = op
    }

    /// The operator that has this symbol in the IR.
    public init?(word: String) {
        guard let op = (ReductionOperator.builtin + [.moment, .comoment]).first(where: { $0.symbol == word }) else {
            return nil
        }
        self = op
    }

    /// How many values one contribution has.
    public var arity: Int {
        switch self {
        case .minloc, .maxloc: 2
        case .moment: 4
        case .comoment: 6
        case .user(let op): op.arity
        default: 1
        }
    }

    /// How many variables it sums around means.
    public var variables: Int { self == .moment ? 1 : self == .comoment ? 2 : 0 }

    /// Whether it gathers contributions in another way than it combines values: docs/architecture.md, "Bits".
    public var isOfMeans: Bool { variables > 0 }

    /// Whether combining in another order can change a bit of the result. Integer operators, `and` and `or` never do, nor do minloc
    /// and maxloc, which prefer the lower index; float min and max may choose another zero or NaN; a user's function need not commute.
    public func dependsOnOrder(_ element: ElementType) -> Bool {
        switch self {
        case .sum, .product, .min, .max: element.isFloat || element.isComplex
        case .and, .or, .bitAnd, .bitOr, .bitXor, .minloc, .maxloc: false
        case .moment, .comoment, .user: true
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

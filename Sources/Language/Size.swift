/// A size the compiler can reason about: a polynomial with integer coefficients over size atoms.
///
/// Two sizes are provably equal when their normal forms are; provably different when they differ by a constant.
/// Everything else is checked once at run time.
public struct Size: Hashable, Sendable {
    /// An unknown integer that never changes: a `param`, a `let`, or the extent of a loaded array.
    public struct Atom: Hashable, Comparable, Sendable {
        public let id: Int
        public let name: String
        public init(id: Int, name: String) {
            self.id = id
            self.name = name
        }
        public static func == (a: Atom, b: Atom) -> Bool { a.id == b.id }
        public func hash(into hasher: inout Hasher) { hasher.combine(id) }
        public static func < (a: Atom, b: Atom) -> Bool { a.id < b.id }
    }

    /// Monomial (sorted atoms, repeated for powers) → non-zero coefficient.
    public private(set) var terms: [[Atom]: Int]

    public init(_ constant: Int) { terms = constant == 0 ? [:] : [[]: constant] }
    public init(_ atom: Atom) { terms = [[atom]: 1] }
    private init(terms: [[Atom]: Int]) { self.terms = terms.filter { $0.value != 0 } }

    /// One product of atoms with its coefficient.
    public static func term(_ monomial: [Atom], _ coefficient: Int) -> Size {
        Size(terms: [monomial.sorted(): coefficient])
    }

    /// The value, when no atom remains.
    public var constant: Int? {
        if terms.isEmpty { return 0 }
        return terms.count == 1 ? terms[[]] : nil
    }

    /// The atom, when the size is one and nothing else.
    public var atom: Atom? {
        guard terms.count == 1, let (monomial, coefficient) = terms.first, monomial.count == 1, coefficient == 1 else {
            return nil
        }
        return monomial[0]
    }

    /// The size with every atom replaced; nil where it would become too long.
    public func substituting(_ replacement: (Atom) -> Size) -> Size? {
        var sum = Size(0)
        for (monomial, coefficient) in terms {
            var product = Size(coefficient)
            for atom in monomial {
                guard let next = Size.product(product, replacement(atom)) else { return nil }
                product = next
            }
            guard let next = Size.sum(sum, product) else { return nil }
            sum = next
        }
        return sum
    }

    // MARK: Arithmetic

    // What programs make of sizes may double with every line, in terms or in degree. Sums and products of unbounded origin stop at these
    // limits; behind them a size is an unknown like any other.
    private static let mostTerms = 64
    private static let greatestDegree = 16

    private var degree: Int { terms.keys.map(\.count).max() ?? 0 }

    /// a + b; nil where that is too long.
    public static func sum(_ a: Size, _ b: Size) -> Size? {
        a.terms.count + b.terms.count <= mostTerms ? a + b : nil
    }

    /// a · b; nil where that is too long.
    public static func product(_ a: Size, _ b: Size) -> Size? {
        a.terms.count * b.terms.count <= mostTerms && a.degree + b.degree <= greatestDegree ? a * b : nil
    }

    public static func + (a: Size, b: Size) -> Size {
        Size(terms: a.terms.merging(b.terms) { $0 &+ $1 })
    }
    public static func - (a: Size, b: Size) -> Size { a + b * Size(-1) }
    public static func * (a: Size, b: Size) -> Size {
        var product: [[Atom]: Int] = [:]
        for (m, x) in a.terms {
            for (n, y) in b.terms { product[(m + n).sorted(), default: 0] &+= x &* y }
        }
        return Size(terms: product)
    }

    /// The size times a number; nil where a coefficient is more than any array's extent.
    public func multiple(_ factor: Int) -> Size? {
        let products = terms.mapValues { $0.multipliedReportingOverflow(by: factor) }
        guard products.values.allSatisfy({ !$0.overflow && $0.partialValue.magnitude <= Shape.mostElements }) else {
            return nil
        }
        return Size(terms: products.mapValues(\.partialValue))
    }

    /// `b - a` when that is a constant, nil when it is unknown.
    public static func difference(_ b: Size, _ a: Size) -> Int? { (b - a).constant }
}

extension Size: CustomStringConvertible {
    public var description: String {
        if let constant { return String(constant) }
        let ordered = terms.sorted { a, b in
            a.key.count != b.key.count ? a.key.count > b.key.count : a.key.lexicographicallyPrecedes(b.key)
        }
        var text = ""
        for (monomial, coefficient) in ordered {
            let names = monomial.map(\.name).joined(separator: "*")
            let magnitude = coefficient.magnitude
            let body = names.isEmpty ? "\(magnitude)" : magnitude == 1 ? names : "\(magnitude)*\(names)"
            if text.isEmpty {
                text = coefficient < 0 ? "-\(body)" : body
            } else {
                text += coefficient < 0 ? " - \(body)" : " + \(body)"
            }
        }
        return text
    }
}

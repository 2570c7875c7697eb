/// A count of bytes or messages in terms of the program's sizes and the number of ranks P.
indirect enum Formula: Hashable, Sendable {
    case number(Int)
    case symbol(String)
    case sum(Formula, Formula)
    case difference(Formula, Formula)
    case product(Formula, Formula)
    case quotient(Formula, Formula)

    static let ranks = Formula.symbol("P")

    static func + (a: Formula, b: Formula) -> Formula {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x &+ y)
        case (.number(0), let other), (let other, .number(0)): other
        default: .sum(a, b)
        }
    }
    static func - (a: Formula, b: Formula) -> Formula {
        if case (.number(let x), .number(let y)) = (a, b) { return .number(x &- y) }
        return b == .number(0) ? a : .difference(a, b)
    }
    static func * (a: Formula, b: Formula) -> Formula {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x &* y)
        case (.number(1), let other), (let other, .number(1)): other
        case (_, .number): .product(b, a)
        default: .product(a, b)
        }
    }
    static func / (a: Formula, b: Formula) -> Formula { .quotient(a, b) }

    /// The value as a whole number, rounded up, where all symbols are known and it is one that anybody would send.
    func number(_ symbols: [String: Int]) -> Int? { value(symbols).flatMap { Int(exactly: $0.rounded(.up)) } }

    /// The value where all symbols are known, or taken to be `unknown`.
    func value(_ symbols: [String: Int], unknown: Double? = nil) -> Double? {
        func both(_ a: Formula, _ b: Formula, _ combine: (Double, Double) -> Double) -> Double? {
            guard let x = a.value(symbols, unknown: unknown), let y = b.value(symbols, unknown: unknown) else {
                return nil
            }
            return combine(x, y)
        }
        switch self {
        case .number(let number): return Double(number)
        case .symbol(let name): return symbols[name].map(Double.init) ?? unknown
        case .sum(let a, let b): return both(a, b, +)
        case .difference(let a, let b): return both(a, b, -)
        case .product(let a, let b): return both(a, b, *)
        case .quotient(let a, let b): return both(a, b, /)
        }
    }

    private var precedence: Int {
        switch self {
        case .sum, .difference: 0
        case .product, .quotient: 1
        default: 2
        }
    }
}

extension Formula: CustomStringConvertible {
    var description: String {
        func inside(_ part: Formula, _ least: Int) -> String {
            part.precedence < least ? "(\(part))" : "\(part)"
        }
        return switch self {
        case .number(let number): String(number)
        case .symbol(let name): name
        case .sum(let a, let b): "\(inside(a, 0)) + \(inside(b, 0))"
        case .difference(let a, let b): "\(inside(a, 0)) - \(inside(b, 1))"
        case .product(let a, let b): "\(inside(a, 1))*\(inside(b, 1))"
        case .quotient(let a, let b): "\(inside(a, 1))/\(inside(b, 2))"
        }
    }
}

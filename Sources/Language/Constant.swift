/// A number known to the compiler. Integers of every width are kept in 64 bits, unsigned ones by bit pattern.
public enum Constant: Hashable, Sendable {
    case bool(Bool)
    case integer(Int64, ElementType)
    case float(Double, ElementType)

    public var element: ElementType {
        switch self {
        case .bool: .bool
        case .integer(_, let type), .float(_, let type): type
        }
    }

    /// 0, 0.0 or false; 1, 1.0 or true.
    public static func zero(_ element: ElementType) -> Constant { number(0, element) }
    public static func one(_ element: ElementType) -> Constant { number(1, element) }
    private static func number(_ value: Int64, _ element: ElementType) -> Constant {
        if element == .bool { return .bool(value != 0) }
        return element.isInteger ? .integer(value, element) : .float(Double(value), element)
    }

    public static func i64(_ value: Int) -> Constant { .integer(Int64(value), .i64) }

    // Two NaNs are one constant and 0.0 is not -0.0: constants are compared by their bits.
    public static func == (a: Constant, b: Constant) -> Bool {
        switch (a, b) {
        case (.bool(let x), .bool(let y)): x == y
        case (.integer(let x, let s), .integer(let y, let t)): x == y && s == t
        case (.float(let x, let s), .float(let y, let t)): x.bitPattern == y.bitPattern && s == t
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let x): hasher.combine(x)
        case .integer(let x, let type):
            hasher.combine(x)
            hasher.combine(type)
        case .float(let x, let type):
            hasher.combine(x.bitPattern)
            hasher.combine(type)
        }
    }
}

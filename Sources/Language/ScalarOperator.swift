/// The primitive functions of numbers: what the checker types, the interpreter evaluates and the code generator emits.
/// Each lifts to arrays element by element. All operands of one operation have the same element type except where noted.
public enum ScalarOperator: String, CaseIterable, Hashable, Sendable {
    // Arithmetic. Integers wrap; `divide` is true division of floats; floor division and modulo follow Python.
    case add, subtract, multiply, divide, floorDivide, modulo, power, negate
    /// fma(a, b, c) = a·b + c rounded once; floats only.
    case fma
    // Bits; a shift takes its count modulo the width; `>>` of a signed integer keeps the sign.
    case bitAnd, bitOr, bitXor, bitNot, shiftLeft, shiftRight
    // Logic on bool.
    case and, or, not
    // Comparisons; the result is bool.
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    /// select(bool, a, b).
    case select
    /// min and max give NaN when either operand is NaN: min(a, b) = (a < b or a != a) ? a : b.
    case min, max
    case abs, sign
    // Rounding of floats. `round` goes to even on a tie, as NumPy's does.
    case floor, ceil, round, trunc
    // Exactly rounded.
    case sqrt
    // SLEEF's deterministic 1-ULP family.
    case exp, exp2, expm1, log, log2, log10, log1p, sin, cos, tan, asin, acos, atan, atan2
    case sinh, cosh, tanh, asinh, acosh, atanh, cbrt, hypot
    case erf, erfc, gamma, lgamma
    // Tests of floats; the result is bool.
    case isnan, isinf, isfinite

    /// How many operands it takes.
    public var arity: Int {
        switch self {
        case .fma, .select: 3
        case .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power, .bitAnd, .bitOr, .bitXor, .shiftLeft,
            .shiftRight, .and, .or, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .min, .max, .atan2,
            .hypot:
            2
        default: 1
        }
    }

    public var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
        default: false
        }
    }

    /// Whether the result is bool whatever the operands are.
    public var isPredicate: Bool { isComparison || [.isnan, .isinf, .isfinite].contains(self) }

    /// Whether it takes about as long as reading a number from memory.
    public var isLight: Bool { isComparison || Self.light.contains(self) }

    private static let light: Set<ScalarOperator> = [
        .add, .subtract, .multiply, .negate, .fma, .bitAnd, .bitOr, .bitXor, .bitNot, .shiftLeft, .shiftRight, .and,
        .or, .not, .select, .min, .max, .abs,
    ]

    /// Whether it can fail at run time on operands of this type: integer division by zero.
    public func canFail(_ element: ElementType) -> Bool {
        element.isInteger && (self == .floorDivide || self == .modulo)
    }
}

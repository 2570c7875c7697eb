import CSleef
import Language

/// Every primitive of numbers as a function of words: what `ScalarOperator` promises, in Swift.
///
/// Integer division by zero is not handled here; whoever applies `floorDivide` and `modulo` of integers checks first.
enum ScalarFunctions {
    typealias Unary = (Word) -> Word
    typealias Binary = (Word, Word) -> Word
    typealias Ternary = (Word, Word, Word) -> Word

    static func unary(_ op: ScalarOperator, _ element: ElementType) throws -> Unary {
        let function: Unary? =
            switch element {
            case .bool: op == .not ? { $0 ^ 1 } : nil
            case .i32: signedUnary(op, Int32.self)
            case .i64: signedUnary(op, Int64.self)
            case .u32: integerUnary(op, UInt32.self)
            case .u64: integerUnary(op, UInt64.self)
            case .f32: try floatUnary(op, Float.self) ?? sleef(op, element)
            case .f64: try floatUnary(op, Double.self) ?? writtenOut(op) ?? sleef(op, element)
            case .c64, .c128: nil
            }
        guard let function else { throw Fault("no \(op.rawValue) of \(element.rawValue)") }
        return function
    }

    static func binary(_ op: ScalarOperator, _ element: ElementType) throws -> Binary {
        let function: Binary? =
            switch element {
            case .bool: logical(op)
            case .i32: integerBinary(op, Int32.self)
            case .i64: integerBinary(op, Int64.self)
            case .u32: integerBinary(op, UInt32.self)
            case .u64: integerBinary(op, UInt64.self)
            case .f32: try floatBinary(op, Float.self) ?? sleef(op, element)
            case .f64: try floatBinary(op, Double.self) ?? sleef(op, element)
            case .c64, .c128: nil
            }
        guard let function else { throw Fault("no \(op.rawValue) of \(element.rawValue)") }
        return function
    }

    /// `element` is that of the last two operands; select's first one is a bool.
    static func ternary(_ op: ScalarOperator, _ element: ElementType) throws -> Ternary {
        switch (op, element) {
        case (.select, _): return { $0 != 0 ? $1 : $2 }
        case (.fma, .f64): return { Double(word: $2).addingProduct(Double(word: $0), Double(word: $1)).word }
        case (.fma, .f32): return { Float(word: $2).addingProduct(Float(word: $0), Float(word: $1)).word }
        default: throw Fault("no \(op.rawValue) of \(element.rawValue)")
        }
    }

    // MARK: Families

    private static func logical(_ op: ScalarOperator) -> Binary? {
        switch op {
        case .and, .bitAnd, .min: { $0 & $1 }
        case .or, .bitOr, .max: { $0 | $1 }
        case .equal: { $0 ^ $1 ^ 1 }
        case .notEqual, .bitXor: { $0 ^ $1 }
        case .less: { ($0 < $1).word }
        case .lessEqual: { ($0 <= $1).word }
        case .greater: { ($0 > $1).word }
        case .greaterEqual: { ($0 >= $1).word }
        default: nil
        }
    }

    private static func signedUnary<T: Scalar & FixedWidthInteger & SignedInteger>(
        _ op: ScalarOperator, _: T.Type
    ) -> Unary? {
        switch op {
        case .abs: { T(word: $0) < 0 ? (0 &- T(word: $0)).word : $0 }
        case .sign: { T(word: $0).signum().word }
        default: integerUnary(op, T.self)
        }
    }

    private static func integerUnary<T: Scalar & FixedWidthInteger>(_ op: ScalarOperator, _: T.Type) -> Unary? {
        switch op {
        case .negate: { (0 &- T(word: $0)).word }
        case .bitNot: { (~T(word: $0)).word }
        case .abs: { $0 }
        case .sign: { $0 == 0 ? 0 : 1 }
        default: nil
        }
    }

    private static func integerBinary<T: Scalar & FixedWidthInteger>(_ op: ScalarOperator, _: T.Type) -> Binary? {
        switch op {
        case .add: { (T(word: $0) &+ T(word: $1)).word }
        case .subtract: { (T(word: $0) &- T(word: $1)).word }
        case .multiply: { (T(word: $0) &* T(word: $1)).word }
        case .floorDivide: { floorDivide(T(word: $0), T(word: $1)).word }
        case .modulo: { modulo(T(word: $0), T(word: $1)).word }
        case .bitAnd: { $0 & $1 }
        case .bitOr: { $0 | $1 }
        case .bitXor: { $0 ^ $1 }
        // `&<<` and `&>>` take the count modulo the width.
        case .shiftLeft: { (T(word: $0) &<< T(word: $1)).word }
        case .shiftRight: { (T(word: $0) &>> T(word: $1)).word }
        case .min: { T(word: $0) < T(word: $1) ? $0 : $1 }
        case .max: { T(word: $0) > T(word: $1) ? $0 : $1 }
        default: comparison(op, T.self)
        }
    }

    private static func comparison<T: Scalar & Comparable>(_ op: ScalarOperator, _: T.Type) -> Binary? {
        switch op {
        case .equal: { (T(word: $0) == T(word: $1)).word }
        case .notEqual: { (T(word: $0) != T(word: $1)).word }
        case .less: { (T(word: $0) < T(word: $1)).word }
        case .lessEqual: { (T(word: $0) <= T(word: $1)).word }
        case .greater: { (T(word: $0) > T(word: $1)).word }
        case .greaterEqual: { (T(word: $0) >= T(word: $1)).word }
        default: nil
        }
    }

    private static func floatUnary<T: Scalar & BinaryFloatingPoint>(_ op: ScalarOperator, _: T.Type) -> Unary? {
        switch op {
        case .negate: { (-T(word: $0)).word }
        case .abs: { abs(T(word: $0)).word }
        case .sign: { sign(T(word: $0)).word }
        case .floor: { T(word: $0).rounded(.down).word }
        case .ceil: { T(word: $0).rounded(.up).word }
        case .round: { T(word: $0).rounded(.toNearestOrEven).word }
        case .trunc: { T(word: $0).rounded(.towardZero).word }
        case .sqrt: { T(word: $0).squareRoot().word }
        case .isnan: { T(word: $0).isNaN.word }
        case .isinf: { T(word: $0).isInfinite.word }
        case .isfinite: { T(word: $0).isFinite.word }
        default: nil
        }
    }

    private static func floatBinary<T: Scalar & BinaryFloatingPoint>(_ op: ScalarOperator, _: T.Type) -> Binary? {
        switch op {
        case .add: { (T(word: $0) + T(word: $1)).word }
        case .subtract: { (T(word: $0) - T(word: $1)).word }
        case .multiply: { (T(word: $0) * T(word: $1)).word }
        case .divide: { (T(word: $0) / T(word: $1)).word }
        case .floorDivide: { floorDivide(T(word: $0), T(word: $1)).word }
        case .modulo: { modulo(T(word: $0), T(word: $1)).word }
        case .min: { T(word: $0) < T(word: $1) || T(word: $0).isNaN ? $0 : $1 }
        case .max: { T(word: $0) > T(word: $1) || T(word: $0).isNaN ? $0 : $1 }
        default: comparison(op, T.self)
        }
    }

    private static func writtenOut(_ op: ScalarOperator) -> Unary? {
        op == .log ? { Logarithm(NumberArithmetic())(Double(word: $0)).word } : nil
    }

    // MARK: SLEEF

    private static func sleef(_ op: ScalarOperator, _ element: ElementType) throws -> Unary {
        let symbol = try address(op, element)
        if element == .f32 {
            let function = unsafeBitCast(symbol, to: (@convention(c) (Float) -> Float).self)
            return { function(Float(word: $0)).word }
        }
        let function = unsafeBitCast(symbol, to: (@convention(c) (Double) -> Double).self)
        return { function(Double(word: $0)).word }
    }

    private static func sleef(_ op: ScalarOperator, _ element: ElementType) throws -> Binary {
        let symbol = try address(op, element)
        if element == .f32 {
            let function = unsafeBitCast(symbol, to: (@convention(c) (Float, Float) -> Float).self)
            return { function(Float(word: $0), Float(word: $1)).word }
        }
        let function = unsafeBitCast(symbol, to: (@convention(c) (Double, Double) -> Double).self)
        return { function(Double(word: $0), Double(word: $1)).word }
    }

    private static func address(_ op: ScalarOperator, _ element: ElementType) throws -> UnsafeMutableRawPointer {
        guard let function = MathFunction(op), let address = sleef_function(function.scalarSymbol(element)) else {
            throw Fault("no \(op.rawValue) of \(element.rawValue)")
        }
        return address
    }
}

// MARK: Python's division

/// ⌊a / b⌋ of integers; the least integer by -1 wraps. b is not 0.
func floorDivide<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
    let (quotient, overflow) = a.dividedReportingOverflow(by: b)
    if overflow { return a }
    let remainder = a &- quotient &* b
    return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient
}

/// a - b·⌊a / b⌋ of integers: of b's sign. b is not 0.
private func modulo<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
    let (remainder, overflow) = a.remainderReportingOverflow(dividingBy: b)
    if overflow { return 0 }
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
}

/// The exact remainder, of b's sign, zero included; NaN for b = 0, as in NumPy.
private func modulo<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    let remainder = a.truncatingRemainder(dividingBy: b)
    if remainder == 0 { return T(signOf: b, magnitudeOf: 0) }
    return (remainder < 0) != (b < 0) ? remainder + b : remainder
}

private func floorDivide<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    (a / b).rounded(.down)
}

private func sign<T: BinaryFloatingPoint>(_ x: T) -> T {
    x > 0 ? 1 : x < 0 ? -1 : x
}

import Language

/// What an operation makes of numbers that are known: the bits that the running program would compute, or nil where
/// that is left to the running program (functions of the math library, failures, and NaNs, whose payloads are the machine's).
enum ConstantFolding {
    static func fold(_ op: ScalarOperator, _ operands: [Constant]) -> Constant? {
        if op == .select, operands.count == 3, case .bool(let condition) = operands[0] {
            return operands[condition ? 1 : 2]
        }
        guard operands.count == op.arity, let type = operands.first?.element else { return nil }
        switch type {
        case .bool: return logic(op, operands.compactMap { if case .bool(let x) = $0 { x } else { nil } })
        case .i32, .i64, .u32, .u64:
            return integer(op, operands.compactMap { if case .integer(let x, _) = $0 { x } else { nil } }, type)
        case .f64: return float(op, operands.compactMap(\.double), type)
        case .f32: return float(op, operands.compactMap(\.double).map(Float.init), type)
        case .c64, .c128: return nil
        }
    }

    // MARK: bool

    private static func logic(_ op: ScalarOperator, _ x: [Bool]) -> Constant? {
        guard x.count == op.arity else { return nil }
        switch op {
        case .not: return .bool(!x[0])
        case .and: return .bool(x[0] && x[1])
        case .or: return .bool(x[0] || x[1])
        case .equal: return .bool(x[0] == x[1])
        case .notEqual: return .bool(x[0] != x[1])
        default: return nil
        }
    }

    // MARK: Integers

    /// Integers are kept in 64 bits; unsigned ones zero-extended.
    private static func integer(_ op: ScalarOperator, _ x: [Int64], _ type: ElementType) -> Constant? {
        guard x.count == op.arity else { return nil }
        if let value = arithmetic(op, x, type) { return .integer(type.wrap(value), type) }
        guard x.count == 2 else { return nil }
        let isLess = less(x[0], x[1], type)
        switch op {
        case .equal: return .bool(x[0] == x[1])
        case .notEqual: return .bool(x[0] != x[1])
        case .less: return .bool(isLess)
        case .lessEqual: return .bool(isLess || x[0] == x[1])
        case .greater: return .bool(!isLess && x[0] != x[1])
        case .greaterEqual: return .bool(!isLess)
        case .min: return .integer(isLess ? x[0] : x[1], type)
        case .max: return .integer(isLess ? x[1] : x[0], type)
        default: return nil
        }
    }

    private static func less(_ a: Int64, _ b: Int64, _ type: ElementType) -> Bool {
        type.isSigned ? a < b : UInt64(bitPattern: a) < UInt64(bitPattern: b)
    }

    private static func arithmetic(_ op: ScalarOperator, _ x: [Int64], _ type: ElementType) -> Int64? {
        let width: Int64 = type.byteSize == 4 ? 32 : 64
        switch op {
        case .add: return x[0] &+ x[1]
        case .subtract: return x[0] &- x[1]
        case .multiply: return x[0] &* x[1]
        case .negate: return 0 &- x[0]
        case .floorDivide: return floorDivision(x[0], x[1], type)?.quotient
        case .modulo: return floorDivision(x[0], x[1], type)?.remainder
        case .bitAnd: return x[0] & x[1]
        case .bitOr: return x[0] | x[1]
        case .bitXor: return x[0] ^ x[1]
        case .bitNot: return ~x[0]
        case .shiftLeft: return x[0] << (x[1] & (width - 1))
        case .shiftRight:
            let count = x[1] & (width - 1)
            return type.isSigned ? x[0] >> count : Int64(bitPattern: UInt64(bitPattern: x[0]) >> UInt64(count))
        case .abs: return type.isSigned && x[0] < 0 ? 0 &- x[0] : x[0]
        case .sign: return x[0] == 0 ? 0 : type.isSigned && x[0] < 0 ? -1 : 1
        default: return nil
        }
    }

    /// As in Python: the remainder has the divisor's sign. nil: division by zero.
    private static func floorDivision(
        _ a: Int64, _ b: Int64, _ type: ElementType
    ) -> (quotient: Int64, remainder: Int64)? {
        if b == 0 { return nil }
        guard type.isSigned else {
            let (q, r) = UInt64(bitPattern: a).quotientAndRemainder(dividingBy: UInt64(bitPattern: b))
            return (Int64(bitPattern: q), Int64(bitPattern: r))
        }
        if b == -1 { return (0 &- a, 0) }
        let (q, r) = a.quotientAndRemainder(dividingBy: b)
        return r != 0 && (r < 0) != (b < 0) ? (q - 1, r + b) : (q, r)
    }

    // MARK: Floats

    private static func float<T: BinaryFloatingPoint>(
        _ op: ScalarOperator, _ x: [T], _ type: ElementType
    ) -> Constant? {
        guard x.count == op.arity, !x.contains(where: \.isNaN) else { return nil }
        if let truth = comparison(op, x) { return .bool(truth) }
        guard let value = floatArithmetic(op, x), !value.isNaN else { return nil }
        return .float(Double(value), type)
    }

    private static func comparison<T: BinaryFloatingPoint>(_ op: ScalarOperator, _ x: [T]) -> Bool? {
        switch op {
        case .equal: x[0] == x[1]
        case .notEqual: x[0] != x[1]
        case .less: x[0] < x[1]
        case .lessEqual: x[0] <= x[1]
        case .greater: x[0] > x[1]
        case .greaterEqual: x[0] >= x[1]
        case .isnan: x[0].isNaN
        case .isinf: x[0].isInfinite
        case .isfinite: x[0].isFinite
        default: nil
        }
    }

    private static func floatArithmetic<T: BinaryFloatingPoint>(_ op: ScalarOperator, _ x: [T]) -> T? {
        switch op {
        case .add: x[0] + x[1]
        case .subtract: x[0] - x[1]
        case .multiply: x[0] * x[1]
        case .divide: x[0] / x[1]
        case .negate: -x[0]
        case .fma: x[2].addingProduct(x[0], x[1])
        case .min: x[0] < x[1] ? x[0] : x[1]
        case .max: x[0] > x[1] ? x[0] : x[1]
        case .abs: abs(x[0])
        case .floor: x[0].rounded(.down)
        case .ceil: x[0].rounded(.up)
        case .round: x[0].rounded(.toNearestOrEven)
        case .trunc: x[0].rounded(.towardZero)
        case .sqrt: x[0].squareRoot()
        default: nil
        }
    }

    // MARK: Conversions

    static func convert(_ constant: Constant, to target: ElementType) -> Constant? {
        switch (constant, target) {
        case (_, .c64), (_, .c128): nil
        case (.bool(let x), .bool): .bool(x)
        case (.bool(let x), _): convert(.integer(x ? 1 : 0, .i64), to: target)
        case (.integer(let x, _), .bool): .bool(x != 0)
        case (.integer(let x, _), .i32), (.integer(let x, _), .i64), (.integer(let x, _), .u32),
            (.integer(let x, _), .u64):
            .integer(target.wrap(x), target)
        case (.integer(let x, .u64), .f32): .float(Double(Float(UInt64(bitPattern: x))), .f32)
        case (.integer(let x, .u64), .f64): .float(Double(UInt64(bitPattern: x)), .f64)
        case (.integer(let x, _), .f32): .float(Double(Float(x)), .f32)
        case (.integer(let x, _), .f64): .float(Double(x), .f64)
        case (.float(let x, _), .bool): x.isNaN ? nil : .bool(x != 0)
        case (.float(let x, _), .f32): x.isNaN ? nil : .float(Double(Float(x)), .f32)
        case (.float(let x, _), .f64): x.isNaN ? nil : .float(x, .f64)
        case (.float(let x, _), .i32): .integer(Int64(saturating(x) as Int32), .i32)
        case (.float(let x, _), .i64): .integer(saturating(x), .i64)
        case (.float(let x, _), .u32): .integer(Int64(saturating(x) as UInt32), .u32)
        case (.float(let x, _), .u64): .integer(Int64(bitPattern: saturating(x)), .u64)
        }
    }

    /// Cut towards zero; NaN gives 0.
    private static func saturating<T: FixedWidthInteger>(_ x: Double) -> T {
        if x.isNaN { return 0 }
        return T(exactly: x.rounded(.towardZero)) ?? (x < 0 ? T.min : T.max)
    }
}

extension Constant {
    var double: Double? { if case .float(let x, _) = self { x } else { nil } }

    /// Whether it is that number in its type.
    func isNumber(_ number: Int) -> Bool {
        switch self {
        case .bool: false
        case .integer(let x, _): x == Int64(number)
        case .float(let x, _): x == Double(number)
        }
    }
}

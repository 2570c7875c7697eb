import Language

/// Numbers of one element type as numbers of another, by the rules of written conversions: integers wrap, floats are cut
/// towards zero and saturate (NaN gives 0), and a number is true unless it is zero.
enum Conversions {
    static func function(from source: ElementType, to target: ElementType) throws -> ScalarFunctions.Unary {
        let function: ScalarFunctions.Unary? =
            switch source {
            case .bool: fromInteger(UInt32.self, to: target)
            case .i32: fromInteger(Int32.self, to: target)
            case .i64: fromInteger(Int64.self, to: target)
            case .u32: fromInteger(UInt32.self, to: target)
            case .u64: fromInteger(UInt64.self, to: target)
            case .f32: fromFloat(Float.self, to: target)
            case .f64: fromFloat(Double.self, to: target)
            case .c64, .c128: nil
            }
        guard let function else { throw Fault("no conversion from \(source.rawValue) to \(target.rawValue)") }
        return function
    }

    private static func fromInteger<T: Scalar & FixedWidthInteger>(
        _: T.Type, to target: ElementType
    ) -> ScalarFunctions.Unary? {
        switch target {
        case .bool: { (T(word: $0) != 0).word }
        case .i32: { Int32(truncatingIfNeeded: T(word: $0)).word }
        case .i64: { Int64(truncatingIfNeeded: T(word: $0)).word }
        case .u32: { UInt32(truncatingIfNeeded: T(word: $0)).word }
        case .u64: { UInt64(truncatingIfNeeded: T(word: $0)).word }
        case .f32: { Float(T(word: $0)).word }
        case .f64: { Double(T(word: $0)).word }
        case .c64, .c128: nil
        }
    }

    private static func fromFloat<T: Scalar & BinaryFloatingPoint>(
        _: T.Type, to target: ElementType
    ) -> ScalarFunctions.Unary? {
        switch target {
        case .bool: { (T(word: $0) != 0).word }
        case .i32: { saturated(T(word: $0), Int32.self).word }
        case .i64: { saturated(T(word: $0), Int64.self).word }
        case .u32: { saturated(T(word: $0), UInt32.self).word }
        case .u64: { saturated(T(word: $0), UInt64.self).word }
        case .f32: { Float(T(word: $0)).word }
        case .f64: { Double(T(word: $0)).word }
        case .c64, .c128: nil
        }
    }

    private static func saturated<T: BinaryFloatingPoint, I: FixedWidthInteger>(_ x: T, _: I.Type) -> I {
        if x.isNaN { return 0 }
        return I(exactly: x.rounded(.towardZero)) ?? (x < 0 ? I.min : I.max)
    }
}

/// The types of a number, and of an array's elements.
public enum ElementType: String, CaseIterable, Hashable, Sendable {
    case bool, i32, i64, u32, u64, f32, f64, c64, c128

    public var isInteger: Bool { [.i32, .i64, .u32, .u64].contains(self) }
    public var isSigned: Bool { self == .i32 || self == .i64 }
    public var isFloat: Bool { self == .f32 || self == .f64 }
    public var isComplex: Bool { self == .c64 || self == .c128 }
    public var isNumeric: Bool { self != .bool }

    /// Bytes of one element in memory and in a file; a bool is one byte, 0 or 1.
    public var byteSize: Int {
        switch self {
        case .bool: 1
        case .i32, .u32, .f32: 4
        case .i64, .u64, .f64, .c64: 8
        case .c128: 16
        }
    }

    /// An integer cut to the width of this type, as `Constant` keeps it.
    public func wrap(_ value: Int64) -> Int64 {
        switch self {
        case .i32: Int64(Int32(truncatingIfNeeded: value))
        case .u32: Int64(UInt32(truncatingIfNeeded: value))
        default: value
        }
    }

    /// The types that this one becomes without a written conversion, nearest first:
    /// i32→i64→f64→c128, u32→i64, u32→u64→f64, f32→f64, f32→c64→c128.
    public var widenings: [ElementType] {
        switch self {
        case .bool, .c128: []
        case .i32: [.i64, .f64, .c128]
        case .u32: [.i64, .u64, .f64, .c128]
        case .i64, .u64: [.f64, .c128]
        case .f32: [.f64, .c64, .c128]
        case .f64, .c64: [.c128]
        }
    }

    public func widens(to other: ElementType) -> Bool { self == other || widenings.contains(other) }

    /// The least type that both widen to, nil where there is none.
    public static func join(_ a: ElementType, _ b: ElementType) -> ElementType? {
        if a.widens(to: b) { return b }
        if b.widens(to: a) { return a }
        return a.widenings.first { b.widenings.contains($0) }
    }
}

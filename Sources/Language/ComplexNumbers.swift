// Complex numbers. To the checker one is a record of two floats that has a name and operations of its own: an array of complex numbers is
// two arrays, and what is done to it is done to each. Behind the checker only what prints, saves and loads knows more of them.

extension ElementType {
    /// The type of a complex number's parts; nil of what is not complex.
    public var part: ElementType? {
        switch self {
        case .c64: .f32
        case .c128: .f64
        default: nil
        }
    }

    /// The complex numbers that this type widens to, nearest first.
    public var complex: ElementType { widens(to: .c64) ? .c64 : .c128 }
}

extension RecordType {
    /// `c64`, `c128`
    static func complex(_ element: ElementType) -> RecordType {
        let part = ValueType.scalar(element.part ?? .f64)
        return RecordType(element.rawValue, [Field("real", part), Field("imag", part)])
    }
}

extension ValueType {
    /// A complex number.
    public static func complex(_ element: ElementType) -> ValueType { .record(.complex(element)) }

    /// What complex numbers it is, or is made of.
    public var complexElement: ElementType? {
        guard let element = record.flatMap({ ElementType(rawValue: $0.name) }), element.isComplex else { return nil }
        return element
    }

    /// The type of its numbers, complex ones as one each; nil of a tuple or a record.
    public var numberElement: ElementType? { array?.element ?? complexElement }

    /// The type that a literal beside it takes.
    public var literalElement: ElementType? { array?.element ?? complexElement?.part }
}

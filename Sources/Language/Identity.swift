extension ReductionOperator {
    /// What combines with anything without changing it: one constant, or (value, index) for minloc and maxloc; nil where the
    /// operator does not combine such elements, and for a user's, which says itself.
    public func identity(_ element: ElementType) -> [Constant]? {
        switch self {
        case .sum: number(element, 0).map { [$0] }
        case .product: number(element, 1).map { [$0] }
        case .min: element.greatest.map { [$0] }
        case .max: element.least.map { [$0] }
        case .minloc: element.greatest.map { [$0, .integer(.max, .i64)] }
        case .maxloc: element.least.map { [$0, .integer(.max, .i64)] }
        case .and: element == .bool ? [.bool(true)] : nil
        case .or: element == .bool ? [.bool(false)] : nil
        case .bitAnd: element.isInteger ? [.integer(-1, element)] : nil
        case .bitOr, .bitXor: element.isInteger ? [.integer(0, element)] : nil
        case .moment, .comoment: element == .f64 ? Array(repeating: .float(0, .f64), count: arity) : nil
        case .user: nil
        }
    }

    private func number(_ element: ElementType, _ value: Int64) -> Constant? {
        if element.isInteger { return .integer(value, element) }
        return element.isNumeric ? .float(Double(value), element) : nil
    }
}

extension ElementType {
    /// The greatest value: infinity for floats; nil for bool and complex numbers, which min and max do not take.
    public var greatest: Constant? {
        switch self {
        case .i32: .integer(Int64(Int32.max), self)
        case .i64: .integer(.max, self)
        case .u32: .integer(Int64(UInt32.max), self)
        case .u64: .integer(-1, self)
        case .f32, .f64: .float(.infinity, self)
        case .bool, .c64, .c128: nil
        }
    }

    /// The least value: negative infinity for floats.
    public var least: Constant? {
        switch self {
        case .i32: .integer(Int64(Int32.min), self)
        case .i64: .integer(.min, self)
        case .u32, .u64: .integer(0, self)
        case .f32, .f64: .float(-.infinity, self)
        case .bool, .c64, .c128: nil
        }
    }
}

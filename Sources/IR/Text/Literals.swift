import Language

/// Text constants: quotes, backslashes and control characters are written as escapes.
enum QuotedText {
    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                quoted += "\\u{\(String(scalar.value, radix: 16))}"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Numbers as text that reads back to the same bits.
enum NumberText {
    static func text(_ constant: Constant) -> String {
        switch constant {
        case .bool(let value): String(value)
        case .integer(let value, let type): type.isSigned ? String(value) : String(UInt64(bitPattern: value))
        case .float(let value, _):
            value.isNaN && value.bitPattern != Double.nan.bitPattern
                ? "nan(\(value.bitPattern))" : "\(value)"
        }
    }

    /// nil: not a number of that type. `bits` is what stands in the parentheses of a NaN.
    static func constant(_ text: String, bits: UInt64?, _ type: ElementType) -> Constant? {
        switch type {
        case .bool: Bool(text).map(Constant.bool)
        case .i32, .i64: Int64(text).map { .integer($0, type) }
        case .u32, .u64: UInt64(text).map { .integer(Int64(bitPattern: $0), type) }
        case .f32, .f64:
            if let bits { .float(Double(bitPattern: bits), type) } else { Double(text).map { .float($0, type) } }
        case .c64, .c128: nil
        }
    }
}

/// The functions that come from SLEEF's deterministic family: the same bits at every vector width, so an element does not
/// depend on where it stands; but the logarithm of an f64 is `Logarithm`. One row each: SLEEF's base name and the accuracy in its symbols (`u10`: 1.0 ULP).
public struct MathFunction: Hashable, Sendable {
    public let base: String
    public let accuracy: String

    /// nil: not such a function.
    public init?(_ op: ScalarOperator) {
        guard let row = MathFunction.rows[op] else { return nil }
        (base, accuracy) = row
    }

    private static let rows: [ScalarOperator: (base: String, accuracy: String)] = [
        .power: ("pow", "u10"), .hypot: ("hypot", "u05"), .atan2: ("atan2", "u10"), .cbrt: ("cbrt", "u10"),
        .exp: ("exp", "u10"), .exp2: ("exp2", "u10"), .expm1: ("expm1", "u10"),
        .log: ("log", "u10"), .log2: ("log2", "u10"), .log10: ("log10", "u10"), .log1p: ("log1p", "u10"),
        .sin: ("sin", "u10"), .cos: ("cos", "u10"), .tan: ("tan", "u10"),
        .asin: ("asin", "u10"), .acos: ("acos", "u10"), .atan: ("atan", "u10"),
        .sinh: ("sinh", "u10"), .cosh: ("cosh", "u10"), .tanh: ("tanh", "u10"),
        .asinh: ("asinh", "u10"), .acosh: ("acosh", "u10"), .atanh: ("atanh", "u10"),
        .erf: ("erf", "u10"), .erfc: ("erfc", "u15"), .gamma: ("tgamma", "u10"), .lgamma: ("lgamma", "u10"),
    ]

    /// The symbol of one number's function: `Sleef_finz_expd1_u10purecfma`.
    public func scalarSymbol(_ element: ElementType) -> String {
        "Sleef_finz_\(base)\(element == .f32 ? "f1" : "d1")_\(accuracy)purecfma"
    }

    /// One register's function: its symbol and how many numbers the register holds.
    public struct VectorForm: Hashable, Sendable {
        public let symbol: String
        public let lanes: Int
    }

    /// The function for one register of a vector unit: `Sleef_finz_expd4_u10avx2`. nil where a register holds more than `limit`
    /// numbers, and where another NaN may come out than of the other forms.
    public func form(_ element: ElementType, _ unit: VectorUnit, atMost limit: Int) -> VectorForm? {
        let lanes = unit.bits / (element == .f32 ? 32 : 64)
        guard lanes <= limit, !(unit == .avx512 && base.hasPrefix("log") && base != "log1p") else { return nil }
        let letter = element == .f32 ? "f" : "d"
        return VectorForm(symbol: "Sleef_finz_\(base)\(letter)\(lanes)_\(accuracy)\(unit.rawValue)", lanes: lanes)
    }
}

/// A processor's vector registers, by the name that SLEEF gives its functions for them.
public enum VectorUnit: String, Hashable, Sendable {
    case avx512 = "avx512f"
    case avx2
    case advancedSIMD = "advsimd"

    /// Of one register.
    var bits: Int {
        switch self {
        case .avx512: 512
        case .avx2: 256
        case .advancedSIMD: 128
        }
    }
}

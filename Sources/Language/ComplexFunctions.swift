/// What builtins mean of complex numbers, and the operators that are no sums or products, in PDL.
///
/// Their formulas are the meaning: the same bits everywhere. Of infinities and NaN they give what the formulas give.
public enum ComplexFunctions {
    public struct Function: Sendable {
        public let text: String
        /// With `axis: k`, as in `Builtin.Meaning.prelude`.
        public let along: String?

        fileprivate init(_ text: String, along: String? = nil) {
            self.text = text
            self.along = along
        }
    }

    public static func named(_ name: String) -> Function? { table[name] }

    private static let table: [String: Function] = parts.merging(powers) { $1 }.merging(angles) { $1 }
        .merging(reductions) { $1 }

    private static let parts: [String: Function] = [
        "real": Function("fn real(z) = z.real"),
        "imag": Function("fn imag(z) = z.imag"),
        "conj": Function("fn conj(z) = complex(z.real, -z.imag)"),
        "abs": Function("fn abs(z) = hypot(z.real, z.imag)"),
        "arg": Function("fn arg(z) = atan2(z.imag, z.real)"),
        "isnan": Function("fn isnan(z) = isnan(z.real) or isnan(z.imag)"),
        "isinf": Function("fn isinf(z) = isinf(z.real) or isinf(z.imag)"),
        "isfinite": Function("fn isfinite(z) = isfinite(z.real) and isfinite(z.imag)"),
    ]

    private static let powers: [String: Function] = [
        // Smith's: what is divided by the greater part of w cannot overflow before the quotient does.
        "/": Function(
            """
            fn quotient(z, w) {
                let isWide = abs(w.real) >= abs(w.imag)
                let greater = where(isWide, w.real, w.imag)
                let lesser = where(isWide, w.imag, w.real)
                let isZero = greater == 0.0
                let ratio = where(isZero, 0.0, lesser / greater)
                let step = lesser * ratio
                let scale = 1.0 / where(isZero, abs(greater), greater + step)
                let x = where(isWide, z.imag, z.real) * ratio
                let y = where(isWide, z.real, z.imag) * ratio
                let u = where(isWide, z.real + x, x + z.imag) * scale
                let v = where(isWide, z.imag - y, y - z.real) * scale
                return complex(u, v)
            }
            """),
        "exp": Function(
            """
            fn exp(z) {
                let r = exp(z.real)
                return complex(r * cos(z.imag), r * sin(z.imag))
            }
            """),
        // Near the unit circle the logarithm of the absolute value is small: it is reckoned from the distance to the circle.
        "log": Function(
            """
            fn log(z) {
                let r = hypot(z.real, z.imag)
                let x = max(abs(z.real), abs(z.imag))
                let y = min(abs(z.real), abs(z.imag))
                let near = 0.5 * log1p(fma(x - 1.0, x + 1.0, y * y))
                return complex(where(r > 0.5 and r < 2.0, near, log(r)), atan2(z.imag, z.real))
            }
            """),
        "log2": Function("fn log2(z) = log(z) / log(cast_like(2.0, z.real))"),
        "log10": Function("fn log10(z) = log(z) / log(cast_like(10.0, z.real))"),
        // The root in the right half; on the cut it has the sign of the imaginary part, that of a zero too.
        "sqrt": Function(
            """
            fn sqrt(z) {
                let r = sqrt(0.5 * abs(z.real) + 0.5 * hypot(z.real, z.imag))
                let other = where(r == 0.0, z.imag, 0.5 * z.imag / r)
                let isBelow = z.imag < 0.0 or 1.0 / z.imag < 0.0
                let isRight = z.real >= 0.0
                return complex(where(isRight, r, abs(other)), where(isRight, other, where(isBelow, -r, r)))
            }
            """),
        "**": Function(
            """
            fn power(z, w) {
                let isZero = hypot(z.real, z.imag) == 0.0
                let isOne = hypot(w.real, w.imag) == 0.0
                let raised = exp(w * log(z))
                return where(isOne, 1.0, where(isZero, 0.0, raised))
            }
            """),
    ]

    private static let angles: [String: Function] = [
        "sin": Function(
            "fn sin(z) = complex(sin(z.real) * cosh(z.imag), cos(z.real) * sinh(z.imag))"),
        "cos": Function(
            "fn cos(z) = complex(cos(z.real) * cosh(z.imag), -sin(z.real) * sinh(z.imag))"),
        "sinh": Function(
            "fn sinh(z) = complex(sinh(z.real) * cos(z.imag), cosh(z.real) * sin(z.imag))"),
        "cosh": Function(
            "fn cosh(z) = complex(cosh(z.real) * cos(z.imag), sinh(z.real) * sin(z.imag))"),
        // Kahan's; where the hyperbolic functions would overflow the real part is 1 already.
        "tanh": Function(
            """
            fn tanh(z) {
                let isFar = abs(z.real) > 20.0
                let x = where(isFar, 0.0, z.real)
                let t = tan(z.imag)
                let b = 1.0 + t * t
                let s = sinh(x)
                let d = 1.0 + b * s * s
                let c = cos(z.imag)
                let far = 4.0 * sin(z.imag) * c * exp(-2.0 * abs(z.real))
                let near = b * sqrt(1.0 + s * s) * s / d
                return complex(where(isFar, sign(z.real), near), where(isFar, far, t / d))
            }
            """),
        "tan": Function(
            """
            fn tan(z) {
                let turned = tanh(complex(-z.imag, z.real))
                return complex(turned.imag, -turned.real)
            }
            """),
    ]

    private static let reductions: [String: Function] = [
        "mean": Function(
            "fn mean(a) = cast_like(sum(c128(a)) / f64(size(a)), a)",
            along: "fn mean(a) = cast_like(sum(c128(a), axis: AXIS) / f64(size(a, axis: AXIS)), a)"),
        "norm": Function(
            "fn norm(z) = sqrt(sum(z.real * z.real + z.imag * z.imag))",
            along: "fn norm(z) = sqrt(sum(z.real * z.real + z.imag * z.imag, axis: AXIS))"),
    ]
}

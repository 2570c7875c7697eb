/// What a function of numbers is written in: operations of f64 and of their bits that every processor rounds alike, on one number or on a
/// vector of them. So a function has the same bits in the interpreter and in every lane, and code for it needs no call.
public protocol Arithmetic {
    associatedtype Number
    /// The bits of an f64, as an integer that wraps.
    associatedtype Word
    associatedtype Truth

    func number(_ value: Double) -> Number
    func word(_ value: Int) -> Word
    func bits(_ a: Number) -> Word
    func number(bits: Word) -> Number

    func add(_ a: Number, _ b: Number) -> Number
    func subtract(_ a: Number, _ b: Number) -> Number
    func multiply(_ a: Number, _ b: Number) -> Number
    func divide(_ a: Number, _ b: Number) -> Number
    /// a · b + c, rounded once.
    func fma(_ a: Number, _ b: Number, _ c: Number) -> Number
    func isLess(_ a: Number, _ b: Number) -> Truth
    func isEqual(_ a: Number, _ b: Number) -> Truth
    func select(_ test: Truth, _ a: Number, _ b: Number) -> Number

    func add(_ a: Word, _ b: Word) -> Word
    func and(_ a: Word, _ b: Word) -> Word
    func or(_ a: Word, _ b: Word) -> Word
    /// Zeros come from the left.
    func shiftRight(_ a: Word, by count: Int) -> Word
}

/// The natural logarithm of an f64, within 0.84 ULP.
///
/// x = 2^k (1 + f) with 1 + f from √½ to √2. With s = f / (2 + f), log (1 + f) = log (1 + s) - log (1 - s) = f - f²/2 + s (f²/2 + r), where
/// r is a polynomial of s² (W. J. Cody's and W. Waite's method, with the coefficients of Sun's fdlibm).
public struct Logarithm<A: Arithmetic> {
    private let a: A

    public init(_ arithmetic: A) { a = arithmetic }

    private static var mantissa: Int { 0xf_ffff_ffff_ffff }
    /// The bits of √½.
    private static var least: Int { 0x3fe6_a09e_667f_3bcd }
    private static var one: Int { 0x3ff0_0000_0000_0000 }

    /// The bits of the least number that has all its digits, and of infinity: between them are the ordinary numbers.
    public static var ordinary: Range<Int> { 0x10_0000_0000_0000..<0x7ff0_0000_0000_0000 }

    public func callAsFunction(_ x: A.Number) -> A.Number {
        let isTiny = a.isLess(x, a.number(0x1p-1022))
        let scaled = a.select(isTiny, a.multiply(x, a.number(0x1p54)), x)
        let bias = a.select(isTiny, a.number(Self.bias + 54), a.number(Self.bias))
        return ends(x, value(scaled, bias))
    }

    /// The same where x is an ordinary number.
    public func ofOrdinary(_ x: A.Number) -> A.Number { value(x, a.number(Self.bias)) }

    /// An exponent's bits in the place of a fraction's make it 2^52 + itself.
    private static var bias: Double { 0x1p52 + 1023 }

    private func value(_ x: A.Number, _ bias: A.Number) -> A.Number {
        let word = a.add(a.bits(x), a.word(Self.one - Self.least))
        let exponent = a.or(a.shiftRight(word, by: 52), a.word(0x4330_0000_0000_0000))
        let fraction = a.add(a.and(word, a.word(Self.mantissa)), a.word(Self.least))
        let k = a.subtract(a.number(bits: exponent), bias)
        let f = a.subtract(a.number(bits: fraction), a.number(1))
        let s = a.divide(f, a.add(a.number(2), f))
        let half = a.multiply(a.multiply(a.number(0.5), f), f)
        // k log 2 in two parts, the first of which has zeros behind.
        let low = a.fma(s, a.add(half, rest(s)), a.multiply(k, a.number(1.90821492927058770002e-10)))
        return a.fma(k, a.number(6.93147180369123816490e-01), a.subtract(f, a.subtract(half, low)))
    }

    /// r, by the odd and the even powers of s⁴.
    private func rest(_ s: A.Number) -> A.Number {
        let z = a.multiply(s, s)
        let w = a.multiply(z, z)
        func polynomial(_ coefficients: [Double]) -> A.Number {
            coefficients.dropFirst().reduce(a.number(coefficients[0])) { a.fma(w, $0, a.number($1)) }
        }
        let even = polynomial([1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01])
        let odd = polynomial([
            1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01,
        ])
        return a.fma(w, even, a.multiply(z, odd))
    }

    /// What is no positive number has a logarithm of its own.
    private func ends(_ x: A.Number, _ result: A.Number) -> A.Number {
        let finite = a.select(a.isLess(x, a.number(.infinity)), result, x)
        let outside = a.select(a.isEqual(x, a.number(0)), a.number(-.infinity), a.number(.nan))
        return a.select(a.isLess(a.number(0), x), finite, outside)
    }
}

import Language

/// Arithmetic of one f64.
struct NumberArithmetic: Arithmetic {
    func number(_ value: Double) -> Double { value }
    func word(_ value: Int) -> Int { value }
    func bits(_ a: Double) -> Int { Int(bitPattern: UInt(a.bitPattern)) }
    func number(bits: Int) -> Double { Double(bitPattern: UInt64(UInt(bitPattern: bits))) }

    func add(_ a: Double, _ b: Double) -> Double { a + b }
    func subtract(_ a: Double, _ b: Double) -> Double { a - b }
    func multiply(_ a: Double, _ b: Double) -> Double { a * b }
    func divide(_ a: Double, _ b: Double) -> Double { a / b }
    func fma(_ a: Double, _ b: Double, _ c: Double) -> Double { c.addingProduct(a, b) }
    func isLess(_ a: Double, _ b: Double) -> Bool { a < b }
    func isEqual(_ a: Double, _ b: Double) -> Bool { a == b }
    func select(_ test: Bool, _ a: Double, _ b: Double) -> Double { test ? a : b }

    func add(_ a: Int, _ b: Int) -> Int { a &+ b }
    func and(_ a: Int, _ b: Int) -> Int { a & b }
    func or(_ a: Int, _ b: Int) -> Int { a | b }
    func shiftRight(_ a: Int, by count: Int) -> Int { Int(bitPattern: UInt(bitPattern: a) >> UInt(count)) }
}

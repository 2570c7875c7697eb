import CNumerics
import Testing

/// How numbers print.
@Suite struct FormatTests {
    func text(_ x: Double) -> String { read { pdl_format_f64($0, x) } }
    func text(_ x: Float) -> String { read { pdl_format_f32($0, x) } }

    func read(capacity: Int = 128, _ write: (UnsafeMutablePointer<CChar>) -> Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            let length = write(base)
            let text = String(cString: base)
            return text.utf8.count == length ? text : "length \(length) of '\(text)'"
        }
    }

    @Test func style() {
        let expected: [(Double, String)] = [
            (0.25, "0.25"), (1e-6, "1e-06"), (1e16, "1e+16"), (9_999_999_999_999_998, "9999999999999998.0"),
            (120, "120.0"), (-0.0, "-0.0"), (0.0001, "0.0001"), (0.00001234, "1.234e-05"), (.infinity, "inf"),
            (-.infinity, "-inf"), (.nan, "nan"), (-.nan, "nan"), (5e-324, "5e-324"), (1e100, "1e+100"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
        ]
        for (x, want) in expected { #expect(text(x) == want) }
        #expect(text(Float(0.1)) == "0.1")
        #expect(text(Float(16_777_216)) == "16777216.0")
    }

    /// The digits without sign, point, exponent and the zeros at either end.
    func digits(_ text: String) -> String {
        let mantissa = text.prefix { $0 != "e" }.filter { $0.isNumber }
        return String(mantissa.drop { $0 == "0" }.reversed().drop { $0 == "0" }.reversed())
    }

    @Test func shortestDigitsThatReadBack() {
        var random = SystemRandomNumberGenerator()
        for round in 0..<20000 {
            let x =
                round < 2046
                ? Double(sign: .plus, exponent: round - 1022, significand: 1) : Double(bitPattern: random.next())
            if x.isFinite {
                #expect(Double(text(x)) == x)
                #expect(digits(text(x)) == digits("\(x)"))
            }
            let y = Float(bitPattern: random.next())
            if y.isFinite {
                #expect(Float(text(y)) == y)
                #expect(digits(text(y)) == digits("\(y)"))
            }
        }
    }

    @Test func holes() {
        func hole(_ x: Double, _ style: Int32, _ digits: Int32, _ width: Int32, capacity: Int = 1024) -> String {
            withUnsafePointer(to: x) { address in
                read(capacity: 1024) {
                    pdl_format_hole(
                        $0, capacity, Int32(PDL_F64.rawValue), address,
                        pdl_format(style: style, digits: digits, width: width))
                }
            }
        }
        #expect(hole(3.14159, 1, 3, 0) == "3.142")
        #expect(hole(3.14159, 2, 3, 12) == "   3.142e+00")
        #expect(hole(1.5, 0, 0, 6) == "   1.5")
        #expect(hole(-.nan, 1, 2, 0) == "nan")
        #expect(hole(1e300, 1, 2, 0, capacity: 11) == "1000000000")
        let number = withUnsafePointer(to: Int64(7)) { address in
            read {
                pdl_format_hole($0, 128, Int32(PDL_I64.rawValue), address, pdl_format(style: 1, digits: 2, width: 6))
            }
        }
        #expect(number == "  7.00")
    }

    @Test func blocksAreRunsOfLeaves() {
        #expect((0...4).map { pdl_block_begin(16, 4, $0) } == [0, 4, 8, 12, 16])
        #expect((0...5).map { pdl_block_begin(3, 5, $0) } == [0, 1, 2, 3, 3, 3])
        #expect((0...3).map { pdl_block_begin(1000, 3, $0) } == [0, 334, 668, 1000])
        #expect([0, 1, 511, 512, 262_143, 262_144, 1 << 40].map { pdl_leaf($0) } == [1, 1, 1, 2, 512, 1024, 1024])
        #expect([0, 1, 2, 3, 1000, 5000].map { pdl_leaf_rows($0, -1) } == [1024, 1024, 512, 256, 1, 1])
        #expect(pdl_leaf_rows(1, 512) == 2)
    }
}

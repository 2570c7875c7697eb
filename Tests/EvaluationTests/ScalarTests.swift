import Language
import Testing

@testable import Evaluation

/// What `ScalarOperator` promises of numbers.
struct ScalarTests {
    private func i64(_ op: ScalarOperator, _ a: Int64, _ b: Int64) throws -> Int64 {
        Int64(word: try ScalarFunctions.binary(op, .i64)(a.word, b.word))
    }
    private func i32(_ op: ScalarOperator, _ a: Int32, _ b: Int32) throws -> Int32 {
        Int32(word: try ScalarFunctions.binary(op, .i32)(a.word, b.word))
    }
    private func f64(_ op: ScalarOperator, _ a: Double, _ b: Double) throws -> Double {
        Double(word: try ScalarFunctions.binary(op, .f64)(a.word, b.word))
    }

    @Test func integerDivisionIsPythons() throws {
        #expect(try i64(.floorDivide, -7, 2) == -4 && i64(.modulo, -7, 2) == 1)
        #expect(try i64(.floorDivide, 7, -2) == -4 && i64(.modulo, 7, -2) == -1)
        #expect(try i64(.floorDivide, -8, 2) == -4 && i64(.modulo, -8, 2) == 0)
        #expect(try i64(.floorDivide, .min, -1) == .min && i64(.modulo, .min, -1) == 0)
    }

    @Test func floatDivisionIsPythons() throws {
        #expect(try f64(.floorDivide, -7, 2) == -4 && f64(.modulo, -7, 2) == 1)
        #expect(try f64(.modulo, 7, -2) == -1 && f64(.modulo, 5.5, 2) == 1.5)
        #expect(try f64(.modulo, -4, 2).sign == .plus && f64(.modulo, 4, -2).sign == .minus)
        #expect(try f64(.modulo, 1, 0).isNaN && f64(.floorDivide, 1, 0) == .infinity)
    }

    @Test func integersWrap() throws {
        #expect(try i32(.add, .max, 1) == .min && i32(.multiply, 1 << 20, 1 << 20) == 0)
        let u32 = try ScalarFunctions.binary(.subtract, .u32)
        #expect(u32(0, 1) == Word(UInt32.max))
        #expect(try Int64(word: ScalarFunctions.unary(.negate, .i64)(Int64.min.word)) == .min)
        #expect(try Int32(word: ScalarFunctions.unary(.abs, .i32)(Int32.min.word)) == .min)
    }

    @Test func shiftCountsAreModuloTheWidth() throws {
        #expect(try i32(.shiftLeft, 1, 33) == 2 && i64(.shiftLeft, 1, 33) == 1 << 33)
        #expect(try i64(.shiftRight, -8, 1) == -4)
        #expect(try ScalarFunctions.binary(.shiftRight, .u64)(.max, 63) == 1)
    }

    @Test func extremesGiveNaN() throws {
        #expect(try f64(.min, .nan, 1).isNaN && f64(.min, 1, .nan).isNaN)
        #expect(try f64(.max, .nan, 1).isNaN && f64(.max, 1, .nan).isNaN)
        #expect(try f64(.min, 1, 2) == 1 && f64(.max, 1, 2) == 2)
        // (a < b or a != a) ? a : b
        #expect(try f64(.min, 0, -0.0).sign == .minus && f64(.min, -0.0, 0).sign == .plus)
    }

    @Test func roundingGoesToEven() throws {
        let round = try ScalarFunctions.unary(.round, .f64)
        #expect([0.5, 1.5, 2.5, -0.5].map { Double(word: round($0.word)) } == [0, 2, 2, 0])
        #expect(Double(word: round((-0.5).word)).sign == .minus)
    }

    @Test func singlesRoundAfterEveryOperation() throws {
        let add = try ScalarFunctions.binary(.add, .f32)
        #expect(Float(word: add(Float(16_777_216).word, Float(1).word)) == 16_777_216)
        let fma = try ScalarFunctions.ternary(.fma, .f32)
        let x = Float(1 + 0x1p-12)
        #expect(Float(word: fma(x.word, x.word, Float(-1).word)) == Float(0x1p-11 + 0x1p-24))
    }

    @Test func conversionsSaturateAndWrap() throws {
        func convert(_ x: Double, _ type: ElementType) throws -> Word {
            try Conversions.function(from: .f64, to: type)(x.word)
        }
        #expect(try Int32(word: convert(1e10, .i32)) == .max && Int32(word: convert(-1e10, .i32)) == .min)
        #expect(try Int64(word: convert(.nan, .i64)) == 0 && Int64(word: convert(-2.9, .i64)) == -2)
        #expect(try convert(-1, .u32) == 0 && convert(1e10, .u32) == Word(UInt32.max) && convert(1e30, .u64) == .max)
        #expect(try convert(0.5, .bool) == 1 && convert(-0.0, .bool) == 0 && convert(.nan, .bool) == 1)
        let narrow = try Conversions.function(from: .i64, to: .i32)
        #expect(Int32(word: narrow((Int64(1) << 32 + 5).word)) == 5)
        #expect(try Double(word: Conversions.function(from: .u64, to: .f64)(.max)) == 0x1p64)
    }

    @Test func functionsComeFromSleef() throws {
        let exp = try ScalarFunctions.unary(.exp, .f64)
        #expect(Double(word: exp(0.0.word)) == 1 && abs(Double(word: exp(1.0.word)) - 2.718281828459045) < 1e-15)
        #expect(try f64(.power, 2, 10) == 1024 && f64(.hypot, 3, 4) == 5)
    }
}

import IR
import LLVMSupport
import Language

/// Floor division and modulo as in Python.
extension Emitter {
    /// Fails where a lane at work divides an integer by zero.
    func checkDivisor(_ divisor: LLVMValue, known: Int?, _ node: Node) throws {
        if let known, known != 0 { return }
        let isZero = builder.compare(.eq, divisor, divisor.type.null)
        try fail(where: isZero) { _ in
            callNoReturn("pdl_fail_division", [place(of: node)])
        }
    }

    /// Integers: the quotient rounded down and what is left, of the divisor's sign. The divisor was checked; where it is 0 or
    /// -1, another one stands in, so that the instruction is defined: a // -1 is -a, which wraps, and a % -1 is 0.
    func divide(
        _ element: ElementType, _ a: LLVMValue, _ b: LLVMValue
    ) -> (quotient: LLVMValue, remainder: LLVMValue) {
        let type = a.type
        let isZero = builder.compare(.eq, b, type.null)
        guard element.isSigned else {
            let divisor = builder.select(isZero, type.constant(1), b)
            return (builder.binary(.udiv, a, divisor), builder.binary(.urem, a, divisor))
        }
        let isMinusOne = builder.compare(.eq, b, type.constant(-1))
        let divisor = builder.select(builder.binary(.or, isZero, isMinusOne), type.constant(1), b)
        let quotient = builder.binary(.sdiv, a, divisor)
        let remainder = builder.binary(.srem, a, divisor)
        let isInexact = builder.compare(.ne, remainder, type.null)
        let signsDiffer = builder.compare(.slt, builder.binary(.xor, remainder, divisor), type.null)
        let isBelow = builder.binary(.and, isInexact, signsDiffer)
        let floored = builder.select(isBelow, builder.binary(.sub, quotient, type.constant(1)), quotient)
        let modulo = builder.select(isBelow, builder.binary(.add, remainder, divisor), remainder)
        let negated = builder.binary(.sub, type.null, a)
        return (builder.select(isMinusOne, negated, floored), modulo)
    }

    /// Floats: fmod moved to the divisor's sign; a zero takes the divisor's sign.
    func modulo(_ a: LLVMValue, _ b: LLVMValue) throws -> LLVMValue {
        let remainder = builder.binary(.frem, a, b)
        let isZero = builder.compare(.oeq, remainder, a.type.null)
        let signsDiffer = builder.binary(
            .xor, builder.compare(.olt, remainder, a.type.null), builder.compare(.olt, b, a.type.null))
        let moved = builder.select(signsDiffer, builder.binary(.fadd, remainder, b), remainder)
        let zero = try builder.intrinsic("llvm.copysign", [a.type], [a.type.null, b])
        return builder.select(isZero, zero, moved)
    }

    func floorDivide(_ a: LLVMValue, _ b: LLVMValue) throws -> LLVMValue {
        try builder.intrinsic("llvm.floor", [a.type], [builder.binary(.fdiv, a, b)])
    }
}

import LLVMSupport
import Language

/// Functions that are written out where they are called, of one f64 or of a vector of them.
extension Emitter {
    /// Where a number is none of the ordinary ones, a function does it that knows all.
    func logarithm(_ x: LLVMValue) throws -> LLVMValue {
        let arithmetic = VectorArithmetic(emitter: self, type: x.type)
        let ordinary = Logarithm<VectorArithmetic>.ordinary
        let place = builder.binary(.sub, arithmetic.bits(x), arithmetic.word(ordinary.lowerBound))
        let isOutside = builder.compare(.uge, place, arithmetic.word(ordinary.count))
        let result = slot(x.type)
        try when(x.type.isVector ? any(isOutside) : isOutside) {
            builder.store(builder.call(try logarithmFunction(x.type), [x]), result)
        } otherwise: {
            builder.store(Logarithm(arithmetic).ofOrdinary(x), result)
        }
        return builder.load(x.type, result)
    }

    private func logarithmFunction(_ number: LLVMType) throws -> LLVMFunction {
        let type = LLVMType.function(number, [number])
        let name = number.isVector ? "log_of_eight" : "log_of_one"
        if let known = combineFunctions[name] { return LLVMFunction(known, type) }
        let function = llvm.definition(name, type, .internal)
        llvm.isNeverInlined(function)
        combineFunctions[name] = function
        writing(function, as: nil, line: 0) {
            let arithmetic = VectorArithmetic(emitter: self, type: number)
            builder.returnValue(Logarithm(arithmetic)(function.parameter(0)))
        }
        return LLVMFunction(function, type)
    }
}

/// Arithmetic as LLVM's instructions.
private struct VectorArithmetic: Arithmetic {
    let emitter: Emitter
    /// Of numbers.
    let type: LLVMType

    private var builder: LLVMBuilder { emitter.builder }
    private var words: LLVMType { emitter.llvm.integer(64).like(type) }

    func number(_ value: Double) -> LLVMValue { type.constant(value) }
    func word(_ value: Int) -> LLVMValue { words.constant(value) }
    func bits(_ a: LLVMValue) -> LLVMValue { builder.cast(.bits, a, to: words) }
    func number(bits: LLVMValue) -> LLVMValue { builder.cast(.bits, bits, to: type) }

    func subtract(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.binary(.fsub, a, b) }
    func multiply(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.binary(.fmul, a, b) }
    func divide(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.binary(.fdiv, a, b) }
    func fma(_ a: LLVMValue, _ b: LLVMValue, _ c: LLVMValue) -> LLVMValue {
        do {
            return try builder.intrinsic("llvm.fma", [type], [a, b, c])
        } catch {
            emitter.note(CodeGenFault("no llvm.fma"))
            return c
        }
    }
    func isLess(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.compare(.olt, a, b) }
    func isEqual(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.compare(.oeq, a, b) }
    func select(_ test: LLVMValue, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.select(test, a, b) }

    func add(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        builder.binary(a.type.scalar.isInteger ? .add : .fadd, a, b)
    }
    func and(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.binary(.and, a, b) }
    func or(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue { builder.binary(.or, a, b) }
    func shiftRight(_ a: LLVMValue, by count: Int) -> LLVMValue { builder.binary(.lshr, a, a.type.constant(count)) }
}

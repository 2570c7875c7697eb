import LLVMSupport
import Language

/// SLEEF's deterministic functions: any mixture of vector and scalar calls gives the same bits.
extension Emitter {
    func call(_ function: MathFunction, _ element: ElementType, _ operands: [LLVMValue]) -> LLVMValue {
        guard operands[0].isVector else { return callScalar(function, element, operands) }
        if element == .f64, llvm.target.has("avx512f"), let symbol = function.wideSymbol {
            return callPure(symbol, operands)
        }
        guard llvm.target.has("avx2"), llvm.target.has("fma") else {
            return join(
                (0..<Lanes.count).map { lane in
                    callScalar(function, element, operands.map { builder.lane($0, i64(lane)) })
                })
        }
        let symbol = function.vectorSymbol(element)
        if element == .f32 { return callPure(symbol, operands) }
        let half = Lanes.count / 2
        let halves = [0, half].map { start in
            callPure(symbol, operands.map { builder.shuffle($0, $0, Array(start..<start + half)) })
        }
        return builder.shuffle(halves[0], halves[1], Array(0..<Lanes.count))
    }

    private func callScalar(
        _ function: MathFunction, _ element: ElementType, _ operands: [LLVMValue]
    ) -> LLVMValue {
        callPure(function.scalarSymbol(element), operands)
    }

    private func callPure(_ symbol: String, _ operands: [LLVMValue]) -> LLVMValue {
        let type = LLVMType.function(operands[0].type, operands.map(\.type))
        let attributes = ["nounwind", "willreturn", "memory", "speculatable"]
        return builder.call(LLVMFunction(llvm.function(symbol, type, attributes), type), operands)
    }

    private func join(_ lanes: [LLVMValue]) -> LLVMValue {
        var vector = lanes[0].type.vector(lanes.count).poison
        for (number, lane) in lanes.enumerated() { vector = builder.insert(lane, into: vector, i64(number)) }
        return vector
    }
}

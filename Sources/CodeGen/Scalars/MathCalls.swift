import LLVMSupport
import Language

/// SLEEF's deterministic functions: any mixture of vector and scalar calls gives the same bits.
extension Emitter {
    func call(_ function: MathFunction, _ element: ElementType, _ operands: [LLVMValue]) -> LLVMValue {
        guard operands[0].isVector else { return callScalar(function, element, operands) }
        guard let form = target.vectorUnits.lazy.compactMap({ function.form(element, $0, atMost: Lanes.count) }).first
        else {
            return join(
                (0..<Lanes.count).map { lane in
                    callScalar(function, element, operands.map { builder.lane($0, i64(lane)) })
                })
        }
        return calls(form, operands, 0..<Lanes.count)
    }

    /// The results of a run of lanes: of one register by a call, of more by halves.
    private func calls(
        _ form: MathFunction.VectorForm, _ operands: [LLVMValue], _ lanes: Range<Int>
    ) -> LLVMValue {
        if lanes.count == form.lanes {
            let isWhole = lanes.count == Lanes.count
            return callPure(form.symbol, isWhole ? operands : operands.map { builder.shuffle($0, $0, Array(lanes)) })
        }
        let middle = lanes.lowerBound + lanes.count / 2
        let halves = [lanes.lowerBound..<middle, middle..<lanes.upperBound].map { calls(form, operands, $0) }
        return builder.shuffle(halves[0], halves[1], Array(0..<lanes.count))
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

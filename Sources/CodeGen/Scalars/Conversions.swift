import IR
import LLVMSupport
import Language

extension Emitter {
    func emitConvert(_ to: ElementType, _ node: Node) throws {
        let from = try element(node.value)
        let operand = try operand(node.value)
        switch operand {
        case .linear where to == .i64, .strided where to == .i64: define(node.results[0], operand)
        case .linear, .strided, .varying: define(node.results[0], .varying(try convert(widened(operand), from, to)))
        case .uniform, .part:
            define(node, [try convert(operand.value, from, to)])
            if from.isInteger, to == .i64, let known = knownIntegers[node.value] {
                note(node.results[0], is: known)
            }
        }
    }

    /// C's rules; floats to integers are cut towards zero and saturate, NaN gives 0; a bool is whether it is not 0.
    func convert(_ value: LLVMValue, _ from: ElementType, _ to: ElementType) throws -> LLVMValue {
        let type = try type(to).like(value.type)
        if to == .bool {
            if from == .bool { return value }
            return from.isFloat
                ? builder.compare(.une, value, value.type.null) : builder.compare(.ne, value, value.type.null)
        }
        switch (from.isFloat, to.isFloat) {
        case (true, true):
            if from == to { return value }
            return builder.cast(to == .f32 ? .floatTruncate : .floatExtend, value, to: type)
        case (false, true): return builder.cast(from.isSigned ? .signedToFloat : .unsignedToFloat, value, to: type)
        case (true, false): return try saturate(value, to, type)
        case (false, false):
            let width = value.type.scalar.width
            if width == type.scalar.width { return value }
            if width > type.scalar.width { return builder.cast(.truncate, value, to: type) }
            return builder.cast(from.isSigned ? .signExtend : .zeroExtend, value, to: type)
        }
    }

    /// Floats cut towards zero. Processors do not saturate vectors, so it is asked once for all lanes whether they have to.
    private func saturate(_ value: LLVMValue, _ to: ElementType, _ type: LLVMType) throws -> LLVMValue {
        func saturated() throws -> LLVMValue {
            try builder.intrinsic(
                to.isSigned ? "llvm.fptosi.sat" : "llvm.fptoui.sat", [type, value.type], [value])
        }
        guard value.isVector else { return try saturated() }
        let limit = Double(sign: .plus, exponent: type.scalar.width - (to.isSigned ? 1 : 0), significand: 1)
        let isWithin = builder.binary(
            .and, builder.compare(.oge, value, value.type.constant(to.isSigned ? -limit : 0)),
            builder.compare(.olt, value, value.type.constant(limit)))
        let sides = [builder.block("within"), builder.block("beyond")]
        let join = builder.block("join")
        builder.branch(any(builder.not(isWithin)), sides[1], sides[0])
        let ways = [{ self.builder.cast(to.isSigned ? .floatToSigned : .floatToUnsigned, value, to: type) }, saturated]
        let results = try zip(sides, ways).map { side, way in
            builder.move(to: side)
            let result = try way()
            builder.jump(join)
            return result
        }
        builder.move(to: join)
        let phi = builder.phi(type)
        for (result, side) in zip(results, sides) { phi.addIncoming(result, from: side) }
        return phi
    }
}

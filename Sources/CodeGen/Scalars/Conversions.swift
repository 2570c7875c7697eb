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
        case (true, false):
            return try builder.intrinsic(
                to.isSigned ? "llvm.fptosi.sat" : "llvm.fptoui.sat", [type, value.type], [value])
        case (false, false):
            let width = value.type.scalar.width
            if width == type.scalar.width { return value }
            if width > type.scalar.width { return builder.cast(.truncate, value, to: type) }
            return builder.cast(from.isSigned ? .signExtend : .zeroExtend, value, to: type)
        }
    }
}

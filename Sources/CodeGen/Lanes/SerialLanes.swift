import IR
import LLVMSupport
import Language

/// A loop inside a vector body: it runs for each lane at work in turn, lower lanes first, so that what it accumulates keeps its order.
///
///     %s = loop … { … }      →      for lane in 0..<8 if mask[lane] { %s = loop … { … } with what it reads of that lane; s[lane] = %s }
extension Emitter {
    func emitSerially(_ node: Node) throws {
        guard let lanes else { throw CodeGenFault("no lanes to run one after the other") }
        let read = try node.freeValues(in: source).sorted().map { ($0, try operand($0)) }
            .filter { $0.1.shape != .uniform }
        let pickers = try read.map { try picker($0.1, $0.0) }
        let mask = lanes.mask.map { mask in
            let place = slot(inMemory(mask, .bool).type)
            builder.store(inMemory(mask, .bool), place)
            return place
        }
        let results = try node.results.map { slot(try memoryType(try element($0)).vector(Lanes.count)) }
        for (slot, result) in zip(results, node.results) {
            builder.store(try memoryType(try element(result)).vector(Lanes.count).null, slot)
        }
        try within {
            $0.lanes = nil
        } _: {
            try counted(i64(0), i64(Lanes.count), i64(1), asItIs: true) { lane in
                let isAtWork = try mask.map { try load(.bool, $0, lane) } ?? llvm.integer(1).constant(1)
                try when(isAtWork) {
                    for ((value, _), pick) in zip(read, pickers) { define(value, .uniform(try pick(lane))) }
                    try emitStraightLoop(node)
                    for (slot, result) in zip(results, node.results) {
                        try store(try uniform(result), try element(result), slot, lane)
                    }
                }
            }
        }
        for (value, operand) in read { define(value, operand) }
        for (slot, result) in zip(results, node.results) {
            define(result, .varying(try loadVector(try element(result), slot)))
        }
    }

    /// How to get one lane's number of an operand; those of a vector are put on the stack.
    private func picker(_ operand: Operand, _ value: Value) throws -> (LLVMValue) throws -> LLVMValue {
        switch operand {
        case .linear(let base): return { self.builder.binary(.add, base, $0) }
        case .strided(let base, let stride):
            return { self.builder.binary(.add, base, self.builder.binary(.mul, stride, $0)) }
        default: break
        }
        let element = try element(value)
        let place = slot(inMemory(operand.value, element).type)
        builder.store(inMemory(operand.value, element), place)
        return { try self.load(element, place, $0) }
    }

    /// Eight elements side by side on the stack.
    func loadVector(_ element: ElementType, _ place: LLVMValue, alignment: Int = 0) throws -> LLVMValue {
        let vector = builder.load(try memoryType(element).vector(Lanes.count), place, alignment: alignment)
        guard element == .bool else { return vector }
        return builder.cast(.truncate, vector, to: llvm.integer(1).vector(Lanes.count))
    }
}

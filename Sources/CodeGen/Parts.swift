import IR
import LLVMSupport
import Language

/// Parts: a rank's runs of tree nodes, kept by the runtime.
extension Emitter {
    /// An empty part; `count` contributions in a node.
    func newPart(_ op: ReductionOperator, _ elements: [ElementType], count: LLVMValue) throws -> LLVMValue {
        let node = try nodeType(elements)
        let identity = slot(node)
        try storeNode(try self.identity(op, elements[0]), elements, identity)
        let size = nodeSize(elements)
        let combine = try combineFunction(op, elements)
        return callRuntime("pdl_part_new", [i64(size), count, combine, identity], returning: llvm.pointer)
    }

    /// (part…) -> what this rank's nodes come to.
    func emitFold(_ node: Node) throws {
        let out = try outPlace(for: node.operands[0], node.results[0])
        callRuntime("pdl_part_fold", [try uniform(node.operands[0]), out])
        for (operand, result) in zip(node.operands, node.results) { try take(operand, result, out) }
    }

    /// Where a collective puts the combination of a part: a node on the stack, or a new array.
    func outPlace(for operand: Value, _ result: Value) throws -> LLVMValue {
        guard source.type(operand).isScalar else { return try allocate(result) }
        let part = try part(operand)
        let out = slot(try nodeType(part.elements))
        // Where a collective leaves `out` alone (reduce, but on rank 0), it holds the identity.
        try storeNode(try identity(part.op, part.elements[0]), part.elements, out)
        return out
    }

    /// Defines a result by what stands at its place: its component of a node, or the array.
    func take(_ operand: Value, _ result: Value, _ out: LLVMValue) throws {
        guard source.type(operand).isScalar else { return define(result, .uniform(out)) }
        let part = try part(operand)
        define(result, .uniform(try loadNode(part.elements, out)[part.component]))
    }

    func part(_ value: Value) throws -> Part {
        guard case .part(let part) = try operand(value) else { throw CodeGenFault("%\(value.id) is not a part") }
        return part
    }
}

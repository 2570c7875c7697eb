import IR
import LLVMSupport
import Language

/// Parts: a rank's runs of tree nodes, kept by the runtime.
extension Emitter {
    /// An empty part; `count` contributions in a node.
    func newPart(_ op: ReductionOperator, _ elements: [ElementType], count: LLVMValue) throws -> LLVMValue {
        try newPart("pdl_part_new", op, elements, count)
    }

    /// The same for numbers that are reduced by tiles of a matrix with so many columns.
    func newTiles(_ op: ReductionOperator, _ elements: [ElementType], columns: LLVMValue) throws -> LLVMValue {
        try newPart("pdl_tiles_new", op, elements, columns)
    }

    private func newPart(
        _ function: String, _ op: ReductionOperator, _ elements: [ElementType], _ count: LLVMValue
    ) throws -> LLVMValue {
        let node = try nodeType(elements)
        let identity = slot(node)
        try storeNode(try self.identity(op, elements[0]), elements, identity)
        let combine = try combineFunction(op, elements)
        return callRuntime(function, [i64(nodeSize(elements)), count, combine, identity])
    }

    /// (part…) -> what this rank's nodes come to.
    func emitFold(_ node: Node) throws {
        let out = try outPlace(for: node.parts[0], node.results[0])
        callRuntime("pdl_part_fold", [try uniform(node.parts[0]), out.address])
        try take(node.parts, node.results, out)
    }

    /// Where a collective puts the combination of a part: a node on the stack, a new array, or an array of nodes.
    struct OutPlace {
        var address: LLVMValue
        var rows: NodeArray?
    }

    func outPlace(for operand: Value, _ result: Value) throws -> OutPlace {
        let part = try part(operand)
        guard source.type(operand).isScalar else {
            if part.elements.count == 1 { return OutPlace(address: try allocate(result)) }
            let rows = try NodeArray(self, part.elements, product(ownExtents(of: result)))
            return OutPlace(address: rows.address, rows: rows)
        }
        let out = slot(try nodeType(part.elements))
        // Where a collective leaves `out` alone (reduce, but on rank 0), it holds the identity.
        try storeNode(try identity(part.op, part.elements[0]), part.elements, out)
        return OutPlace(address: out)
    }

    /// Defines the results by what stands at their place: the numbers of a node, an array, or the arrays of which nodes are made.
    func take(_ operands: [Value], _ results: [Value], _ out: OutPlace) throws {
        let part = try part(operands[0])
        if let rows = out.rows {
            let arrays = try results.map(allocate)
            let isHere = builder.compare(.ne, arrays[0], llvm.pointer.null)
            try when(isHere) { try rows.split(into: arrays, of: operands.map { try self.part($0).component }) }
            rows.free()
            for (result, array) in zip(results, arrays) { define(result, .uniform(array)) }
        } else if source.type(operands[0]).isScalar {
            let numbers = try loadNode(part.elements, out.address)
            for (operand, result) in zip(operands, results) {
                define(result, .uniform(numbers[try self.part(operand).component]))
            }
        } else {
            define(results[0], .uniform(out.address))
        }
    }

    func part(_ value: Value) throws -> Part {
        guard case .part(let part) = try operand(value) else { throw CodeGenFault("%\(value.id) is not a part") }
        return part
    }
}

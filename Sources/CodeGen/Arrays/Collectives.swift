import IR
import LLVMSupport
import Language

/// Changes of placement: the runtime talks to the other ranks, the result's memory is made here.
extension Emitter {
    func emitCollective(_ collective: Collective, _ node: Node) throws {
        switch collective {
        case .allreduce: try emitAllreduce(node)
        case .reduce: try emitReduce(node)
        case .reduceScatter: try emitReduceScatter(node)
        case .gather: try emitMove("pdl_gather", node, of: node.values[0])
        case .allgather: try emitMove("pdl_allgather", node, of: node.values[0])
        case .scatter:
            guard source.type(node.values[0]).placement == .root else {
                throw CodeGenFault("scatter of a replicated array is a loop in the local stage")
            }
            try emitMove("pdl_scatter_root", node, of: node.results[0])
        case .bcast: try emitBroadcast(node)
        }
    }

    /// gather, allgather and scatter: (data, out, rows, bytes of a row).
    private func emitMove(_ name: String, _ node: Node, of divided: Value) throws {
        let out = try allocate(node.results[0])
        if source.type(divided).placement.distribution.isGrid {
            guard name == "pdl_allgather" else { throw CodeGenFault("\(name) over a grid") }
            let extents = try source.type(divided).dividedExtents.map(uniform)
            callRuntime(
                "pdl_grid_allgather", [try uniform(node.values[0]), out] + extents + [try rowBytes(of: divided)])
            return define(node, [out])
        }
        let rows = try uniform(dividedExtent(of: divided))
        callRuntime(name, [try uniform(node.values[0]), out, rows, try rowBytes(of: divided)])
        define(node, [out])
    }

    private func emitBroadcast(_ node: Node) throws {
        let element = try element(node.values[0])
        let value = try uniform(node.values[0])
        if source.type(node.values[0]).isScalar {
            let place = try spill(value, element)
            callRuntime("pdl_bcast", [place, i64(element.byteSize)])
            return define(node, [try load(element, place, i64(0))])
        }
        let out = try allocate(node.results[0])
        let bytes = try product(try extents(of: node.results[0]) + [i64(element.byteSize)])
        try when(builder.compare(.eq, rank, i64(0))) {
            try copyBytes(to: out, from: value, bytes)
        }
        callRuntime("pdl_bcast", [out, bytes])
        define(node, [out])
    }

    // MARK: Parts

    /// All distinct parts in one message; a pair's value and index are two results of one part.
    private func emitAllreduce(_ node: Node) throws {
        var parts: [(address: LLVMValue, operands: [Value], results: [Value])] = []
        for (operand, result) in zip(node.values, node.results) {
            let address = try part(operand).address
            if let known = parts.firstIndex(where: { $0.address == address }) {
                parts[known].operands.append(operand)
                parts[known].results.append(result)
            } else {
                parts.append((address, [operand], [result]))
            }
        }
        let outs = try parts.map { try outPlace(for: $0.operands[0], $0.results[0]) }
        let addresses = (addressArray(parts.map(\.address)), addressArray(outs.map(\.address)))
        callRuntime("pdl_allreduce", [i64(parts.count), addresses.0, addresses.1])
        for (part, out) in zip(parts, outs) { try take(part.operands, part.results, out) }
    }

    /// A pair's value and index are two operands and two results.
    private func emitReduce(_ node: Node) throws {
        let out = try outPlace(for: node.values[0], node.results[0])
        callRuntime("pdl_reduce", [try uniform(node.values[0]), out.address])
        try take(node.values, node.results, out)
    }

    private func emitReduceScatter(_ node: Node) throws {
        let out = try outPlace(for: node.values[0], node.results[0])
        let size = nodeSize(try part(node.values[0]).elements)
        let rows = try uniform(dividedExtent(of: node.results[0]))
        let rowBytes = try product(try wholeExtents(of: node.results[0]) + [i64(size)])
        callRuntime("pdl_reduce_scatter", [try uniform(node.values[0]), out.address, rows, rowBytes])
        try take(node.values, node.results, out)
    }

    private func addressArray(_ addresses: [LLVMValue]) -> LLVMValue {
        let array = slot(llvm.pointer.array(addresses.count))
        for (index, address) in addresses.enumerated() {
            builder.store(address, builder.element(llvm.pointer, array, i64(index)))
        }
        return array
    }
}

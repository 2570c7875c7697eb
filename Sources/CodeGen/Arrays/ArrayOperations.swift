import IR
import LLVMSupport
import Language

/// Operations on whole arrays: `pdl_array_<kind>(results, operands, attributes, place)`, with a `pdl_array` for each value.
extension Emitter {
    func emitArrayOperation(_ operation: ArrayOperation, _ node: Node) throws {
        let arrays = Array(node.results.prefix { !source.type($0).isScalar })
        let unknown = Set(node.results.dropFirst(arrays.count))
        let results = slot(arrayDescriptor.array(arrays.count))
        for (index, array) in arrays.enumerated() {
            let address = builder.element(arrayDescriptor, results, i64(index))
            try describe(array, llvm.pointer.null, unknown: unknown, at: address)
        }
        let operands = slot(arrayDescriptor.array(max(1, node.values.count)))
        for (index, operand) in node.values.enumerated() {
            let value = try uniform(operand)
            let isScalar = source.type(operand).isScalar
            let data = isScalar ? try spill(value, try element(operand)) : value
            try describe(operand, data, unknown: [], at: builder.element(arrayDescriptor, operands, i64(index)))
        }
        let isScan = operation.kind == .scan || operation.kind == .exscan
        if isScan { try announceScanOperator(operation, try node.values.map(element)) }
        callRuntime(
            "pdl_array_\(operation.kind.rawValue)",
            [results, operands, stackArray(operation.attributes.map(i64)), place(of: node)])
        if isScan { try endStreaming(llvm.integer(1).constant(1)) }
        try takeResults(arrays, results, unknown)
    }

    /// The runtime is told just before a scan what it combines by.
    private func announceScanOperator(_ operation: ArrayOperation, _ elements: [ElementType]) throws {
        let position = operation.attributes[0]
        let id = position - ReductionOperator.builtin.count
        let op =
            id < 0
            ? ReductionOperator.builtin[position]
            : .user(UserOperator(id: id, name: source.operators[id].name, arity: elements.count))
        let isExclusive = operation.kind == .exscan
        let kernel =
            op.isUser || op.arity > 1
            ? llvm.pointer.null : try scanKernel(op, elements[0], isExclusive: isExclusive)
        let identity = slot(try nodeType(elements))
        try storeNode(try self.identity(op, elements[0]), elements, identity)
        let combine = try combineFunction(op, elements)
        callRuntime("pdl_scan_operator", [combine, kernel, identity, i64(nodeSize(elements)), i64(elements.count)])
    }

    /// The data of every result, and the extents that the runtime found out.
    private func takeResults(_ arrays: [Value], _ results: LLVMValue, _ unknown: Set<Value>) throws {
        for (index, array) in arrays.enumerated() {
            let address = builder.element(arrayDescriptor, results, i64(index))
            let extents = field("extents", of: RuntimeABI.array, at: address)
            for (axis, extent) in source.type(array).dimensions.enumerated() where unknown.contains(extent) {
                define(extent, .uniform(try load(.i64, extents, i64(axis))))
            }
            let data = builder.load(llvm.pointer, field("data", of: RuntimeABI.array, at: address))
            define(array, .uniform(data))
        }
    }

    private func describe(_ value: Value, _ data: LLVMValue, unknown: Set<Value>, at address: LLVMValue) throws {
        let type = source.type(value)
        var description = ArrayDescription(try element(value), type.placement, data)
        description.extents = try type.dimensions.map { unknown.contains($0) ? i64(-1) : try uniform($0) }
        description.cuts = type.dimensions.indices.map { type.placement.distribution[$0] }
        description.margin = units.margins.rows(around: value)
        describe(description, at: address)
    }
}

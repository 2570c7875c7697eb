import IR
import LLVMSupport
import Language

/// Operations on whole arrays: `pdl_array_<kind>(results, operands, attributes, place)`, with a `pdl_array` for each value.
extension Emitter {
    func emitArrayOperation(_ operation: ArrayOperation, _ node: Node) throws {
        let arrays = Array(node.results.prefix { !source.type($0).isScalar })
        let unknown = Set(node.results.dropFirst(arrays.count))
        let results = slot(descriptor.array(arrays.count))
        for (index, array) in arrays.enumerated() {
            let address = builder.element(descriptor, results, i64(index))
            try describe(array, llvm.pointer.null, unknown: unknown, at: address)
        }
        let operands = slot(descriptor.array(max(1, node.values.count)))
        for (index, operand) in node.values.enumerated() {
            let value = try uniform(operand)
            let isScalar = source.type(operand).isScalar
            let data = isScalar ? try spill(value, try element(operand)) : value
            try describe(operand, data, unknown: [], at: builder.element(descriptor, operands, i64(index)))
        }
        if [.scan, .exscan].contains(operation.kind) {
            try announceScanOperator(operation.attributes[0], try node.values.map(element))
        }
        callRuntime(
            "pdl_array_\(operation.kind.rawValue)",
            [results, operands, stackArray(operation.attributes.map(i64)), place(of: node)])
        try takeResults(arrays, results, unknown)
    }

    /// The runtime knows the language's operators of numbers; of any other it is told just before the scan.
    private func announceScanOperator(_ position: Int, _ elements: [ElementType]) throws {
        let id = position - ReductionOperator.builtin.count
        let op =
            id < 0
            ? ReductionOperator.builtin[position]
            : .user(UserOperator(id: id, name: source.operators[id].name, arity: elements.count))
        guard op.isUser || op.arity > 1 else { return }
        let identity = slot(try nodeType(elements))
        try storeNode(try self.identity(op, elements[0]), elements, identity)
        let combine = try combineFunction(op, elements)
        callRuntime("pdl_scan_operator", [combine, identity, i64(nodeSize(elements)), i64(elements.count)])
    }

    /// The data of every result, and the extents that the runtime found out.
    private func takeResults(_ arrays: [Value], _ results: LLVMValue, _ unknown: Set<Value>) throws {
        for (index, array) in arrays.enumerated() {
            let address = builder.element(descriptor, results, i64(index))
            let extents = field("extents", of: RuntimeABI.array, at: address)
            for (axis, extent) in source.type(array).dimensions.enumerated() where unknown.contains(extent) {
                define(extent, .uniform(try load(.i64, extents, i64(axis))))
            }
            let data = builder.load(llvm.pointer, field("data", of: RuntimeABI.array, at: address))
            define(array, .uniform(data))
        }
    }

    private var descriptor: LLVMType { type(RuntimeABI.array) }

    private func describe(_ value: Value, _ data: LLVMValue, unknown: Set<Value>, at address: LLVMValue) throws {
        let type = source.type(value)
        let extents = field("extents", of: RuntimeABI.array, at: address)
        for (axis, extent) in type.dimensions.enumerated() {
            let known = unknown.contains(extent) ? i64(-1) : try uniform(extent)
            builder.store(known, builder.element(llvm.integer(64), extents, i64(axis)))
        }
        let fields = [
            ("data", data), ("element", code(of: try element(value))), ("axes", i32(type.dimensions.count)),
            ("placement", code(of: type.placement)), ("divided", i32(type.placement.dividedAxis ?? -1)),
        ]
        for (name, value) in fields { builder.store(value, field(name, of: RuntimeABI.array, at: address)) }
    }
}

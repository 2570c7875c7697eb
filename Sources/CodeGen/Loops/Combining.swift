import IR
import LLVMSupport
import Language

/// The operators of reductions: identities and combinations, of numbers and of vectors alike. A contribution is a list of
/// `op.arity` values: a number, or a value and its index, or a count with means and a sum.
extension Emitter {
    /// What a lane starts as.
    func identity(_ op: ReductionOperator, _ element: ElementType) throws -> [LLVMValue] {
        if case .user(let op) = op { return try emit(source.operators[op.id].identity, []).map(\.value) }
        guard let constants = op.identity(element) else {
            throw CodeGenFault("\(op.symbol) has no identity in \(element.rawValue)")
        }
        return try constants.map(constant)
    }

    /// a ∘ b. Of two equal floats min and max keep a, so that one comparison of b with a decides.
    func combine(
        _ op: ReductionOperator, _ elements: [ElementType], _ a: [LLVMValue], _ b: [LLVMValue]
    ) throws -> [LLVMValue] {
        if op == .minloc || op == .maxloc { return try better(op, elements[0], a, b) }
        if op.isOfMeans { return try combineMoments(op, a, b) }
        if case .user(let op) = op {
            return try emit(source.operators[op.id].combination, (a + b).map(Operand.uniform)).map(\.value)
        }
        let operators: [ReductionOperator: ScalarOperator] = [
            .sum: .add, .product: .multiply, .min: .min, .max: .max, .and: .and, .or: .or, .bitAnd: .bitAnd,
            .bitOr: .bitOr, .bitXor: .bitXor,
        ]
        guard let operation = operators[op] else { throw CodeGenFault("no code to combine by \(op.symbol)") }
        let isExtreme = op == .min || op == .max
        return [try scalar(operation, elements[0], isExtreme ? [b[0], a[0]] : [a[0], b[0]])]
    }

    /// The better value with its index; NaN before any number, then the lower index.
    private func better(
        _ op: ReductionOperator, _ element: ElementType, _ a: [LLVMValue], _ b: [LLVMValue]
    ) throws -> [LLVMValue] {
        var isBetter = try scalar(op == .minloc ? .less : .greater, element, [a[0], b[0]])
        var isEqual = try scalar(.equal, element, [a[0], b[0]])
        if element.isFloat {
            let isNaN = (builder.compare(.uno, a[0], a[0]), builder.compare(.uno, b[0], b[0]))
            isBetter = builder.binary(.or, isBetter, builder.binary(.and, isNaN.0, builder.not(isNaN.1)))
            isEqual = builder.binary(.or, isEqual, builder.binary(.and, isNaN.0, isNaN.1))
        }
        let isLower = builder.compare(.sle, a[1], b[1])
        let first = builder.binary(.or, isBetter, builder.binary(.and, isEqual, isLower))
        return [builder.select(first, a[0], b[0]), builder.select(first, a[1], b[1])]
    }

    // MARK: Nodes of the tree, in memory

    /// How many bytes a node of a number reduction takes: as C lays out a struct.
    func nodeSize(_ elements: [ElementType]) -> Int {
        if elements.count == 1 { return elements[0].byteSize }
        func aligned(_ size: Int, _ alignment: Int) -> Int { (size + alignment - 1) / alignment * alignment }
        let end = elements.reduce(0) { aligned($0, $1.byteSize) + $1.byteSize }
        return aligned(end, elements.map(\.byteSize).max() ?? 1)
    }

    /// What a node of a number reduction holds.
    func nodeType(_ elements: [ElementType]) throws -> LLVMType {
        let types = try elements.map(memoryType)
        return types.count == 1 ? types[0] : llvm.structure(types)
    }

    func storeNode(_ values: [LLVMValue], _ elements: [ElementType], _ address: LLVMValue) throws {
        let type = try nodeType(elements)
        for (index, value) in values.enumerated() {
            let place = values.count == 1 ? address : builder.field(type, address, index)
            builder.store(inMemory(value, elements[index]), place)
        }
    }

    func loadNode(_ elements: [ElementType], _ address: LLVMValue) throws -> [LLVMValue] {
        let type = try nodeType(elements)
        return try elements.enumerated().map { index, element in
            let place = elements.count == 1 ? address : builder.field(type, address, index)
            return try load(element, place, i64(0))
        }
    }

    /// `void combine(void *left, const void *right, int64_t count)`: left[i] = left[i] ∘ right[i].
    func combineFunction(_ op: ReductionOperator, _ elements: [ElementType]) throws -> LLVMValue {
        let kind = if case .user(let user) = op { "\(user.id)" } else { "\(op)" }
        let name = "combine_\(kind)_\(elements[0].rawValue)"
        if let known = combineFunctions[name] { return known }
        let type = LLVMType.function(llvm.void, [llvm.pointer, llvm.pointer, llvm.integer(64)])
        let function = llvm.definition(name, type, .internal)
        combineFunctions[name] = function
        try writing(function, as: nil, line: 0) {
            let node = try nodeType(elements)
            try counted(i64(0), function.parameter(2), i64(1)) { index in
                let left = builder.element(node, function.parameter(0), index)
                let right = builder.element(node, function.parameter(1), index)
                let combined = try combine(op, elements, loadNode(elements, left), loadNode(elements, right))
                try storeNode(combined, elements, left)
            }
            builder.returnVoid()
        }
        return function
    }
}

import CNumerics
import LLVMSupport
import Language

/// The ends of leaves: lanes become the numbers of nodes, and nodes go to the tree (docs/architecture.md, "Bits").
///
///     lanes 0 … 7 of a leaf   →   (0 + 1), (2 + 3), …   →   …   →   one number, a node of level 0
///     eight such leaves, 8k … 8k + 7, side by side   →   a node of level 3
///
/// Neighbours combine inside a leaf as leaves do in the tree. So eight leaves are done by vectors, and the tree of the runtime is
/// called once for eight of them.
extension Emitter {
    /// Eight lanes to one number.
    func combineLanes(
        _ op: ReductionOperator, _ elements: [ElementType], _ lanes: [LLVMValue]
    ) throws -> [LLVMValue] {
        var values = lanes
        for width in [4, 2] {
            let low = values.map { builder.shuffle($0, $0, (0..<width).map { 2 * $0 }) }
            let high = values.map { builder.shuffle($0, $0, (0..<width).map { 2 * $0 + 1 }) }
            values = try combine(op, elements, low, high)
        }
        return try combine(
            op, elements, values.map { builder.lane($0, i64(0)) }, values.map { builder.lane($0, i64(1)) })
    }

    /// Neighbours of two vectors combined: those of `a` become the lower half of the lanes.
    private func combineNeighbours(
        _ op: ReductionOperator, _ elements: [ElementType], _ a: [LLVMValue], _ b: [LLVMValue]
    ) throws -> [LLVMValue] {
        func pick(_ first: Int) -> [LLVMValue] {
            zip(a, b).map { builder.shuffle($0, $1, (0..<Lanes.count).map { 2 * $0 + first }) }
        }
        return try combine(op, elements, pick(0), pick(1))
    }

    /// Eight times the lanes of a leaf, to vectors of eight leaves.
    private func combineLeaves(
        _ op: ReductionOperator, _ elements: [ElementType], _ leaves: [[LLVMValue]]
    ) throws -> [LLVMValue] {
        var vectors = leaves
        while vectors.count > 1 {
            vectors = try (0..<vectors.count / 2).map {
                try combineNeighbours(op, elements, vectors[2 * $0], vectors[2 * $0 + 1])
            }
        }
        return vectors[0]
    }

    /// Room for the lanes of eight leaves, for each element of a contribution.
    func leafSlots(_ elements: [ElementType]) throws -> [LLVMValue] {
        try elements.map { slot(try memoryType($0).vector(Lanes.count).array(Lanes.count)) }
    }

    /// `void push(pdl_part *part, int64_t level, int64_t leaf, const T lanes[8][8], …)`, with as many lanes as a contribution has
    /// elements: the leaf `leaf` of that level (a leaf of fewer positions than there are lanes may stand for several), lanes[leaf % 8];
    /// or with `eight` those up to it.
    private func pushFunction(
        _ op: ReductionOperator, _ elements: [ElementType], eight: Bool
    ) throws -> LLVMFunction {
        let word = llvm.integer(64)
        let parameters = [llvm.pointer, word, word] + elements.map { _ in llvm.pointer }
        let type = LLVMType.function(llvm.void, parameters)
        let name = "push_\(eight ? "eight" : "one")_\(op)_\(elements[0].rawValue)"
        if let known = combineFunctions[name] { return LLVMFunction(known, type) }
        let function = llvm.definition(name, type, .internal)
        llvm.isNeverInlined(function)
        combineFunctions[name] = function
        try writing(function, as: nil, line: 0) {
            let (level, leaf) = (function.parameter(1), function.parameter(2))
            func load(_ leaf: LLVMValue) throws -> [LLVMValue] {
                try elements.enumerated().map { index, element in
                    let vector = try memoryType(element).vector(Lanes.count)
                    return try loadVector(element, builder.element(vector, function.parameter(3 + index), leaf))
                }
            }
            let leaves =
                try eight
                ? combineEvenly(
                    op, (0..<Lanes.count).map { try load(i64($0)) }, perLane: Int(PDL_LARGEST_LEAF) / Lanes.count
                ) { try combineLeaves(op, elements, $0) }
                : load(builder.binary(.and, leaf, i64(Lanes.count - 1)))
            let node = slot(try nodeType(elements))
            try storeNode(try combineLanes(op, elements, leaves), elements, node)
            let levels = i64(Lanes.count.trailingZeroBitCount)
            callRuntime(
                "pdl_part_push_node",
                [
                    function.parameter(0), eight ? builder.binary(.add, level, levels) : level,
                    eight ? builder.binary(.lshr, leaf, levels) : leaf, node,
                ])
            builder.returnVoid()
        }
        return LLVMFunction(function, type)
    }

    /// Gives leaf number `leaf` to a part: `lanes` hold its vectors, and where the loop visits all eight those of the leaves before.
    func pushLeaf(
        _ op: ReductionOperator, _ elements: [ElementType], to part: LLVMValue, _ leaf: Leaf, lanes: [LLVMValue]
    ) throws {
        func push(eight: Bool) throws {
            builder.call(
                try pushFunction(op, elements, eight: eight), [part, leaf.level, leaf.number] + lanes)
        }
        let isEighth = builder.compare(
            .eq, builder.binary(.and, leaf.number, i64(Lanes.count - 1)), i64(Lanes.count - 1))
        try when(leaf.isAmongEight) {
            try when(isEighth) { try push(eight: true) }
        } otherwise: {
            try push(eight: false)
        }
    }
}

/// A leaf that a loop has come to the end of.
struct Leaf {
    let number: LLVMValue
    /// Of the tree: above 0 where a few short leaves were done as one.
    let level: LLVMValue
    /// Whether the loop visits all of the eight leaves that this one is of.
    let isAmongEight: LLVMValue
    /// Whether the loop ends with it.
    let isLast: LLVMValue
}

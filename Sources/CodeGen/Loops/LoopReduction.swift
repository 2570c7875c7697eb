import IR
import LLVMSupport
import Language
import Source

/// One reduction of a loop while the loop is written (docs/architecture.md, "Bits").
///
/// Numbers gather in 8 lanes (or, when order is free and the body is straight, in one place), arrays in an accumulator. In an
/// ordered reduction every leaf's result goes to a tree: the part of a divided loop, or a tree that is only made when a second leaf
/// turns up. An unordered one is a single leaf: its number is the rank, so that the ranks' leaves are distinct.
struct LoopReduction {
    let emitter: Emitter
    let op: ReductionOperator
    /// The elements of a contribution.
    let elements: [ElementType]
    let results: [Value]
    /// Where it was written.
    let place: Span
    let isDivided: Bool
    let isOrdered: Bool
    let isArray: Bool
    /// Numbers: the address of a vector for each element of a contribution, as memory has it.
    private let lanes: [LLVMValue]
    /// The arrays that the body accumulates into, one for each number of a contribution.
    let accumulators: [LLVMValue]
    /// Elements of a node of the tree.
    private let count: LLVMValue
    /// The place of the tree's address, NULL while there is none.
    private let tree: LLVMValue
    /// The place of the address of a tree that is complete up to what comes before it.
    private let aside: LLVMValue
    /// Where nodes stand between here and the runtime, and where an undivided number waits while it is the only leaf.
    private let node, only: LLVMValue
    /// Where the nodes of arrays of several numbers stand.
    private let rows: NodeArray?

    var arity: Int { op.arity }
    private var builder: LLVMBuilder { emitter.builder }

    init(
        _ emitter: Emitter, _ op: ReductionOperator, _ results: [Value], at place: Span, isDivided: Bool
    ) throws {
        self.emitter = emitter
        self.op = op
        self.results = results
        self.place = place
        self.isDivided = isDivided
        elements = try results.map(emitter.element)
        // minloc and maxloc prefer the lower index on a tie: the result does not depend on the order.
        isOrdered = op.isUser || op.arity == 1 && op.dependsOnOrder(elements[0])
        isArray = !emitter.source.type(results[0]).isScalar
        tree = emitter.slot(emitter.llvm.pointer)
        aside = emitter.slot(emitter.llvm.pointer)
        node = emitter.slot(try emitter.nodeType(elements))
        only = emitter.slot(try emitter.nodeType(elements))
        if isArray {
            let extents = try emitter.extents(of: results[0])
            count = try emitter.product(extents)
            accumulators = try elements.map { try emitter.allocate($0, extents) }
            rows = elements.count > 1 ? try NodeArray(emitter, elements, count) : nil
            lanes = []
        } else {
            count = emitter.i64(1)
            rows = nil
            accumulators = []
            lanes = try elements.map { element in
                let type = try emitter.memoryType(element)
                return emitter.slot(op.isUser ? type : type.vector(Lanes.count))
            }
        }
    }

    private func identity() throws -> [LLVMValue] { try emitter.identity(op, elements[0]) }
    private var part: LLVMValue { builder.load(emitter.llvm.pointer, tree) }
    private func makeTree() throws { builder.store(try emitter.newPart(op, elements, count: count), tree) }

    /// Before the loop.
    func start() throws {
        builder.store(emitter.llvm.pointer.null, tree)
        if isDivided { try makeTree() }
        if isArray || !isOrdered { try reset() } else { try emitter.storeNode(try identity(), elements, only) }
    }

    /// Before a leaf: nothing combined yet.
    func reset() throws {
        let identity = try identity()
        if isArray {
            for (place, accumulator) in accumulators.enumerated() {
                try emitter.counted(emitter.i64(0), count, emitter.i64(1)) { index in
                    try emitter.store(identity[place], elements[place], accumulator, index)
                }
            }
        } else {
            try storeLanes(op.isUser ? identity : identity.map { builder.splat($0, Lanes.count) })
        }
    }

    // MARK: Contributions

    /// Contributions for each lane at work, of chunks that follow each other. Those of an associative operator combine among
    /// themselves first: then the lanes wait for one operation only.
    func addLanes(_ chunks: [[LLVMValue]], _ mask: LLVMValue?) throws {
        if op.isUser {
            for values in chunks { try addInTurn(values, mask) }
            return
        }
        let old = try loadLanes()
        if chunks.count > 1, elements[0].isFloat, op == .min || op == .max {
            return try addExtremes(old[0], chunks.map { $0[0] })
        }
        let joined = op.isAssociative(elements[0]) ? [try joined(chunks, combine)] : chunks
        var new = try joined.reduce(old, combine)
        if let mask { new = zip(new, old).map { builder.select(mask, $0, $1) } }
        try storeLanes(new)
    }

    private func combine(_ a: [LLVMValue], _ b: [LLVMValue]) throws -> [LLVMValue] {
        try emitter.combine(op, elements, a, b)
    }

    private func joined<Value>(_ chunks: [Value], _ combine: (Value, Value) throws -> Value) rethrows -> Value {
        if chunks.count == 1 { return chunks[0] }
        let half = chunks.count / 2
        return try combine(joined(Array(chunks[..<half]), combine), joined(Array(chunks[half...]), combine))
    }

    /// min and max of several floats a lane. Where none is a NaN an instruction does it; their sum is a NaN if one of them is (or if
    /// there are infinities of both signs, which the long way does as well).
    private func addExtremes(_ old: LLVMValue, _ values: [LLVMValue]) throws {
        let sum = builder.binary(.fadd, joined(values) { builder.binary(.fadd, $0, $1) }, old)
        try emitter.when(emitter.any(builder.compare(.uno, sum, sum))) {
            try storeLanes(try combine([old], try joined(values.map { [$0] }, combine)))
        } otherwise: {
            func extreme(_ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
                builder.select(builder.compare(op == .min ? .olt : .ogt, a, b), a, b)
            }
            try storeLanes([extreme(old, joined(values, extreme))])
        }
    }

    /// One contribution; where order is free, every lane is as good as another. An operator of the program's own need not
    /// commute: contributions combine one after the other.
    func addNumber(_ values: [LLVMValue], lane: LLVMValue) throws {
        let lane = isOrdered && !op.isUser ? lane : emitter.i64(0)
        let old = try zip(elements, lanes).map { try emitter.load($0, $1, lane) }
        let new = try emitter.combine(op, elements, old, values)
        for (index, value) in new.enumerated() { try emitter.store(value, elements[index], lanes[index], lane) }
    }

    /// The contribution of each lane at work, one after the other.
    private func addInTurn(_ values: [LLVMValue], _ mask: LLVMValue?) throws {
        for lane in (0..<Lanes.count).map(emitter.i64) {
            let add = { try addNumber(values.map { builder.lane($0, lane) }, lane: lane) }
            if let mask { try emitter.when(builder.lane(mask, lane), add) } else { try add() }
        }
    }

    private func loadLanes() throws -> [LLVMValue] {
        try zip(elements, lanes).map { try emitter.loadVector($0, $1) }
    }

    private func storeLanes(_ values: [LLVMValue]) throws {
        for (index, value) in values.enumerated() {
            builder.store(emitter.inMemory(value, elements[index]), lanes[index])
        }
    }

    private func combinedLanes() throws -> [LLVMValue] {
        if op.isUser { return try zip(elements, lanes).map { try emitter.load($0, $1, emitter.i64(0)) } }
        return try emitter.combineLanes(op, elements, try loadLanes())
    }

    // MARK: Leaves

    /// After a leaf of an ordered reduction. An undivided loop with a single leaf makes no tree.
    func endLeaf(_ leaf: LLVMValue, isLast: LLVMValue) throws {
        if !isArray { try emitter.storeNode(try combinedLanes(), elements, only) }
        if isDivided { return try push(leaf) }
        let isFirst = builder.compare(.eq, part, emitter.llvm.pointer.null)
        try emitter.when(builder.not(builder.binary(.and, isFirst, isLast))) {
            try emitter.when(isFirst) { try makeTree() }
            try push(leaf)
        }
    }

    /// Where the runtime finds a node, or puts one.
    private var nodePlace: LLVMValue { rows?.address ?? accumulators.first ?? node }

    private func push(_ leaf: LLVMValue) throws {
        if !isArray { try emitter.storeNode(try emitter.loadNode(elements, only), elements, node) }
        try rows?.join(accumulators)
        emitter.callRuntime("pdl_part_push", [part, leaf, nodePlace])
    }

    // MARK: Leaves out of order

    /// What was pushed stands behind what comes next.
    func setAside() throws {
        builder.store(part, aside)
        try makeTree()
    }

    func appendWhatWasSetAside() {
        emitter.callRuntime("pdl_part_append", [part, builder.load(emitter.llvm.pointer, aside)])
    }

    /// After the loop.
    func finish() throws {
        if !isOrdered {
            // One leaf a rank, whose number is the rank's.
            if !isArray { try emitter.storeNode(try combinedLanes(), elements, only) }
            if isDivided { try push(emitter.rank) }
        } else if !isDivided {
            try emitter.when(builder.compare(.ne, part, emitter.llvm.pointer.null)) {
                emitter.callRuntime("pdl_part_fold", [part, nodePlace])
                try rows?.split(into: accumulators)
                if !isArray { try emitter.storeNode(try emitter.loadNode(elements, node), elements, only) }
                emitter.callRuntime("pdl_part_free", [part])
            }
        }
        rows?.free()
        try defineResults()
    }

    private func defineResults() throws {
        if isDivided {
            for accumulator in accumulators { emitter.callRuntime("pdl_release", [accumulator]) }
            for (component, result) in results.enumerated() {
                let part = Part(address: part, op: op, elements: elements, component: component, place: place)
                emitter.define(result, .part(part))
            }
        } else {
            let values = try isArray ? accumulators : emitter.loadNode(elements, only)
            for (result, value) in zip(results, values) { emitter.define(result, .uniform(value)) }
        }
    }
}

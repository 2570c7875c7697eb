import CNumerics
import IR
import LLVMSupport
import Language
import Source

/// One reduction of a loop while the loop is written (docs/architecture.md, "Bits").
///
/// Numbers gather in four vectors of 8 lanes, which are the 32 lanes of a block's positions (a program's own operator has one lane),
/// arrays in an accumulator. In an ordered reduction every leaf's result goes to a tree: the part of a divided loop, or a tree that is only made when a second leaf
/// turns up. An unordered one is a single leaf: its number is the rank, so that the ranks' leaves are distinct.
struct LoopReduction {
    /// What is reduced, by what.
    struct Reduced {
        let op: ReductionOperator
        let results: [Value]
        /// By tiles: how many columns this rank holds, and how many there are.
        var tiles: (width: LLVMValue, columns: LLVMValue)?
    }

    /// The arrays that the body accumulates into, one for each number of a contribution.
    fileprivate struct Accumulators {
        let arrays: [LLVMValue]
        /// Elements of each.
        let count: LLVMValue
        /// How many stand behind each other, if lanes may have one each.
        let tables: LLVMValue?
    }

    let emitter: Emitter
    let op: ReductionOperator
    /// The elements of a contribution.
    let elements: [ElementType]
    let results: [Value]
    let isDivided: Bool
    let isOrdered: Bool
    let isArray: Bool
    /// By tiles, an array's accumulator makes a number: how many columns there are.
    private let columns: LLVMValue?
    /// Numbers: the address of the vectors for each element of a contribution, as memory has them.
    private var lanes: [LLVMValue]
    /// How many vectors there are.
    static let vectors = Int(PDL_BLOCK) / Lanes.count
    /// Eight leaves' lanes until they go to the tree together, where order matters.
    private var waiting: WaitingLeaves?
    /// The arrays that the body accumulates into, one for each number of a contribution.
    let accumulators: [LLVMValue]
    /// Elements of a node of the tree.
    private let count: LLVMValue
    /// The place of the tree's address, NULL while there is none.
    private var tree: LLVMValue
    /// The place of the address of a tree that is complete up to what comes before it.
    private let aside: LLVMValue
    /// Where nodes stand between here and the runtime, and where an undivided number waits while it is the only leaf.
    private let node, only: LLVMValue
    /// Where the nodes of arrays of several numbers stand.
    private let rows: NodeArray?
    /// How many accumulators stand behind each other, if lanes may have one each.
    private let tables: LLVMValue?

    var arity: Int { op.arity }
    private var builder: LLVMBuilder { emitter.builder }

    /// `sweeps`: how many runs of the loop it keeps apart; see `inSweep`.
    init(_ emitter: Emitter, _ reduced: Reduced, isDivided: Bool, keyed: KeyedLanes?, sweeps: Int = 1) throws {
        self.emitter = emitter
        (op, results) = (reduced.op, reduced.results)
        self.isDivided = isDivided
        let op = op
        elements = try results.map(emitter.element)
        isOrdered = op.dependsOnOrder(elements[0])
        columns = reduced.tiles?.columns
        isArray = columns != nil || !emitter.source.type(results[0]).isScalar
        tree = emitter.slot(emitter.llvm.pointer.array(sweeps))
        aside = emitter.slot(emitter.llvm.pointer)
        node = emitter.slot(try emitter.nodeType(elements))
        only = emitter.slot(try emitter.nodeType(elements))
        if isArray {
            let extents = try reduced.tiles.map { [$0.width] } ?? emitter.extents(of: results[0])
            let memory = try emitter.accumulators(elements, extents, isOrdered ? nil : keyed)
            (accumulators, count, tables) = (memory.arrays, memory.count, memory.tables)
            rows = elements.count > 1 ? try NodeArray(emitter, elements, count) : nil
            lanes = []
        } else {
            count = emitter.i64(1)
            rows = nil
            tables = nil
            accumulators = []
            lanes = try elements.map { emitter.slot(try Self.lanesType(emitter, op, $0).array(sweeps)) }
        }
        waiting =
            try isArray || op.isUser || !isOrdered ? nil : WaitingLeaves(op, elements, emitter, sweeps: sweeps)
    }

    private static func lanesType(_ emitter: Emitter, _ op: ReductionOperator, _ element: ElementType) throws
        -> LLVMType
    {
        let type = try emitter.memoryType(element)
        return op.isUser ? type : type.vector(Lanes.count).array(vectors)
    }

    /// The reduction to a number in one of the runs that it keeps apart.
    func inSweep(_ sweep: LLVMValue) throws -> LoopReduction {
        var own = self
        own.tree = builder.element(emitter.llvm.pointer, tree, sweep)
        own.lanes = try zip(elements, lanes).map {
            builder.element(try Self.lanesType(emitter, op, $0), $1, sweep)
        }
        own.waiting = waiting?.inSweep(sweep, emitter)
        return own
    }

    private func identity() throws -> [LLVMValue] { try emitter.identity(op, elements[0]) }
    private var part: LLVMValue { builder.load(emitter.llvm.pointer, tree) }
    private func makeTree() throws {
        let part = try columns.map { try emitter.newTiles(op, elements, columns: $0) }
        builder.store(try part ?? emitter.newPart(op, elements, count: count), tree)
    }

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
                let all = tables.map { builder.binary(.mul, $0, count) } ?? count
                try emitter.counted(emitter.i64(0), all, emitter.i64(1)) { index in
                    try emitter.store(identity[place], elements[place], accumulator, index)
                }
            }
        } else {
            for vector in 0..<(op.isUser ? 1 : Self.vectors) {
                try storeLanes(
                    op.isUser ? identity : identity.map { builder.splat($0, Lanes.count) }, emitter.i64(vector))
            }
        }
    }

    // MARK: Contributions

    /// Contributions for each lane at work, to a vector of lanes.
    func addLanes(_ values: [LLVMValue], to vector: LLVMValue, _ mask: LLVMValue?) throws {
        if op.isUser { return try addInTurn(values, mask) }
        let old = try loadLanes(vector)
        var new = try emitter.gather(op, elements, old, values)
        if let mask { new = zip(new, old).map { builder.select(mask, $0, $1) } }
        try storeLanes(new, vector)
    }

    /// Whether it is the least or greatest of floats, one of which may be a NaN.
    var isExtreme: Bool { elements[0].isFloat && (op == .min || op == .max) }

    /// The same for an extreme where none of the contributions is a NaN; one that is there already stays.
    func addOrdinaryNumbers(_ values: LLVMValue, to vector: LLVMValue) throws {
        let old = try loadLanes(vector)[0]
        let isBetter = builder.compare(op == .min ? .olt : .ogt, values, old)
        try storeLanes([builder.select(isBetter, values, old)], vector)
    }

    /// Contributions to moments where every lane has one already; they are yet to be counted.
    func addToBegunLanes(_ values: [LLVMValue], to vector: LLVMValue) throws {
        // All but the counts.
        let old = [values[0]] + (try elements.indices.dropFirst().map { try loadLanes($0, vector) })
        for (index, value) in try emitter.gatherDistances(op, old, values).enumerated().dropFirst() {
            try storeLanes(value, index, vector)
        }
    }

    /// Counts as many contributions to each lane.
    func count(_ contributions: LLVMValue) throws {
        let number = builder.cast(.signedToFloat, contributions, to: try emitter.type(.f64))
        for vector in 0..<Self.vectors {
            let old = try loadLanes(emitter.i64(vector))
            let count = builder.binary(.fadd, old[0], builder.splat(number, Lanes.count))
            try storeLanes([count] + old.dropFirst(), emitter.i64(vector))
        }
    }

    private func combine(_ a: [LLVMValue], _ b: [LLVMValue]) throws -> [LLVMValue] {
        try emitter.combine(op, elements, a, b)
    }

    /// One contribution; where order is free, every lane is as good as another. An operator of the program's own need not
    /// commute: contributions combine one after the other.
    func addNumber(_ values: [LLVMValue], lane: LLVMValue) throws {
        let lane = hasLanes ? lane : emitter.i64(0)
        let old = try zip(elements, lanes).map { try emitter.load($0, $1, lane) }
        let new = try emitter.gather(op, elements, old, values)
        for (index, value) in new.enumerated() { try emitter.store(value, elements[index], lanes[index], lane) }
    }

    /// The contribution of each lane at work, one after the other.
    private func addInTurn(_ values: [LLVMValue], _ mask: LLVMValue?) throws {
        for lane in (0..<Lanes.count).map(emitter.i64) {
            let add = { try addNumber(values.map { builder.lane($0, lane) }, lane: lane) }
            if let mask { try emitter.when(builder.lane(mask, lane), add) } else { try add() }
        }
    }

    private func address(_ component: Int, _ vector: LLVMValue) throws -> LLVMValue {
        if op.isUser { return lanes[component] }
        let type = try emitter.memoryType(elements[component]).vector(Lanes.count)
        return builder.element(type, lanes[component], vector)
    }

    private func loadLanes(_ vector: LLVMValue) throws -> [LLVMValue] {
        try elements.indices.map { try loadLanes($0, vector) }
    }

    private func storeLanes(_ values: [LLVMValue], _ vector: LLVMValue) throws {
        for (index, value) in values.enumerated() { try storeLanes(value, index, vector) }
    }

    /// Whether what lanes keep of a component stays in memory: counts are seldom asked for, and registers are few.
    private func isKept(_ component: Int) -> Bool { op.isOfMeans && component == 0 }

    private func loadLanes(_ component: Int, _ vector: LLVMValue) throws -> LLVMValue {
        let (element, place) = (elements[component], try address(component, vector))
        guard isKept(component) else { return try emitter.loadVector(element, place) }
        return builder.loadKept(try emitter.memoryType(element).vector(Lanes.count), place)
    }

    private func storeLanes(_ value: LLVMValue, _ component: Int, _ vector: LLVMValue) throws {
        let (value, place) = (emitter.inMemory(value, elements[component]), try address(component, vector))
        if isKept(component) { builder.storeKept(value, place) } else { builder.store(value, place) }
    }

    private func allLanes() throws -> [[LLVMValue]] {
        try (0..<Self.vectors).map { try loadLanes(emitter.i64($0)) }
    }

    private func combinedLanes() throws -> [LLVMValue] {
        if op.isUser { return try zip(elements, lanes).map { try emitter.load($0, $1, emitter.i64(0)) } }
        return try emitter.combineLanes(op, elements, emitter.combineVectors(op, elements, allLanes()))
    }

    // MARK: Leaves

    /// After a leaf of an ordered reduction. An undivided loop with a single leaf makes no tree.
    func endLeaf(_ leaf: Leaf) throws {
        guard let waiting else {
            if !isArray { try emitter.storeNode(try combinedLanes(), elements, only) }
            return try grow(leaf) { try push(leaf.number) }
        }
        let lanes = try waiting.vectors(of: allLanes(), emitter)
        try grow(leaf) {
            waiting.store(lanes, leaf, emitter)
            try emitter.pushLeaf(waiting, to: part, leaf)
        } orKeep: {
            let combined = try emitter.combineVectors(op, elements, lanes)
            try emitter.storeNode(try emitter.combineLanes(op, elements, combined), elements, only)
        }
    }

    /// Whether a leaf is vectors of lanes whose order matters.
    var hasLanes: Bool { waiting != nil }

    /// Adds to the tree; where a leaf is the only one of an undivided loop there is none.
    private func grow(_ leaf: Leaf, _ push: () throws -> Void, orKeep keep: () throws -> Void = {}) throws {
        if isDivided { return try push() }
        let isFirst = builder.compare(.eq, part, emitter.llvm.pointer.null)
        try emitter.when(builder.binary(.and, isFirst, leaf.isLast)) {
            try keep()
        } otherwise: {
            try emitter.when(isFirst) { try makeTree() }
            try push()
        }
    }

    /// Where the runtime finds a node, or puts one.
    private var nodePlace: LLVMValue { rows?.address ?? accumulators.first ?? node }

    private func push(_ leaf: LLVMValue) throws {
        if !isArray { try emitter.storeNode(try emitter.loadNode(elements, only), elements, node) }
        try rows?.join(accumulators)
        emitter.callRuntime(columns == nil ? "pdl_part_push" : "pdl_tiles_push", [part, leaf, nodePlace])
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
        try close()
        try define(results)
    }

    /// Everything that it combines has been contributed.
    func close() throws {
        if !isOrdered {
            // One leaf a rank, whose number is the rank's.
            try joinTables()
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
        if columns != nil { emitter.callRuntime("pdl_tiles_close", [part]) }
        rows?.free()
    }

    /// The lanes' own accumulators go to the first one.
    private func joinTables() throws {
        guard let tables else { return }
        let table = accumulators[0]
        try emitter.counted(emitter.i64(1), tables, emitter.i64(1)) { lane in
            let start = builder.binary(.mul, lane, count)
            try emitter.counted(emitter.i64(0), count, emitter.i64(1)) { index in
                let (a, b) = (
                    try emitter.load(elements[0], table, index),
                    try emitter.load(elements[0], table, builder.binary(.add, start, index))
                )
                try emitter.store(try combine([a], [b])[0], elements[0], table, index)
            }
        }
    }

    func define(_ results: [Value]) throws {
        if isDivided {
            for accumulator in accumulators { emitter.callRuntime("pdl_release", [accumulator]) }
            for (component, result) in results.enumerated() {
                let part = Part(address: part, op: op, elements: elements, component: component)
                emitter.define(result, .part(part))
            }
        } else {
            let values = try isArray ? accumulators : emitter.loadNode(elements, only)
            for (result, value) in zip(results, values) { emitter.define(result, .uniform(value)) }
        }
    }
}

extension Emitter {
    /// Memory for what a loop accumulates. Where lanes have tables of their own, it is noted how far apart they stand.
    fileprivate func accumulators(
        _ elements: [ElementType], _ extents: [LLVMValue], _ keyed: KeyedLanes?
    ) throws -> LoopReduction.Accumulators {
        let count = try product(extents)
        guard let keyed, elements.count == 1 else {
            return .init(arrays: try elements.map { try allocate($0, extents) }, count: count, tables: nil)
        }
        let tables = try keyed.tables(self, count)
        let array = allocate(bytes: try product([tables, count, i64(elements[0].byteSize)]))
        laneTables[array] = builder.select(builder.compare(.eq, tables, i64(1)), i64(0), count)
        return .init(arrays: [array], count: count, tables: tables)
    }
}

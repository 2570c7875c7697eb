import CNumerics
import LLVMSupport
import Language

/// The ends of leaves: lanes become the numbers of nodes, and nodes go to the tree (docs/architecture.md, "Bits").
///
///     lanes 0 … 7 of a leaf   →   (0 + 1), (2 + 3), …   →   …   →   one number, a node of level 0
///     two, four or eight such leaves, 8k … 8k + 7, side by side   →   a node of level 1, 2 or 3
///
/// Neighbours combine inside a leaf as leaves do in the tree. So up to eight leaves are done by vectors, and the tree of the runtime is
/// called once for them.
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

    /// `void push(pdl_part *part, int64_t level, int64_t leaf, int64_t levels, …)`, then where the lanes of eight leaves wait: the leaf
    /// `leaf` of that level (a leaf of fewer positions than there are lanes may stand for several), and if there are `levels` above it
    /// the leaves before it that they are made of.
    private func pushFunction(_ waiting: WaitingLeaves) throws -> LLVMFunction {
        let (op, elements, word) = (waiting.op, waiting.elements, llvm.integer(64))
        let type = LLVMType.function(
            llvm.void, [llvm.pointer, word, word, word] + waiting.places.map { _ in llvm.pointer })
        let name = "push_\(op)_\(elements[0].rawValue)"
        if let known = combineFunctions[name] { return LLVMFunction(known, type) }
        let function = llvm.definition(name, type, .internal)
        llvm.isNeverInlined(function)
        combineFunctions[name] = function
        try writing(function, as: nil, line: 0) {
            let (level, leaf, levels) = (function.parameter(1), function.parameter(2), function.parameter(3))
            var own = waiting
            own.places = waiting.places.indices.map { function.parameter(4 + $0) }
            let leaves = op.isOfMeans ? try combineMoments(own, leaf, levels) : try combineLeaves(own, leaf, levels)
            let node = slot(try nodeType(elements))
            try storeNode(try combineLanes(op, elements, leaves), elements, node)
            callRuntime(
                "pdl_part_push_node",
                [
                    function.parameter(0), builder.binary(.add, level, levels), builder.binary(.lshr, leaf, levels),
                    node,
                ])
            builder.returnVoid()
        }
        return LLVMFunction(function, type)
    }

    /// The leaves up to `leaf` that a node so many levels above it is made of, to one vector of lanes: where they wait, two vectors after
    /// the other become one, until one is left.
    private func combineLeaves(
        _ waiting: WaitingLeaves, _ leaf: LLVMValue, _ levels: LLVMValue
    ) throws -> [LLVMValue] {
        let last = builder.binary(.and, leaf, i64(Lanes.count - 1))
        let first = builder.binary(.shl, builder.binary(.lshr, last, levels), levels)
        try counted(i64(0), levels, i64(1)) { level in
            let rest = builder.binary(.sub, builder.binary(.sub, levels, level), i64(1))
            try counted(i64(0), builder.binary(.shl, i64(1), rest), i64(1)) { pair in
                let left = builder.binary(.add, first, builder.binary(.mul, pair, i64(2)))
                let right = builder.binary(.add, left, i64(1))
                let joined = try combineNeighbours(
                    waiting.op, waiting.elements, waiting.load(left, self)[0], waiting.load(right, self)[0])
                waiting.store([joined], at: builder.binary(.add, first, pair), self)
            }
        }
        return try waiting.load(first, self)[0]
    }

    /// The same of moments, of which there is one leaf or all eight: their vectors are combined one leaf after the other, as there is
    /// much to do for each.
    private func combineMoments(
        _ waiting: WaitingLeaves, _ leaf: LLVMValue, _ levels: LLVMValue
    ) throws -> [LLVMValue] {
        let (op, elements) = (waiting.op, waiting.elements)
        let vectors = try elements.map { try memoryType($0).vector(Lanes.count) }
        let places = vectors.map { slot($0.array(Lanes.count)) }
        let last = builder.binary(.and, leaf, i64(Lanes.count - 1))
        let first = builder.binary(.shl, builder.binary(.lshr, last, levels), levels)
        let end = builder.binary(.add, last, i64(1))
        try counted(first, end, i64(1)) { leaf in
            let combined = try combineVectors(op, elements, waiting.load(leaf, self))
            for (index, value) in combined.enumerated() {
                builder.store(value, builder.element(vectors[index], places[index], leaf))
            }
        }
        func vector(_ leaf: LLVMValue) -> [LLVMValue] {
            zip(vectors, places).map { builder.load($0, builder.element($0, $1, leaf)) }
        }
        try when(builder.compare(.ne, levels, i64(0))) {
            let leaves = (0..<Lanes.count).map { vector(i64($0)) }
            let joined = try combineEvenly(op, leaves, perLane: Int(PDL_LARGEST_LEAF) / Lanes.count) { leaves in
                var vectors = leaves
                while vectors.count > 1 {
                    vectors = try (0..<vectors.count / 2).map {
                        try combineNeighbours(op, elements, vectors[2 * $0], vectors[2 * $0 + 1])
                    }
                }
                return vectors[0]
            }
            for (index, value) in joined.enumerated() {
                builder.store(value, builder.element(vectors[index], places[index], first))
            }
        }
        return vector(first)
    }

    /// Gives a leaf to a part, its lanes; where the loop visits all of a node above it, that node with the last of its leaves, which wait.
    func pushLeaf(_ waiting: WaitingLeaves, to part: LLVMValue, _ leaf: Leaf) throws {
        var levels = leaf.levels
        if waiting.op.isOfMeans {
            let all = i64(Lanes.count.trailingZeroBitCount)
            levels = builder.select(builder.compare(.eq, levels, all), all, i64(0))
        }
        let places = builder.binary(.sub, builder.binary(.shl, i64(1), levels), i64(1))
        let isLast = builder.compare(.eq, builder.binary(.and, leaf.number, places), places)
        let push = try pushFunction(waiting)
        when(isLast) { builder.call(push, [part, leaf.level, leaf.number, levels] + waiting.places) }
    }

    /// The vectors of a leaf's lanes combine, neighbours first.
    func combineVectors(
        _ op: ReductionOperator, _ elements: [ElementType], _ lanes: [[LLVMValue]]
    ) throws -> [LLVMValue] {
        try combineEvenly(op, lanes, perLane: Int(PDL_LARGEST_LEAF / PDL_BLOCK)) { lanes in
            var vectors = try lanes.map { try gathered(op, $0) }
            while vectors.count > 1 {
                vectors = try (0..<vectors.count / 2).map {
                    try combine(op, elements, vectors[2 * $0], vectors[2 * $0 + 1])
                }
            }
            return vectors[0]
        }
    }
}

/// Where up to eight leaves wait until they go to the tree together: for each element of a contribution a vector or more of each leaf.
struct WaitingLeaves {
    let op: ReductionOperator
    let elements: [ElementType]
    private let types: [LLVMType]
    fileprivate var places: [LLVMValue]
    /// Vectors of a leaf. Combining those of moments takes long, and longer where each leaf is waited for: it is done for eight of them.
    private var count: Int { op.isOfMeans ? LoopReduction.vectors : 1 }

    /// `sweeps`: how many runs of the reduction are kept apart.
    init(_ op: ReductionOperator, _ elements: [ElementType], _ emitter: Emitter, sweeps: Int) throws {
        (self.op, self.elements) = (op, elements)
        types = try elements.map { try emitter.memoryType($0).vector(Lanes.count) }
        places = []
        places = types.map { emitter.slot(inOneSweep($0).array(sweeps)) }
    }

    private func inOneSweep(_ type: LLVMType) -> LLVMType { type.array(Lanes.count * count) }

    /// Those of one of the runs.
    func inSweep(_ sweep: LLVMValue, _ emitter: Emitter) -> WaitingLeaves {
        var own = self
        own.places = zip(types, places).map { emitter.builder.element(inOneSweep($0), $1, sweep) }
        return own
    }

    /// What of a leaf's lanes is to wait.
    func vectors(of lanes: [[LLVMValue]], _ emitter: Emitter) throws -> [[LLVMValue]] {
        count == 1 ? [try emitter.combineVectors(op, elements, lanes)] : lanes
    }

    private func address(_ leaf: LLVMValue, _ vector: Int, _ number: Int, _ emitter: Emitter) -> LLVMValue {
        let first = emitter.builder.binary(.mul, leaf, emitter.i64(count))
        let place = emitter.builder.binary(.add, first, emitter.i64(vector))
        return emitter.builder.element(types[number], places[number], place)
    }

    func store(_ vectors: [[LLVMValue]], _ leaf: Leaf, _ emitter: Emitter) {
        store(vectors, at: emitter.builder.binary(.and, leaf.number, emitter.i64(Lanes.count - 1)), emitter)
    }

    fileprivate func store(_ vectors: [[LLVMValue]], at place: LLVMValue, _ emitter: Emitter) {
        for (vector, numbers) in vectors.enumerated() {
            for (number, value) in numbers.enumerated() {
                emitter.builder.store(
                    emitter.inMemory(value, elements[number]), address(place, vector, number, emitter))
            }
        }
    }

    fileprivate func load(_ leaf: LLVMValue, _ emitter: Emitter) throws -> [[LLVMValue]] {
        try (0..<count).map { vector in
            try types.indices.map { number in
                try emitter.loadVector(elements[number], address(leaf, vector, number, emitter))
            }
        }
    }
}

/// A leaf that a loop has come to the end of.
struct Leaf {
    let number: LLVMValue
    /// Of the tree: above 0 where a few short leaves were done as one.
    let level: LLVMValue
    /// How many levels above it the loop visits all of a node's leaves; up to three, where eight vectors of lanes wait.
    let levels: LLVMValue
    /// Whether the loop ends with it.
    let isLast: LLVMValue
}

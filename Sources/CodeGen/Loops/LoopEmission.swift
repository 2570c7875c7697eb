import IR
import LLVMSupport
import Language

extension Emitter {
    func emitStraightLoop(_ node: Node) throws {
        switch node.operation {
        case .forLoop: try emitForLoop(node)
        case .whileLoop: try emitWhileLoop(node)
        case .loop(let loop): try emitLoop(loop, node)
        case .checkAhead:
            try when(builder.not(try uniform(node.condition))) { _ = try self.emit(node.regions[0], []) }
        default: throw CodeGenFault("not a loop: \(node.operation)")
        }
    }

    /// The data-parallel loop: a nest of counted loops, the innermost in steps of 8 where the body allows it.
    func emitLoop(_ loop: Loop, _ node: Node) throws {
        guard let space = IterationSpace(of: node), let body = node.regions.first, loop.axes > 0 else {
            throw CodeGenFault("a loop without axes or without a body")
        }
        let axes = try space.ranges.map { range in
            LoopNest.Axis(
                lower: try uniform(range.lower), upper: try uniform(range.upper), step: try uniform(range.step),
                isUnit: knownIntegers[range.step] == 1)
        }
        let innermost = body.arguments[loop.axes - 1]
        let plans: LaneAnalysis.Plans =
            axes[loop.axes - 1].isUnit
            ? LaneAnalysis.plans(body, innermost: innermost, source, known: knownIntegers) : (nil, nil)
        let isInside = isInLoop
        isInLoop = true
        defer { isInLoop = isInside }
        let reductions = try makeReductions(loop, node)
        let leaves = try node.leaves.map { (origin: try uniform($0.origin), rows: try uniform($0.rows)) }
        func sweep(_ plan: LanePlan?) throws {
            let outer = together
            defer { together = outer }
            together = plan?.together ?? []
            let nest = LoopNest(self, axes, body, reductions, plan, isDivided: loop.divided != nil)
            if let inside = node.inside {
                let rows = (try uniform(inside.lower), try uniform(inside.upper))
                try nest.emitInsideFirst(rows, leaves) { _ = try self.emit(node.regions[1], []) }
            } else {
                try nest.emitRows(from: axes[0].lower, to: axes[0].upper, leaves)
            }
        }
        for reduction in reductions { try reduction.start() }
        if let short = plans.whenShort {
            try when(try areShort(short.shortRanges)) {
                try sweep(short)
            } otherwise: {
                try sweep(plans.otherwise)
            }
        } else {
            try sweep(plans.otherwise)
        }
        for reduction in reductions { try reduction.finish() }
    }

    private func areShort(_ ranges: [LanePlan.ShortRange]) throws -> LLVMValue {
        try ranges.reduce(llvm.integer(1).constant(1)) { all, range in
            let length = builder.binary(.sub, try uniform(range.upper), try uniform(range.lower))
            return builder.binary(.and, all, builder.compare(.sle, length, i64(range.most)))
        }
    }

    private func makeReductions(_ loop: Loop, _ node: Node) throws -> [LoopReduction] {
        var results = node.results[...]
        var reductions: [LoopReduction] = []
        for yield in loop.yields {
            guard case .reduction(let op) = yield, results.count >= op.arity else {
                throw CodeGenFault("in the local stage loops yield contributions only")
            }
            let own = Array(results.prefix(op.arity))
            results = results.dropFirst(op.arity)
            let place = node.yieldPlaces[reductions.count]
            reductions.append(try LoopReduction(self, op, own, at: place, isDivided: loop.divided != nil))
        }
        return reductions
    }
}

/// Writes the blocks of one loop. In a reduction the outermost axis runs leaf by leaf.
struct LoopNest {
    struct Axis {
        let lower, upper, step: LLVMValue
        /// Whether the step is known to be 1.
        let isUnit: Bool
    }

    let emitter: Emitter
    let axes: [Axis]
    let body: Region
    let reductions: [LoopReduction]
    /// nil: one index at a time.
    let plan: LanePlan?
    let isDivided: Bool

    init(
        _ emitter: Emitter, _ axes: [Axis], _ body: Region, _ reductions: [LoopReduction], _ plan: LanePlan?,
        isDivided: Bool
    ) {
        self.emitter = emitter
        self.axes = axes
        self.body = body
        self.reductions = reductions
        self.plan = plan
        self.isDivided = isDivided
    }

    private var builder: LLVMBuilder { emitter.builder }
    private var ordered: [LoopReduction] { reductions.filter(\.isOrdered) }
    private func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

    // MARK: Outer axes

    typealias Leaves = (origin: LLVMValue, rows: LLVMValue)

    /// Indices from ..< to of the outermost axis, all of the others.
    func emitRows(from: LLVMValue, to: LLVMValue, _ leaves: Leaves?) throws {
        if let leaves, !ordered.isEmpty {
            try emitLeaves(from: from, to: to, leaves)
        } else {
            _ = try emitSweep(from: from, to: to, leafStart: from)
        }
    }

    /// The rows inside, then `between`, then the rows before them and those behind: the body is written once, in a loop of three turns.
    func emitInsideFirst(
        _ inside: (lower: LLVMValue, upper: LLVMValue), _ leaves: Leaves?, between: () throws -> Void
    ) throws {
        try emitter.counted(i64(0), i64(3), i64(1), asItIs: true) { turn in
            let isFirst = builder.compare(.eq, turn, i64(0))
            let isSecond = builder.compare(.eq, turn, i64(1))
            try emitter.when(isSecond) {
                try between()
                for reduction in ordered { try reduction.setAside() }
            }
            emitter.when(builder.compare(.eq, turn, i64(2))) {
                for reduction in ordered { reduction.appendWhatWasSetAside() }
            }
            let behind = builder.select(isSecond, axes[0].lower, inside.upper)
            let end = builder.select(isSecond, inside.lower, axes[0].upper)
            try emitRows(
                from: builder.select(isFirst, inside.lower, behind), to: builder.select(isFirst, inside.upper, end),
                leaves)
        }
    }

    /// Cuts the outermost axis between leaves: position p = i - origin, leaf p / rows; rows is a power of two.
    private func emitLeaves(from: LLVMValue, to: LLVMValue, _ leaves: Leaves) throws {
        let (origin, rows) = leaves
        let type = origin.type
        let no = emitter.llvm.integer(1).constant(0)
        let shift = try builder.intrinsic("llvm.cttz", [type], [rows, no])
        let before = builder.current
        let head = builder.block("leaves")
        let leafBlock = builder.block("leaf")
        let done = builder.block("done")
        builder.jump(head)
        builder.move(to: head)
        let first = builder.phi(type)
        first.addIncoming(from, from: before)
        builder.branch(builder.compare(.slt, first, to), leafBlock, done)
        builder.move(to: leafBlock)
        let leaf = builder.binary(.lshr, builder.binary(.sub, first, origin), shift)
        let start = builder.binary(.add, origin, builder.binary(.shl, leaf, shift))
        let end = try builder.intrinsic(
            "llvm.smin", [type], [to, builder.binary(.add, start, rows)])
        for reduction in ordered { try reduction.reset() }
        let next = try emitSweep(from: first, to: end, leafStart: start)
        let isLast = builder.compare(.sge, next, to)
        for reduction in ordered { try reduction.endLeaf(leaf, isLast: isLast) }
        first.addIncoming(next, from: builder.current)
        builder.jump(head)
        builder.move(to: done)
    }

    /// Indices from ..< to of the outermost axis, all of the others. Gives the first index that was not visited.
    private func emitSweep(from: LLVMValue, to: LLVMValue, leafStart: LLVMValue) throws -> LLVMValue {
        if axes.count == 1 {
            return try emitInnermost([], from: from, to: to, laneZero: leafStart, mayStartInside: isDivided)
        }
        return try emitter.counted(from, to, axes[0].step) { try emitInner([$0]) }
    }

    private func emitInner(_ indices: [LLVMValue]) throws {
        let axis = axes[indices.count]
        if indices.count + 1 < axes.count {
            try emitter.counted(axis.lower, axis.upper, axis.step) { try emitInner(indices + [$0]) }
        } else {
            _ = try emitInnermost(
                indices, from: axis.lower, to: axis.upper, laneZero: axis.lower, mayStartInside: false)
        }
    }

    // MARK: The innermost axis

    /// `laneZero`: the index whose contribution is lane 0's. `mayStartInside`: `from` need not be a lane 0.
    private func emitInnermost(
        _ outer: [LLVMValue], from: LLVMValue, to: LLVMValue, laneZero: LLVMValue, mayStartInside: Bool
    ) throws -> LLVMValue {
        guard plan != nil else {
            return try emitter.counted(from, to, axes[axes.count - 1].step) { index in
                try emitElement(outer, index, laneZero: laneZero)
            }
        }
        if reductions.allSatisfy(\.isArray) {
            let rest = try emitFullChunks(outer, from: from, to: to)
            return try emitter.counted(rest, to, i64(1), asItIs: true) { try emitElement(outer, $0, laneZero: $0) }
        }
        if mayStartInside && !ordered.isEmpty {
            return try emitChunksFromInside(outer, from: from, to: to, laneZero: laneZero)
        }
        let rest = try emitFullChunks(outer, from: from, to: to)
        try emitter.when(builder.compare(.slt, rest, to)) {
            try emitChunk(outer, rest, first: nil, count: builder.binary(.sub, to, rest))
        }
        return to
    }

    /// Eight indices at once as long as there are eight. Gives where it stopped.
    private func emitFullChunks(_ outer: [LLVMValue], from: LLVMValue, to: LLVMValue) throws -> LLVMValue {
        let tests = IndexTests(of: body, innermost: body.arguments[axes.count - 1], emitter.source)
        if !tests.isEmpty {
            return try emitStretches(tests, from: from, to: to) { try emitChunk(outer, $0, first: nil, count: nil) }
        }
        var rest = from
        // Rows that are read in squares come in an order that a processor does not foresee.
        let readsRows = isDivided && axes.count == 1 && plan?.together.isEmpty == false
        for chunks in chunksPerTurn {
            let span = chunks * Lanes.count
            rest = try emitter.counted(rest, builder.binary(.sub, to, i64(span - 1)), i64(span)) { index in
                let contributions = try (0..<chunks).map { chunk in
                    let base = builder.binary(.add, index, i64(chunk * Lanes.count))
                    return try emitLanes(outer, base, first: nil, count: nil, prefetches: chunks > 1 || readsRows)
                        .numbers
                }
                try add(contributions, nil)
            }
        }
        return rest
    }

    /// A leaf of 1024 elements has 128 chunks: too many turns for a processor to foresee the last one, and every leaf would
    /// end in a stall. Sums over the ranks, which are long, have 16 turns if their bodies are short.
    private var chunksPerTurn: [Int] {
        let isShort = body.nodes.count <= 8 && body.nodes.allSatisfy(\.regions.isEmpty)
        return isDivided && axes.count == 1 && !ordered.isEmpty && isShort && !reductions.contains(where: \.op.isUser)
            ? [8, 1] : [1]
    }

    /// Rounds of: full chunks while `position` is a lane 0 and eight are left; else one chunk of fewer lanes.
    private func emitChunksFromInside(
        _ outer: [LLVMValue], from: LLVMValue, to: LLVMValue, laneZero: LLVMValue
    ) throws -> LLVMValue {
        let before = builder.current
        let head = builder.block("chunks")
        let round = builder.block("round")
        let done = builder.block("done")
        builder.jump(head)
        builder.move(to: head)
        let position = builder.phi(from.type)
        position.addIncoming(from, from: before)
        builder.branch(builder.compare(.slt, position, to), round, done)
        builder.move(to: round)
        let lane = builder.binary(.and, builder.binary(.sub, position, laneZero), i64(Lanes.count - 1))
        let base = builder.binary(.sub, position, lane)
        let count = builder.binary(.sub, to, base)
        let isAligned = builder.compare(.eq, lane, i64(0))
        let isFull = builder.compare(.sge, count, i64(Lanes.count))
        let full = builder.block("full")
        let partial = builder.block("partial")
        builder.branch(builder.binary(.and, isAligned, isFull), full, partial)
        builder.move(to: full)
        let rest = try emitFullChunks(outer, from: position, to: to)
        position.addIncoming(rest, from: builder.current)
        builder.jump(head)
        builder.move(to: partial)
        try emitChunk(outer, base, first: lane, count: count)
        let next = try builder.intrinsic(
            "llvm.smin", [to.type], [builder.binary(.add, base, i64(Lanes.count)), to])
        position.addIncoming(next, from: builder.current)
        builder.jump(head)
        builder.move(to: done)
        return position
    }

    /// The body on lanes first ..< count of the chunk that begins at `base`; nil: from lane 0, all eight.
    private func emitChunk(_ outer: [LLVMValue], _ base: LLVMValue, first: LLVMValue?, count: LLVMValue?) throws {
        let (numbers, mask) = try emitLanes(outer, base, first: first, count: count)
        try add([numbers], mask)
    }

    /// What chunks that follow each other contribute to each reduction to a number.
    private func add(_ chunks: [[[LLVMValue]]], _ mask: LLVMValue?) throws {
        for (index, reduction) in reductions.filter({ !$0.isArray }).enumerated() {
            try reduction.addLanes(chunks.map { $0[index] }, mask)
        }
    }

    /// A chunk without what its lanes contribute to reductions to numbers: that is given, with the lanes at work.
    private func emitLanes(
        _ outer: [LLVMValue], _ base: LLVMValue, first: LLVMValue?, count: LLVMValue?, prefetches: Bool = false
    ) throws -> (numbers: [[LLVMValue]], mask: LLVMValue?) {
        var mask: LLVMValue?
        if let count {
            let numbers = emitter.laneNumbers
            var active = builder.compare(.slt, numbers, builder.splat(count, Lanes.count))
            if let first {
                let begun = builder.compare(.sge, numbers, builder.splat(first, Lanes.count))
                active = builder.binary(.and, active, begun)
            }
            mask = active
        }
        emitter.lanes = Lanes(mask: mask, prefetches: prefetches)
        defer { emitter.lanes = nil }
        let around = emitter.again
        let again = around == nil && plan?.hasSeveralFailures == true ? builder.block("again") : nil
        emitter.again = around ?? again
        var contributions = try emitBody(outer, .linear(base))
        emitter.again = around
        if let again {
            try emitFailure(again, outer, base, first: first ?? i64(0), count: count ?? i64(Lanes.count))
        }
        let numbers = reductions.filter { !$0.isArray }.map { contributions.take($0.arity).map(emitter.widened) }
        return (numbers, mask)
    }

    /// The body on one lane after the other: one of them fails, and of those that do the first is to be reported.
    private func emitFailure(
        _ block: LLVMBlock, _ outer: [LLVMValue], _ base: LLVMValue, first: LLVMValue, count: LLVMValue
    ) throws {
        let lanes = emitter.lanes
        emitter.lanes = nil
        defer { emitter.lanes = lanes }
        try emitter.besides(body) {
            builder.move(to: block)
            let end = try builder.intrinsic("llvm.smin", [count.type], [count, i64(Lanes.count)])
            try emitter.counted(first, end, i64(1), asItIs: true) { lane in
                _ = try emitBody(outer, .uniform(builder.binary(.add, base, lane)))
            }
            builder.unreachable()
        }
    }

    /// The body at one index.
    private func emitElement(_ outer: [LLVMValue], _ index: LLVMValue, laneZero: LLVMValue) throws {
        var contributions = try emitBody(outer, .uniform(index))
        for reduction in reductions where !reduction.isArray {
            let values = contributions.take(reduction.arity).map(\.value)
            let lane = builder.binary(.and, builder.binary(.sub, index, laneZero), i64(Lanes.count - 1))
            try reduction.addNumber(values, lane: lane)
        }
    }

    private func emitBody(_ outer: [LLVMValue], _ innermost: Operand) throws -> ArraySlice<Operand> {
        let accumulators = reductions.flatMap(\.accumulators)
        let arguments = outer.map(Operand.uniform) + [innermost] + accumulators.map(Operand.uniform)
        return try emitter.emit(body, arguments)[...]
    }
}

extension ArraySlice {
    /// The next elements, gone from here.
    fileprivate mutating func take(_ count: Int) -> [Element] {
        defer { self = dropFirst(count) }
        return Array(prefix(count))
    }
}

import CNumerics
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
        let length = builder.binary(.sub, axes[0].upper, axes[0].lower)
        let keyed = KeyedLanes(loop, body, plans, length: length)
        let reductions = try makeReductions(loop, node, keyed)
        let hasPlan = plans.whenShort != nil || plans.otherwise != nil
        let isStreaming = isInside || !hasPlan ? nil : try isStreaming(axes, body)
        let leaves = try node.leaves.map { (origin: try uniform($0.origin), rows: try uniform($0.rows)) }
        func sweep(_ plan: LanePlan?) throws {
            let outer = together
            defer { together = outer }
            together = plan?.together ?? []
            var nest = LoopNest(self, axes, body, reductions, plan, isDivided: loop.divided != nil)
            nest.isStreaming = isStreaming
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
        if let isStreaming { try endStreaming(isStreaming) }
    }

    private func areShort(_ ranges: [LanePlan.ShortRange]) throws -> LLVMValue {
        try ranges.reduce(llvm.integer(1).constant(1)) { all, range in
            let length = builder.binary(.sub, try uniform(range.upper), try uniform(range.lower))
            return builder.binary(.and, all, builder.compare(.sle, length, i64(range.most)))
        }
    }

    private func makeReductions(_ loop: Loop, _ node: Node, _ keyed: KeyedLanes?) throws -> [LoopReduction] {
        var results = node.results[...]
        var reductions: [LoopReduction] = []
        for yield in loop.yields {
            guard case .reduction(let op) = yield, results.count >= op.arity else {
                throw CodeGenFault("in the local stage loops yield contributions only")
            }
            let own = Array(results.prefix(op.arity))
            results = results.dropFirst(op.arity)
            let place = node.yieldPlaces[reductions.count]
            let isDivided = loop.divided != nil
            reductions.append(try LoopReduction(self, op, own, at: place, isDivided: isDivided, keyed: keyed))
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
    /// See `Lanes.isStreaming`.
    var isStreaming: LLVMValue?

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
        let type = leaves.origin.type
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
        let cut = try cutLeaf(at: first, from: from, to: to, leaves)
        for reduction in ordered { try reduction.reset() }
        let end = try builder.intrinsic("llvm.smin", [type], [to, builder.binary(.add, cut.start, cut.size)])
        let next = try emitSweep(from: first, to: end, leafStart: cut.start)
        let leaf = Leaf(
            number: cut.number, level: cut.level, isAmongEight: cut.isAmongEight,
            isLast: builder.compare(.sge, next, to))
        for reduction in ordered { try reduction.endLeaf(leaf) }
        first.addIncoming(next, from: builder.current)
        builder.jump(head)
        builder.move(to: done)
    }

    private struct LeafCut {
        let start, size, number, level, isAmongEight: LLVMValue
    }

    /// The leaf that begins at, or before, index `first`. Leaves of fewer positions than there are lanes are done as one where that is
    /// a node of the tree and lies within the loop's range: lanes combine as such leaves do.
    private func cutLeaf(at first: LLVMValue, from: LLVMValue, to: LLVMValue, _ leaves: Leaves) throws -> LeafCut {
        let (origin, rows) = leaves
        let type = origin.type
        let no = emitter.llvm.integer(1).constant(0)
        let position = builder.binary(.sub, first, origin)
        let shift = try builder.intrinsic("llvm.cttz", [type], [rows, no])
        var (size, most, sizeShift) = (rows, rows, shift)
        if axes.count == 1, ordered.allSatisfy(\.hasLanes) {
            let marked = builder.binary(.or, position, i64(Lanes.count))
            let aligned = builder.binary(.and, marked, builder.binary(.sub, i64(0), marked))
            let left = builder.binary(.sub, to, first)
            let leading = try builder.intrinsic("llvm.ctlz", [type], [left, no])
            let fitting = builder.binary(.lshr, i64(Int.min), leading)
            let wide = try builder.intrinsic("llvm.umin", [type], [aligned, fitting])
            size = try builder.intrinsic("llvm.umax", [type], [rows, wide])
            most = try builder.intrinsic("llvm.umax", [type], [rows, i64(Lanes.count)])
            sizeShift = try builder.intrinsic("llvm.cttz", [type], [size, no])
        }
        let number = builder.binary(.lshr, position, sizeShift)
        let start = builder.binary(.add, origin, builder.binary(.shl, number, sizeShift))
        let firstOfEight = builder.binary(.shl, builder.binary(.and, number, i64(-Lanes.count)), sizeShift)
        let begin = builder.binary(.add, origin, firstOfEight)
        let end = builder.binary(.add, begin, builder.binary(.mul, size, i64(Lanes.count)))
        let isWithin = builder.binary(
            .and, builder.compare(.sge, begin, from), builder.compare(.sle, end, to))
        return LeafCut(
            start: start, size: size, number: number, level: builder.binary(.sub, sizeShift, shift),
            isAmongEight: axes[0].isUnit ? builder.binary(.and, isWithin, builder.compare(.eq, size, most)) : no)
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
        let run = LaneRun(emitter, from: from, to: to, laneZero: laneZero, axes[axes.count - 1])
        guard plan != nil else {
            return try emitter.counted(from, to, axes[axes.count - 1].step) { try emitElement(outer, $0, run) }
        }
        if reductions.allSatisfy(\.isArray) {
            let rest = try emitFullChunks(outer, run, from: from)
            return try emitter.counted(rest, to, i64(1), asItIs: true) { try emitElement(outer, $0, run) }
        }
        if mayStartInside && !ordered.isEmpty { return try emitChunksFromInside(outer, run) }
        let rest = try emitFullChunks(outer, run, from: from)
        try emitter.when(builder.compare(.slt, rest, to)) {
            try emitChunk(outer, rest, to: i64(0), count: builder.binary(.sub, to, rest))
        }
        return to
    }

    /// Eight indices at once as long as there are eight, from a lane 0. Gives where it stopped.
    private func emitFullChunks(_ outer: [LLVMValue], _ run: LaneRun, from: LLVMValue) throws -> LLVMValue {
        let tests = IndexTests(of: body, innermost: body.arguments[axes.count - 1], emitter.source)
        if !tests.isEmpty {
            return try emitStretches(tests, from: from, to: run.to) { try emitChunk(outer, $0, to: run.vector(of: $0)) }
        }
        let end = builder.binary(.sub, run.to, i64(Lanes.count - 1))
        guard isShort else {
            return try emitter.counted(from, end, i64(Lanes.count)) {
                try emitChunk(outer, $0, to: run.vector(of: $0))
            }
        }
        let rest = try emitBlocks(outer, run, from: from)
        return try emitter.counted(rest, end, i64(Lanes.count)) { try emitChunk(outer, $0, to: i64(0)) }
    }

    /// Complete blocks, from the beginning of one, as straight code: then the vectors of lanes are registers. Gives where it stopped.
    private func emitBlocks(_ outer: [LLVMValue], _ run: LaneRun, from: LLVMValue) throws -> LLVMValue {
        let end = builder.select(run.hasBlocks, builder.binary(.sub, run.to, i64(Int(PDL_BLOCK) - 1)), from)
        return try emitter.counted(from, end, i64(Int(PDL_BLOCK))) { block in
            let chunks = try (0..<LoopReduction.vectors).map { vector in
                let base = builder.binary(.add, block, i64(vector * Lanes.count))
                return try emitLanes(outer, base, first: nil, count: nil).numbers
            }
            try addBlock(chunks)
        }
    }

    /// What the chunks of a block contribute to each reduction to a number. Whether there is a NaN is asked once for all extremes.
    private func addBlock(_ chunks: [[[LLVMValue]]]) throws {
        func forEachVector(_ isExtreme: Bool, _ body: (LoopReduction, [LLVMValue], LLVMValue) throws -> Void) rethrows {
            for (index, reduction) in reductions.filter({ !$0.isArray }).enumerated()
            where reduction.isExtreme == isExtreme {
                for (vector, numbers) in chunks.enumerated() { try body(reduction, numbers[index], i64(vector)) }
            }
        }
        try forEachVector(false) { try $0.addLanes($1, to: $2, nil) }
        var asked: [LLVMValue] = []
        forEachVector(true) { _, values, _ in if !asked.contains(values[0]) { asked.append(values[0]) } }
        guard !asked.isEmpty else { return }
        let tests = stride(from: 0, to: asked.count, by: 2).map { first in
            builder.compare(.uno, asked[first], asked[min(first + 1, asked.count - 1)])
        }
        let hasNaN = tests.dropFirst().reduce(tests[0]) { builder.binary(.or, $0, $1) }
        try emitter.when(emitter.any(hasNaN)) {
            try forEachVector(true) { try $0.addLanes($1, to: $2, nil) }
        } otherwise: {
            try forEachVector(true) { try $0.addOrdinaryNumbers($1[0], to: $2) }
        }
    }

    /// Whether the body is so short that it is written for each vector of a block's lanes.
    private var isShort: Bool {
        body.nodes.count <= 16 && body.nodes.allSatisfy(\.regions.isEmpty)
            && reductions.contains { !$0.isArray && !$0.op.isUser }
    }

    /// Rounds of: blocks or chunks while there are complete ones; else one chunk of fewer lanes.
    private func emitChunksFromInside(_ outer: [LLVMValue], _ run: LaneRun) throws -> LLVMValue {
        let before = builder.current
        let head = builder.block("chunks")
        let round = builder.block("round")
        let done = builder.block("done")
        builder.jump(head)
        builder.move(to: head)
        let position = builder.phi(run.from.type)
        position.addIncoming(run.from, from: before)
        builder.branch(builder.compare(.slt, position, run.to), round, done)
        builder.move(to: round)
        func jumpBack(_ next: LLVMValue) {
            position.addIncoming(next, from: builder.current)
            builder.jump(head)
        }
        let full = builder.block("full")
        let partial = builder.block("partial")
        let lane = run.lane(position, of: Lanes.count)
        let base = builder.binary(.sub, position, lane)
        let count = builder.binary(.sub, run.to, base)
        let isAligned = builder.compare(.eq, lane, i64(0))
        let isFull = builder.compare(.sge, count, i64(Lanes.count))
        builder.branch(builder.binary(.and, isAligned, isFull), full, partial)
        builder.move(to: full)
        if isShort {
            let (blocks, chunk) = (builder.block("blocks"), builder.block("chunk"))
            builder.branch(run.isBlock(position), blocks, chunk)
            builder.move(to: blocks)
            jumpBack(try emitBlocks(outer, run, from: position))
            builder.move(to: chunk)
            try emitChunk(outer, position, to: i64(0))
            jumpBack(builder.binary(.add, position, i64(Lanes.count)))
        } else {
            jumpBack(try emitFullChunks(outer, run, from: position))
        }
        builder.move(to: partial)
        try emitChunk(outer, base, to: i64(0), first: lane, count: count)
        let end = builder.binary(.add, base, i64(Lanes.count))
        jumpBack(try builder.intrinsic("llvm.smin", [end.type], [end, run.to]))
        builder.move(to: done)
        return position
    }

    /// The body on lanes first ..< count of the chunk that begins at `base`; nil: from lane 0, all eight. What it contributes goes to
    /// that vector of a leaf's lanes.
    private func emitChunk(
        _ outer: [LLVMValue], _ base: LLVMValue, to vector: LLVMValue, first: LLVMValue? = nil, count: LLVMValue? = nil
    ) throws {
        let (numbers, mask) = try emitLanes(outer, base, first: first, count: count)
        for (reduction, values) in zip(reductions.filter { !$0.isArray }, numbers) {
            try reduction.addLanes(values, to: vector, mask)
        }
    }

    /// A chunk without what its lanes contribute to reductions to numbers: that is given, with the lanes at work.
    private func emitLanes(
        _ outer: [LLVMValue], _ base: LLVMValue, first: LLVMValue?, count: LLVMValue?
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
        let readsSquares = isDivided && axes.count == 1 && plan?.together.isEmpty == false
        emitter.lanes = Lanes(mask: mask, prefetches: readsSquares, isStreaming: isStreaming)
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
    private func emitElement(_ outer: [LLVMValue], _ index: LLVMValue, _ run: LaneRun) throws {
        var contributions = try emitBody(outer, .uniform(index))
        for reduction in reductions where !reduction.isArray {
            let values = contributions.take(reduction.arity).map(\.value)
            try reduction.addNumber(values, lane: run.lane(index))
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

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
        var (nest, plans) = try makeNest(loop, node)
        let hasPlan = plans.whenShort != nil || plans.otherwise != nil
        nest.isStreaming = context.isInLoop || !hasPlan ? nil : try isStreaming(nest.axes, nest.body)
        try within {
            $0.isInLoop = true
        } _: {
            try emitTurns(nest, plans, node)
        }
        if let isStreaming = nest.isStreaming { try endStreaming(isStreaming) }
    }

    /// What a loop is written by. `sweeps`: of how many runs of it reductions are kept apart.
    func makeNest(_ loop: Loop, _ node: Node, sweeps: Int = 1) throws -> (nest: LoopNest, plans: LaneAnalysis.Plans) {
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
        let length = builder.binary(.sub, axes[0].upper, axes[0].lower)
        let keyed = KeyedLanes(loop, body, plans, length: length)
        let nest = LoopNest(
            emitter: self, axes: axes, body: body,
            reductions: try makeReductions(loop, node, keyed, sweeps: sweeps),
            isDivided: loop.distribution.isDivided)
        return (nest, plans)
    }

    /// All turns of a loop, and what its reductions come to.
    private func emitTurns(_ nest: LoopNest, _ plans: LaneAnalysis.Plans, _ node: Node) throws {
        let leaves = try leaves(of: node)
        for reduction in nest.reductions { try reduction.start() }
        try emit(nest, plans) { nest in
            if let inside = node.inside {
                let rows = (try self.uniform(inside.lower), try self.uniform(inside.upper))
                try nest.emitInsideFirst(rows, leaves) { try self.emitFinish(node.regions[1], in: node) }
            } else {
                try nest.emitRows(from: nest.axes[0].lower, to: nest.axes[0].upper, leaves)
            }
        }
        for reduction in nest.reductions { try reduction.finish() }
    }

    func leaves(of node: Node) throws -> LoopNest.Leaves? {
        try node.leaves.map { (origin: try uniform($0.origin), rows: try uniform($0.rows)) }
    }

    /// Writes turns of a loop by the plan that fits, which may be known only when the program runs.
    func emit(_ nest: LoopNest, _ plans: LaneAnalysis.Plans, _ turns: (LoopNest) throws -> Void) throws {
        func emit(by plan: LanePlan?) throws {
            var nest = nest
            nest.plan = plan
            try within {
                $0.together = plan?.together ?? []
            } _: {
                try turns(nest)
            }
        }
        guard let short = plans.whenShort else { return try emit(by: plans.otherwise) }
        try when(try areShort(short.shortRanges)) {
            try emit(by: short)
        } otherwise: {
            try emit(by: plans.otherwise)
        }
    }

    private func areShort(_ ranges: [LanePlan.ShortRange]) throws -> LLVMValue {
        try ranges.reduce(llvm.integer(1).constant(1)) { all, range in
            let length = builder.binary(.sub, try uniform(range.upper), try uniform(range.lower))
            return builder.binary(.and, all, builder.compare(.sle, length, i64(range.most)))
        }
    }

    /// How many columns of a loop over a grid this rank has, and how many there are.
    private func tiles(of node: Node) throws -> (width: LLVMValue, columns: LLVMValue) {
        guard let extent = IterationSpace(of: node)?.extents.last else { throw CodeGenFault("tiles of no grid") }
        let columns = try uniform(extent)
        return (blockLength(columns, .columns), columns)
    }

    private func makeReductions(
        _ loop: Loop, _ node: Node, _ keyed: KeyedLanes?, sweeps: Int
    ) throws -> [LoopReduction] {
        var results = node.results[...]
        var reductions: [LoopReduction] = []
        for yield in loop.yields {
            guard case .reduction(let op) = yield, results.count >= op.arity else {
                throw CodeGenFault("in the local stage loops yield contributions only")
            }
            let own = Array(results.prefix(op.arity))
            results = results.dropFirst(op.arity)
            let tiles = loop.distribution.isTiled(op, try element(own[0])) ? try tiles(of: node) : nil
            let reduced = LoopReduction.Reduced(op: op, results: own, tiles: tiles)
            let isDivided = loop.distribution.isDivided
            reductions.append(try LoopReduction(self, reduced, isDivided: isDivided, keyed: keyed, sweeps: sweeps))
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
    var reductions: [LoopReduction]
    let isDivided: Bool
    /// See `Lanes.isStreaming`.
    var isStreaming: LLVMValue?
    /// The rows that are visited one after the other, where `emitRows` writes a few of them at a time; else those are all.
    var block: (from: LLVMValue, to: LLVMValue)?
    /// nil: one index at a time.
    var plan: LanePlan?

    var builder: LLVMBuilder { emitter.builder }
    var ordered: [LoopReduction] { reductions.filter(\.isOrdered) }
    func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

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
        try emitter.rounds(from: from, to: to) { first, jumpBack in
            let cut = try cutLeaf(at: first, from: from, to: to, leaves)
            for reduction in ordered { try reduction.reset() }
            let end = try builder.intrinsic(
                "llvm.smin", [from.type], [to, builder.binary(.add, cut.start, cut.size)])
            let next = try emitSweep(from: first, to: end, leafStart: cut.start)
            let leaf = Leaf(
                number: cut.number, level: cut.level, levels: cut.levels,
                isLast: builder.compare(.sge, next, to))
            for reduction in ordered { try reduction.endLeaf(leaf) }
            jumpBack(next)
        }
    }

    private struct LeafCut {
        let start, size, number, level, levels: LLVMValue
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
        let cut = LeafCut(
            start: start, size: size, number: number, level: builder.binary(.sub, sizeShift, shift), levels: i64(0))
        guard axes[0].isUnit else { return cut }
        let levels = levels(of: cut, sizeShift, from: origin, within: block ?? (from, to))
        return LeafCut(
            start: start, size: size, number: number, level: cut.level,
            levels: builder.select(builder.compare(.eq, size, most), levels, i64(0)))
    }

    /// Of the leaf's neighbours 2, 4, 8, counted from an even one, a quarter, an eighth: by how many levels all of them are visited.
    private func levels(
        of cut: LeafCut, _ sizeShift: LLVMValue, from origin: LLVMValue, within block: (from: LLVMValue, to: LLVMValue)
    ) -> LLVMValue {
        (1...Lanes.count.trailingZeroBitCount).reduce(i64(0)) { levels, level in
            let first = builder.binary(.shl, builder.binary(.and, cut.number, i64(-1 << level)), sizeShift)
            let begin = builder.binary(.add, origin, first)
            let end = builder.binary(.add, begin, builder.binary(.shl, cut.size, i64(level)))
            let isWithin = builder.binary(
                .and, builder.compare(.sge, begin, block.from), builder.compare(.sle, end, block.to))
            return builder.select(isWithin, i64(level), levels)
        }
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
}

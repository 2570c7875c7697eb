import CNumerics
import IR
import LLVMSupport
import Language

// The innermost axis of a loop: vectors, their remainders, and single elements.

extension LoopNest {
    /// `laneZero`: the index whose contribution is lane 0's. `mayStartInside`: `from` need not be a lane 0.
    func emitInnermost(
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
        let tests = IndexTests(of: body, axes: axes.count, emitter.source)
        guard tests.isEmpty, isShort else {
            return try emitStretches(tests, run, outer, from: from) { try emitChunk(outer, $0, to: $1) }
        }
        let rest = try emitBlocks(outer, run, from: from)
        let end = builder.binary(.sub, run.to, i64(Lanes.count - 1))
        return try emitter.counted(rest, end, i64(Lanes.count)) { try emitChunk(outer, $0, to: i64(0)) }
    }

    /// Complete blocks, from the beginning of one, as straight code: then the vectors of lanes are registers. Gives where it stopped.
    private func emitBlocks(_ outer: [LLVMValue], _ run: LaneRun, from: LLVMValue) throws -> LLVMValue {
        let end = builder.select(run.hasBlocks, builder.binary(.sub, run.to, i64(Int(PDL_BLOCK) - 1)), from)
        let size = i64(Int(PDL_BLOCK))
        let numbers = reductions.filter { !$0.isArray }
        var alwaysCount: Set<Int> = []
        func emitBlocks(from: LLVMValue, to: LLVMValue, begun: Set<Int>) throws -> LLVMValue {
            try emitter.counted(from, to, size) { block in
                let chunks = try (0..<LoopReduction.vectors).map { vector in
                    let base = builder.binary(.add, block, i64(vector * Lanes.count))
                    return try emitLanes(outer, base, first: nil, count: nil).numbers
                }
                alwaysCount = Set(
                    numbers.indices.filter { index in
                        let count = chunks[0][index][0]
                        return numbers[index].op.isOfMeans && count == count.type.constant(1.0)
                    })
                try addBlock(chunks, begun: begun)
            }
        }
        guard numbers.contains(where: \.op.isOfMeans) else { return try emitBlocks(from: from, to: end, begun: []) }
        // After one block every lane has a first contribution, and further ones are counted at the end.
        let one = try builder.intrinsic("llvm.smin", [end.type], [end, builder.binary(.add, from, i64(1))])
        let first = try emitBlocks(from: from, to: one, begun: [])
        let rest = try emitBlocks(from: first, to: end, begun: alwaysCount)
        let turns = builder.binary(.sdiv, builder.binary(.sub, rest, first), size)
        for index in alwaysCount { try numbers[index].count(turns) }
        return rest
    }

    /// What the chunks of a block contribute to each reduction to a number. Whether there is a NaN is asked once for all extremes.
    /// `begun`: the places of moments whose lanes have a contribution already, and that are counted elsewhere.
    private func addBlock(_ chunks: [[[LLVMValue]]], begun: Set<Int>) throws {
        func forEachVector(
            _ isExtreme: Bool, _ body: (LoopReduction, [LLVMValue], LLVMValue, Bool) throws -> Void
        ) rethrows {
            for (index, reduction) in reductions.filter({ !$0.isArray }).enumerated()
            where reduction.isExtreme == isExtreme {
                for (vector, numbers) in chunks.enumerated() {
                    try body(reduction, numbers[index], i64(vector), begun.contains(index))
                }
            }
        }
        try forEachVector(false) { reduction, values, vector, hasBegun in
            if hasBegun {
                try reduction.addToBegunLanes(values, to: vector)
            } else {
                try reduction.addLanes(values, to: vector, nil)
            }
        }
        var asked: [LLVMValue] = []
        forEachVector(true) { _, values, _, _ in if !asked.contains(values[0]) { asked.append(values[0]) } }
        guard !asked.isEmpty else { return }
        let tests = stride(from: 0, to: asked.count, by: 2).map { first in
            builder.compare(.uno, asked[first], asked[min(first + 1, asked.count - 1)])
        }
        let hasNaN = tests.dropFirst().reduce(tests[0]) { builder.binary(.or, $0, $1) }
        try emitter.when(emitter.any(hasNaN)) {
            try forEachVector(true) { reduction, values, vector, _ in try reduction.addLanes(values, to: vector, nil) }
        } otherwise: {
            try forEachVector(true) { reduction, values, vector, _ in
                try reduction.addOrdinaryNumbers(values[0], to: vector)
            }
        }
    }

    /// Whether the body is so short that it is written for each vector of a block's lanes.
    private var isShort: Bool {
        body.nodes.count <= 16 && body.nodes.allSatisfy(\.regions.isEmpty)
            && reductions.contains { !$0.isArray && !$0.op.isUser }
    }

    /// Rounds of: blocks or chunks while there are complete ones; else one chunk of fewer lanes.
    private func emitChunksFromInside(_ outer: [LLVMValue], _ run: LaneRun) throws -> LLVMValue {
        try emitter.rounds(from: run.from, to: run.to) { position, jumpBack in
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
        }
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
        let sumsAroundMeans = reductions.contains { $0.op.isOfMeans }
        let fetches: Lanes.Fetches = readsSquares ? .squares : sumsAroundMeans ? .vectors : .nothing
        let isRepeated = emitter.context.again == nil && plan?.hasSeveralFailures == true
        let again = isRepeated ? builder.block("again") : nil
        var contributions = try emitter.within { context in
            context.lanes = Lanes(mask: mask, fetches: fetches, isStreaming: isStreaming)
            context.again = context.again ?? again
        } _: {
            try emitBody(outer, .linear(base))
        }
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

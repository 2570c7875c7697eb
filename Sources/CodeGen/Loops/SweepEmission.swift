import IR
import LLVMSupport

/// Several sweeps of a stencil in one visit to memory (`Sweeps`): a wavefront over bands of rows.
///
///     for front in first band ..< last band + count {
///         for sweep in 0 ..< count { the rows of band front - sweep that sweep does }
///     }
///
/// A sweep is at least one band behind the one before it, and a band is no shorter than what a row needs on either side. So all that it
/// reads is there, and what it overwrites, rows of the sweep before the last, nobody reads any more: two buffers are enough.
/// Bands begin where leaves do, and each sweep takes them in order, so its reductions get their leaves as in a loop alone.
extension Emitter {
    func emitSweeps(_ sweeps: Sweeps, _ node: Node) throws {
        guard let loopNode = node.sweptLoop, case .loop(let loop) = loopNode.operation else {
            throw CodeGenFault("sweeps without a loop")
        }
        let kept = sweeps.reducesEach ? sweeps.most : 1
        let (nest, plans) = try makeNest(loop, loopNode, sweeps: kept)
        let count = try uniform(node.count)
        for reduction in nest.reductions {
            try counted(i64(0), i64(kept), i64(1), asItIs: true) { try reduction.inSweep($0).start() }
        }
        let front = try Wavefront(self, sweeps, node, nest)
        try within {
            $0.isInLoop = true
        } _: {
            try front.emit { sweep, rows in
                try self.emit(nest, plans) { try front.emitRows(of: $0, sweep, rows) }
            }
        }
        let closed = sweeps.reducesEach ? count : i64(1)
        for reduction in nest.reductions {
            try counted(i64(0), closed, i64(1), asItIs: true) { try reduction.inSweep($0).close() }
        }
        var results = node.results.dropFirst(node.buffers.count)
        for sweep in 0..<kept {
            for reduction in nest.reductions {
                try reduction.inSweep(i64(sweep)).define(Array(results.prefix(reduction.arity)))
                results = results.dropFirst(reduction.arity)
            }
        }
        for (result, buffer) in zip(node.results, front.results) { define(result, .uniform(buffer)) }
    }
}

/// The order in which the rows of several sweeps are done.
private struct Wavefront {
    let emitter: Emitter
    let sweeps: Sweeps
    /// The arguments that stand for where a sweep goes from, and to.
    let arguments: [Value]
    let count: LLVMValue
    /// Rows of a band, a power of two, and which.
    let band, bandShift: LLVMValue
    /// The arrays before the first sweep, the last one first; and where sweeps go, in turn.
    let arrays, buffers: [LLVMValue]
    /// This rank's block, and all rows that there are.
    let begin, end, extent: LLVMValue
    let leaves: LoopNest.Leaves?

    typealias Rows = (from: LLVMValue, to: LLVMValue)

    private var builder: LLVMBuilder { emitter.builder }
    private func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

    init(_ emitter: Emitter, _ sweeps: Sweeps, _ node: Node, _ nest: LoopNest) throws {
        self.emitter = emitter
        self.sweeps = sweeps
        arguments = node.regions[0].arguments
        count = try emitter.uniform(node.count)
        band = try emitter.uniform(node.rows)
        let no = emitter.llvm.integer(1).constant(0)
        bandShift = try emitter.builder.intrinsic("llvm.cttz", [band.type], [band, no])
        arrays = try node.arrays.map(emitter.uniform)
        buffers = try node.buffers.map(emitter.uniform)
        (begin, end) = (nest.axes[0].lower, nest.axes[0].upper)
        guard let loop = node.sweptLoop, let cut = IterationSpace(of: loop)?.outermostCut else {
            throw CodeGenFault("sweeps over no rows")
        }
        extent = try emitter.uniform(cut.extent)
        leaves = try emitter.leaves(of: loop)
    }

    /// The buffers, that of the last sweep first.
    var results: [LLVMValue] {
        buffers.indices.map { buffer(of: builder.binary(.sub, count, i64(1 + $0))) }
    }

    /// Where a sweep goes to; what is before the first counts backwards.
    private func buffer(of sweep: LLVMValue) -> LLVMValue {
        let turn = builder.binary(.urem, builder.binary(.add, sweep, i64(buffers.count)), i64(buffers.count))
        return buffers.indices.dropFirst().reduce(buffers[0]) { buffer, index in
            builder.select(builder.compare(.eq, turn, i64(index)), buffers[index], buffer)
        }
    }

    /// What a sweep reads, so many sweeps before it.
    private func source(of sweep: LLVMValue, back: Int) -> LLVMValue {
        arrays.indices.reduce(buffer(of: builder.binary(.sub, sweep, i64(back)))) { source, index in
            // Before sweep `back - 1 - index` there were only the arrays.
            index >= back
                ? source
                : builder.select(
                    builder.compare(.eq, sweep, i64(back - 1 - index)), arrays[index], source)
        }
    }

    /// The rows of this rank's block, and those around it that later sweeps need.
    private func rows(of sweep: LLVMValue) throws -> Rows {
        let left = builder.binary(.sub, builder.binary(.sub, count, i64(1)), sweep)
        let from = builder.binary(.sub, begin, builder.binary(.mul, left, i64(sweeps.halo.low)))
        let to = builder.binary(.add, end, builder.binary(.mul, left, i64(sweeps.halo.high)))
        return sweeps.halo.wraps ? (from, to) : (try greater(from, i64(0)), try less(to, extent))
    }

    /// Nothing where the rank has no rows.
    func emit(_ visit: (_ sweep: LLVMValue, _ rows: Rows) throws -> Void) throws {
        try emitter.when(builder.compare(.slt, begin, end)) {
            let widest = try rows(of: i64(0))
            let firstBand = builder.binary(.ashr, widest.from, bandShift)
            let lastBand = builder.binary(.ashr, builder.binary(.sub, widest.to, i64(1)), bandShift)
            let fronts = builder.binary(.add, lastBand, count)
            try emitter.counted(firstBand, fronts, i64(1), asItIs: true) { front in
                try emitter.counted(i64(0), count, i64(1), asItIs: true) { sweep in
                    let row = builder.binary(.shl, builder.binary(.sub, front, sweep), bandShift)
                    let all = try rows(of: sweep)
                    let (from, to) = (
                        try greater(all.from, row), try less(all.to, builder.binary(.add, row, band))
                    )
                    try emitter.when(builder.compare(.slt, from, to)) { try visit(sweep, (from, to)) }
                }
            }
        }
    }

    /// Rows of one sweep; those that contribute to reductions apart from the others.
    func emitRows(of nest: LoopNest, _ sweep: LLVMValue, _ rows: Rows) throws {
        for (index, argument) in arguments.dropLast().enumerated() {
            emitter.define(argument, .uniform(source(of: sweep, back: index + 1)))
        }
        if let target = arguments.last { emitter.define(target, .uniform(buffer(of: sweep))) }
        guard !nest.reductions.isEmpty else { return try nest.emitRows(from: rows.from, to: rows.to, nil) }
        var (plain, reducing) = (nest, nest)
        plain.reductions = []
        reducing.block = (begin, end)
        let own = try contributing(rows, sweep)
        try emitter.counted(i64(0), i64(2), i64(1), asItIs: true) { turn in
            let isBefore = builder.compare(.eq, turn, i64(0))
            let from = builder.select(isBefore, rows.from, own.to)
            try plain.emitRows(from: from, to: builder.select(isBefore, own.from, rows.to), nil)
        }
        let kept = sweeps.reducesEach ? sweep : i64(0)
        reducing.reductions = try nest.reductions.map { try $0.inSweep(kept) }
        try emitter.when(builder.compare(.slt, own.from, own.to)) {
            try reducing.emitRows(from: own.from, to: own.to, leaves)
        }
    }

    /// Which of the rows are this rank's own, in a sweep whose reductions are wanted; they may be none.
    private func contributing(_ rows: Rows, _ sweep: LLVMValue) throws -> Rows {
        let from = try less(try greater(begin, rows.from), rows.to)
        let to = try less(try greater(end, rows.from), rows.to)
        if sweeps.reducesEach { return (from, to) }
        let isLast = builder.compare(.eq, sweep, builder.binary(.sub, count, i64(1)))
        return (builder.select(isLast, from, rows.to), builder.select(isLast, to, rows.to))
    }

    private func greater(_ a: LLVMValue, _ b: LLVMValue) throws -> LLVMValue {
        try builder.intrinsic("llvm.smax", [a.type], [a, b])
    }
    private func less(_ a: LLVMValue, _ b: LLVMValue) throws -> LLVMValue {
        try builder.intrinsic("llvm.smin", [a.type], [a, b])
    }
}

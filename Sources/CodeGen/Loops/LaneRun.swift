import CNumerics
import LLVMSupport

/// The run of neighbouring indices that one sweep of the innermost axis visits within a leaf, and where their contributions go
/// (`pdl_lane` of `CNumerics` is the rule).
struct LaneRun {
    let emitter: Emitter
    let from, to: LLVMValue
    /// The index that a leaf's lanes are counted from.
    let laneZero: LLVMValue
    /// Whether the run is long enough to have blocks.
    let hasBlocks: LLVMValue

    private var builder: LLVMBuilder { emitter.builder }
    private func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

    /// A run with gaps, whose step is not 1, has no blocks.
    init(_ emitter: Emitter, from: LLVMValue, to: LLVMValue, laneZero: LLVMValue, _ axis: LoopNest.Axis) {
        self.emitter = emitter
        self.from = from
        self.to = to
        self.laneZero = laneZero
        let builder = emitter.builder
        let isLong = builder.compare(.sgt, builder.binary(.sub, to, from), emitter.i64(Int(PDL_SHORT_RUN)))
        let hasNoGaps = builder.compare(.eq, axis.step, emitter.i64(1))
        hasBlocks = axis.isUnit ? isLong : builder.binary(.and, isLong, hasNoGaps)
    }

    /// An index's place in a block or chunk of `count` positions, a power of two.
    func lane(_ index: LLVMValue, of count: Int) -> LLVMValue {
        builder.binary(.and, builder.binary(.sub, index, laneZero), i64(count - 1))
    }

    /// Whether a complete block begins at an index of the run.
    func isBlock(_ index: LLVMValue) -> LLVMValue {
        let isAligned = builder.compare(.eq, lane(index, of: Int(PDL_BLOCK)), i64(0))
        return builder.binary(.and, isAligned, isComplete(index))
    }

    private func isComplete(_ block: LLVMValue) -> LLVMValue {
        let end = builder.binary(.add, block, i64(Int(PDL_BLOCK)))
        let isWithin = builder.binary(
            .and, builder.compare(.sge, block, from), builder.compare(.sle, end, to))
        return builder.binary(.and, hasBlocks, isWithin)
    }

    /// The lane of an index's contribution.
    func lane(_ index: LLVMValue) -> LLVMValue {
        let place = lane(index, of: Int(PDL_BLOCK))
        let isInBlock = isComplete(builder.binary(.sub, index, place))
        return builder.select(isInBlock, place, builder.binary(.and, place, i64(Lanes.count - 1)))
    }

    /// The vector of lanes to which the chunk goes that begins at an index.
    func vector(of index: LLVMValue) -> LLVMValue { vector(ofLane: lane(index)) }

    fileprivate func vector(ofLane lane: LLVMValue) -> LLVMValue {
        builder.binary(.lshr, lane, i64(Lanes.count.trailingZeroBitCount))
    }
}

/// A run cut where its complete blocks begin and end: in between, where a chunk's contributions go is known by its index alone.
struct BlockStretches {
    let run: LaneRun
    /// Of the complete blocks; if there are none, both are the run's end.
    private let begin, end: LLVMValue

    private var builder: LLVMBuilder { run.emitter.builder }

    init(_ run: LaneRun) {
        self.run = run
        let (builder, size) = (run.emitter.builder, Int(PDL_BLOCK))
        let past = builder.binary(.add, run.from, run.emitter.i64(size - 1))
        let first = builder.binary(.sub, past, run.lane(past, of: size))
        let last = builder.binary(.sub, run.to, run.lane(run.to, of: size))
        begin = builder.select(run.hasBlocks, first, run.to)
        end = builder.select(run.hasBlocks, last, run.to)
    }

    /// The next cut after a position, or the run's end.
    func end(after position: LLVMValue) -> LLVMValue {
        let behind = builder.select(builder.compare(.slt, position, end), end, run.to)
        return builder.select(builder.compare(.slt, position, begin), begin, behind)
    }

    /// The vectors of lanes for the chunks of the stretch that begins at a position.
    func vectors(from position: LLVMValue) -> (LLVMValue) -> LLVMValue {
        let isInside = builder.binary(
            .and, builder.compare(.sge, position, begin), builder.compare(.slt, position, end))
        let places = builder.select(isInside, run.emitter.i64(Int(PDL_BLOCK) - 1), run.emitter.i64(0))
        return { run.vector(ofLane: builder.binary(.and, run.lane($0, of: Int(PDL_BLOCK)), places)) }
    }
}

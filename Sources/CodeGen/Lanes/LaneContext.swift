import CNumerics
import IR
import LLVMSupport

/// Where code is being written: in which loop, for which lanes, and what is known there.
///
/// Whoever writes a body does so `within` a changed copy; what was is again afterwards.
struct LaneContext {
    /// The vector body being written; nil in straight code.
    var lanes: Lanes?
    /// Where a vector body goes when a lane fails, if not to its report.
    var again: LLVMBlock?
    /// Loops inside it that run for all lanes at once: see `LanePlan`.
    var together: Set<Value> = []
    /// The square of elements that is being read there.
    var tile: Tile?
    /// Conditions that compare the innermost index with numbers: seldom do lanes disagree.
    var indexTests: Set<Value> = []
    /// Indices made of the innermost one by masks, shifts and divisions: most often those of lanes stand in a row, or are one.
    var brokenRows: Set<Value> = []
    /// Comparisons that come out the same for all indices of the stretch being written, with their results: see `IndexTests`.
    var testResults: [Value: LLVMValue] = [:]
    /// Whether the body of a data-parallel loop is being written, which stays in one function.
    var isInLoop = false
}

/// Lanes of a vector body that are at work.
struct Lanes {
    /// How many elements a vector body does at once: the lanes of the fixed order of reductions.
    static let count = Int(PDL_LANES)
    /// nil: all of them.
    var mask: LLVMValue?
    /// Whether it may be that no lane is at work: under a condition.
    var mayBeEmpty = false
    /// What is asked for long before it is read.
    var fetches = Fetches.nothing
    enum Fetches {
        case nothing
        /// Rows that are read in squares: they come in an order that a processor does not foresee.
        case squares
        /// Vectors that are read in a row: so much is done with each that a processor does not look far enough ahead.
        case vectors
    }
    /// Whether what the loop writes is larger than the caches, where that is asked (`Streaming.swift`).
    var isStreaming: LLVMValue?
    /// How many bytes before; across the pages at which a processor's own fetching ahead ends.
    static let fetchDistance = 4096
}

extension Emitter {
    var lanes: Lanes? { context.lanes }

    /// Writes something in another context.
    @discardableResult
    func within<Result>(_ change: (inout LaneContext) -> Void, _ body: () throws -> Result) rethrows -> Result {
        let outer = context
        defer { context = outer }
        change(&context)
        return try body()
    }
}

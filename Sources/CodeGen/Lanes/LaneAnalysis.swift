import CNumerics
import IR
import Language

/// How a loop's body runs on 8 neighbours of the innermost index at once.
struct LanePlan {
    /// Loops inside the body that run once for all lanes (`LaneLoop.swift`), by their first argument. Other loops run for one lane
    /// after the other (`SerialLanes.swift`).
    var together: Set<Value> = []
    /// Ranges of those loops that must not be longer than so for the plan to pay, or to be right: a lane keeps one leaf.
    var shortRanges: [ShortRange] = []
    /// Whether lanes may fail at different places of the body, or turns of a loop in it.
    var hasSeveralFailures = false

    struct ShortRange: Hashable {
        let lower, upper: Value
        let most: Int
    }
}

/// Decides whether a loop's body can and should run on 8 neighbours of the innermost index at once.
///
/// It can when what it writes are different elements for different lanes, and when what it accumulates into is met in the order of
/// the indices. Conditions are no hindrance: both sides run, each on its own lanes. A loop inside runs for all lanes at once
/// when its range is the same for all of them; that pays when it is short, else its own innermost index makes better lanes. Loops
/// for one lane after the other pay when the rest of the body calls math functions. Where several things may fail, the lanes that
/// failed are run again one by one to find the first failure (`LoopNest.emitChunk`); so no failure may stand behind a write.
struct LaneAnalysis {
    private let module: Module
    private var known: [Value: Int]
    /// What the body defines.
    private let inside: Set<Value>
    /// How many nodes accumulate into each accumulator.
    private let accumulations: [Value: Int]
    private var shapes: [Value: Shape]
    private let mayRunTogether: Bool
    /// Within a loop that runs for all lanes at once.
    private var isTogether = false
    private var plan = LanePlan()
    private var callsMath = false
    private var hasLoop = false
    private var writes = false
    private var failsAfterWrite = false
    private var failures = 0

    /// The plan that needs its ranges to be short, and the one to follow otherwise; nil: one index at a time.
    typealias Plans = (whenShort: LanePlan?, otherwise: LanePlan?)

    static func plans(_ body: Region, innermost: Value, _ module: Module, known: [Value: Int]) -> Plans {
        var analysis = LaneAnalysis(body, innermost, module, known, mayRunTogether: true)
        let together = analysis.plan(for: body)
        if let together, !analysis.hasLoop { return (nil, together) }
        var plain = LaneAnalysis(body, innermost, module, known, mayRunTogether: false)
        let otherwise = plain.plan(for: body).flatMap { plain.callsMath ? $0 : nil }
        guard let together, !together.together.isEmpty else { return (nil, otherwise) }
        return together.shortRanges.isEmpty ? (nil, together) : (together, otherwise)
    }

    private mutating func plan(for body: Region) -> LanePlan? {
        guard accepts(body, isMasked: false), !(failsAfterWrite && failures > 1) else { return nil }
        plan.hasSeveralFailures = failures > 1
        return plan
    }

    /// Reads of elements side by side for neighbours of `index`, among the nodes of a body without regions.
    static func readsInRow(_ body: Region, along index: Value, _ module: Module) -> Set<Value> {
        var analysis = LaneAnalysis(body, index, module, [:], mayRunTogether: false)
        guard analysis.accepts(body, isMasked: false) else { return [] }
        let reads = body.nodes.filter { node in
            if case .read = node.operation { return analysis.shape(node.index) == .linear }
            return false
        }
        return Set(reads.map { $0.results[0] })
    }

    private init(_ body: Region, _ innermost: Value, _ module: Module, _ known: [Value: Int], mayRunTogether: Bool) {
        self.module = module
        self.known = known
        self.mayRunTogether = mayRunTogether
        shapes = [innermost: .linear]
        var inside: Set<Value> = []
        var accumulations: [Value: Int] = [:]
        body.forEachNode { node in
            inside.formUnion(node.results)
            for region in node.regions { inside.formUnion(region.arguments) }
            if case .accumulate = node.operation { accumulations[node.arrays[0], default: 0] += 1 }
        }
        self.inside = inside
        self.accumulations = accumulations
    }

    /// What runs for all lanes at once may fail for a later lane first.
    private mutating func noteFailure() {
        failures += isTogether ? 2 : 1
        if writes { failsAfterWrite = true }
    }

    /// What is defined outside the body is the same on all lanes.
    private func shape(_ value: Value) -> Shape { shapes[value] ?? .uniform }

    private mutating func accepts(_ region: Region, isMasked: Bool) -> Bool {
        region.nodes.allSatisfy { accepts($0, isMasked: isMasked) }
    }

    private mutating func accepts(_ node: Node, isMasked: Bool) -> Bool {
        switch node.bodies {
        case .none: return acceptsComputation(node) || acceptsAccess(node, isMasked: isMasked)
        case .ways:
            let accepted = accepts(node.regions[0], isMasked: true) && accepts(node.regions[1], isMasked: true)
            for result in node.results { shapes[result] = .varying }
            return accepted && hasNumbersOnly(node)
        case .points, .counted, .tested, .fallback:
            hasLoop = true
            for result in node.results { shapes[result] = .varying }
            guard hasNumbersOnly(node) else { return false }
            return runsTogether(node, isMasked: isMasked) || runsInTurn(node)
        case .writes, .swept: return false
        }
    }

    /// Numbers from numbers.
    private mutating func acceptsComputation(_ node: Node) -> Bool {
        let operands = node.operands.map(shape)
        if case .constant(let constant) = node.operation {
            if case .integer(let number, _) = constant { known[node.results[0]] = Int(number) }
            return true
        }
        if case .scalar(let op) = node.operation {
            noteScalar(op, operands, node)
            return true
        }
        if case .convert(let element) = node.operation {
            let keepsStride = operands[0] == .uniform || element == .i64
            shapes[node.results[0]] = keepsStride ? operands[0] : .varying
            return true
        }
        if case .gridPlace = node.operation { return true }
        if case .leafRows = node.operation { return operands.allSatisfy { $0 == .uniform } }
        if [.tileSide, .pitch].contains(node.operation) { return operands[0] == .uniform }
        return [.rank, .ranks, .yield].contains(node.operation)
    }

    /// Elements of arrays, and checks of their indices.
    private mutating func acceptsAccess(_ node: Node, isMasked: Bool) -> Bool {
        if node.isCheck {
            noteFailure()
            return true
        }
        if node.operation == .read {
            shapes[node.results[0]] = shape(node.index) == .uniform && !isMasked ? .uniform : .varying
            return true
        }
        if node.operation == .write {
            writes = true
            return isTogether ? shape(node.index) == .linear : shape(node.index) != .uniform
        }
        // Lane by lane an element meets its contributions in order, unless another node adds some in between.
        guard case .accumulate(let op) = node.operation, !op.isUser, !isTogether else { return false }
        return shape(node.index) == .linear || accumulations[node.arrays[0]] == 1
    }

    private mutating func noteScalar(_ op: ScalarOperator, _ operands: [Shape], _ node: Node) {
        let element = module.type(node.operands[op == .select ? 1 : 0]).element ?? .bool
        shapes[node.results[0]] = Shape.of(op, element, operands)
        if element.isFloat, MathFunction(op) != nil { callsMath = true }
        if op.canFail(element) { noteFailure() }
    }

    private func hasNumbersOnly(_ node: Node) -> Bool { node.results.allSatisfy { module.type($0).isScalar } }

    /// A loop for one lane after the other. What it accumulates into is accumulated into nowhere else.
    private mutating func runsInTurn(_ node: Node) -> Bool {
        var isOnce = true
        for region in node.regions {
            region.forEachNode { node in
                if node.effects(in: module).contains(.mayFail) || node.isCheck { noteFailure() }
                if case .write = node.operation { writes = true }
                if case .accumulate = node.operation, accumulations[node.arrays[0]] != 1 { isOnce = false }
            }
        }
        return isOnce && !isTogether
    }

    // MARK: Loops for all lanes at once

    private mutating func runsTogether(_ node: Node, isMasked: Bool) -> Bool {
        guard mayRunTogether, let key = node.regions.first?.arguments.first else { return false }
        var trial = self
        trial.isTogether = true
        let ways =
            switch node.bodies {
            case .points: trial.acceptsTogether(node, isMasked: isMasked)
            case .counted: trial.acceptsCounted(node, isMasked: isMasked)
            case .tested: node.regions.allSatisfy { trial.acceptsCarried($0, $0.arguments, isMasked: true) }
            case .none, .ways, .fallback, .writes, .swept: false
            }
        guard ways else { return false }
        trial.isTogether = isTogether
        self = trial
        plan.together.insert(key)
        return true
    }

    private mutating func acceptsCarried(_ region: Region, _ carried: some Sequence<Value>, isMasked: Bool) -> Bool {
        for argument in carried { shapes[argument] = .varying }
        return accepts(region, isMasked: isMasked)
    }

    private mutating func acceptsCounted(_ node: Node, isMasked: Bool) -> Bool {
        let body = node.regions[0]
        return node.range.ends.allSatisfy { shape($0) == .uniform }
            && acceptsCarried(body, body.arguments.dropFirst(), isMasked: isMasked)
    }

    private mutating func acceptsTogether(_ node: Node, isMasked: Bool) -> Bool {
        guard case .loop(let loop) = node.operation, !loop.hasUserReduction, let space = IterationSpace(of: node),
            !loop.distribution.isDivided,
            let last = space.ranges.last,
            known[last.step] == 1, space.operands.allSatisfy({ shape($0) == .uniform })
        else { return false }
        let before = plan.together.count
        guard accepts(node.regions[0], isMasked: isMasked) else { return false }
        let hasLoops = plan.together.count > before
        // So many on each axis are one leaf, and a run that has no complete blocks.
        let leaf = [Int(PDL_SHORT_RUN), 16, 8, 4]
        guard space.ranges.count <= leaf.count else { return false }
        let isOrdered = node.results.indices.contains { result in
            guard let yield = loop.yieldIndex(ofResult: result), case .reduction(let op) = loop.yields[yield],
                let element = module.type(node.results[result]).element
            else { return false }
            return op.dependsOnOrder(element)
        }
        if hasLoops && !isOrdered { return true }
        let most = min(hasLoops ? Int.max : Self.longest, leaf[space.ranges.count - 1])
        return space.ranges.allSatisfy { isShort($0, most) }
    }

    /// A sum that is longer has better lanes of its own.
    private static let longest = Int(PDL_SHORT_RUN)

    /// Whether a range is, or at run time may be found to be, no longer than that.
    private mutating func isShort(_ range: IterationSpace.Range, _ most: Int) -> Bool {
        if let lower = known[range.lower], let upper = known[range.upper] {
            let (length, isTooLong) = upper.subtractingReportingOverflow(lower)
            return !isTooLong && length <= most
        }
        func isAvailable(_ value: Value) -> Bool { !inside.contains(value) }
        guard isAvailable(range.lower), isAvailable(range.upper) else { return false }
        plan.shortRanges.append(LanePlan.ShortRange(lower: range.lower, upper: range.upper, most: most))
        return true
    }
}

extension Node {
    fileprivate var isCheck: Bool { if case .checkIndex = operation { true } else { false } }
}

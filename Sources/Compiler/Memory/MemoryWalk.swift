import CodeGen
import IR
import Language
import Source

/// Goes through the code of a program as a run does, every way of it, and keeps account of its arrays: which live, and which a node reads
/// and writes. A loop is gone through twice, since its second turn has what the first one left.
struct MemoryWalk {
    /// An array that a node makes.
    struct Made {
        var span: Span
        var type: IRType
        /// Rows for halos, in front of a rank's own and behind.
        var margin: Int
        var loops: [Loop]
    }

    /// A loop or a condition around a node. Two of them may stand on one line: blocks of sweeps, and the sweeps that are left.
    struct Loop: Hashable {
        var number: Int
        var text: String
    }

    /// What a node does with memory: which arrays it reads and writes, each once.
    struct Pass {
        var span: Span
        var loops: [Loop]
        var reads, writes: [Made]
        /// How many sweeps of a stencil it does at once at most.
        var sweeps = 1
    }

    /// The arrays that lie in memory at some time: by number, with how many refer to each.
    private struct State {
        var held: [Value: Int] = [:]
        var references: [Int: Int] = [:]
    }

    private static let mostTwice = 3

    private let module: Module
    private let margins: Margins
    private let weigh: (Made) -> Double
    private var state = State()
    private var memory: [Made] = []
    private var loops: [Loop] = []
    private var loopCount = 0
    private var isRepeated = false
    private(set) var made: [Made] = []
    private(set) var passes: [Pass] = []
    /// What lies in memory when that is most.
    private(set) var peak: (bytes: Double, span: Span, arrays: [Made])?

    init(_ module: Module, weigh: @escaping (Made) -> Double) {
        self.module = module
        self.weigh = weigh
        margins = Margins(module)
        walk(module.body)
    }

    private mutating func walk(_ region: Region) {
        for node in region.nodes { visit(node) }
    }

    private mutating func visit(_ node: Node) {
        switch node.bodies {
        case .ways: choose(node)
        case .counted, .tested: turn(node)
        case .points:
            note(node, reads: read(by: node), writes: written(by: node))
            make(node.results, at: node)
        case .swept:
            note(node, reads: node.arrays, writes: node.buffers)
            for (result, buffer) in zip(node.results, node.buffers) { state.held[result] = state.held[buffer] }
        case .none: straight(node)
        case .fallback, .writes: break
        }
    }

    // MARK: Nodes

    private mutating func straight(_ node: Node) {
        if node.operation == .unshare { return unshare(node) }
        if node.operation == .reuse {
            state.held[node.results[0]] = state.held[node.array]
            return
        }
        if node.operation == .retain { change(node.array, by: 1) }
        make(node.results, at: node)
        if node.isPass { note(node, reads: node.operands, writes: node.results) }
        for value in node.taken { change(value, by: -1) }
    }

    /// A copy, if somebody else holds the array, too.
    private mutating func unshare(_ node: Node) {
        let number = state.held[node.array]
        guard let number, state.references[number, default: 0] > 1 else {
            state.held[node.results[0]] = number
            return
        }
        make(node.results, at: node)
        note(node, reads: [node.array], writes: node.results)
        change(node.array, by: -1)
    }

    private mutating func make(_ results: [Value], at node: Node) {
        let arrays = results.filter { module.type($0).isOwned && !module.type($0).dimensions.isEmpty }
        if arrays.isEmpty { return }
        for result in arrays {
            let array = Made(
                span: node.span, type: module.type(result), margin: margins.rows(around: result), loops: loops)
            state.held[result] = memory.count
            state.references[memory.count] = 1
            memory.append(array)
            if !isRepeated { made.append(array) }
        }
        let live = state.references.keys.sorted().map { memory[$0] }
        let bytes = live.reduce(0) { $0 + weigh($1) }
        if bytes > peak?.bytes ?? 0 { peak = (bytes, node.span, live) }
    }

    private mutating func change(_ value: Value, by count: Int) {
        guard let number = state.held[value] else { return }
        state.references[number, default: 0] += count
        if state.references[number, default: 0] <= 0 { state.references[number] = nil }
    }

    private mutating func note(_ node: Node, reads: [Value], writes: [Value]) {
        func arrays(_ values: [Value]) -> [Made] {
            Set(values.compactMap { state.held[$0] }).sorted().map { memory[$0] }
        }
        guard !isRepeated else { return }
        var pass = Pass(span: node.span, loops: loops, reads: arrays(reads), writes: arrays(writes))
        if case .sweeps(let sweeps) = node.operation { pass.sweeps = sweeps.most }
        if !pass.reads.isEmpty || !pass.writes.isEmpty { passes.append(pass) }
    }

    /// What the body of a data-parallel loop reads of arrays around it.
    private func read(by node: Node) -> [Value] {
        var values: [Value] = []
        Region(nodes: [node]).forEachNode { if case .read = $0.operation { values.append($0.array) } }
        return values
    }

    private func written(by node: Node) -> [Value] {
        var values: [Value] = []
        Region(nodes: [node]).forEachNode { values += $0.written }
        return values
    }

    // MARK: Control

    private mutating func enter(_ text: String) {
        loopCount += 1
        loops.append(Loop(number: loopCount, text: text))
    }

    /// Both ways, and on with the one that holds more.
    private mutating func choose(_ node: Node) {
        let before = state
        var heaviest: (bytes: Double, state: State)?
        enter("if line \(node.span.line) says so")
        for way in node.regions {
            state = before
            walk(way)
            for (result, value) in zip(node.results, way.yielded) { state.held[result] = state.held[value] }
            let bytes = state.references.keys.reduce(0) { $0 + weigh(memory[$1]) }
            if bytes >= heaviest?.bytes ?? 0 { heaviest = (bytes, state) }
        }
        loops.removeLast()
        state = heaviest?.state ?? before
    }

    private mutating func turn(_ node: Node) {
        let wasRepeated = isRepeated
        var carried = node.carried.map { state.held[$0] }
        let turns = loops.count < Self.mostTwice ? 2 : 1
        let sweeps = node.regions.flatMap(\.nodes).contains { $0.bodies == .swept }
        enter("each \(sweeps ? "block of sweeps" : "round") of the loop of line \(node.span.line)")
        for turn in 0..<turns {
            isRepeated = wasRepeated || turn > 0
            for body in node.regions {
                let arguments = node.bodies == .counted ? body.arguments.dropFirst() : body.arguments[...]
                for (argument, number) in zip(arguments, carried) { state.held[argument] = number }
                walk(body)
            }
            carried = node.regions.last?.yielded.map { state.held[$0] } ?? []
        }
        loops.removeLast()
        isRepeated = wasRepeated
        for (result, number) in zip(node.results, carried) { state.held[result] = number }
    }
}

extension Node {
    /// Whether it works on whole arrays. What an exchange moves is little.
    fileprivate var isPass: Bool {
        switch sent {
        case .loadedFile, .savedFile, .shownLines, .collective, .array: true
        case .halos, .nothing, .clock: false
        }
    }
}

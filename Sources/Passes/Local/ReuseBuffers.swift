import IR
import Language

/// Lets a loop write its new array into the memory of one that dies with it.
///
///     %y: f64[/%n] = allocate                                      %y: f64[/%n] = reuse %x
///     loop (…) … { %v = read %x[%k]; …; write %y[%k] = %w }   →    loop (…) … { %v = read %x[%k]; …; write %y[%k] = %w }
///     release %x
///
/// The loop reads the dying array only at the index that it writes in the same turn, all reads before all writes. Whether
/// anyone else still holds the old array is seen at run time: `reuse` then gives fresh memory.
enum ReuseBuffers: Transformation {
    static let summary = "Write a loop's result into an array that dies there."

    static func run(_ module: inout Module) {
        var body = module.body
        body.rewriteRegions { region in
            var plan = ReusePlan(region, in: module)
            for loop in region.nodes.indices.reversed() { plan.reuse(around: loop) }
            region.nodes = plan.nodes
        }
        module.body = body
    }
}

/// What is reused in one region, found from its end to its begin.
private struct ReusePlan {
    private let module: Module
    private let region: Region
    /// Where each array is an operand, in bodies too: positions among the region's nodes, in order.
    private var mentions: [Value: [Int]] = [:]
    /// Where each array is allocated.
    private var allocations: [Value: Int] = [:]
    private var gone: Set<Int> = []
    private var takers: [Int: [Node]] = [:]

    init(_ region: Region, in module: Module) {
        self.module = module
        self.region = region
        for (position, node) in region.nodes.enumerated() {
            if node.operation == .allocate { allocations[node.results[0]] = position }
            node.forEachOperand { value in
                guard !module.type(value).isScalar, mentions[value]?.last != position else { return }
                mentions[value, default: []].append(position)
            }
        }
    }

    var nodes: [Node] {
        region.nodes.enumerated().flatMap { takers[$0, default: []] + (gone.contains($0) ? [] : [$1]) }
    }

    mutating func reuse(around loop: Int) {
        guard case .loop = region.nodes[loop].operation, let access = Access(of: region.nodes[loop]) else { return }
        var fresh = access.written.filter { isAllocated($0, for: loop) }
        let dying = access.readBeforeWrites.compactMap { array in
            release(of: array, after: loop).map { (array: array, release: $0) }
        }
        var reuses: [Node] = []
        for (old, release) in dying.sorted(by: { $0.release > $1.release }) {
            guard
                let place = fresh.firstIndex(where: {
                    module.type($0) == module.type(old) && module.type($0).placement != .root
                })
            else { continue }
            let new = fresh.remove(at: place)
            reuses.append(Node(.reuse, [old], results: [new], region.nodes[loop].span))
            gone.insert(release)
            if let allocation = allocations[new] { gone.insert(allocation) }
        }
        takers[loop] = reuses.sorted { $0.results[0] < $1.results[0] }
    }

    /// Whether nothing but the loop uses the array between its `allocate` and the loop.
    private func isAllocated(_ array: Value, for loop: Int) -> Bool {
        guard let start = allocations[array], start < loop, !gone.contains(start) else { return false }
        return mentions[array]?.first == loop
    }

    /// Where the array is released after the loop before anyone else looks at it.
    private func release(of array: Value, after loop: Int) -> Int? {
        guard let next = mentions[array]?.first(where: { $0 > loop }), region.nodes[next].operation == .release,
            !gone.contains(next)
        else { return nil }
        return next
    }
}

/// How a loop's body uses arrays, when all of its writes are at one index at the end of a turn.
private struct Access {
    /// Arrays that are written at that index, and nothing else.
    var written: [Value] = []
    /// Arrays that are only read, at that index, before the first write.
    var readBeforeWrites: Set<Value> = []

    /// nil when the body writes at different indices.
    init?(of loop: Node) {
        let body = loop.regions[0]
        guard let first = body.nodes.firstIndex(where: { $0.operation == .write }) else { return nil }
        let index = body.nodes[first].index
        var spoiled: Set<Value> = Set(loop.operands)
        for (position, node) in body.nodes.enumerated() {
            if node.operation == .write, node.index == index {
                written.append(node.array)
                continue
            }
            Access.visit(node) { node in
                if node.operation == .read, node.index == index, position < first {
                    readBeforeWrites.insert(node.array)
                } else {
                    spoiled.formUnion(node.operands)
                }
            }
        }
        // An array that is written twice is one where a later write may overtake a read.
        let counts = written.reduce(into: [:]) { counts, array in counts[array, default: 0] += 1 }
        written = written.filter { counts[$0] == 1 && !spoiled.contains($0) && !readBeforeWrites.contains($0) }
        readBeforeWrites.subtract(spoiled)
    }

    private static func visit(_ node: Node, _ body: (Node) -> Void) {
        body(node)
        for region in node.regions {
            for inner in region.nodes { visit(inner, body) }
        }
    }
}

extension Node {
    fileprivate func forEachOperand(_ visit: (Value) -> Void) {
        for operand in operands { visit(operand) }
        for region in regions {
            for node in region.nodes { node.forEachOperand(visit) }
        }
    }
}

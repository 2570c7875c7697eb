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
            for loop in region.nodes.indices.reversed() { reuse(around: loop, in: &region, module) }
        }
        module.body = body
    }

    private static func reuse(around index: Int, in region: inout Region, _ module: Module) {
        guard case .loop = region.nodes[index].operation, let access = Access(of: region.nodes[index]) else { return }
        var fresh = access.written.filter { isAllocated($0, for: index, in: region) }
        var dying = releases(after: index, in: region).filter { access.readBeforeWrites.contains($0) }
        var reused: [Value: Value] = [:]
        while let old = dying.popLast() {
            let place = fresh.firstIndex { module.type($0) == module.type(old) && module.type($0).placement != .root }
            if let place { reused[fresh.remove(at: place)] = old }
        }
        guard !reused.isEmpty else { return }
        let takers = reused.sorted { $0.key < $1.key }.map { new, old in
            Node(.reuse, [old], results: [new], region.nodes[index].span)
        }
        let gone = Set(reused.values)
        var nodes: [Node] = []
        for (position, node) in region.nodes.enumerated() {
            if position == index { nodes += takers }
            if node.operation == .allocate, reused[node.results[0]] != nil { continue }
            if position > index, node.operation == .release, gone.contains(node.operands[0]) { continue }
            nodes.append(node)
        }
        region.nodes = nodes
    }

    /// Whether nothing but the loop uses the array between its `allocate` and the loop.
    private static func isAllocated(_ array: Value, for loop: Int, in region: Region) -> Bool {
        guard
            let start = region.nodes[..<loop].lastIndex(where: {
                $0.operation == .allocate && $0.results == [array]
            })
        else { return false }
        return !region.nodes[start + 1..<loop].contains { $0.mentions(array) }
    }

    /// The arrays that are released after the loop before anyone else looks at them.
    private static func releases(after loop: Int, in region: Region) -> [Value] {
        var mentioned: Set<Value> = []
        var released: [Value] = []
        for node in region.nodes[(loop + 1)...] {
            if node.operation == .release, !mentioned.contains(node.operands[0]) {
                released.append(node.operands[0])
            }
            node.forEachOperand { mentioned.insert($0) }
        }
        return released
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
        let index = body.nodes[first].operands[1]
        var spoiled: Set<Value> = Set(loop.operands)
        for (position, node) in body.nodes.enumerated() {
            if node.operation == .write, node.operands[1] == index {
                written.append(node.operands[0])
                continue
            }
            Access.visit(node) { node in
                if node.operation == .read, node.operands[1] == index, position < first {
                    readBeforeWrites.insert(node.operands[0])
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

    fileprivate func mentions(_ value: Value) -> Bool {
        var found = false
        forEachOperand { found = found || $0 == value }
        return found
    }
}

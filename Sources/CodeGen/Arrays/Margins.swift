import IR

/// How many rows each array has room for on either side of its block: as many as the widest exchange brings to it, or to another array that may
/// come to lie in the same memory.
public struct Margins {
    private var widest: [Int]
    /// Rows and columns around the blocks of all arrays that are cut over the grid.
    private(set) var grid = 0
    /// For each value another one that may share its memory; the last one of such a chain stands for all of them.
    private var parents: [Int]

    public init(_ module: Module) {
        widest = Array(repeating: 0, count: module.types.count)
        parents = Array(module.types.indices)
        module.body.forEachNode { node in
            joinMemory(of: node)
            for (array, halo) in zip(node.arrays, node.exchanged) {
                let width = halo.sides.map { max($0.low, $0.high) }.max() ?? 0
                if module.type(array).placement.distribution.isGrid {
                    grid = max(grid, width)
                } else {
                    widen(array, to: width)
                }
            }
        }
    }

    public func rows(around array: Value) -> Int { widest[representative(of: array)] }

    private func representative(of value: Value) -> Int {
        var id = value.id
        while parents[id] != id { id = parents[id] }
        return id
    }

    private mutating func widen(_ array: Value, to rows: Int) {
        let id = representative(of: array)
        widest[id] = max(widest[id], rows)
    }

    /// Results may be what the node is given for good, and values go in and out of its bodies.
    private mutating func joinMemory(of node: Node) {
        join(node.taken, node.results)
        if node.bodies == .swept { join(node.buffers, node.buffers.map { _ in node.arrays[0] }) }
        switch node.bodies {
        case .ways:
            for body in node.regions { join(body.yielded, node.results) }
        case .counted:
            join(node.regions[0].arguments.dropFirst(), node.carried)
            join(node.regions[0].yielded, node.carried)
        case .tested:
            for body in node.regions { join(body.arguments, node.carried) }
            join(node.regions[1].yielded, node.carried)
        case .none, .fallback, .points, .writes, .swept: break
        }
    }

    private mutating func join(_ values: some Sequence<Value>, _ others: some Sequence<Value>) {
        for (value, other) in zip(values, others) {
            let (first, second) = (representative(of: value), representative(of: other))
            widest[second] = max(widest[first], widest[second])
            parents[first] = second
        }
    }
}

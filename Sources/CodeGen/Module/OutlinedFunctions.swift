import IR

/// A run of nodes that becomes an LLVM function of its own.
struct OutlinedFunction {
    let nodes: ArraySlice<Node>
    /// What it needs from before it, in the order of their ids; constants are not among them.
    let inputs: [Value]
    /// What later nodes need of it.
    let outputs: [Value]
}

/// Cuts long regions into outlined functions, so that no function that LLVM sees grows with the program: several of its passes take the
/// square of a function's size. A program that is short stays one function.
struct OutliningPlan {
    /// How many nodes, those in bodies included, a function should have.
    private static let limit = 160

    let source: Module
    /// How often each value is needed, by id.
    private let needs: [Int]
    /// The nodes that make what any function can make for itself: numbers and texts that are known now.
    let known: [Value: Node]

    init(_ source: Module) {
        self.source = source
        var needs = Array(repeating: 0, count: source.types.count)
        var known: [Value: Node] = [:]
        for node in source.body.nodes { node.forEachNeed(in: source) { needs[$0.id] += 1 } }
        source.body.forEachNode { node in
            if node.isKnown { known[node.results[0]] = node }
        }
        self.needs = needs
        self.known = known
    }

    /// The nodes of a region but its `yield`; nil when it is short enough. A node that is long alone, a loop with a long body, is a
    /// function alone, and its body is cut in its turn.
    func outlinedFunctions(of region: Region) -> [OutlinedFunction]? {
        let nodes = region.nodes.dropLast()
        let sizes = nodes.map(\.size)
        guard sizes.reduce(0, +) > Self.limit, nodes.count > 1 else { return nil }
        var functions: [OutlinedFunction] = []
        var (first, size) = (0, 0)
        for (index, next) in sizes.enumerated() {
            if size > 0, size + next > Self.limit {
                functions.append(outlined(nodes[first..<index]))
                (first, size) = (index, 0)
            }
            size += next
        }
        return functions + [outlined(nodes[first...])]
    }

    private func outlined(_ nodes: ArraySlice<Node>) -> OutlinedFunction {
        var inside: [Value: Int] = [:]
        var defined: Set<Value> = []
        for node in nodes {
            node.forEachNeed(in: source) { inside[$0, default: 0] += 1 }
            node.forEachDefinition { defined.insert($0) }
        }
        let results = nodes.flatMap(\.results)
        return OutlinedFunction(
            nodes: nodes,
            inputs: inside.keys.filter { !defined.contains($0) && known[$0] == nil }.sorted(),
            outputs: results.filter { known[$0] == nil && needs[$0.id] > inside[$0, default: 0] })
    }
}

extension Node {
    /// Whether any function can make it for itself: a number or a text that is known now.
    fileprivate var isKnown: Bool {
        if case .constant = operation { return true }
        if case .text = operation { return true }
        if case .leafRows = operation { return operands.isEmpty }
        return false
    }

    /// The node and those in its bodies.
    var size: Int { regions.reduce(1) { $0 + $1.nodes.reduce(0) { $0 + $1.size } } }

    /// Every value that the code of the node needs: operands, and the extents of all arrays that it names.
    fileprivate func forEachNeed(in module: Module, _ visit: (Value) -> Void) {
        for operand in operands {
            visit(operand)
            module.type(operand).dimensions.forEach(visit)
        }
        for result in results { module.type(result).dimensions.forEach(visit) }
        for region in regions {
            for argument in region.arguments { module.type(argument).dimensions.forEach(visit) }
            for node in region.nodes { node.forEachNeed(in: module, visit) }
        }
    }
}

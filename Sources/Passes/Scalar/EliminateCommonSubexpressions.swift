import IR

/// Lets one node stand for all that compute the same.
///
///     %2: f64 = multiply %0, %1              %2: f64 = multiply %0, %1
///     %3: f64 = multiply %0, %1        →
///     %4: f64 = add %2, %3                   %4: f64 = add %2, %2
///
/// Whole loops and collectives too: two loops are the same when they differ only in the names inside. A node stands for those
/// that come after it in its region and in the regions inside.
enum EliminateCommonSubexpressions: Transformation {
    static let summary = "Compute equal things once, whole loops and messages included."

    static func run(_ module: inout Module) {
        var eliminator = Eliminator(module: module)
        eliminator.visit(&module.body)
        module.apply(eliminator.substitution)
        module.body.rewriteNodes { node in
            guard let result = node.results.first, let others = eliminator.merged[result] else { return }
            for other in others { node.absorbOrigins(of: other) }
        }
    }
}

private struct Eliminator {
    let module: Module
    var substitution = Substitution()
    /// By a node's first result: the nodes that it stands for.
    var merged: [Value: [Node]] = [:]
    private var known: [NodeKey: Node] = [:]

    init(module: Module) { self.module = module }

    mutating func visit(_ region: inout Region) {
        var added: [NodeKey] = []
        var kept: [Node] = []
        kept.reserveCapacity(region.nodes.count)
        for var node in region.nodes {
            for index in node.operands.indices { node.operands[index] = substitution[node.operands[index]] }
            for index in node.regions.indices { visit(&node.regions[index]) }
            if node.results.isEmpty && node.operation != .checkShape || !isMergeable(node) {
                kept.append(node)
                continue
            }
            let key = NodeKey(node, in: module, substitution)
            if let earlier = known[key] {
                substitution.replace(node.results, by: earlier.results)
                if let first = earlier.results.first { merged[first, default: []].append(node) }
            } else {
                known[key] = node
                added.append(key)
                kept.append(node)
            }
        }
        region.nodes = kept
        for key in added { known[key] = nil }
    }

    /// In the local stage arrays and parts are owned: each has a release of its own, so only numbers are merged.
    private func isMergeable(_ node: Node) -> Bool {
        guard node.effects(in: module).isMergeable else { return false }
        guard module.stage == .local else { return true }
        return node.results.allSatisfy { module.type($0).isScalar && !module.type($0).placement.isPart }
    }
}

/// A node up to the names of what it defines: those are numbered from -1 downwards in the order of the text.
private struct NodeKey: Hashable {
    private var node: Node
    private var types: [IRType]

    init(_ node: Node, in module: Module, _ substitution: Substitution) {
        var names: [Value: Value] = [:]
        var defined: [Value] = []
        node.forEachDefinition { value in
            names[value] = Value(id: -1 - names.count)
            defined.append(value)
        }
        let name = { (value: Value) -> Value in
            let value = substitution[value]
            return names[value] ?? value
        }
        self.node = node
        self.node.rename(name)
        types = defined.map { value in
            guard case .array(let element, let dimensions, let placement) = module.type(value) else { return .text }
            return .array(element, dimensions: dimensions.map(name), placement)
        }
    }
}

extension Node {
    fileprivate mutating func rename(_ name: (Value) -> Value) {
        operands = operands.map(name)
        results = results.map(name)
        for region in regions.indices {
            regions[region].arguments = regions[region].arguments.map(name)
            for node in regions[region].nodes.indices { regions[region].nodes[node].rename(name) }
        }
    }
}

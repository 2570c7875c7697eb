import IR
import Language

/// Puts in every `retain` and `release`: each array is freed after its last use, on every way through the program.
///
/// Every array value owns one reference, which the region that defines it must give away or release. `yield`s of conditionals and
/// sequential loops, carried operands, `unshare` and `ownBlock` take their operand's reference; where the value is needed
/// afterwards, or belongs to a region around, they get one of their own:
///
///     %c = conditional %t { yield %a } { … }   →   %c = conditional %t { retain %a; yield %a } { … }
///     %s = loop … { read %a … }                →   %s = loop … { read %a … }; release %a        (its last use)
struct References {
    let module: Module

    init(_ module: Module) { self.module = module }

    func insert(into body: inout Region) throws { body = try counted(body, owning: []) }

    /// The region with its counts; `owning` are the arguments whose reference is the region's.
    private func counted(_ region: Region, owning arguments: [Value], givesAway: Bool = false) throws -> Region {
        var owned = Set(arguments.filter(isCounted))
        for node in region.nodes { owned.formUnion(module.ownedResults(of: node)) }
        let uses = region.nodes.map { node in references(in: node) }
        var lastUse: [Value: Int] = [:]
        for (index, used) in uses.enumerated() {
            for value in used where owned.contains(value) { lastUse[value] = index }
        }
        var nodes: [Node] = []
        let span = region.nodes[0].span
        for value in arguments where isCounted(value) && lastUse[value] == nil {
            nodes.append(Node(.release, [value], results: [], span))
        }
        for (index, node) in region.nodes.enumerated() {
            var node = node
            node.regions = try bodies(of: node)
            let (before, given) = try transfers(node, givesAway, inside: uses[index]) {
                lastUse[$0] == index && owned.contains($0)
            }
            nodes += before
            nodes.append(node)
            let dying =
                uses[index].filter { lastUse[$0] == index && !given.contains($0) }
                + module.ownedResults(of: node).filter { lastUse[$0] == nil }
            let releases = dying.sorted().map { Node(.release, [$0], results: [], node.span) }
            guard !releases.isEmpty else { continue }
            if node.operation == .yield { throw IRFault("an array dies at a yield", at: node.span) }
            nodes += releases
        }
        return Region(arguments: region.arguments, nodes: nodes)
    }

    /// The bodies of a node with their counts.
    private func bodies(of node: Node) throws -> [Region] {
        switch node.bodies {
        case .ways: try node.regions.map { try counted($0, owning: [], givesAway: true) }
        case .counted: try node.regions.map { try counted($0, owning: $0.arguments, givesAway: true) }
        case .tested:
            [
                try counted(node.regions[0], owning: []),
                try counted(node.regions[1], owning: node.regions[1].arguments, givesAway: true),
            ]
        case .none, .fallback, .points, .writes, .swept: try node.regions.map { try counted($0, owning: []) }
        }
    }

    /// The retains that a node needs before it, and the values whose reference it takes for good.
    private func transfers(
        _ node: Node, _ givesAway: Bool, inside uses: Set<Value>, isLast: (Value) -> Bool
    ) throws -> (before: [Node], given: Set<Value>) {
        var before: [Node] = []
        var given: Set<Value> = []
        let inBodies = node.regions.reduce(into: Set<Value>()) { found, region in
            for node in region.nodes { found.formUnion(references(in: node)) }
        }
        for value in taken(by: node, givesAway) {
            if isLast(value), !given.contains(value), !inBodies.contains(value) {
                given.insert(value)
            } else {
                guard !module.type(value).placement.isPart else {
                    throw IRFault("a part has two owners", at: node.span)
                }
                before.append(Node(.retain, [value], results: [], node.span))
            }
        }
        return (before, given)
    }

    /// The operands whose reference the node takes.
    private func taken(by node: Node, _ givesAway: Bool) -> [Value] {
        (node.operation == .yield && givesAway ? node.values : node.taken).filter(isCounted)
    }

    // MARK: What is counted

    private func isCounted(_ value: Value) -> Bool { module.type(value).isOwned }

    /// The counted values that a node or its bodies mention.
    private func references(in node: Node) -> Set<Value> {
        var found = Set(node.operands.filter(isCounted))
        for region in node.regions {
            for inner in region.nodes { found.formUnion(references(in: inner)) }
        }
        return found
    }
}

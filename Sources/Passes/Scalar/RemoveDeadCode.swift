import IR

/// Takes away what no one uses: nodes, and the results and carried values of nodes that stay.
///
///     %1: f64[%n], %2: f64 = loop … yields element, reduction(+)      %2: f64 = loop … yields reduction(+)
///     print ("sum ", shortest 0 0) %2                              →  print ("sum ", shortest 0 0) %2
///
/// Starts from what has an effect and marks all that it depends on; a carried value that only serves to compute itself is not
/// marked. What may fail stays.
enum RemoveDeadCode: Transformation {
    static let summary = "Remove what has no effect and whose results no one uses."

    static func run(_ module: inout Module) {
        let liveness = Liveness(of: module)
        let body = liveness.trimmed(module.body)
        module.body = body
    }
}

/// Which values and nodes are needed. Nodes are counted in the order of the text, outer before inner.
private struct Liveness {
    let module: Module
    /// What must be live when a value is: values, and a node that must stay.
    private struct Definition {
        var needs: [Value] = []
        var node: Int
    }

    private var definitions: [Definition?]
    /// A node's parent, what it always needs, and whether it is live.
    private var parents: [Int] = []
    private var control: [[Value]] = []
    private var isLiveNode: [Bool] = []
    private var isLiveValue: [Bool]

    init(of module: Module) {
        self.module = module
        definitions = Array(repeating: nil, count: module.types.count)
        isLiveValue = Array(repeating: false, count: module.types.count)
        var roots: [Int] = []
        register(module.body, parent: -1, &roots)
        mark(roots)
    }

    // MARK: What depends on what

    private mutating func register(_ region: Region, parent: Int, _ roots: inout [Int]) {
        for node in region.nodes where node.operation != .yield {
            let index = parents.count
            parents.append(parent)
            isLiveNode.append(false)
            control.append(controlOperands(node))
            define(node, index)
            var shallow = node
            shallow.regions = []
            if !shallow.effects(in: module).isDeletable { roots.append(index) }
            for region in node.regions { register(region, parent: index, &roots) }
        }
    }

    /// What a node needs whichever of its results is used.
    private func controlOperands(_ node: Node) -> [Value] {
        switch node.bodies {
        case .counted: node.range.ends
        case .tested: node.regions[0].yielded
        case .writes: node.operands + node.regions[0].yielded
        case .points where module.stage == .local: node.operands + node.regions[0].yielded
        // A keyed contribution checks its key, so it stays, and with it the reduction that gives it a place.
        case .points:
            node.operands
                + groups(of: node).filter { node.regions[0].contributesByKey($0.yielded) }.flatMap(\.results)
        // One that may fail stays without being used, and its results with it, whose types name extents.
        case .none, .ways, .fallback, .swept: node.operands + node.results.flatMap { module.type($0).dimensions }
        }
    }

    private mutating func define(_ node: Node, _ index: Int) {
        switch node.bodies {
        case .ways:
            for (position, result) in node.results.enumerated() {
                define(result, index, node.regions.map { $0.yielded[position] })
            }
        case .counted:
            defineCarried(node, index, initial: node.carried, body: node.regions[0], skip: 1)
        case .tested:
            defineCarried(node, index, initial: node.carried, body: node.regions[1], skip: 0)
            for (argument, bodyArgument) in zip(node.regions[0].arguments, node.regions[1].arguments) {
                define(argument, index, [bodyArgument])
            }
        case .points: defineYields(node, index)
        case .none, .fallback, .writes, .swept:
            for result in node.results { define(result, index, []) }
            for region in node.regions { define(region.arguments, index) }
        }
    }

    private mutating func define(_ value: Value, _ node: Int, _ needs: [Value]) {
        definitions[value.id] = Definition(needs: needs, node: node)
    }

    private mutating func define(_ values: some Sequence<Value>, _ node: Int) {
        for value in values { define(value, node, []) }
    }

    /// A carried value is live as a whole: its beginning, the body's argument, what the body yields, the result.
    private mutating func defineCarried(_ node: Node, _ index: Int, initial: [Value], body: Region, skip: Int) {
        define(body.arguments.prefix(skip), index)
        for (position, argument) in body.arguments.dropFirst(skip).enumerated() {
            let slot = [initial[position], body.yielded[position], argument]
            define(argument, index, slot)
            define(node.results[position], index, slot)
        }
    }

    private func groups(of node: Node) -> [(results: [Value], yielded: [Value])] {
        if case .loop(let loop) = node.operation { loop.groups(of: node, in: module) } else { [] }
    }

    private mutating func defineYields(_ node: Node, _ index: Int) {
        let body = node.regions[0]
        define(body.arguments, index)
        for group in groups(of: node) {
            for result in group.results { define(result, index, group.yielded + group.results) }
        }
    }

    // MARK: Marking

    private mutating func mark(_ roots: [Int]) {
        var nodes = roots
        var values: [Value] = []
        while true {
            if let node = nodes.popLast() {
                guard node >= 0, !isLiveNode[node] else { continue }
                isLiveNode[node] = true
                values += control[node]
                nodes.append(parents[node])
            } else if let value = values.popLast() {
                guard !isLiveValue[value.id] else { continue }
                isLiveValue[value.id] = true
                values += module.type(value).dimensions
                guard let definition = definitions[value.id] else { continue }
                values += definition.needs
                nodes.append(definition.node)
            } else {
                return
            }
        }
    }

    // MARK: Rebuilding

    func trimmed(_ region: Region) -> Region {
        var next = 0
        return trimmed(region, &next)
    }

    private func trimmed(_ region: Region, _ next: inout Int) -> Region {
        var result = region
        result.nodes = []
        for var node in region.nodes {
            guard node.operation != .yield else {
                result.nodes.append(node)
                continue
            }
            let isLive = isLiveNode[next]
            next += 1
            for index in node.regions.indices { node.regions[index] = trimmed(node.regions[index], &next) }
            if isLive { result.nodes.append(dropResults(node)) }
        }
        return result
    }

    private func isLive(_ value: Value) -> Bool { isLiveValue[value.id] }

    private func dropResults(_ node: Node) -> Node {
        if node.results.allSatisfy(isLive) { return node }
        var node = node
        switch node.bodies {
        case .ways:
            let live = node.results.map(isLive)
            for index in node.regions.indices { node.regions[index].keepYields(live) }
            node.results.keep(live)
        case .counted:
            let live = node.regions[0].arguments.dropFirst().map(isLive)
            node.operands.keep([true, true, true] + live)
            node.regions[0].arguments.keep([true] + live)
            node.regions[0].keepYields(live)
            node.results.keep(live)
        case .tested:
            let live = node.regions[1].arguments.map(isLive)
            node.operands.keep(live)
            for index in node.regions.indices { node.regions[index].arguments.keep(live) }
            node.regions[1].keepYields(live)
            node.results.keep(live)
        case .points:
            if case .loop(let loop) = node.operation, module.stage != .local { dropYields(of: &node, loop) }
        case .none, .fallback, .writes, .swept: break
        }
        return node
    }

    private func dropYields(of node: inout Node, _ loop: Loop) {
        let groups = groups(of: node)
        let live = groups.map { $0.results.contains(where: isLive) }
        node.regions[0].keepYields(groups.flatMap { group in group.yielded.map { _ in isLive(group.results[0]) } })
        node.results.keep(groups.flatMap { group in group.results.map { _ in isLive(group.results[0]) } })
        var loop = loop
        loop.places = Places(node.yieldPlaces)
        loop.places.spans.keep(live)
        loop.yields.keep(live)
        node.operation = .loop(loop)
    }
}

extension Loop {
    /// For each yield of the loop: the results and the yielded values that belong to it. In the local stage, where array
    /// reductions yield nothing, every yielded value belongs to every result.
    fileprivate func groups(of node: Node, in module: Module) -> [(results: [Value], yielded: [Value])] {
        let yielded = node.regions[0].yielded
        if module.stage == .local { return [(node.results, yielded)] }
        var first = 0
        return yields.map { yield in
            defer { first += yield.arity }
            let range = first..<first + yield.arity
            return (Array(node.results[range]), Array(yielded[range]))
        }
    }
}

extension Array {
    /// Keeps the elements whose flag is set.
    fileprivate mutating func keep(_ flags: [Bool]) {
        self = zip(self, flags).filter(\.1).map(\.0)
    }
}

extension Region {
    /// Whether one of the values is made by a `keyedContribution` of this body.
    fileprivate func contributesByKey(_ values: [Value]) -> Bool {
        nodes.contains { $0.operation == .keyedContribution && !Set($0.results).isDisjoint(with: values) }
    }

    fileprivate mutating func keepYields(_ flags: [Bool]) {
        guard let last = nodes.indices.last else { return }
        nodes[last].operands.keep(flags)
    }
}

/// Visiting nodes and the values that they name.
extension Region {
    /// Every node, outer before inner, in order; the closing `yield` too.
    public func forEachNode(_ visit: (Node) throws -> Void) rethrows {
        for node in nodes {
            try visit(node)
            for region in node.regions { try region.forEachNode(visit) }
        }
    }

    /// Rewrites every node of this region and of those inside, inner before outer.
    public mutating func rewriteNodes(_ rewrite: (inout Node) throws -> Void) rethrows {
        for index in nodes.indices {
            for region in nodes[index].regions.indices {
                try nodes[index].regions[region].rewriteNodes(rewrite)
            }
            try rewrite(&nodes[index])
        }
    }

    /// Rewrites every region's list of nodes, this one last.
    public mutating func rewriteRegions(_ rewrite: (inout Region) throws -> Void) rethrows {
        for index in nodes.indices {
            for region in nodes[index].regions.indices {
                try nodes[index].regions[region].rewriteRegions(rewrite)
            }
        }
        try rewrite(&self)
    }
}

extension Node {
    /// Every value that the node names, with those inside its bodies and in the dimensions of the types that it declares.
    /// Some are defined inside the node itself.
    public func forEachUse(in module: Module, _ visit: (Value) -> Void) {
        operands.forEach(visit)
        for result in results { module.type(result).dimensions.forEach(visit) }
        for region in regions {
            for argument in region.arguments { module.type(argument).dimensions.forEach(visit) }
            for node in region.nodes { node.forEachUse(in: module, visit) }
        }
    }

    /// Every value that the node defines: its results, its bodies' arguments, and what is defined inside them.
    public func forEachDefinition(_ visit: (Value) -> Void) {
        results.forEach(visit)
        for region in regions {
            region.arguments.forEach(visit)
            for node in region.nodes { node.forEachDefinition(visit) }
        }
    }

    /// The values from outside that the node depends on.
    public func freeValues(in module: Module) -> Set<Value> {
        var used: Set<Value> = []
        var defined: Set<Value> = []
        forEachUse(in: module) { used.insert($0) }
        forEachDefinition { defined.insert($0) }
        return used.subtracting(defined)
    }
}

extension Module {
    /// How often each value is named, by operands and by the dimensions of types that are declared; indexed by id.
    public func useCounts() -> [Int] {
        var counts = Array(repeating: 0, count: types.count)
        for node in body.nodes { node.forEachUse(in: self) { counts[$0.id] += 1 } }
        return counts
    }

    /// The values that are integers known now.
    public var integerConstants: [Value: Int] {
        var constants: [Value: Int] = [:]
        body.forEachNode { node in
            if case .constant(.integer(let number, _)) = node.operation { constants[node.results[0]] = Int(number) }
        }
        return constants
    }
}

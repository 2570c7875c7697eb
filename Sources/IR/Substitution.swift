/// Values that stand for others: collected while a pass runs, applied once.
public struct Substitution {
    private var replacements: [Value: Value] = [:]

    public init() {}

    public var isEmpty: Bool { replacements.isEmpty }

    /// From now on `value` is `other`.
    public mutating func replace(_ value: Value, by other: Value) {
        let target = self[other]
        if target != value { replacements[value] = target }
    }

    /// Pairs of values; both sequences have the same length.
    public mutating func replace(_ values: [Value], by others: [Value]) {
        for (value, other) in zip(values, others) { replace(value, by: other) }
    }

    /// What stands for the value now.
    public subscript(value: Value) -> Value {
        var current = value
        while let next = replacements[current] { current = next }
        return current
    }

    public func apply(to type: IRType) -> IRType {
        guard case .array(let element, let dimensions, let placement) = type, !dimensions.isEmpty else { return type }
        return .array(element, dimensions: dimensions.map { self[$0] }, placement)
    }

    /// Replaces what a node and its bodies name; not the types.
    public func apply(to node: inout Node) {
        for index in node.operands.indices { node.operands[index] = self[node.operands[index]] }
        for index in node.regions.indices { apply(to: &node.regions[index]) }
    }

    public func apply(to region: inout Region) {
        for index in region.nodes.indices { apply(to: &region.nodes[index]) }
    }
}

extension Module {
    /// Applies the substitution everywhere, the dimensions of types included.
    public mutating func apply(_ substitution: Substitution) {
        guard !substitution.isEmpty else { return }
        substitution.apply(to: &body)
        for index in types.indices { types[index] = substitution.apply(to: types[index]) }
    }

    /// A copy of the region whose arguments and definitions are fresh values; `substitution` may already map values from
    /// outside, and afterwards maps every value of the region to its copy.
    public mutating func clone(_ region: Region, _ substitution: inout Substitution) -> Region {
        var copy = region
        copy.arguments = region.arguments.map { fresh($0, &substitution) }
        copy.nodes = region.nodes.map { clone($0, &substitution) }
        return copy
    }

    /// A copy of the node with fresh results and bodies.
    public mutating func clone(_ node: Node, _ substitution: inout Substitution) -> Node {
        var copy = node
        for index in copy.operands.indices { copy.operands[index] = substitution[copy.operands[index]] }
        copy.regions = node.regions.map { clone($0, &substitution) }
        copy.results = node.results.map { fresh($0, &substitution) }
        // A result may be named in another's dimensions.
        for result in copy.results { types[result.id] = substitution.apply(to: types[result.id]) }
        return copy
    }

    private mutating func fresh(_ value: Value, _ substitution: inout Substitution) -> Value {
        let copy = newValue(substitution.apply(to: type(value)))
        substitution.replace(value, by: copy)
        return copy
    }

    /// The same program with ids counted from 0 in the order in which values are defined, none of them unused: what is printed
    /// then reads back as the same module.
    public func renumbered() -> Module {
        var order: [Value] = []
        order.reserveCapacity(types.count)
        for definition in operators {
            for region in [definition.identity, definition.combination] { region.collectDefinitions(&order) }
        }
        for node in body.nodes { node.collectDefinitions(&order) }
        var newIds = Array(repeating: 0, count: types.count)
        for (id, value) in order.enumerated() { newIds[value.id] = id }
        let renumber = { (value: Value) in Value(id: newIds[value.id]) }
        var result = self
        result.types = order.map { value in
            guard case .array(let element, let dimensions, let placement) = type(value) else { return type(value) }
            return .array(element, dimensions: dimensions.map(renumber), placement)
        }
        for index in operators.indices {
            result.operators[index].identity.mapValues(renumber)
            result.operators[index].combination.mapValues(renumber)
        }
        result.body.mapValues(renumber)
        return result
    }
}

extension Node {
    /// In the order of the text: a node's bodies are read before its results are known to what follows, but the results
    /// are written first.
    fileprivate func collectDefinitions(_ order: inout [Value]) {
        order += results
        for region in regions { region.collectDefinitions(&order) }
    }
}

extension Region {
    fileprivate func collectDefinitions(_ order: inout [Value]) {
        order += arguments
        for node in nodes { node.collectDefinitions(&order) }
    }

    fileprivate mutating func mapValues(_ map: (Value) -> Value) {
        arguments = arguments.map(map)
        for index in nodes.indices {
            nodes[index].operands = nodes[index].operands.map(map)
            nodes[index].results = nodes[index].results.map(map)
            for region in nodes[index].regions.indices { nodes[index].regions[region].mapValues(map) }
        }
    }
}

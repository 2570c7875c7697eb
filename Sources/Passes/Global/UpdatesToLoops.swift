import IR
import Language

/// Makes a new array in one pass where an update would copy the old one first.
///
///     %v: f64[/%n] = update %u over (%i in 1..%m) { … yield %i, %x }
///     →
///     %v: f64[/%n] = loop (%i in 0..%n) yields element {
///         %y = if 1 <= %i and %i < %m { … yield %x } else { yield element %u[%i] }
///         yield %y
///     }
///
/// That is so when the old array is still needed: read later, or by the update itself at other elements than the one that is written.
/// The loop can then be fused with what reads the new array. An update of a new array that such a loop makes becomes a loop too, and the two are fused.
enum UpdatesToLoops: Transformation {
    static let summary = "Make updates of arrays that are still needed loops over the whole array."

    static func run(_ module: inout Module) {
        var rewriter = UpdateRewriter(module)
        var body = module.body
        rewriter.rewrite(&body)
        module = rewriter.module
        module.body = body
    }
}

private struct UpdateRewriter {
    var module: Module
    private let dependences: IndexDependences
    private var constants: [Value: Constant] = [:]
    /// The arrays that loops made of updates give.
    private var made: Set<Value> = []

    init(_ module: Module) {
        self.module = module
        dependences = IndexDependences(module)
        var constants: [Value: Constant] = [:]
        module.body.forEachNode { node in
            if case .constant(let constant) = node.operation { constants[node.results[0]] = constant }
        }
        self.constants = constants
    }

    mutating func rewrite(_ region: inout Region) {
        let defined = Set(region.arguments + region.nodes.flatMap(\.results))
        let lastUses = lastUses(of: region)
        var nodes: [Node] = []
        for index in region.nodes.indices {
            var node = region.nodes[index]
            for body in node.regions.indices { rewrite(&node.regions[body]) }
            if let update = BoxUpdate(node, module, constants),
                made.contains(update.base) || !defined.contains(update.base)
                    || lastUses[update.base, default: index] > index
                    || !dependences.areApart(readsAndWritesOf: node, rank: update.space.ranges.count)
            {
                made.insert(node.results[0])
                nodes += loop(update, node)
            } else {
                nodes.append(node)
            }
        }
        region.nodes = nodes
    }

    /// The last node of a region that needs each array that is updated there.
    private func lastUses(of region: Region) -> [Value: Int] {
        var uses: [Value: Int] = [:]
        for node in region.nodes {
            if case .update = node.operation { uses[node.base] = 0 }
        }
        guard !uses.isEmpty else { return uses }
        for (index, node) in region.nodes.enumerated() {
            node.forEachUse(in: module) { if uses[$0] != nil { uses[$0] = index } }
        }
        return uses
    }

    private mutating func loop(_ update: BoxUpdate, _ node: Node) -> [Node] {
        let extents = module.type(update.base).dimensions
        let zero = module.newValue(.i64)
        let one = module.newValue(.i64)
        var nodes = [
            Node(.constant(.i64(0)), [], results: [zero], node.span),
            Node(.constant(.i64(1)), [], results: [one], node.span),
        ]
        let distribution = update.space.distribution
        let space = IterationSpace(extents.map { .init(zero, $0, by: one) }, distribution, of: update.space.extents)
        let loop = Loop(axes: extents.count, distribution, yields: [.element])
        nodes.append(
            Node(.loop(loop), space.operands, regions: [body(update, extents, node)], results: node.results, node.span))
        return nodes
    }

    /// The new value inside of the region, the old one outside.
    private mutating func body(_ update: BoxUpdate, _ extents: [Value], _ node: Node) -> Region {
        let indices = update.body.arguments
        var body = Body(of: node)
        var test: Value?
        func isZero(_ value: Value) -> Bool { constants[value] == .i64(0) }
        for (index, (range, extent)) in zip(indices, zip(update.space.ranges, extents)) {
            if !isZero(range.lower) { add(.lessEqual, range.lower, index, to: &test, in: &body) }
            if range.upper != extent { add(.less, index, range.upper, to: &test, in: &body) }
        }
        var computed = Body(of: node, nodes: Array(update.body.nodes.dropLast()))
        var value = update.body.yielded[indices.count]
        if let condition = update.condition { value = choose(value, if: condition, [], update, in: &computed) }
        if let test {
            value = choose(value, if: test, computed.nodes, update, in: &body)
        } else {
            body = computed
        }
        body.append(.yield, [value], [])
        return Region(arguments: indices, nodes: body.nodes)
    }

    /// The value, computed by some nodes, where a test is true; else the old element.
    private mutating func choose(
        _ value: Value, if test: Value, _ computed: [Node], _ update: BoxUpdate, in body: inout Body
    ) -> Value {
        let old = module.newValue(.scalar(module.type(update.base).element ?? .f64))
        let result = module.newValue(module.type(value))
        var inside = Body(of: body.origin, nodes: computed)
        inside.append(.yield, [value], [])
        var outside = Body(of: body.origin)
        outside.append(.element(.proved), [update.base] + update.body.arguments, [old])
        outside.append(.yield, [old], [])
        let ways = [Region(nodes: inside.nodes), Region(nodes: outside.nodes)]
        body.nodes.append(Node(.conditional, [test], regions: ways, results: [result], body.origin.span))
        return result
    }

    /// `test` and a comparison.
    private mutating func add(
        _ op: ScalarOperator, _ a: Value, _ b: Value, to test: inout Value?, in body: inout Body
    ) {
        let compared = module.newValue(.scalar(.bool))
        body.append(.scalar(op), [a, b], [compared])
        guard let earlier = test else {
            test = compared
            return
        }
        let both = module.newValue(.scalar(.bool))
        body.append(.scalar(.and), [earlier, compared], [both])
        test = both
    }
}

/// Nodes of a body, which all come from one.
private struct Body {
    let origin: Node
    var nodes: [Node]

    init(of origin: Node, nodes: [Node] = []) {
        self.origin = origin
        self.nodes = nodes
    }

    mutating func append(_ operation: Operation, _ operands: [Value], _ results: [Value]) {
        nodes.append(Node(operation, operands, results: results, origin.span))
    }
}

/// An update that writes the elements of a box, each at its own indices.
private struct BoxUpdate {
    let base: Value
    let space: IterationSpace
    let body: Region

    init?(_ node: Node, _ module: Module, _ constants: [Value: Constant]) {
        guard case .update(_, _, .proved) = node.operation, let space = IterationSpace(of: node) else { return nil }
        base = node.base
        body = node.regions[0]
        self.space = space
        let type = module.type(base)
        let isPlaced = type.placement == .replicated || type.placement.isDivided
        guard isPlaced, type.placement.distribution == space.distribution,
            Array(body.yielded.prefix(type.dimensions.count)) == body.arguments,
            space.ranges.allSatisfy({ constants[$0.step] == .i64(1) }),
            body.yielded.allSatisfy({
                module.type($0).placement == .replicated
            })
        else { return nil }
    }

    /// Whether the element is written, where not all are.
    var condition: Value? { body.yielded.count > body.arguments.count + 1 ? body.yielded.last : nil }

}

extension IRType {
    fileprivate static var i64: IRType { .scalar(.i64) }
}

import IR
import Language

/// A sequential loop that sweeps a stencil over a divided array, as `TileSweeps` finds it:
///
///     for (%s …) with (%u, %numbers…) {
///         %v = allocate; exchange(1 1) %u; %p = loop (rows, …) { … read %u … write %v … }; release %u
///         %r = allreduce %p; release %p
///         …rest, which knows neither %u nor %v…
///         yield %v, …
///     }
struct SweepLoop {
    let node: Node
    let body: Region
    let exchange: Node
    let halo: Halo
    let loop: Node
    /// The array before and after a sweep.
    let source, target: Value
    /// Which of the carried values is the array, and which the one before it, if any is.
    let sourceSlot: Int
    let beforeSlot: Int?
    let allreduce: Node?
    /// What else the body does, in order.
    let rest: [Node]
    /// The carried numbers that only the loop's results depend on, not its turns: those that yield what `allreduce` gives.
    let outcomeSlots: Set<Int>

    /// The carried values as the body's arguments.
    let arguments: [Value]
    /// The turn of a loop that counts.
    var index: Value? { node.operation == .forLoop ? body.arguments[0] : nil }
    /// What says whether a loop that does not count goes on.
    var condition: Region? { node.operation == .forLoop ? nil : node.regions[0] }
    /// The carried numbers that each sweep makes anew.
    var restSlots: [Int] {
        arguments.indices.filter { $0 != sourceSlot && $0 != beforeSlot && (reducesEach || !outcomeSlots.contains($0)) }
    }
    /// Whether the totals of each sweep are needed, not of the last one alone.
    var reducesEach: Bool {
        guard let allreduce else { return false }
        if condition != nil { return true }
        let outcomes = Set(outcomeSlots.map { body.yielded[$0] })
        return !allreduce.results.allSatisfy(outcomes.contains) || rest.contains { $0.mentions(allreduce.results) }
    }

    init?(_ node: Node, in module: Module) {
        guard node.operation == .forLoop || node.operation == .whileLoop, let body = node.regions.last,
            let found = Self.parts(of: body, module)
        else { return nil }
        let arguments = Array(body.arguments.dropFirst(node.operation == .forLoop ? 1 : 0))
        guard found.exchange.arrays.count == 1, case .exchange(let halos) = found.exchange.operation, halos.count == 1, !halos[0].wraps,
            found.loop.isSweep(of: found.exchange.arrays[0], halos[0], to: found.target, module),
            let slot = arguments.firstIndex(of: found.exchange.arrays[0]), body.yielded[slot] == found.target
        else { return nil }
        (self.node, self.body, exchange, loop, target) = (node, body, found.exchange, found.loop, found.target)
        (halo, source, sourceSlot) = (halos[0], found.exchange.arrays[0], slot)
        (allreduce, rest, self.arguments) = (found.allreduce, found.rest, arguments)
        let others = arguments.indices.filter { $0 != slot && !module.type(arguments[$0]).isScalar }
        beforeSlot = others.first
        let used = Self.used(by: found.rest)
        let given = Set(found.allreduce?.results ?? [])
        outcomeSlots = Set(
            arguments.indices.filter { given.contains(body.yielded[$0]) && !used.contains(arguments[$0]) })
        guard others.count <= 1, others.allSatisfy({ body.yielded[$0] == source }),
            body.yielded.count(where: { $0 == source || $0 == target }) == 1 + others.count,
            used.isDisjoint(with: [source, target] + others.map { arguments[$0] } + loop.results),
            !loop.freeValues(in: module).contains(where: { body.arguments.contains($0) && $0 != source })
        else { return nil }
        if let condition {
            // A loop that does not count needs what its test asks for of each sweep, and has no use for an array of before.
            let isOfNumbers = condition.nodes.allSatisfy {
                $0.effects(in: module).isDisjoint(with: [.touchesMemory, .times, .communicates])
            }
            guard isOfNumbers, beforeSlot == nil, !Self.used(by: condition.nodes).isEmpty else { return nil }
        }
    }

    private static func used(by nodes: [Node]) -> Set<Value> {
        var used: Set<Value> = []
        for node in nodes { node.forEachOperand { used.insert($0) } }
        return used
    }

    private typealias Parts = (exchange: Node, loop: Node, target: Value, allreduce: Node?, rest: [Node])

    /// The nodes of a body by what they are for; nil where one has no place.
    private static func parts(of body: Region, _ module: Module) -> Parts? {
        var exchanges: [Node] = []
        var loops: [Node] = []
        var targets: [Value] = []
        var allreduces: [Node] = []
        var rest: [Node] = []
        for node in body.nodes.dropLast() {
            switch node.operation {
            case .exchange: exchanges.append(node)
            case .allocate: targets += node.results
            case .loop: loops.append(node)
            case .release where body.arguments.contains(node.array) || module.type(node.array).placement.isPart: break
            case .collective(.allreduce): allreduces.append(node)
            default:
                guard node.effects(in: module).isDisjoint(with: [.times, .touchesMemory]) else { return nil }
                rest.append(node)
            }
        }
        guard exchanges.count == 1, loops.count == 1, targets.count == 1, allreduces.count <= 1,
            allreduces.first?.values ?? [] == loops[0].results
        else { return nil }
        return (exchanges[0], loops[0], targets[0], allreduces.first, rest)
    }
}

extension Node {
    /// Whether it is a loop over all rows of an array that writes another one, and means the same on whichever rank a row is done.
    fileprivate func isSweep(of source: Value, _ halo: Halo, to target: Value, _ module: Module) -> Bool {
        let type = module.type(source)
        guard case .loop(let loop) = operation, regions.count == 1, let space = IterationSpace(of: self),
            let cut = space.outermostCut, type == module.type(target), type.dimensions.first == cut.extent,
            type.dividedExtents == [cut.extent], halo.low + halo.high > 0,
            effects(in: module).isDisjoint(with: [.ordered, .checks, .communicates, .mayFail]),
            loop.yields.allSatisfy({ $0.isOfNumbers }), results.allSatisfy({ module.type($0).isScalar })
        else { return false }
        return regions[0].isSameOnAllRanks(arrays: [source, target], module)
    }

    fileprivate func forEachOperand(_ visit: (Value) -> Void) {
        operands.forEach(visit)
        for region in regions {
            for node in region.nodes { node.forEachOperand(visit) }
        }
    }
}

extension Loop.Yield {
    /// Whether it combines numbers by one of the language's operators.
    fileprivate var isOfNumbers: Bool {
        guard case .reduction(let op) = self else { return false }
        return op.arity == 1 && !op.isUser
    }
}

extension Region {
    /// Whether values that differ from rank to rank say only where elements lie, and divided arrays are none but these.
    fileprivate func isSameOnAllRanks(arrays: [Value], _ module: Module) -> Bool {
        nodes.allSatisfy { node in
            let isKnown = node.operands.allSatisfy { value in
                let placement = module.type(value).placement
                return placement == .replicated || placement == .local || arrays.contains(value)
            }
            return isKnown && node.operands.allSatisfy { module.type($0).placement != .local || node.isPlace($0, module) }
                && node.regions.allSatisfy { $0.isSameOnAllRanks(arrays: arrays, module) }
        }
    }
}

extension Node {
    /// Whether the node uses a value as the place of an element, or to find one.
    fileprivate func isPlace(_ value: Value, _ module: Module) -> Bool {
        switch operation {
        case .read: value == index
        case .write: value == index && value != self.value
        case .scalar: results.allSatisfy { module.type($0) == .scalar(.i64, .local) }
        default: false
        }
    }
}

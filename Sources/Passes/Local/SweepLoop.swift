import IR
import Language

/// A sequential loop that sweeps a stencil over a divided array, as `TileSweeps` finds it:
///
///     for (%s …) with (%u, %before, %others…) {
///         %v = allocate; exchange(1 1) %u; %p = loop (rows, …) { … read %u, perhaps %before … write %v … }; release %before
///         %r = allreduce %p; release %p
///         …rest, which knows none of these arrays…
///         yield %v, %u, …
///     }
///
/// The loop is the same on whichever rank a row is done, and depends on nothing else that the sweeps change.
struct SweepLoop {
    let node: Node
    let body: Region
    /// The carried values as the body's arguments.
    let arguments: [Value]
    let exchange: Node
    /// The rows around a row that a sweep needs.
    let halo: Halo
    let loop: Node
    /// Which of the carried values is the array, and which the one before it, if any is.
    let sourceSlot: Int
    let beforeSlot: Int?
    /// The array after a sweep.
    let target: Value
    /// Divided arrays that all sweeps read.
    let others: [Value]
    let allreduce: Node?
    /// What else the body does, in order.
    let rest: [Node]
    /// The carried numbers that the loop's results alone depend on, not its turns: those that yield what `allreduce` gives.
    let outcomeSlots: Set<Int>

    /// The array before a sweep.
    var source: Value { arguments[sourceSlot] }
    /// The array before the one before, where a sweep reads it.
    var previous: Value? {
        guard let before = beforeSlot.map({ arguments[$0] }), loop.mentions([before]) else { return nil }
        return before
    }
    /// The turn of a loop that counts.
    var index: Value? { node.operation == .forLoop ? body.arguments[0] : nil }
    /// What says whether a loop that does not count goes on.
    var condition: Region? { node.operation == .forLoop ? nil : node.regions[0] }
    /// What is carried on by the rest.
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

    init?(_ node: Node, in module: Module, _ constants: [Value: Int]) {
        guard node.operation == .forLoop || node.operation == .whileLoop, let body = node.regions.last,
            let places = body.placesOfASweep, case .exchange(let halos) = body.nodes[places.exchange].operation
        else { return nil }
        let arguments = Array(body.arguments.dropFirst(node.operation == .forLoop ? 1 : 0))
        let (exchange, loop) = (body.nodes[places.exchange], body.nodes[places.loop])
        (self.node, self.body, self.arguments) = (node, body, arguments)
        (self.exchange, self.loop) = (exchange, loop)
        halo = halos.reduce(into: Halo(low: 0, high: 0, wraps: false)) { $0.formUnion($1) }
        guard let target = body.array(writtenBy: loop),
            let slot = arguments.indices.first(where: { body.yielded[$0] == target })
        else { return nil }
        (self.target, sourceSlot) = (target, slot)
        let source = arguments[slot]
        let before = arguments.indices.first { body.yielded[$0] == source }
        beforeSlot = before
        let arrays = [source, target] + (before.map { [arguments[$0]] } ?? [])
        guard let (allreduce, rest) = body.sortedOut(but: places, arrays, module) else { return nil }
        (self.allreduce, self.rest) = (allreduce, rest)
        let (used, given) = (rest.used, Set(allreduce?.results ?? []))
        outcomeSlots = Set(
            arguments.indices.filter { given.contains(body.yielded[$0]) && !used.contains(arguments[$0]) })
        let free = loop.freeValues(in: module)
        others = free.filter { module.type($0).placement.isDivided && !arrays.contains($0) }.sorted()
        guard body.yielded.count(where: arrays.contains) == arrays.count - 1,
            exchange.arrays.allSatisfy({ $0 == source || arrays.dropFirst(2).contains($0) }),
            free.isDisjoint(with: body.defined.subtracting(arrays)),
            loop.isSweep(over: arrays + others, halo, module), !loop.mayFail(in: module, constants),
            testsNumbers(module)
        else { return nil }
    }

    /// A loop that tests asks for numbers after each sweep, and for no array but the last.
    private func testsNumbers(_ module: Module) -> Bool {
        guard let condition else { return true }
        return beforeSlot == nil
            && condition.nodes.allSatisfy {
                $0.effects(in: module).isDisjoint(with: [.touchesMemory, .times, .communicates])
            }
    }
}

extension Region {
    fileprivate typealias Places = (exchange: Int, loop: Int)

    /// Where the one exchange is, and the loop that reads what it brought.
    fileprivate var placesOfASweep: Places? {
        let exchanges = nodes.indices.filter { if case .exchange = nodes[$0].operation { true } else { false } }
        guard exchanges.count == 1, let exchange = exchanges.first,
            let loop = nodes.indices.first(where: {
                if case .loop = nodes[$0].operation { nodes[$0].mentions(nodes[exchange].arrays) } else { false }
            })
        else { return nil }
        return (exchange, loop)
    }

    /// The array that a loop writes, if it is one and made here.
    fileprivate func array(writtenBy loop: Node) -> Value? {
        let made = Set(nodes.filter { $0.operation == .allocate }.flatMap(\.results))
        let written = Set(loop.regions[0].nodes.filter { $0.operation == .write }.map(\.array))
        return written.count == 1 && written.isSubset(of: made) ? written.first : nil
    }

    /// The arguments, and what the nodes define.
    fileprivate var defined: Set<Value> { nodes.reduce(into: Set(arguments)) { $0.formUnion($1.results) } }

    /// The combination of what the loop reduces, and the nodes that neither make these arrays nor free them; nil where one of those uses
    /// them.
    fileprivate func sortedOut(
        but places: Places, _ arrays: [Value], _ module: Module
    ) -> (allreduce: Node?, rest: [Node])? {
        let parts = nodes[places.loop].results
        var allreduce: Node?
        var rest: [Node] = []
        for (index, node) in nodes.dropLast().enumerated() where index != places.exchange && index != places.loop {
            if node.operation == .allocate, arrays.contains(node.results[0]) { continue }
            if node.operation == .release, (arrays + parts).contains(node.array) { continue }
            if node.operation == .collective(.allreduce), node.values == parts {
                allreduce = node
                continue
            }
            guard node.effects(in: module).isDisjoint(with: .times) else { return nil }
            rest.append(node)
        }
        guard rest.used.isDisjoint(with: arrays + parts), parts.isEmpty == (allreduce == nil) else { return nil }
        return (allreduce, rest)
    }
}

extension [Node] {
    /// What the nodes and their bodies name.
    fileprivate var used: Set<Value> {
        var used: Set<Value> = []
        func visit(_ node: Node) {
            used.formUnion(node.operands)
            for region in node.regions { region.nodes.forEach(visit) }
        }
        forEach(visit)
        return used
    }
}

import IR
import Language

/// A block of sweeps that is being written.
struct SweepBlock {
    /// What its loop carries, as its body knows it.
    var arguments: [Value]
    /// How many sweeps, of how many rows at a time, and the index of the first.
    var count, rows, first: Value
}

/// What else a body does after a block: the slots of what it carries on, and arrays of what each sweep's reductions come to.
private struct SweepRest {
    let slots: [Int]
    let each: [Value]
}

extension SweepTiler {
    mutating func i64(_ number: Int) throws -> Value { try builder.i64(number) }

    /// What the sweeps of a block begin with, the last array first.
    func sources(_ sweep: SweepLoop, _ block: SweepBlock) -> [Value] {
        let before = sweep.previous == nil ? nil : sweep.beforeSlot
        return ([sweep.sourceSlot] + (before.map { [$0] } ?? [])).map { block.arguments[$0] }
    }

    /// The rows that all sweeps of a block need.
    mutating func exchange(_ sweep: SweepLoop, _ arrays: [Value]) throws {
        let (halo, most) = (sweep.halo, Self.mostSweeps)
        builder.span = sweep.exchange.span
        let wide = arrays.map { array in
            let own = halos[array] ?? Halo(low: 0, high: 0, wraps: halo.wraps)
            return Halo(low: most * halo.low + own.low, high: most * halo.high + own.high, wraps: halo.wraps)
        }
        try builder.append(.exchange(wide), arrays)
    }

    /// Those of arrays that all sweeps read, once.
    mutating func exchangeOthers(_ sweep: SweepLoop, if condition: Value) throws {
        if sweep.others.isEmpty { return }
        _ = builder.beginRegion()
        try exchange(sweep, sweep.others)
        let then = try builder.endRegion()
        _ = try builder.conditional(condition, then, try builder.region { _, _ in [] })
        builder.span = sweep.node.span
    }

    /// The sweeps of a block, from its array into these buffers: the buffers, that of the last sweep first, and the parts.
    mutating func sweeps(
        _ sweep: SweepLoop, _ block: SweepBlock, count: Value, into buffers: [Value], reduces: Bool = true
    ) throws -> (buffers: [Value], parts: [Value]) {
        let sources = sources(sweep, block)
        let arguments = builder.beginRegion(buffers.map(builder.module.type))
        var names = Substitution()
        names.replace([sweep.source] + (sweep.previous.map { [$0] } ?? []) + [sweep.target], by: arguments)
        let loop = builder.clone(reduces ? sweep.loop : sweep.loop.withoutReductions, &names)
        try builder.append(loop)
        var body = try builder.endRegion(yielding: loop.results)
        body.arguments = arguments
        let sweeps = Sweeps(
            halo: sweep.halo, most: Self.mostSweeps, readsBefore: sweep.previous != nil,
            reducesEach: reduces && sweep.reducesEach)
        let made = try builder.append(
            .sweeps(sweeps), [count, block.rows] + sources + buffers, regions: [body])
        return (Array(made.prefix(buffers.count)), Array(made.dropFirst(buffers.count)))
    }

    /// What the parts come to on all ranks.
    mutating func totals(_ sweep: SweepLoop, _ parts: [Value]) throws -> [Value] {
        guard let allreduce = sweep.allreduce, !parts.isEmpty else { return [] }
        builder.span = allreduce.span
        let totals = try builder.append(.collective(.allreduce), parts)
        for part in parts { try builder.append(.release, [part]) }
        return totals
    }

    /// Runs what else the body does once for each sweep. Gives what is carried on by its slot, of arrays what was carried in; and of a
    /// loop that tests after how many sweeps it ended.
    mutating func rest(
        _ sweep: SweepLoop, _ block: SweepBlock, _ totals: [Value]
    ) throws -> (numbers: [Value], done: Value) {
        var numbers = block.arguments
        if let allreduce = sweep.allreduce, !sweep.reducesEach {
            for slot in sweep.outcomeSlots {
                guard let place = allreduce.results.firstIndex(of: sweep.body.yielded[slot]) else { continue }
                numbers[slot] = totals[place]
            }
        }
        let slots = sweep.restSlots
        if slots.isEmpty, sweep.rest.isEmpty { return (numbers, block.count) }
        let rest = SweepRest(slots: slots, each: try assembled(sweep, totals))
        builder.span = sweep.node.span
        let results =
            try sweep.condition.map { try tested($0, sweep, block, rest) } ?? counted(sweep, block, rest)
        for (slot, value) in zip(slots, results.dropFirst()) { numbers[slot] = value }
        for array in rest.each { try builder.append(.release, [array]) }
        return (numbers, results[0])
    }

    /// For each result of the `allreduce` an array of what it is after each sweep.
    private mutating func assembled(_ sweep: SweepLoop, _ totals: [Value]) throws -> [Value] {
        guard sweep.reducesEach, let allreduce = sweep.allreduce else { return [] }
        let extent = try i64(Self.mostSweeps)
        let kinds = allreduce.results.count
        return try allreduce.results.enumerated().map { place, result in
            let element = builder.module.type(result).element ?? .f64
            let numbers = stride(from: place, to: totals.count, by: kinds).map { totals[$0] }
            return try builder.append(
                .assemble, numbers, types: [.array(element, dimensions: [extent], .replicated)])[0]
        }
    }

    /// The rest for every sweep of a block: how many there are, and the carried numbers.
    private mutating func counted(
        _ sweep: SweepLoop, _ block: SweepBlock, _ rest: SweepRest
    ) throws -> [Value] {
        let (zero, one) = (try i64(0), try i64(1))
        let slots = rest.slots
        let types = slots.map { builder.module.type(block.arguments[$0]) }
        let arguments = builder.beginRegion([.scalar(.i64)] + types)
        var body = try builder.endRegion(
            yielding: try turn(sweep, block, rest, arguments[0], Array(arguments.dropFirst())))
        body.arguments = arguments
        let operands = [zero, block.count, one] + slots.map { block.arguments[$0] }
        return [block.count] + (try builder.append(.forLoop, operands, regions: [body], types: types))
    }

    /// The rest for the sweeps of a block that the loop's test lets it come to: how many they are, and the carried numbers.
    private mutating func tested(
        _ test: Region, _ sweep: SweepLoop, _ block: SweepBlock, _ rest: SweepRest
    ) throws -> [Value] {
        let (zero, one) = (try i64(0), try i64(1))
        let slots = rest.slots
        let types = [IRType.scalar(.i64)] + slots.map { builder.module.type(block.arguments[$0]) }
        var condition = Region(arguments: builder.beginRegion(types), nodes: [])
        var carried = block.arguments
        for (slot, value) in zip(slots, condition.arguments.dropFirst()) { carried[slot] = value }
        let isInBlock = try builder.scalar(.less, condition.arguments[0], block.count)
        let goesOn = try builder.scalar(.and, isInBlock, try self.test(test, carried))
        condition.nodes = try builder.endRegion(yielding: [goesOn]).nodes
        let arguments = builder.beginRegion(types)
        let next = try builder.scalar(.add, arguments[0], one)
        var body = try builder.endRegion(
            yielding: [next]
                + (try turn(sweep, block, rest, arguments[0], Array(arguments.dropFirst()))))
        body.arguments = arguments
        let operands = [zero] + slots.map { block.arguments[$0] }
        return try builder.append(.whileLoop, operands, regions: [condition, body], types: types)
    }

    /// Whether a loop goes on with these carried values.
    mutating func test(_ region: Region, _ carried: [Value]) throws -> Value {
        var names = Substitution()
        names.replace(region.arguments, by: carried)
        for node in region.nodes.dropLast() { try builder.append(builder.clone(node, &names)) }
        return names[region.yielded[0]]
    }

    /// The rest for one sweep: the carried numbers.
    private mutating func turn(
        _ sweep: SweepLoop, _ block: SweepBlock, _ rest: SweepRest, _ turn: Value, _ carried: [Value]
    ) throws -> [Value] {
        var names = Substitution()
        names.replace(rest.slots.map { sweep.arguments[$0] }, by: carried)
        if let index = sweep.index { names.replace(index, by: try builder.scalar(.add, block.first, turn)) }
        for (result, array) in zip(sweep.allreduce?.results ?? [], rest.each) {
            names.replace(result, by: try builder.append(.read, [array, turn])[0])
        }
        for node in sweep.rest {
            builder.span = node.span
            try builder.append(builder.clone(node, &names))
        }
        return rest.slots.map { names[sweep.body.yielded[$0]] }
    }
}

extension Node {
    /// A loop of the local stage that only writes.
    fileprivate var withoutReductions: Node {
        guard case .loop(let loop) = operation, let space = IterationSpace(of: self) else { return self }
        var node = Node(
            .loop(Loop(axes: loop.axes, loop.distribution, yields: [])), space.operands, regions: regions, results: [],
            span)
        node.regions[0].nodes[node.regions[0].nodes.count - 1].operands = []
        return node
    }
}

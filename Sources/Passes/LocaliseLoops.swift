import IR
import Language

extension Localiser {
    func loop(_ loop: Loop, _ node: Node) throws {
        guard let space = IterationSpace(of: node), let body = node.regions.first else {
            throw fault("a loop without its ranges or body")
        }
        let results = self.results(of: loop, node)
        for result in results where result.yield == .element {
            if let row = rows[result.values[0]] {
                if let key = row.key { try check([key], in: row.accumulator) }
            } else {
                try builder.append(Node(.allocate, [], results: result.values, node.span))
            }
        }
        let reductions = results.filter { $0.yield != .element }
        let leaves = reductions.isEmpty ? [] : try leaves(of: space)
        let own = try cut(space)
        let accumulators = reductions.filter { $0.isArray(self) }.map { reduction in
            let type = type(reduction.values[0])
            return builder.newValue(type.placement.isPart ? type.with(placement: .replicated) : type)
        }
        let rewritten = try self.body(body, space, results, accumulators)
        var local = Loop(axes: loop.axes, divided: loop.divided, yields: reductions.map(\.yield))
        local.places = Places(zip(loop.yields, node.yieldPlaces).filter { $0.0 != .element }.map(\.1))
        let made = Node(
            .loop(local), own.operands + leaves, regions: [rewritten], results: reductions.flatMap(\.values), node.span)
        if node.isOnRoot(builder.module), reductions.isEmpty { try onRoot(made) } else { try builder.append(made) }
    }

    /// Rank 0 runs the loop; the others hold nothing of what it reads.
    private func onRoot(_ loop: Node) throws {
        let isRoot = try builder.scalar(.equal, try builder.append(.rank)[0], try i64(0))
        let then = try builder.region { builder, _ in
            try builder.append(loop)
            return []
        }
        let otherwise = try builder.region { _, _ in [] }
        _ = try builder.conditional(isRoot, then, otherwise)
    }

    /// One yield of a loop, the results that it gives and what the body yields for it.
    struct Result {
        var yield: Loop.Yield
        var values: [Value]
        var contributions: [Value]

        func isArray(_ localiser: Localiser) -> Bool { !localiser.type(values[0]).isScalar }
    }

    private func results(of loop: Loop, _ node: Node) -> [Result] {
        var position = 0
        return loop.yields.map { yield in
            let range = position..<position + yield.arity
            position = range.upperBound
            return Result(
                yield: yield, values: Array(node.results[range]),
                contributions: Array(node.regions[0].yielded[range]))
        }
    }

    /// The body, which writes the elements and yields what numbers are reduced from.
    private func body(
        _ body: Region, _ space: IterationSpace, _ results: [Result], _ accumulators: [Value]
    ) throws -> Region {
        let outer = (rows, spreads)
        defer { (rows, spreads) = outer }
        var free = accumulators[...]
        var explicit: [(row: Value, accumulator: Value, op: ReductionOperator)] = []
        for result in results where result.yield != .element && result.isArray(self) {
            guard case .reduction(let op) = result.yield, let accumulator = free.popFirst() else { continue }
            let row = result.contributions[0]
            if let (key, value) = body.spread(row) {
                let place = Row(accumulator: accumulator, op: op, key: key)
                spreads[row, default: []].append(place)
                let isAlone = results.count { $0.contributions == [row] } == 1
                if isAlone, !type(value).isScalar, body.makesForOneUse(value), body.has(key, before: value) {
                    rows[value] = place
                }
            } else if body.makesForOneUse(row) {
                rows[row] = Row(accumulator: accumulator, op: op)
            } else {
                explicit.append((row, accumulator, op))
            }
        }
        let saved = known
        defer { known = saved }
        for (index, range) in zip(body.arguments, space.ranges) where isConstant(range.lower, 0) {
            known.uppers[index] = range.upper
        }
        return try region(body, arguments: body.arguments + accumulators) { _ in
            for result in results where result.yield == .element {
                try self.write(
                    result.values[0], Array(body.arguments.prefix(space.ranges.count)), result.contributions[0])
            }
            for entry in explicit { try self.accumulate(entry.row, into: entry.accumulator, entry.op) }
            return results.filter { $0.yield != .element && !$0.isArray(self) }.flatMap(\.contributions)
        }
    }

    /// Stores an element of a loop's result, or combines it into the row that it belongs to.
    private func write(_ array: Value, _ indices: [Value], _ value: Value) throws {
        if let row = rows[array] {
            let position = try position(of: (row.key.map { [$0] } ?? []) + indices, in: row.accumulator)
            try builder.append(.accumulate(row.op), [row.accumulator, position, value])
        } else {
            try builder.append(.write, [array, try position(of: indices, in: array), value])
        }
    }

    /// The contribution of one point to the element that its key names, in every reduction of it. A row that an inner loop makes
    /// is there already.
    func spread(_ node: Node) throws {
        guard let places = spreads[node.results[0]], let first = places.first, let key = first.key else {
            throw fault("a spread that is not reduced")
        }
        let value = node.operands[1]
        guard rows[value] == nil else { return }
        try check([key], in: first.accumulator)
        guard type(value).isScalar else {
            return try each(type(value).dimensions) { indices in
                let element = try self.builder.append(.read, [value, try self.position(of: indices, in: value)])
                try self.accumulate(element[0], [key] + indices, in: places)
            }
        }
        try accumulate(value, [key], in: places)
    }

    private func accumulate(_ value: Value, _ indices: [Value], in places: [Row]) throws {
        for place in places {
            let position = try position(of: indices, in: place.accumulator)
            try builder.append(.accumulate(place.op), [place.accumulator, position, value])
        }
    }

    /// Combines a row that was made elsewhere, element by element.
    private func accumulate(_ row: Value, into accumulator: Value, _ op: ReductionOperator) throws {
        try each(type(row).dimensions) { indices in
            let value = try self.builder.append(.read, [row, try self.position(of: indices, in: row)])
            let position = try self.position(of: indices, in: accumulator)
            try self.builder.append(.accumulate(op), [accumulator, position] + value)
        }
    }

    /// A loop over all indices of an array that this rank holds whole, or of its block.
    private func each(_ extents: [Value], divided: Int? = nil, _ body: ([Value]) throws -> Void) throws {
        let (zero, one) = (try i64(0), try i64(1))
        try each(
            IterationSpace(
                extents.map { IterationSpace.Range(zero, $0, by: one) },
                divided: divided.map { .init(axis: $0, extent: extents[$0]) }),
            body)
    }

    /// A loop over this rank's indices of a space.
    func each(_ space: IterationSpace, _ body: ([Value]) throws -> Void) throws {
        let own = try cut(space)
        let outer = known
        let indices = builder.beginRegion(builder.indexTypes(own))
        try body(indices)
        let region = try builder.endRegion()
        known = outer
        try builder.append(
            .loop(Loop(axes: own.ranges.count, divided: own.divided?.axis, yields: [])), own.operands,
            regions: [region])
    }

    /// `scatter` of an array that every rank has: each copies its block.
    func slice(_ node: Node) throws {
        let whole = node.operands[0]
        let result = node.results[0]
        try builder.append(Node(.allocate, [], results: [result], node.span))
        try each(type(result).dimensions, divided: type(result).placement.dividedAxis) { indices in
            let value = try self.builder.append(.read, [whole, try self.position(of: indices, in: whole)])
            try self.builder.append(.write, [result, try self.position(of: indices, in: result)] + value)
        }
    }
}

extension Node {
    /// Whether a loop makes what rank 0 alone holds.
    func isOnRoot(_ module: Module) -> Bool { results.contains { module.type($0).placement == .root } }
}

extension Region {
    /// Whether a loop of this body makes the value, and nothing but the closing yield uses it, once.
    fileprivate func makesForOneUse(_ value: Value) -> Bool {
        var uses = 0
        forEachNode { uses += $0.operands.count { $0 == value } }
        guard uses == 1 else { return false }
        return nodes.contains { node in
            if case .loop = node.operation { node.results.contains(value) } else { false }
        }
    }

    /// Whether a value is known where this body makes another.
    fileprivate func has(_ value: Value, before other: Value) -> Bool {
        guard let made = nodes.firstIndex(where: { $0.results.contains(value) }) else { return true }
        return nodes[...made].allSatisfy { !$0.results.contains(other) }
    }

    /// The key and the value of the `spread` that makes a value.
    fileprivate func spread(_ value: Value) -> (key: Value, value: Value)? {
        guard let node = nodes.first(where: { $0.operation == .spread && $0.results == [value] }) else { return nil }
        return (node.operands[0], node.operands[1])
    }
}

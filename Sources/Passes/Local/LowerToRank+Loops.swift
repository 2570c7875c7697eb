import IR
import Language

extension RankLowering {
    func loop(_ loop: Loop, _ node: Node) throws {
        guard let space = IterationSpace(of: node), let body = node.regions.first else {
            throw fault("a loop without its ranges or body")
        }
        let results = self.results(of: loop, node)
        for result in results where result.yield == .element {
            if let row = rows[result.values[0]] {
                try check(row.keys, in: row.accumulators[0])
            } else {
                try builder.append(Node(.allocate, [], results: result.values, node.span))
            }
        }
        let reductions = results.filter { $0.yield != .element }
        let leaves = reductions.isEmpty ? [] : try leaves(of: space)
        let own = try cut(space)
        let accumulators = try reductions.filter { $0.isTiled || $0.isArray(self) }.flatMap { result in
            try result.values.map { try accumulator(of: result, $0, space) }
        }
        let rewritten = try self.body(body, space, results, accumulators)
        var local = Loop(axes: loop.axes, loop.distribution, yields: reductions.map(\.yield))
        local.places = Places(zip(loop.yields, node.yieldPlaces).filter { $0.0 != .element }.map(\.1))
        let made = Node(
            .loop(local), own.operands + leaves, regions: [rewritten], results: reductions.flatMap(\.values), node.span)
        if node.isOnRoot(builder.module), reductions.isEmpty { try onRoot(made) } else { try builder.append(made) }
    }

    /// What the body accumulates a result in: an array like it, or for a number that goes by tiles one element for each column.
    private func accumulator(of result: Result, _ value: Value, _ space: IterationSpace) throws -> Value {
        let type = type(value)
        guard result.isTiled, let element = type.element else {
            return builder.newValue(type.placement.isPart ? type.with(placement: .replicated) : type)
        }
        let columns = try block(space.extents[1], 1, of: space.distribution)
        let width = try builder.scalar(.subtract, columns.end, columns.begin)
        return builder.newValue(.array(element, dimensions: [width], .local))
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
        /// Whether it is a number that is reduced by tiles.
        var isTiled: Bool

        func isArray(_ lowering: RankLowering) -> Bool { !lowering.type(values[0]).isScalar }
    }

    private func results(of loop: Loop, _ node: Node) -> [Result] {
        var position = 0
        return loop.yields.map { yield in
            let range = position..<position + yield.arity
            position = range.upperBound
            let values = Array(node.results[range])
            return Result(
                yield: yield, values: values, contributions: Array(node.regions[0].yielded[range]),
                isTiled: isTiled(yield, values[0], loop))
        }
    }

    private func isTiled(_ yield: Loop.Yield, _ result: Value, _ loop: Loop) -> Bool {
        guard case .reduction(let op) = yield, let element = type(result).element else { return false }
        return loop.distribution.isTiled(op, element)
    }

    /// The body, which writes the elements and yields what numbers are reduced from.
    private func body(
        _ body: Region, _ space: IterationSpace, _ results: [Result], _ accumulators: [Value]
    ) throws -> Region {
        let outer = (rows, keyedContributions)
        defer { (rows, keyedContributions) = outer }
        let explicit = findRows(of: body, results, accumulators)
        let tiled = results.filter(\.isTiled)
        let saved = known
        defer { known = saved }
        known.nest()
        for (index, range) in zip(body.arguments, space.ranges) where isConstant(range.lower, 0) {
            known.uppers[index] = range.upper
        }
        return try region(body, arguments: body.arguments + accumulators) { _ in
            let indices = Array(body.arguments.prefix(space.ranges.count))
            let elements = results.filter { $0.yield == .element }
            let made = Dictionary(uniqueKeysWithValues: elements.map { ($0.values[0], $0.contributions[0]) })
            for element in elements { try self.write(element.values[0], indices, made) }
            for row in explicit { try self.accumulate(row, at: [], axesOf: row.values[0]) }
            for (result, columns) in zip(tiled, accumulators) {
                try self.accumulate(result, in: columns, at: indices[1], space)
            }
            return results.filter { $0.yield != .element && !$0.isTiled && !$0.isArray(self) }.flatMap(\.contributions)
        }
    }

    /// Notes the rows that the body's inner loops and keyed contributions make, which are accumulated where they are made; gives the others,
    /// which are accumulated at its end.
    private func findRows(of body: Region, _ results: [Result], _ accumulators: [Value]) -> [Row] {
        var free = accumulators.dropFirst(results.count(where: \.isTiled))
        var explicit: [Row] = []
        for result in results where result.yield != .element && result.isArray(self) {
            guard case .reduction(let op) = result.yield else { continue }
            var row = Row(accumulators: Array(free.prefix(op.arity)), op: op, values: result.contributions)
            free = free.dropFirst(op.arity)
            if let keyed = body.keyedContribution(row.values) {
                (row.keys, row.values) = (keyed.keys, keyed.values)
                row.condition = known.constants[keyed.condition] == .bool(true) ? nil : keyed.condition
                for contribution in result.contributions { keyedContributions[contribution, default: []] += [] }
                keyedContributions[keyed.last]?.append(row)
                let uses = results.count { !Set($0.contributions).isDisjoint(with: result.contributions) }
                if uses == 1, row.condition == nil, body.makesForOneUse(row.values),
                    row.keys.allSatisfy({ body.has($0, before: row.values[0]) })
                {
                    for value in row.values { rows[value] = row }
                }
            } else if body.makesForOneUse(row.values) {
                for value in row.values { rows[value] = row }
            } else {
                explicit.append(row)
            }
        }
        return explicit
    }

    /// Stores an element of a loop's result, or combines it, with those that belong to it, into the row that it is of.
    private func write(_ array: Value, _ indices: [Value], _ made: [Value: Value]) throws {
        if let row = rows[array] {
            guard row.values[0] == array else { return }
            let numbers = try row.values.map { value in
                guard let number = made[value] else { throw fault("a row is made by several loops") }
                return number
            }
            try accumulate(numbers, at: row.keys + indices, of: row)
        } else {
            guard let value = made[array] else { throw fault("a loop does not yield %\(array.id)") }
            try builder.append(.write, [array, try position(of: indices, in: array), value])
        }
    }

    /// The contribution of one point to the element that its key names, in every reduction of it. A row that an inner loop makes
    /// is there already.
    func keyedContribution(_ node: Node) throws {
        guard let places = keyedContributions[node.results[0]] else {
            throw fault("a keyedContribution that is not reduced")
        }
        for row in places where rows[row.values[0]] == nil {
            guard let condition = row.condition else {
                try add(row)
                continue
            }
            let outer = known
            _ = builder.beginRegion()
            try add(row)
            let then = try builder.endRegion()
            known = outer
            _ = try builder.conditional(condition, then, try builder.region { _, _ in [] })
        }
    }

    /// Combines what a `keyedContribution` gives into the element that its keys name.
    private func add(_ row: Row) throws {
        try check(row.keys, in: row.accumulators[0])
        if type(row.values[0]).isScalar {
            try accumulate(row.values, at: row.keys, of: row)
        } else {
            try accumulate(row, at: row.keys, axesOf: row.values[0])
        }
    }

    /// Combines a row that was made elsewhere, element by element.
    private func accumulate(_ row: Row, at key: [Value], axesOf array: Value) throws {
        try each(of: type(array)) { indices in
            let numbers = try row.values.map { value in
                try self.builder.append(.read, [value, try self.position(of: indices, in: value)])[0]
            }
            try self.accumulate(numbers, at: key + indices, of: row)
        }
    }

    /// A contribution to a reduction by tiles, which is its column's.
    private func accumulate(
        _ result: Result, in columns: Value, at column: Value, _ space: IterationSpace
    ) throws {
        guard case .reduction(let op) = result.yield else { throw fault("an element is accumulated") }
        let begin = try block(space.extents[1], 1, of: space.distribution).begin
        let place = try builder.scalar(.subtract, column, begin)
        try builder.append(.accumulate(op), [columns, place] + result.contributions)
    }

    private func accumulate(_ numbers: [Value], at indices: [Value], of row: Row) throws {
        let position = try position(of: indices, in: row.accumulators[0])
        try builder.append(.accumulate(row.op), row.accumulators + [position] + numbers)
    }

    /// A loop over all indices of an array of this type that this rank holds.
    private func each(of type: IRType, _ body: ([Value]) throws -> Void) throws {
        try each(
            IterationSpace(over: type.dimensions, type.placement.distribution, zero: i64(0), one: i64(1)), body)
    }

    /// A loop over this rank's indices of a space.
    func each(_ space: IterationSpace, _ body: ([Value]) throws -> Void) throws {
        try each(own: try cut(space), body)
    }

    /// The same where the space is cut already.
    func each(own: IterationSpace, _ body: ([Value]) throws -> Void) throws {
        let outer = known
        known.nest()
        let indices = builder.beginRegion(builder.indexTypes(own))
        try body(indices)
        let region = try builder.endRegion()
        known = outer
        try builder.append(writingLoop(over: own), own.operands, regions: [region])
    }

    /// A loop over a space that is cut already, which writes what it makes.
    func writingLoop(over own: IterationSpace) -> Operation {
        .loop(Loop(axes: own.ranges.count, own.distribution, yields: []))
    }

    /// `scatter` of an array that every rank has: each copies its block.
    func slice(_ node: Node) throws {
        let whole = node.values[0]
        let result = node.results[0]
        try builder.append(Node(.allocate, [], results: [result], node.span))
        try each(of: type(result)) { indices in
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
    /// Whether one loop of this body makes these arrays, and nothing but the closing yield uses them, each once.
    fileprivate func makesForOneUse(_ values: [Value]) -> Bool {
        let wanted = Set(values)
        var uses = 0
        forEachNode { uses += $0.operands.count(where: wanted.contains) }
        guard uses == wanted.count, wanted.count == values.count else { return false }
        return nodes.contains { node in
            if case .loop = node.operation { wanted.isSubset(of: node.results) } else { false }
        }
    }

    /// Whether a value is known where this body makes another.
    fileprivate func has(_ value: Value, before other: Value) -> Bool {
        guard let made = nodes.firstIndex(where: { $0.results.contains(value) }) else { return true }
        return nodes[...made].allSatisfy { !$0.results.contains(other) }
    }

    /// The keys, the values and the condition of the `keyedContribution`s that make these values, and which of them is made last.
    fileprivate func keyedContribution(_ values: [Value]) -> (
        keys: [Value], values: [Value], condition: Value, last: Value
    )? {
        let keyedContributions = nodes.filter { $0.operation == .keyedContribution && values.contains($0.results[0]) }
        guard let last = keyedContributions.last else { return nil }
        let made = values.compactMap { value in keyedContributions.first { $0.results == [value] } }
        guard made.count == values.count else { return nil }
        return (last.keys, made.map(\.value), last.condition, last.results[0])
    }
}

import IR

// Updates: where the new array's memory comes from, then a loop that writes the elements that differ.

extension RankLowering {
    /// The base made writable, then a loop that writes. Where no element of the base is read that another iteration writes, the
    /// reads are of the new array, so that the old one may be given up; else what is written is computed beside it first, where that is a
    /// line or a plane; else the old one lives on, and what is not written is copied.
    func update(_ bounds: Bounds, _ node: Node) throws {
        guard let space = IterationSpace(of: node), var body = node.regions.first, let result = node.results.first
        else {
            throw fault("an update without its ranges or body")
        }
        let base = node.base
        let rank = type(base).dimensions.count
        let indices = Array(body.yielded.prefix(rank))
        let keepsBase = !dependences.areApart(readsAndWritesOf: node, rank: rank)
        if !keepsBase { body.renameReads(of: base, to: result) }
        let writesAll = body.yielded.count == rank + 1
        if keepsBase, writesAll, isPlane(space, writing: indices, of: body) {
            try updatePlane(bounds, space, body, node)
            return
        }
        if keepsBase, writesAll, isBox(space, writing: indices, of: body, in: base) {
            try builder.append(Node(.allocate, [], results: [result], node.span))
            try copyAround(space, from: base, to: result)
        } else {
            try builder.append(Node(.unshare, [base], results: [result], node.span))
        }
        try writeElements(of: result, space, body, bounds, node)
    }

    private func writeElements(
        of result: Value, _ space: IterationSpace, _ body: Region, _ bounds: Bounds, _ node: Node
    ) throws {
        let own = try cut(space)
        let rewritten = try region(body, arguments: body.arguments) { yielded in
            let rank = self.type(result).dimensions.count
            let indices = Array(yielded.prefix(rank))
            func write() throws {
                if case .checked(let order) = bounds { try self.check(indices, in: result, order) }
                try self.builder.append(.write, [result, try self.position(of: indices, in: result), yielded[rank]])
            }
            guard yielded.count > rank + 1 else {
                try write()
                return []
            }
            let outer = self.known
            self.known.nest()
            _ = self.builder.beginRegion()
            try write()
            let writes = try self.builder.endRegion()
            self.known = outer
            let nothing = try self.builder.region { _, _ in [] }
            _ = try self.builder.conditional(yielded[rank + 1], writes, nothing)
            return []
        }
        if space.ranges.isEmpty {
            for node in rewritten.nodes.dropLast() { try builder.append(node) }
            return
        }
        try builder.append(Node(writingLoop(over: own), own.operands, regions: [rewritten], results: [], node.span))
    }

    // MARK: Lines and planes

    /// Whether the update writes with every one of its own indices, without gaps, and along another axis at one place only.
    private func isPlane(_ space: IterationSpace, writing indices: [Value], of body: Region) -> Bool {
        let defined = body.nodes.reduce(into: Set<Value>()) { $0.formUnion($1.results) }
        return !space.ranges.isEmpty && indices.count > space.ranges.count
            && indices.filter(body.arguments.contains) == body.arguments && defined.isDisjoint(with: indices)
            && space.ranges.allSatisfy { isConstant($0.step, 1) }
    }

    /// Computes the new elements before it writes the first:
    ///
    ///     %r = update %a over (%i in 1..%n) { %x = element %a[%i - 1, %k]; yield %i, %k, %x }
    ///     →
    ///     loop (%i in 1..%n) { write %t[%i - 1] = read %a[…] }
    ///     %r = unshare %a
    ///     loop (%i in 1..%n) { write %r[…] = read %t[%i - 1] }
    private func updatePlane(_ bounds: Bounds, _ space: IterationSpace, _ body: Region, _ node: Node) throws {
        let (base, result) = (node.base, node.results[0])
        let own = try cut(space)
        let extents = try own.ranges.map { range in
            try builder.scalar(.max, try builder.scalar(.subtract, range.upper, range.lower), try i64(0))
        }
        let kept = builder.newValue(.array(type(base).element ?? .f64, dimensions: extents, .local))
        func position(_ indices: [Value]) throws -> Value {
            let counts = try zip(indices, own.ranges).map { try builder.scalar(.subtract, $0, $1.lower) }
            return try self.position(of: counts, in: kept)
        }
        try builder.append(Node(.allocate, [], results: [kept], node.span))
        let written = Array(body.yielded.prefix(type(base).dimensions.count))
        let computed = try region(body, arguments: body.arguments) { yielded in
            if case .checked(let order) = bounds { try check(written, in: base, order) }
            try builder.append(.write, [kept, try position(body.arguments), yielded[written.count]])
            return []
        }
        try builder.append(Node(writingLoop(over: own), own.operands, regions: [computed], results: [], node.span))
        try builder.append(Node(.unshare, [base], results: [result], node.span))
        try each(own: own) { indices in
            let places = Dictionary(uniqueKeysWithValues: zip(body.arguments, indices))
            let value = try builder.append(.read, [kept, try position(indices)])
            let target = try self.position(of: written.map { places[$0] ?? $0 }, in: result)
            try builder.append(.write, [result, target] + value)
        }
    }

    // MARK: What is not written

    /// Whether the update writes exactly the elements of its own indices, without gaps.
    private func isBox(_ space: IterationSpace, writing indices: [Value], of body: Region, in base: Value) -> Bool {
        !indices.isEmpty && indices == body.arguments && space.distribution == type(base).placement.distribution
            && space.ranges.allSatisfy { isConstant($0.step, 1) }
    }

    /// Copies the elements outside the box, for each axis those before it and those after it:
    ///
    ///     0 0 0 0
    ///     1 · · 1     (0: by the first axis, 1: by the second)
    ///     0 0 0 0
    private func copyAround(_ box: IterationSpace, from base: Value, to result: Value) throws {
        let (zero, one) = (try i64(0), try i64(1))
        let extents = type(base).dimensions
        var ranges = extents.map { IterationSpace.Range(zero, $0, by: one) }
        func copy() throws {
            try each(IterationSpace(ranges, box.distribution, of: box.extents)) { indices in
                let position = try self.position(of: indices, in: base)
                let value = try self.builder.append(.read, [base, position])
                try self.builder.append(.write, [result, position] + value)
            }
        }
        for (axis, range) in box.ranges.enumerated() {
            let extent = extents[axis]
            let lower = isConstant(range.lower, 0) ? zero : try within(range.lower, zero, extent)
            let upper = range.upper == extent ? extent : try within(range.upper, lower, extent)
            if lower != zero {
                ranges[axis] = .init(zero, lower, by: one)
                try copy()
            }
            if upper != extent {
                ranges[axis] = .init(upper, extent, by: one)
                try copy()
            }
            ranges[axis] = .init(lower, upper, by: one)
        }
    }

    /// The value, not below the least and not above the greatest.
    private func within(_ value: Value, _ least: Value, _ greatest: Value) throws -> Value {
        try builder.scalar(.max, try builder.scalar(.min, value, greatest), least)
    }
}

extension Region {
    fileprivate mutating func renameReads(of array: Value, to other: Value) {
        rewriteNodes { node in
            if case .element = node.operation, node.array == array { node.array = other }
        }
    }
}

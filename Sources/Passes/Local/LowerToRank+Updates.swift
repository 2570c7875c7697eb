import IR

// Updates: where the new array's memory comes from, then a loop that writes the elements that differ.

extension RankLowering {
    /// The base made writable, then a loop that writes. Where no element of the base is read that another iteration writes, the
    /// reads are of the new array, so that the old one may be given up; else the old one lives on, and what is not written is copied.
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
        if keepsBase, body.yielded.count == rank + 1, isBox(space, writing: indices, of: body, in: base) {
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
        let loop = Loop(axes: space.ranges.count, space.distribution, yields: [])
        try builder.append(Node(.loop(loop), own.operands, regions: [rewritten], results: [], node.span))
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

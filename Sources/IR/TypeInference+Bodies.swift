import Language

/// Result types of operations with bodies, and of collectives.
extension TypeInference {
    func branches(_ node: Node) throws(IRFault) -> [IRType] {
        guard node.regions.count == 2 else {
            throw IRFault("a conditional needs two bodies", at: node.span)
        }
        let (first, second) = (node.regions[0].yielded, node.regions[1].yielded)
        guard first.count == second.count else {
            throw IRFault("the ways of a conditional yield different numbers of values", at: node.span)
        }
        let varying = module.type(node.condition).placement == .local
        return zip(first, second).map { a, b in
            let (x, y) = (module.type(a), module.type(b))
            if varying || y.placement == .local { return x.with(placement: .local) }
            return x.placement == .replicated ? x.with(placement: y.placement) : x
        }
    }

    func counted(_ node: Node) throws(IRFault) -> [IRType] {
        guard node.regions.count == 1, node.regions[0].arguments.count == 1 + node.carried.count else {
            throw IRFault("a for loop's body takes the index and what is carried", at: node.span)
        }
        return node.regions[0].arguments.dropFirst().map(module.type)
    }

    func tested(_ node: Node) throws(IRFault) -> [IRType] {
        guard node.regions.count == 2, node.regions[1].arguments.count == node.carried.count else {
            throw IRFault("a while loop has a condition and a body that take what is carried", at: node.span)
        }
        return node.regions[1].arguments.map(module.type)
    }

    func swept(_ sweeps: Sweeps, _ node: Node) throws(IRFault) -> [IRType] {
        let type = module.type(node.arrays[0])
        guard node.regions.count == 1, let loop = node.sweptLoop, node.regions[0].yielded == loop.results,
            IterationSpace(of: loop)?.outermostCut?.extent == type.dimensions[0]
        else { throw IRFault("sweeps are of one loop over the rows of an array", at: node.span) }
        let buffers = node.buffers.map(module.type)
        guard (node.arrays.map(module.type) + buffers).allSatisfy({ $0 == type }),
            node.regions[0].arguments.map(module.type) == buffers
        else { throw IRFault("sweeps go from an array to one like it", at: node.span) }
        let parts = loop.results.map(module.type)
        return buffers + Array(repeating: parts, count: sweeps.reducesEach ? sweeps.most : 1).joined()
    }

    func loop(_ loop: Loop, _ node: Node) throws(IRFault) -> [IRType] {
        guard let space = IterationSpace(of: node), 1...2 ~= node.regions.count else {
            throw IRFault("a loop needs its ranges and a body", at: node.span)
        }
        if node.regions.count == 2 {
            let between = node.regions[1]
            guard module.stage == .local, between.arguments.isEmpty, between.yielded.isEmpty else {
                throw IRFault("a second body of a loop finishes an exchange, in the local stage", at: node.span)
            }
        }
        let body = node.regions[0]
        guard body.arguments.count >= loop.axes, loop.distribution.dividedAxes.allSatisfy({ $0 < loop.axes }) else {
            throw IRFault("a loop's body takes an index for each axis", at: node.span)
        }
        // The accumulators of array reductions (local stage) are arguments, not yielded.
        var accumulators = body.arguments.dropFirst(loop.axes)
        var yielded = body.yielded[...]
        var types: [IRType] = []
        for (position, yield) in loop.yields.enumerated() {
            var values: [Value] = []
            for part in 0..<yield.arity {
                let result = types.count + part
                let declared = node.results.indices.contains(result) ? module.type(node.results[result]) : nil
                let isAccumulated = takesAccumulator(yield, space, declared)
                guard let value = isAccumulated ? accumulators.popFirst() : yielded.popFirst() else {
                    throw IRFault("a loop's body yields too little for result \(position).\(part)", at: node.span)
                }
                values.append(value)
            }
            // Numbers that are combined together depend on each other.
            let joined = join(space.operands + values)
            for value in values { types.append(try yieldType(yield, value, joined, space, node)) }
        }
        guard yielded.isEmpty, accumulators.isEmpty else {
            throw IRFault("a loop's body yields or takes more than the loop has results", at: node.span)
        }
        return types
    }

    /// Whether a result has an accumulator among the arguments (local stage).
    private func takesAccumulator(_ yield: Loop.Yield, _ space: IterationSpace, _ result: IRType?) -> Bool {
        guard module.stage == .local, let result, let element = result.element else { return false }
        return !result.isScalar || isTiled(yield, space, element)
    }

    private func isTiled(_ yield: Loop.Yield, _ space: IterationSpace, _ element: ElementType) -> Bool {
        guard module.stage == .local, case .reduction(let op) = yield else { return false }
        return space.distribution.isTiled(op, element)
    }

    private func yieldType(
        _ yield: Loop.Yield, _ value: Value, _ around: Placement, _ space: IterationSpace, _ node: Node
    ) throws(IRFault) -> IRType {
        let type = module.type(value)
        guard let element = type.element, !type.placement.isPart, !type.placement.isDivided else {
            throw IRFault(
                "a loop's body yields %\(value.id), neither a number nor an array on this rank", at: node.span)
        }
        let placement = around == .local || type.placement == .local ? .local : type.placement
        switch yield {
        case .element:
            guard type.isScalar else {
                throw IRFault("a loop's element is an array", at: node.span)
            }
            return .array(
                element, dimensions: space.ranges.map(\.upper),
                space.distribution.isDivided ? .scattered(space.distribution) : placement)
        case .reduction(let op):
            let dimensions = isTiled(yield, space, element) ? [] : type.dimensions
            return .array(element, dimensions: dimensions, space.distribution.isDivided ? .part(op) : placement)
        }
    }

    func collective(_ collective: Collective, _ node: Node) throws(IRFault) -> [IRType] {
        var types: [IRType] = []
        for type in node.values.map(module.type) {
            guard let placement = collective.result(of: type.placement, rank: type.dimensions.count) else {
                throw IRFault("\(collective.rawValue) of a value that is \(type.placement)", at: node.span)
            }
            types.append(type.with(placement: placement))
        }
        // The components of one part, which has several values for one contribution.
        let components = [.reduce, .reduceScatter].contains(collective) && !types.isEmpty
        guard types.count == 1 || components || (collective == .allreduce && !types.isEmpty) else {
            throw IRFault("\(collective.rawValue) of \(types.count) values", at: node.span)
        }
        return types
    }
}

/// Whether declared types fit, where they do not follow from the operands.
extension TypeInference {
    func isAssembled(_ node: Node, _ results: [IRType]) -> Bool {
        guard results.count == 1, let element = results[0].element, !results[0].dimensions.isEmpty else { return false }
        return node.values.allSatisfy { module.type($0).element == element }
            && IRType.scalar(element, join(node.values)).flows(into: .scalar(element, results[0].placement))
    }

    func isBlock(_ node: Node, _ results: [IRType]) -> Bool {
        let whole = module.type(node.array)
        return whole.placement.isDivided && results.count == 1
            && whole.with(placement: .local).flows(into: results[0])
    }

    /// An array and the extents that it was found to have.
    func isLoaded(_ node: Node, _ results: [IRType]) -> Bool {
        guard let array = results.first, array.element != nil else { return false }
        let rank = array.dimensions.count
        return node.extents.count == rank && node.extents.allSatisfy { module.type($0) == .scalar(.i64) }
            && results.count == 1 + rank && results.dropFirst().allSatisfy { $0 == .scalar(.i64) }
    }

    /// An array and its extents, which are a rank's own where the array is.
    func isArgument(_ node: Node, _ results: [IRType]) -> Bool {
        guard let array = results.first, array.element != nil else { return false }
        let rank = array.dimensions.count
        let extent = IRType.scalar(.i64, array.placement == .local ? .local : .replicated)
        return node.extents.count == rank && node.extents.allSatisfy { module.type($0) == .scalar(.i64) }
            && results.count == 1 + rank && results.dropFirst().allSatisfy { $0 == extent }
    }

    /// The value, in an array that has an axis more for each key.
    func isKeyed(_ node: Node, _ results: [IRType]) -> Bool {
        let value = module.type(node.value)
        return results.count == 1 && !node.keys.isEmpty && results[0].element == value.element
            && results[0].dimensions.count == value.dimensions.count + node.keys.count
    }

    /// Arrays first, then the extents that they name. A rank's own array has an extent of its own.
    func areArraysAndExtents(_ results: [IRType]) -> Bool {
        let arrays = results.prefix { $0.element != nil && !$0.isScalar }
        let placement: Placement = arrays.first?.placement == .local ? .local : .replicated
        return !arrays.isEmpty && results.dropFirst(arrays.count).allSatisfy { $0 == .scalar(.i64, placement) }
    }
}

extension Collective {
    /// The placement that it gives to a value of that placement; nil: it takes no such value.
    func result(of placement: Placement, rank: Int) -> Placement? {
        switch (self, placement) {
        case (.scatter, .replicated) where rank > 0, (.scatter, .root) where rank > 0: .scattered(.rows)
        case (.gather, .scattered): .root
        case (.allgather, .scattered): .replicated
        case (.bcast, .root): .replicated
        case (.reduce, .part): .root
        case (.allreduce, .part): .replicated
        case (.reduceScatter, .part) where rank > 0: .scattered(.rows)
        default: nil
        }
    }
}

extension IRType {
    public func with(placement: Placement) -> IRType {
        guard case .array(let element, let dimensions, _) = self else { return self }
        return .array(element, dimensions: dimensions, placement)
    }

    /// Whether a value of this type may be passed where `other` is wanted: the same kind of value, or a replicated one where a
    /// local or root one is wanted. Extents are compared in number only: several values may hold one extent, and
    /// the checker has proved or checked that they do.
    public func flows(into other: IRType) -> Bool {
        guard element == other.element, dimensions.count == other.dimensions.count else { return false }
        return placement == other.placement
            || (placement == .replicated && (other.placement == .local || other.placement == .root))
    }
}

import Language

/// What the results of an operation are: the one place that knows. The builder gives new results these types, the
/// verifier compares them with what is declared.
///
/// Placements of numbers follow one rule: what depends on a `local` value is local, what depends on a `root` value is root.
public struct TypeInference {
    let module: Module

    public init(_ module: Module) { self.module = module }

    /// The result types, or nil where they must be declared because extents do not follow from the operands
    /// (`assemble`, `ownBlock`, `loadFile`, `argument`, `allocate`, array operations). Throws when operands or bodies do not fit the operation.
    /// A reduction in a divided loop is inferred as a part; in the global stage it may instead be declared replicated.
    public func resultTypes(of node: Node) throws(IRFault) -> [IRType]? {
        switch node.operation {
        case .constant(let constant): return [.scalar(constant.element)]
        case .scalar(let op): return [try scalar(op, node)]
        case .convert(let target): return [.scalar(target, try number(node, 0).placement)]
        case .parameter(let index): return [try parameter(index, node)]
        case .parameterGiven(let index):
            _ = try parameter(index, node)
            return [.scalar(.bool)]
        case .text: return [.text]
        case .compose(let pieces):
            let types = node.operands.map(module.type)
            guard types.count == pieces.holeCount,
                types.allSatisfy({ $0 == .text || ($0.element != nil && $0.isScalar) })
            else { throw IRFault("a text's holes are not filled by numbers and texts", at: node.span) }
            return [.text]
        case .rank: return [.scalar(.i64, .local)]
        case .ranks: return [.scalar(.i64)]
        case .clock: return [.scalar(.f64)]
        case .owned:
            try expectIntegers(node, from: 0, count: 1)
            return [.scalar(.i64, .local), .scalar(.i64, .local)]
        case .conditional, .forLoop, .whileLoop: return try controlTypes(node)
        case .loop(let loop): return try loopTypes(loop, node)
        case .element, .neighbour: return [try elementType(node)]
        case .exchange(let halos), .startExchange(let halos): return try exchangeTypes(halos, node)
        case .update, .unshare, .reuse: return [try array(node, 0)]
        case .fold: return try foldTypes(node)
        case .collective(let collective): return try collectiveTypes(collective, node)
        case .leafRows: return [.scalar(.i64, join(node.operands))]
        case .read: return [try elementType(node)]
        case .assemble, .keyedContribution, .ownBlock, .loadFile, .argument, .allocate, .array: return nil
        case .yield, .saveFile, .result, .print, .show, .assertion, .checkExtent, .checkShape, .retain, .release,
            .write,
            .accumulate,
            .checkIndex, .checkAhead, .finishExchange:
            return []
        }
    }

    /// local when one of the values is, else root when one of them is, else replicated.
    public func join(_ values: [Value]) -> Placement {
        let placements = values.map { module.type($0).placement }
        if placements.contains(.local) { return .local }
        return placements.contains(.root) ? .root : .replicated
    }

    /// The types of a space's indices. The divided axis has the same meaning on every rank, each takes its share.
    public func indexTypes(_ space: IterationSpace) -> [IRType] {
        space.ranges.enumerated().map { axis, range in
            axis == space.divided?.axis
                ? .scalar(.i64) : .scalar(.i64, join([range.lower, range.upper, range.step]))
        }
    }

    // MARK: Operands

    func operand(_ node: Node, _ index: Int) throws(IRFault) -> IRType {
        guard node.operands.indices.contains(index) else {
            throw IRFault("\(node.operation) lacks operand \(index)", at: node.span)
        }
        return module.type(node.operands[index])
    }

    func number(_ node: Node, _ index: Int) throws(IRFault) -> IRType {
        let type = try operand(node, index)
        guard type.element != nil, type.isScalar, !type.placement.isPart else {
            throw IRFault("operand \(index) of \(node.operation) is not a number", at: node.span)
        }
        return type
    }

    func array(_ node: Node, _ index: Int) throws(IRFault) -> IRType {
        let type = try operand(node, index)
        guard !type.isScalar, !type.placement.isPart else {
            throw IRFault("operand \(index) of \(node.operation) is not an array", at: node.span)
        }
        return type
    }

    func expectIntegers(_ node: Node, from first: Int, count: Int? = nil) throws(IRFault) {
        let last = count.map { first + $0 } ?? node.operands.count
        guard node.operands.count >= last, first <= last else {
            throw IRFault("\(node.operation) lacks operands", at: node.span)
        }
        for index in first..<last where try number(node, index).element != .i64 {
            throw IRFault("operand \(index) of \(node.operation) is not an i64", at: node.span)
        }
    }

    private func parameter(_ index: Int, _ node: Node) throws(IRFault) -> IRType {
        guard module.parameters.indices.contains(index) else {
            throw IRFault("there is no parameter \(index)", at: node.span)
        }
        return module.parameters[index].element.map { .scalar($0) } ?? .text
    }

    private func foldTypes(_ node: Node) throws(IRFault) -> [IRType] {
        var types: [IRType] = []
        for index in node.operands.indices {
            let type = try operand(node, index)
            guard type.placement.isPart else { throw IRFault("fold of a value that is no part", at: node.span) }
            types.append(type.with(placement: .local))
        }
        return types
    }

    private func exchangeTypes(_ halos: [Halo], _ node: Node) throws(IRFault) -> [IRType] {
        guard halos.count == node.operands.count, !halos.isEmpty else {
            throw IRFault("an exchange has a halo for each array", at: node.span)
        }
        var types: [IRType] = []
        for index in node.operands.indices {
            let type = try array(node, index)
            guard type.placement == .scattered(axis: 0) else {
                throw IRFault("an exchange of an array that is not divided along its first axis", at: node.span)
            }
            types.append(type)
        }
        return module.stage == .local ? [] : types
    }

    // MARK: Numbers and elements

    private func scalar(_ op: ScalarOperator, _ node: Node) throws(IRFault) -> IRType {
        guard node.operands.count == op.arity else {
            throw IRFault("\(op) takes \(op.arity) operands, not \(node.operands.count)", at: node.span)
        }
        var elements: [ElementType] = []
        for index in node.operands.indices {
            if let element = try number(node, index).element { elements.append(element) }
        }
        if op == .select, elements.removeFirst() != .bool {
            throw IRFault("select's condition is not a bool", at: node.span)
        }
        guard Set(elements).count == 1, let element = elements.first else {
            throw IRFault("\(op) of operands of different types", at: node.span)
        }
        if [.and, .or, .not].contains(op), element != .bool {
            throw IRFault("\(op) of \(element)", at: node.span)
        }
        return .scalar(op.isPredicate ? .bool : element, join(node.operands))
    }

    /// An element of a scattered array is the same number whichever rank computes with it; one of a replicated array is
    /// local when its index is.
    private func elementType(_ node: Node) throws(IRFault) -> IRType {
        let base = try array(node, 0)
        let indices = node.operation == .read ? 1 : base.dimensions.count
        guard node.operands.count == 1 + indices, let element = base.element else {
            throw IRFault(
                "an element of an array of rank \(base.dimensions.count) needs as many indices", at: node.span)
        }
        try expectIntegers(node, from: 1)
        return .scalar(element, base.placement.dividedAxis == nil ? join(node.operands) : .replicated)
    }
}

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
        let row = node.operation.row
        try expect(row, node)
        switch row.types {
        case .nothing: return []
        case .text: return [.text]
        case .number(let element, let placement): return [.scalar(element, placement)]
        case .joined(let element): return [.scalar(element, join(node.operands))]
        case .computed(let op): return [try scalar(op, node)]
        case .likeFirst: return [module.type(node.operands[0])]
        case .inferred(let rule): return try rule(self, node)
        case .declared: return nil
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
            .scalar(.i64, space.distribution.isWhole(axis: axis) ? join(range.ends) : .replicated)
        }
    }

    // MARK: Operands

    /// Throws when there are too few or too many operands, or one is not of the kind that the operation takes.
    private func expect(_ row: OperationRow, _ node: Node) throws(IRFault) {
        let given = node.operands.count
        let spare = given - row.operands.least
        var start = 0
        for group in row.operands {
            let end = start + group.length(spare: spare)
            guard end <= given else { break }
            for value in node.operands[start..<end] where !fits(module.type(value), group.kind) {
                throw IRFault("'\(group.name.rawValue)' of \(row.word) is not \(group.kind.shown)", at: node.span)
            }
            start = end
        }
        guard spare >= 0, start == given else {
            throw IRFault("\(row.word) takes \(row.operands.least) operands, not \(given)", at: node.span)
        }
    }

    private func fits(_ type: IRType, _ kind: OperandGroup.Kind) -> Bool {
        let isValue = type.element != nil && !type.placement.isPart
        let isNumber = isValue && type.isScalar
        return switch kind {
        case .any: true
        case .number: isNumber
        case .bool: isNumber && type.element == .bool
        case .integer: isNumber && type.element == .i64
        case .array: isValue && !type.isScalar
        case .text: type == .text
        case .piece: type == .text || isNumber
        case .shown: type == .text || isValue
        case .value: isValue
        case .part: type.placement.isPart
        case .counted: type.element != nil
        }
    }

    func parameter(_ index: Int, _ node: Node) throws(IRFault) -> IRType {
        guard module.parameters.indices.contains(index) else {
            throw IRFault("there is no parameter \(index)", at: node.span)
        }
        return module.parameters[index].element.map { .scalar($0) } ?? .text
    }

    func parameterGiven(_ index: Int, _ node: Node) throws(IRFault) -> [IRType] {
        _ = try parameter(index, node)
        return [.scalar(.bool)]
    }

    func folded(_ node: Node) -> [IRType] { node.parts.map { module.type($0).with(placement: .local) } }

    func exchanged(_ node: Node) throws(IRFault) -> [IRType] {
        let types = node.arrays.map(module.type)
        guard !types.isEmpty else { throw IRFault("an exchange of nothing", at: node.span) }
        guard types.allSatisfy({ $0.placement.isDivided }) else {
            throw IRFault("an exchange of an array that is not divided", at: node.span)
        }
        return module.stage == .local ? [] : types
    }

    // MARK: Numbers and elements

    private func scalar(_ op: ScalarOperator, _ node: Node) throws(IRFault) -> IRType {
        var elements = node.operands.compactMap { module.type($0).element }
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
    func element(_ node: Node) throws(IRFault) -> IRType {
        let base = module.type(node.array)
        let rank = node.operation == .read ? 1 : base.dimensions.count
        guard node.operands.count == 1 + rank, let element = base.element else {
            throw IRFault("an element of an array of rank \(rank) needs as many indices", at: node.span)
        }
        return .scalar(element, base.placement.isDivided ? .replicated : join(node.operands))
    }

    /// Numbers go into arrays of their type.
    func stored(_ arrays: [Value], _ values: [Value], _ node: Node) throws(IRFault) -> [IRType] {
        guard zip(arrays, values).allSatisfy({ module.type($0).element == module.type($1).element }) else {
            throw IRFault("a number goes into an array of another type", at: node.span)
        }
        return []
    }
}

extension OperandGroup.Kind {
    fileprivate var shown: String {
        switch self {
        case .any: "a value"
        case .number: "a number"
        case .bool: "a bool"
        case .integer: "an i64"
        case .array: "an array"
        case .text: "a text"
        case .piece: "a number or a text"
        case .shown: "a text, a number or an array"
        case .value: "a number or an array"
        case .part: "a part"
        case .counted: "a number, an array or a part"
        }
    }
}

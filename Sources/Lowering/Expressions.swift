import IR
import Language
import TypedTree

extension Lowering {
    /// A number's value.
    func number(_ expression: TypedExpression) throws -> Value { try value(self.expression(expression)) }

    func value(_ lowered: Lowered) throws -> Value {
        guard case .value(let value) = lowered else { throw fault("a single value is wanted") }
        return value
    }

    func expression(_ expression: TypedExpression) throws -> Lowered {
        let outer = builder.span
        builder.span = expression.span
        defer { builder.span = outer }
        if let type = expression.type.array {
            if type.placement.isPart, let part = try partArithmetic(expression) { return .part(part) }
            if !type.isScalar, let elements = try elementwise(expression) {
                return .value(try materialise(type, elements))
            }
        }
        return try evaluate(expression)
    }

    /// An expression that is not arithmetic on arrays or parts.
    private func evaluate(_ expression: TypedExpression) throws -> Lowered {
        switch expression.kind {
        case .constant(let constant): return .value(try self.constant(constant))
        case .string(let text): return .value(try builder.text(text))
        case .text(let parts): return .value(try composed(parts))
        case .sameText(let left, let right): return .value(try one(.sameText, [try number(left), try number(right)]))
        case .variable(let variable): return try held(variable)
        case .apply(let op, let operands):
            return .value(try builder.scalar(op, operands: try operands.map { try number($0) }))
        case .convert(let value):
            guard let element = expression.type.array?.element else { throw fault("a conversion to no number") }
            return .value(try builder.convert(try number(value), to: element))
        case .place(let value): return try self.expression(value)
        case .element(let array, let indices, let bounds): return .value(try element(array, indices, bounds))
        case .reduction(let reduction): return try self.reduction(reduction, expression.type)
        case .arrayLiteral(let elements):
            return .value(
                try one(.assemble, try elements.map { try number($0) }, types: [try typeOfArray(expression)]))
        case .tuple(let elements): return .tuple(try elements.map { try self.expression($0) })
        case .tupleElement(let tuple, let index): return try tupleElement(tuple, index)
        case .call(let index, let arguments): return try call(index, arguments)
        case .collective(let collective, let operands):
            return try self.collective(collective, operands, expression.type)
        case .arrayOperation(let operation, let operands):
            return try arrayOperation(operation, operands, expression.type)
        case .conditional(let condition, let then, let otherwise):
            return try conditional(condition, then, otherwise, expression.type)
        case .block(let block), .local(let block): return try self.block(block)
        case .ownBlock(let array): return .value(try ownBlock(array, expression))
        case .extent(let array, let axis): return .value(try extent(array, axis))
        case .rank: return .value(try one(.rank))
        case .ranks: return .value(try one(.ranks))
        case .clock: return .value(try one(.clock))
        case .checkShape(let value, let expected, let context):
            return try checkShape(value, expected, context)
        case .comprehension(let domain, let body): return try comprehension(domain, body, expression.type)
        case .view, .power, .slice: throw fault("an expression that stands in others, or is gone after desugaring")
        }
    }

    private func held(_ variable: Variable) throws -> Lowered {
        guard let value = scope.variables[variable] else { throw fault("`\(variable.name)` has no value") }
        return value
    }

    private func composed(_ parts: [PrintPart]) throws -> Value {
        let (pieces, holes) = try text(parts)
        return try one(.compose(pieces), holes)
    }

    private func tupleElement(_ tuple: TypedExpression, _ index: Int) throws -> Lowered {
        guard case .tuple(let elements) = try expression(tuple), elements.indices.contains(index) else {
            throw fault("a tuple has no element \(index)")
        }
        return elements[index]
    }

    func block(_ block: TypedBlock) throws -> Lowered {
        try statements(block.statements)
        return try expression(block.value)
    }

    private func typeOfArray(_ expression: TypedExpression) throws -> IRType {
        guard let type = expression.type.array else { throw fault("an array is wanted, not a \(expression.type)") }
        return try irType(type)
    }

    // MARK: Conditionals

    /// `if` as an expression. Ways that cost little, cannot fail and do nothing are both evaluated: a `select` does not break vectors.
    private func conditional(
        _ condition: TypedExpression, _ then: TypedBlock, _ otherwise: TypedBlock, _ type: ValueType
    ) throws -> Lowered {
        let test = try number(condition)
        if type.array?.isScalar == true, then.isPlain, otherwise.isPlain {
            return .value(try builder.scalar(.select, test, try number(then.value), try number(otherwise.value)))
        }
        let assigned = carried(by: AssignedVariables(in: [then, otherwise]))
        func way(_ block: TypedBlock) -> () throws -> Lowered {
            return { .tuple([try self.block(block), try self.current(assigned)]) }
        }
        let result = try choose(test, .tuple([type, assigned.type]), way(then), way(otherwise))
        guard case .tuple(let parts) = result, parts.count == 2 else { throw fault("a conditional without a value") }
        try assign(assigned, parts[1])
        return parts[0]
    }

    // MARK: Extents

    private func extent(_ array: TypedExpression, _ axis: Int) throws -> Value {
        guard let shape = array.type.array?.shape, shape.indices.contains(axis) else { throw fault("no axis \(axis)") }
        if let known = try value(of: shape[axis]) { return known }
        let extent = extents(of: try value(expression(array)), array.storageOrder)[axis]
        learn([shape[axis]], [extent])
        return extent
    }

    private func checkShape(
        _ value: TypedExpression, _ expected: [TypedExpression?], _ context: String
    ) throws -> Lowered {
        let span = builder.span
        let lowered = try expression(value)
        guard case .value(let array) = lowered else { throw fault("the shape of no array is checked") }
        for (wanted, actual) in zip(expected, extents(of: array, value.storageOrder)) {
            guard let wanted else { continue }
            let number = try number(wanted)
            builder.span = span
            try builder.append(.checkExtent(what: context), [number, actual])
        }
        return lowered
    }

    /// This rank's block, whose divided extent is as long as the block.
    private func ownBlock(_ array: TypedExpression, _ block: TypedExpression) throws -> Value {
        let whole = try value(expression(array))
        let order = array.storageOrder
        guard array.type.array?.placement.isDivided == true, let type = block.type.array else {
            throw fault("the own block of an array that is not scattered")
        }
        let extents = try extents(of: type) { order.written(try self.held(of: whole).extents) }
        let stored = try one(
            .ownBlock, [whole], types: [.array(type.element, dimensions: order.stored(extents), .local)])
        return try reordered(stored, from: order, to: .plain)
    }

    /// What this rank holds of a divided array: the block's extents, as it is stored, and along the divided axis its first index and how
    /// many there are.
    func held(of whole: Value) throws -> (extents: [Value], begin: Value, count: Value) {
        let type = type(of: whole)
        guard let axis = type.placement.dividedAxis else { throw fault("the own block of an undivided array") }
        var extents = type.dimensions
        let owned = try builder.append(.owned(.all), [extents[axis]])
        extents[axis] = try builder.scalar(.subtract, owned[1], owned[0])
        return (extents, owned[0], extents[axis])
    }
}

extension ValueType {
    /// How an array of the type lies in memory.
    var storageOrder: StorageOrder { array?.storageOrder ?? .plain }
}

extension TypedExpression {
    var storageOrder: StorageOrder { type.storageOrder }
}

extension TypedBlock {
    fileprivate var isPlain: Bool { statements.isEmpty && value.isPlain }
}

extension TypedExpression {
    /// Whether it only computes a number, cannot fail, and costs about as much as choosing does.
    var isPlain: Bool {
        guard type.array?.isScalar == true else { return false }
        switch kind {
        case .constant, .variable: return true
        case .convert(let value), .place(let value): return value.isPlain
        case .element(let array, let indices, .proved):
            guard case .variable = array.kind else { return false }
            return indices.allSatisfy(\.isPlain)
        case .apply(let op, let operands):
            guard let element = operands.first?.type.array?.element, !op.canFail(element) else { return false }
            return operands.allSatisfy(\.isPlain)
        case .conditional(let condition, let then, let otherwise):
            return condition.isPlain && then.isPlain && otherwise.isPlain
        default: return false
        }
    }
}

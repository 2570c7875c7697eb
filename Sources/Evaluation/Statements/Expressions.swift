import Language
import Source
import TypedTree

extension ClosureBuilder {
    /// An expression as what it is: number, array, part, tuple or text.
    func value(_ expression: TypedExpression) throws -> Code<Value> {
        switch expression.type.kind {
        case .number:
            let code = try number(expression)
            return { .number(try code($0)) }
        case .array:
            let code = try array(expression)
            return { .array(try code($0)) }
        case .value: return try compound(expression)
        }
    }

    /// A part, a tuple, a text, or nothing.
    private func compound(_ expression: TypedExpression) throws -> Code<Value> {
        switch expression.kind {
        case .string(let text): return { _ in .text(text) }
        case .text(let parts):
            let text = try self.text(parts)
            return { .text(try text($0)) }
        case .tuple(let elements):
            let codes = try elements.map(value)
            return { machine in .tuple(try codes.map { try $0(machine) }) }
        case .reduction(let reduction): return try self.reduction(reduction, at: expression.span)
        case .comprehension(let domain, let body):
            return try comprehension(domain, body, expression.type, expression.span)
        case .apply(let op, let operands):
            let function = try elementwise(op, operands, expression.span)
            return try partFunction(function, operands)
        case .convert(let operand):
            return try partFunction(try conversion(operand, to: expression), [operand])
        default: return try structural(expression)
        }
    }

    /// Arithmetic on parts waits for their combination.
    private func partFunction(_ function: ElementwiseFunction, _ operands: [TypedExpression]) throws -> Code<Value> {
        let codes = try operands.map(value)
        return { machine in .part(.apply(function, try codes.map { try $0(machine) })) }
    }

    func elementwise(
        _ op: ScalarOperator, _ operands: [TypedExpression], _ span: Span
    ) throws -> ElementwiseFunction {
        guard operands.count == op.arity, let element = operands.last?.type.array?.element else {
            throw Fault("\(op.rawValue) of \(operands.count) operands")
        }
        return try ElementwiseFunction(op, element, span)
    }

    func power(of base: TypedExpression, _ exponent: Int, _ span: Span) throws -> ElementwiseFunction {
        guard let element = base.type.array?.element else { throw Fault("a power of \(base.type)") }
        return try ElementwiseFunction(power: exponent, element, span)
    }

    func conversion(_ operand: TypedExpression, to expression: TypedExpression) throws -> ElementwiseFunction {
        guard let source = operand.type.array?.element, let target = expression.type.array?.element else {
            throw Fault("a conversion from \(operand.type) to \(expression.type)")
        }
        return try ElementwiseFunction(from: source, to: target, expression.span)
    }

    /// The kinds of expression that mean the same whatever the type of their value.
    func structural<Result: Evaluated>(_ expression: TypedExpression) throws -> Code<Result> {
        switch expression.kind {
        case .variable(let variable): return Result.read(place(variable))
        case .place(let operand): return try Result.code(operand, self)
        case .tupleElement(let tuple, let position):
            let code = try value(tuple)
            return { try Result(try code($0).tuple()[position]) }
        case .call(let function, let arguments): return try call(function, arguments, at: expression.span)
        case .arrayOperation(let operation, let operands):
            return try arrayOperation(operation, operands, expression)
        case .collective(let collective, let operands): return try self.collective(collective, operands)
        case .conditional(let condition, let then, let otherwise):
            let condition = try number(condition)
            let then: Code<Result> = try block(then)
            let otherwise: Code<Result> = try block(otherwise)
            return { try condition($0) != 0 ? try then($0) : try otherwise($0) }
        case .block(let inner), .local(let inner): return try block(inner)
        case .checkShape(let operand, let expected, let context):
            return try checkedShape(operand, expected, context, expression.span)
        default: throw Fault("an expression of type \(expression.type) that cannot be: \(expression.kind)")
        }
    }

    private func block<Result: Evaluated>(_ block: TypedBlock) throws -> Code<Result> {
        let value = try Result.code(block.value, self)
        if block.statements.isEmpty { return value }
        let statements = try self.statements(block.statements)
        return { machine in
            if try statements(machine) != .end { throw Fault("a return inside an expression") }
            return try value(machine)
        }
    }

    private func checkedShape<Result: Evaluated>(
        _ operand: TypedExpression, _ expected: [TypedExpression?], _ context: String, _ span: Span
    ) throws -> Code<Result> {
        let code = try value(operand)
        let expected = try expected.map { try $0.map(number) }
        return { machine in
            let value = try code(machine)
            let extents = try value.extents()
            for (axis, extent) in expected.enumerated() {
                guard let wanted = try extent.map({ Int(word: try $0(machine)) }) else { continue }
                guard extents.indices.contains(axis) else { throw Fault("a shape check of an axis that is not there") }
                if extents[axis] != wanted {
                    throw Failure.extent(context, expected: wanted, actual: extents[axis], at: span)
                }
            }
            return try Result(value)
        }
    }

    /// The whole value stays as it is when its placement changes; a part is combined.
    private func collective<Result: Evaluated>(
        _ collective: Collective, _ operands: [TypedExpression]
    ) throws -> Code<Result> {
        switch collective {
        case .scatter, .gather, .allgather, .bcast:
            guard operands.count == 1 else { throw Fault("\(collective.rawValue) of \(operands.count) operands") }
            return try Result.code(operands[0], self)
        case .reduce, .allreduce, .reduceScatter:
            let codes = try operands.map(value)
            if codes.count == 1 { return { try Result(try codes[0]($0).combined()) } }
            return { machine in try Result(.tuple(try codes.map { try $0(machine).combined() })) }
        }
    }
}

extension Value {
    /// Parts become what they combine to.
    fileprivate func combined() throws -> Value {
        switch self {
        case .part(let part): try part.combined()
        case .tuple(let values): .tuple(try values.map { try $0.combined() })
        default: throw Fault("a part was expected")
        }
    }

    fileprivate func extents() throws -> [Int] {
        if case .part(let part) = self { return try part.held(by: 0).array().extents }
        return try array().extents
    }
}

import Language
import Semantics
import Source

// Operations on whole arrays, one function a kind.

extension ClosureBuilder {
    func arrayOperation<Result: Evaluated>(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ expression: TypedExpression
    ) throws -> Code<Result> {
        let codes = try operands.map(value)
        let span = expression.span
        return { machine in
            try Result(try operation.evaluate(try codes.map { try $0(machine) }, operands.map(\.type), at: span))
        }
    }
}

extension ArrayOperation {
    /// The value for these operands: an array, or a tuple of arrays. `types` are the operands'.
    func evaluate(_ operands: [Value], _ types: [ValueType], at span: Span) throws -> Value {
        switch kind {
        case .transpose: .array(try operands[0].array().permuted(attributes))
        case .matmul:
            .array(try operands[0].array().product(try operands[1].array(), types[0].array?.element ?? .f64, at: span))
        case .slice: .array(try sliced(operands, at: span))
        // Nobody has to be asked.
        case .gatherPlan: .array(ArrayValue(extents: [1], elements: [0]))
        case .gather: .array(try gathered(operands, at: span))
        }
    }
}

extension ArrayValue {
    /// The axes in another order: axis k of the result is axis `order[k]`.
    func permuted(_ order: [Int]) -> ArrayValue {
        let strides = extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
        var offsets = [0]
        for axis in order {
            offsets = offsets.flatMap { offset in (0..<extents[axis]).map { offset + $0 * strides[axis] } }
        }
        return ArrayValue(extents: order.map { extents[$0] }, elements: offsets.map { elements[$0] })
    }
}

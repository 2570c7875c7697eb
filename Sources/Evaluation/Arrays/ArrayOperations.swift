import Language
import Source
import TypedTree

// Operations on whole arrays, one function a kind.

extension ClosureBuilder {
    func arrayOperation<Result: Evaluated>(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ expression: TypedExpression
    ) throws -> Code<Result> {
        let codes = try operands.map(value)
        let span = expression.span
        if [.scan, .exscan].contains(operation.kind) {
            let code = try scan(operation, operands, expression.type)
            return { try Result(try code($0)) }
        }
        return { machine in
            try Result(try operation.evaluate(try codes.map { try $0(machine) }, operands.map(\.type), at: span))
        }
    }
}

extension ArrayOperation {
    /// The value for these operands: an array, or a tuple of arrays. `types` are the operands'.
    func evaluate(_ operands: [Value], _ types: [ValueType], at span: Span) throws -> Value {
        let element = types[0].array?.element ?? .f64
        let array = try operands[0].array()
        switch kind {
        case .transpose: return .array(array.permuted(attributes))
        case .matmul: return .array(try array.product(try operands[1].array(), element, at: span))
        case .slice: return .array(try sliced(operands, at: span))
        // Nobody has to be asked.
        case .gatherPlan: return .array(ArrayValue(extents: [1], elements: [0]))
        case .gather: return .array(try gathered(operands, at: span))
        case .scan, .exscan: throw Fault("a scan without its operator")
        case .sort, .argsort:
            return .array(array.sorted(along: attributes[0], try ElementOrder(element), byIndex: kind == .argsort))
        case .unique: return .array(array.unique(try ElementOrder(element)))
        case .compress: return .array(array.compressed(try operands[1].array()))
        case .topK:
            let count = Int(word: try operands[1].number())
            return .tuple(try array.greatest(count, try ElementOrder(element), at: span).map(Value.array))
        case .reshape: return .array(try reshaped(operands, at: span))
        case .concat: return .array(try concatenated(operands, at: span))
        case .permute: return .array(try permuted(operands, at: span))
        case .put: return .array(try put(operands, at: span))
        case .interleave, .separate: throw Fault("complex numbers in one piece before the lowering")
        case .fft, .ifft, .rfft, .irfft: return try transformed(operands, element, at: span)
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

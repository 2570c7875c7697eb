import Language
import Source

/// A primitive or conversion, ready to be applied to numbers and, element by element, to arrays of one shape.
struct ElementwiseFunction {
    enum Kernel {
        case unary(ScalarFunctions.Unary)
        case binary(ScalarFunctions.Binary)
        case ternary(ScalarFunctions.Ternary)
    }
    let kernel: Kernel
    /// Fails when the second operand is 0: integer division.
    let refusesZero: Bool
    let span: Span

    /// `element` is the type that the primitive works in.
    init(_ op: ScalarOperator, _ element: ElementType, _ span: Span) throws {
        kernel =
            switch op.arity {
            case 1: .unary(try ScalarFunctions.unary(op, element))
            case 2: .binary(try ScalarFunctions.binary(op, element))
            default: .ternary(try ScalarFunctions.ternary(op, element))
            }
        refusesZero = op.canFail(element)
        self.span = span
    }

    /// The product of x, x², x⁴, … for the bits of the exponent that are 1, from the lowest on.
    init(power exponent: Int, _ element: ElementType, _ span: Span) throws {
        let multiply = try ScalarFunctions.binary(.multiply, element)
        kernel = .unary { base in
            var (square, product, rest) = (base, Word?.none, exponent)
            while true {
                if rest & 1 == 1 { product = product.map { multiply($0, square) } ?? square }
                rest >>= 1
                if rest == 0 { return product ?? square }
                square = multiply(square, square)
            }
        }
        refusesZero = false
        self.span = span
    }

    init(from source: ElementType, to target: ElementType, _ span: Span) throws {
        kernel = .unary(try Conversions.function(from: source, to: target))
        refusesZero = false
        self.span = span
    }

    /// Numbers lift to the shape of the arrays; the result is a number when no operand is an array.
    func apply(to operands: [Value]) throws -> Value {
        let arrays = try operands.map { try $0.array() }
        let shape = arrays.first { !$0.extents.isEmpty }?.extents
        guard let shape else { return .number(try element(arrays, at: 0)) }
        guard arrays.allSatisfy({ $0.extents.isEmpty || $0.extents == shape }) else {
            throw Fault("\(span.file.path):\(span.line): operands of different shapes met")
        }
        var elements: [Word] = []
        let count = shape.reduce(1, *)
        elements.reserveCapacity(count)
        for index in 0..<count { elements.append(try element(arrays, at: index)) }
        return .array(ArrayValue(extents: shape, elements: elements))
    }

    @inline(__always)
    private func element(_ operands: [ArrayValue], at index: Int) throws -> Word {
        @inline(__always) func operand(_ k: Int) -> Word {
            operands[k].elements[operands[k].extents.isEmpty ? 0 : index]
        }
        switch kernel {
        case .unary(let function): return function(operand(0))
        case .binary(let function):
            if refusesZero && operand(1) == 0 { throw Failure.division(at: span) }
            return function(operand(0), operand(1))
        case .ternary(let function): return function(operand(0), operand(1), operand(2))
        }
    }
}

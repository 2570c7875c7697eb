import Language
import Source
import Syntax
import TypedTree

// Arithmetic of complex numbers, written out for their parts:
//
//     z + w    →    (z.real + w.real, z.imag + w.imag)
//     z * w    →    (z.real * w.real - z.imag * w.imag, z.real * w.imag + z.imag * w.real)
//
// Every product and sum is rounded by itself, so that z * w is w * z and z * conj(z) is real. A real operand has no imaginary part, not one
// that is 0. What is no sum or product is a function of `ComplexFunctions`.

extension Checker {
    /// nil where no operand is complex.
    func complexBinary(_ op: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: Span)
        -> TypedExpression?
    {
        guard left.type.complexElement != nil || right.type.complexElement != nil else { return nil }
        guard let a = left.type.numberElement, let b = right.type.numberElement, a.isNumeric, b.isNumeric,
            let element = a == b ? a : ElementType.join(a, b), let part = element.part
        else { return report(.badOperands(op.rawValue, left.type, right.type, at: span)) }
        return named(inParts(left, part)) { left in
            self.named(self.inParts(right, part)) { right in
                let operation = ComplexOperation(op: op, element: element, span: span)
                switch op {
                case .add, .subtract: return self.sum(operation, left, right)
                case .multiply: return self.complexProduct(operation, left, right)
                case .divide: return self.quotient(operation, left, right)
                case .equal, .notEqual: return self.comparison(operation, left, right)
                case .less, .lessEqual, .greater, .greaterEqual:
                    return self.report(.complexOrder(op.rawValue, element, at: span))
                default: return self.report(.badOperands(op.rawValue, left.type, right.type, at: span))
                }
            }
        }
    }

    private struct ComplexOperation {
        var op: BinaryOperator
        var element: ElementType
        var span: Span
    }

    /// A real or complex value whose parts have that type.
    private func inParts(_ value: TypedExpression, _ part: ElementType) -> TypedExpression {
        value.type.complexElement == nil ? convert(value, toElement: part) : asComplex(value, part.complex)
    }

    /// A primitive of parts; `written` is the operator that it is part of.
    private func combined(_ op: ScalarOperator, _ a: TypedExpression, _ b: TypedExpression, _ written: ComplexOperation)
        -> TypedExpression
    {
        elementwise(op, [a, b], result: written.element.part ?? .f64, written.op.rawValue, written.span)
    }

    private func sum(_ operation: ComplexOperation, _ left: TypedExpression, _ right: TypedExpression)
        -> TypedExpression
    {
        let (op, span) = (operation.op.scalar, operation.span)
        let (a, b) = (components(left), components(right))
        if !a.isEmpty, !b.isEmpty {
            return complex(combined(op, a[0], b[0], operation), combined(op, a[1], b[1], operation), span)
        }
        let real = combined(op, a.first ?? left, b.first ?? right, operation)
        guard a.isEmpty else { return complex(real, stretched(a[1], beside: right, operation.op.rawValue, span), span) }
        let own = stretched(b[1], beside: left, operation.op.rawValue, span)
        return complex(real, op == .add ? own : negated(own, span), span)
    }

    private func complexProduct(
        _ operation: ComplexOperation, _ left: TypedExpression, _ right: TypedExpression
    ) -> TypedExpression {
        let (a, b) = (components(left), components(right))
        func times(_ a: TypedExpression, _ b: TypedExpression) -> TypedExpression {
            combined(.multiply, a, b, operation)
        }
        if a.isEmpty { return complex(times(left, b[0]), times(left, b[1]), operation.span) }
        if b.isEmpty { return complex(times(a[0], right), times(a[1], right), operation.span) }
        return complex(
            combined(.subtract, times(a[0], b[0]), times(a[1], b[1]), operation),
            combined(.add, times(a[0], b[1]), times(a[1], b[0]), operation), operation.span)
    }

    private func quotient(
        _ operation: ComplexOperation, _ left: TypedExpression, _ right: TypedExpression
    ) -> TypedExpression {
        guard right.type.complexElement == nil else {
            return complexFunction("/", [asComplex(left, operation.element), right], operation.span)
        }
        let parts = components(left).map { combined(.divide, $0, right, operation) }
        return complex(parts[0], parts[1], operation.span)
    }

    private func comparison(
        _ operation: ComplexOperation, _ left: TypedExpression, _ right: TypedExpression
    ) -> TypedExpression {
        let (a, b) = (components(asComplex(left, operation.element)), components(asComplex(right, operation.element)))
        let parts = zip(a, b).map {
            elementwise(operation.op.scalar, [$0, $1], result: .bool, operation.op.rawValue, operation.span)
        }
        let joining: ScalarOperator = operation.op == .equal ? .and : .or
        return elementwise(joining, parts, result: .bool, operation.op.rawValue, operation.span)
    }

    // MARK: One operand

    func negated(_ value: TypedExpression, _ span: Span) -> TypedExpression {
        mapped(value) { part in elementwise(.negate, [part], result: part.type.array?.element ?? .f64, "-", span) }
    }

    /// `z ** k`: by repeated squaring for a literal integer, else exp(k log z); nil where neither is complex.
    func complexPower(_ base: TypedExpression, _ exponent: TypedExpression, _ span: Span) -> TypedExpression? {
        guard base.type.complexElement != nil || exponent.type.complexElement != nil else { return nil }
        guard let a = base.type.numberElement, let b = exponent.type.numberElement, a.isNumeric, b.isNumeric,
            let element = a == b || (exponent.isConstant && a.isComplex) ? a : ElementType.join(a, b)
        else { return report(.badOperands("**", base.type, exponent.type, at: span)) }
        if case .constant(.integer(let k, _)) = exponent.kind, (0...64).contains(k) {
            return named(base) { self.repeatedProduct(of: $0, Int(k), span) }
        }
        return complexFunction("**", [base, exponent].map { asComplex($0, element) }, span)
    }

    private func repeatedProduct(of base: TypedExpression, _ exponent: Int, _ span: Span) -> TypedExpression {
        func times(_ a: TypedExpression, _ b: TypedExpression) -> TypedExpression {
            complexBinary(.multiply, a, b, span) ?? error(span)
        }
        if exponent == 0 { return one(like: base, span) }
        if exponent == 1 { return base }
        let half = repeatedProduct(of: base, exponent / 2, span)
        let square = named(half) { times($0, $0) }
        return exponent.isMultiple(of: 2) ? square : times(base, square)
    }

    /// Ones of a complex value's type.
    func one(like value: TypedExpression, _ span: Span) -> TypedExpression {
        named(value) { value in
            let model = self.firstLeaf(value)
            guard let part = value.type.complexElement?.part else { return self.error(span) }
            return self.complex(
                self.filled(like: model, .one(part), span), self.filled(like: model, .zero(part), span), span)
        }
    }

    // MARK: Functions

    /// A builtin written in PDL that means something else of complex numbers; nil where it does not, or none is given.
    func complexCall(_ name: String, along axis: Int?, _ values: [TypedExpression], _ span: Span) -> TypedExpression? {
        guard ComplexFunctions.named(name) != nil, values.contains(where: { $0.type.complexElement != nil }) else {
            return nil
        }
        return complexFunction(name, along: axis, values, span)
    }

    /// A builtin or an operator of complex numbers; an error where it takes none.
    func complexFunction(_ name: String, along axis: Int? = nil, _ values: [TypedExpression], _ span: Span)
        -> TypedExpression
    {
        guard let function = ComplexFunctions.named(name), axis == nil || function.along != nil else {
            let value = values.first { $0.type.complexElement != nil } ?? values[0]
            return report(.badOperand(name, value.type, at: value.span))
        }
        let text = axis.flatMap { axis in
            function.along.map { $0.split(separator: "AXIS").joined(separator: "\(axis)") }
        }
        let entry = "\(name)\(axis.map { "(axis: \($0))" } ?? "") of complex numbers"
        guard let declaration = preludeDeclaration(entry, text ?? function.text) else {
            return report(.badPrelude(name, at: span))
        }
        return specialisedCall(declaration, values.map(Actual.value), span, span)
    }
}

extension TypedExpression {
    fileprivate var isConstant: Bool {
        switch kind {
        case .constant: true
        case .tuple(let parts): parts.allSatisfy(\.isConstant)
        default: false
        }
    }
}

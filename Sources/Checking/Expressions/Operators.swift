import Language
import Source
import Syntax
import TypedTree

extension Checker {
    func unary(_ op: UnaryOperator, _ operand: Expression, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let typed = expression(operand, expecting: op == .bitNot ? expecting?.ofInteger : expecting)
        guard typed.type != .error else { return typed }
        if op == .negate, typed.type.complexElement != nil { return named(typed) { negated($0, span) } }
        guard let type = typed.type.array else { return report(.badOperand(op.rawValue, typed.type, at: typed.span)) }
        switch op {
        case .not:
            guard type.element == .bool else { return report(.badOperand("not", typed.type, at: typed.span)) }
            return elementwise(.not, [typed], result: .bool, "not", span)
        case .bitNot:
            guard type.element.isInteger else { return report(.badOperand("~", typed.type, at: typed.span)) }
            return elementwise(.bitNot, [typed], result: type.element, "~", span)
        case .negate:
            guard type.element.isNumeric else { return report(.badOperand("-", typed.type, at: typed.span)) }
            switch typed.kind {
            case .constant(.integer(let value, let element)):
                return TypedExpression(.constant(.integer(element.wrap(0 &- value), element)), typed.type, span)
            case .constant(.float(let value, let element)):
                return TypedExpression(.constant(.float(-value, element)), typed.type, span)
            default: return elementwise(.negate, [typed], result: type.element, "-", span)
            }
        }
    }

    func binary(
        _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ expecting: ElementType?, _ written: Expression
    ) -> TypedExpression {
        // A literal takes the type of the other side, whichever side is written first.
        let hint = op.isComparison || op == .and || op == .or ? nil : op.isOfBits ? expecting?.ofInteger : expecting
        if isLiteral(left), !isLiteral(right) {
            let second = expression(right, expecting: hint)
            let first = expression(left, expecting: second.type.literalElement)
            return binary(op, first, { _ in second }, syntax: (left, right), written.span)
        }
        let first = expression(left, expecting: hint)
        return binary(op, first, { self.expression(right, expecting: $0 ?? hint) }, syntax: (left, right), written.span)
    }

    /// `right` is given the element type that a literal on that side should take.
    func binary(
        _ op: BinaryOperator, _ left: TypedExpression, _ right: (ElementType?) -> TypedExpression,
        syntax: (left: Expression, right: Expression)?, _ span: Span
    ) -> TypedExpression {
        let rightIsLiteral = syntax.map { isLiteral($0.right) } ?? true
        let hint = rightIsLiteral ? left.type.literalElement : nil
        let isGuarded = (op == .and || op == .or) && left.type.array?.isScalar == true
        let (right, communication) = notingCommunication {
            isGuarded ? underCondition { right(hint) } : right(hint)
        }
        guard left.type != .error, right.type != .error else { return error(span) }
        if op == .matmul { return product(left, right, span) }
        if let complex = complexBinary(op, left, right, span) { return complex }
        if op == .equal || op == .notEqual, left.type.components != nil {
            return compared(op, left, right, span)
        }
        if op == .equal || op == .notEqual, case (.string, .string) = (left.type, right.type) {
            let same = TypedExpression(.sameText(left, right), .scalar(.bool, .replicated), span)
            return op == .equal ? same : TypedExpression(.apply(.not, [same]), same.type, span)
        }
        if let fused = fusedMultiplyAdd(op, left, right, syntax, span) { return fused }
        let result = ofNumbers(op, left, right, span)
        if isGuarded, case .conditional = result.kind {
            requireUniform(communication, under: left, "the left side of this `\(op.rawValue)`")
        }
        return result
    }

    private func ofNumbers(
        _ op: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: Span
    ) -> TypedExpression {
        guard let a = left.type.array, let b = right.type.array else {
            return report(.badOperands(op.rawValue, left.type, right.type, at: span))
        }
        switch op {
        case .and, .or:
            guard a.element == .bool, b.element == .bool else { break }
            return logical(op == .and ? .and : .or, left, right, span)
        case .bitAnd, .bitOr, .bitXor:
            if a.element == .bool, b.element == .bool {
                let scalar: ScalarOperator = op == .bitAnd ? .and : op == .bitOr ? .or : .notEqual
                return elementwise(scalar, [left, right], result: .bool, op.rawValue, span)
            }
            guard a.element.isInteger, b.element.isInteger else { break }
            return joined(op, left, right, span)
        case .shiftLeft, .shiftRight:
            guard a.element.isInteger, b.element.isInteger else { break }
            let count = convert(right, toElement: a.element)
            return elementwise(op.scalar, [left, count], result: a.element, op.rawValue, span)
        case .equal, .notEqual:
            if a.element == .bool, b.element == .bool {
                return elementwise(op.scalar, [left, right], result: .bool, op.rawValue, span)
            }
            return joined(op, left, right, span)
        default: return joined(op, left, right, span)
        }
        return report(.badOperands(op.rawValue, left.type, right.type, at: span))
    }

    /// Tuples and records are equal when all their parts are.
    private func compared(_ op: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: Span)
        -> TypedExpression
    {
        guard left.type.componentNames == right.type.componentNames, left.type.record?.name == right.type.record?.name
        else { return report(.badOperands(op.rawValue, left.type, right.type, at: span)) }
        return bindingOnce(left) { left in
            bindingOnce(right) { right in
                let parts = zip(components(left), components(right)).map { a, b in
                    binary(op, a, { _ in b }, syntax: nil, span)
                }
                let joining: ScalarOperator = op == .equal ? .and : .or
                return parts.dropFirst().reduce(parts[0]) {
                    elementwise(joining, [$0, $1], result: .bool, op.rawValue, span)
                }
            }
        }
    }

    /// Operands widened to their common type, then the primitive.
    private func joined(_ op: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: Span)
        -> TypedExpression
    {
        guard let a = left.type.array?.element, let b = right.type.array?.element, a.isNumeric, b.isNumeric,
            var element = a == b ? a : ElementType.join(a, b)
        else { return report(.badOperands(op.rawValue, left.type, right.type, at: span)) }
        if op == .divide, element.isInteger { element = .f64 }
        let operands = [convert(left, toElement: element), convert(right, toElement: element)]
        return elementwise(op.scalar, operands, result: op.isComparison ? .bool : element, op.rawValue, span)
    }

    /// `a*b + c`, `c + a*b`, `a*b - c`, `c - a*b` of floats are one fused multiply-add: decided by how they are written.
    private func fusedMultiplyAdd(
        _ op: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression,
        _ syntax: (left: Expression, right: Expression)?, _ span: Span
    ) -> TypedExpression? {
        guard op == .add || op == .subtract, let syntax, let a = left.type.array, let b = right.type.array,
            a.element == b.element, a.element.isFloat,
            !a.placement.isPart, !b.placement.isPart
        else { return nil }
        func negated(_ value: TypedExpression) -> TypedExpression {
            TypedExpression(.apply(.negate, [value]), value.type, value.span)
        }
        if syntax.left.isProduct, case .apply(.multiply, let factors) = left.kind {
            let addend = op == .add ? right : negated(right)
            return elementwise(.fma, factors + [addend], result: a.element, op.rawValue, span)
        }
        if syntax.right.isProduct, case .apply(.multiply, let factors) = right.kind {
            let first = op == .add ? factors[0] : negated(factors[0])
            return elementwise(.fma, [first, factors[1], left], result: a.element, op.rawValue, span)
        }
        return nil
    }

    /// `and` and `or` of numbers do not evaluate their right side when the left one decides and the right one could fail.
    private func logical(_ op: ScalarOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: Span)
        -> TypedExpression
    {
        let result = elementwise(op, [left, right], result: .bool, op == .and ? "and" : "or", span)
        guard let type = result.type.array, type.isScalar, right.mayFail else { return result }
        let decided = TypedExpression(.constant(.bool(op == .or)), .bool, left.span)
        let placed = convert(decided, to: result.type, for: "this side")
        let second = convert(right, to: result.type, for: "this side")
        let ways = op == .and ? (second, placed) : (placed, second)
        return TypedExpression(.conditional(left, TypedBlock([], ways.0), TypedBlock([], ways.1)), result.type, span)
    }

    /// `x ** k`: with a literal integer k from 0 to 64 by repeated squaring, else the function pow.
    func power(_ base: Expression, _ exponent: Expression, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let first = expression(base, expecting: expecting)
        guard first.type != .error else { return first }
        guard first.type.numberElement?.isNumeric == true else {
            return report(.badOperand("**", first.type, at: first.span))
        }
        let second = expression(exponent, expecting: nil)
        guard second.type != .error else { return second }
        if let complex = complexPower(first, second, span) { return complex }
        guard let type = first.type.array else { return error(span) }
        if case .constant(.integer(let k, _)) = second.kind, (0...64).contains(k), !type.placement.isPart {
            return repeatedProduct(first, Int(k), span)
        }
        guard let other = second.type.array?.element, other.isNumeric else {
            return report(.badOperand("**", second.type, at: second.span))
        }
        if type.element.isInteger, other.isInteger { return report(.integerPower(at: span)) }
        let isLiteralExponent = isLiteral(exponent)
        let element = isLiteralExponent && type.element.isFloat ? type.element : ElementType.join(type.element, other)
        guard let element, element.isFloat else { return report(.badOperands("**", first.type, second.type, at: span)) }
        let operands = [convert(first, toElement: element), convert(second, toElement: element)]
        return elementwise(.power, operands, result: element, "**", span)
    }

    private func repeatedProduct(_ base: TypedExpression, _ exponent: Int, _ span: Span) -> TypedExpression {
        guard let type = base.type.array, joinedPlacement([base], [type], "**", span) != nil else { return error(span) }
        switch exponent {
        case 0: return filled(like: base, .one(type.element), span)
        case 1: return base
        default: return TypedExpression(.power(base, exponent), base.type, span)
        }
    }

    /// Gives an expression a name unless it is one already, so that it is evaluated once however often it is used.
    func bindingOnce(_ value: TypedExpression, _ use: (TypedExpression) -> TypedExpression) -> TypedExpression {
        if value.isNamed { return use(value) }
        if value.type.components != nil {
            let (statements, named) = dissolved(value, named: "once")
            let result = use(named)
            return TypedExpression(.block(TypedBlock(statements, result)), result.type, result.span)
        }
        let variable = newVariable("once", value.type)
        let result = use(TypedExpression(.variable(variable), value.type, value.span))
        let binding = TypedStatement(kind: .binding(variable, value), span: value.span)
        return TypedExpression(.block(TypedBlock([binding], result)), result.type, result.span)
    }
}

extension Expression {
    /// Whether it is written as a product; parentheses do not matter.
    var isProduct: Bool {
        switch kind {
        case .binary(.multiply, _, _): true
        case .parenthesized(let inner): inner.isProduct
        default: false
        }
    }
}

extension ElementType {
    /// What a literal may take from its surroundings under an operator for integers only; nil: its own type.
    fileprivate var ofInteger: ElementType? { isInteger ? self : nil }
}

extension BinaryOperator {
    var isOfBits: Bool { [.bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight].contains(self) }

    var isComparison: Bool { [.equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual].contains(self) }

    /// The primitive that it applies to numbers.
    var scalar: ScalarOperator {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: .floorDivide
        case .modulo: .modulo
        case .power: .power
        case .or: .or
        case .and: .and
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessEqual: .lessEqual
        case .greater: .greater
        case .greaterEqual: .greaterEqual
        case .bitOr: .bitOr
        case .bitXor: .bitXor
        case .bitAnd: .bitAnd
        case .shiftLeft: .shiftLeft
        case .shiftRight: .shiftRight
        // `|>` and `@` are not primitives; the checker takes them before it asks.
        case .pipe, .matmul: .multiply
        }
    }
}

import Language
import Source
import Syntax
import TypedTree

// A number literal takes the type of what stands beside it. Nothing is typed twice to find that type: what is no literal comes first.

extension Checker {
    /// Whether an expression is made of number literals alone, and so takes the type that its neighbour has.
    func isLiteral(_ written: Expression) -> Bool {
        switch written.kind {
        case .integer, .float, .imaginary: true
        case .name(let name): (name == "inf" || name == "nan") && lookUp(name) == nil
        case .unary(.negate, let inner), .parenthesized(let inner): isLiteral(inner)
        case .binary(let op, let left, let right):
            // The right side of a chain is the short one.
            [.add, .subtract, .multiply, .divide].contains(op) && isLiteral(right) && isLiteral(left)
        case .conditional(_, let then, let otherwise): isLiteral(then) && isLiteral(otherwise)
        default: false
        }
    }

    /// Whether a way of a choice is a literal.
    private func isLiteral(_ way: Block) -> Bool {
        guard way.statements.count == 1, let value = way.statements.first else { return false }
        switch value.kind {
        case .expression(let value): return isLiteral(value)
        case .conditional(_, let then, let otherwise?): return isLiteral(then) && isLiteral(otherwise)
        default: return false
        }
    }

    /// The typed ways of a choice. One that is a literal takes the type of the other, else `expecting`.
    func together(_ then: Block, _ otherwise: Block, expecting: ElementType?) -> (TypedBlock, TypedBlock) {
        func typed(_ way: Block, beside other: TypedBlock) -> TypedBlock {
            valueBlock(way, isLiteral(way) ? other.value.type.literalElement ?? expecting : expecting)
        }
        if isLiteral(then), !isLiteral(otherwise) {
            let second = valueBlock(otherwise, expecting)
            return (typed(then, beside: second), second)
        }
        let first = valueBlock(then, expecting)
        return (first, typed(otherwise, beside: first))
    }

    /// Whether a literal is of type f64 where nothing stands beside it.
    private func isFloat(literal: Expression) -> Bool {
        switch literal.kind {
        case .float, .imaginary, .name, .binary(.divide, _, _): true
        case .unary(_, let inner), .parenthesized(let inner): isFloat(literal: inner)
        case .binary(_, let left, let right): isFloat(literal: right) || isFloat(literal: left)
        default: false
        }
    }

    /// The typed forms of expressions that meet in one operation. Literals take the type of the first of the others, else `expecting`.
    func together(_ written: [Expression], expecting: ElementType?) -> [TypedExpression] {
        var found: ElementType?
        return literalsLast(written) { operand, isLiteral in
            let typed = expression(operand, expecting: found ?? expecting)
            if !isLiteral { found = found ?? typed.type.literalElement }
            return typed
        }
    }

    /// The same for the elements of an array: what is expected of it goes before what stands beside.
    func elementsTogether(_ written: [Expression], expecting: ElementType?) -> [TypedExpression] {
        var hint = expecting
        if hint == nil, written.allSatisfy(isLiteral), written.contains(where: isFloat(literal:)) { hint = .f64 }
        return literalsLast(written) { operand, _ in
            let typed = expression(operand, expecting: hint)
            hint = hint ?? typed.type.literalElement
            return typed
        }
    }

    /// Does something to every expression, to the literals last; the results are in the order in which they are written.
    private func literalsLast(
        _ written: [Expression], _ typed: (Expression, _ isLiteral: Bool) -> TypedExpression
    ) -> [TypedExpression] {
        let others = written.map { isLiteral($0) ? nil : typed($0, false) }
        return zip(written, others).map { $1 ?? typed($0, true) }
    }
}

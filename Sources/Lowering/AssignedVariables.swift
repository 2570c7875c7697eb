import Semantics

/// Which variables statements assign, in blocks inside expressions too.
struct AssignedVariables {
    private(set) var variables: Set<Variable> = []

    init(in statements: [TypedStatement]) {
        for statement in statements { visit(statement) }
    }

    init(in blocks: [TypedBlock]) {
        for block in blocks { visit(block) }
    }

    private mutating func visit(_ statement: TypedStatement) {
        switch statement.kind {
        case .assignment(let variable, let value):
            variables.insert(variable)
            visit(value)
        case .update(let variable, _, let value, _):
            variables.insert(variable)
            visit(value)
        case .binding(_, let value), .tupleBinding(_, let value), .expression(let value), .show(_, let value),
            .assertion(let value, _), .save(let value, _):
            visit(value)
        case .forLoop(_, _, _, _, let body), .whileLoop(_, let body): for statement in body { visit(statement) }
        case .conditional(_, let then, let otherwise):
            for statement in then + otherwise { visit(statement) }
        case .returnValue(let value): value.map { visit($0) }
        case .print, .load: break
        }
    }

    private mutating func visit(_ block: TypedBlock) {
        for statement in block.statements { visit(statement) }
        visit(block.value)
    }

    /// Only ways and blocks hold statements; elements' code assigns nothing from outside, so domains are not entered.
    private mutating func visit(_ expression: TypedExpression) {
        switch expression.kind {
        case .constant, .string, .variable, .rank, .ranks, .clock, .comprehension, .reduction: break
        case .apply(_, let operands), .arrayLiteral(let operands), .tuple(let operands), .call(_, let operands),
            .collective(_, let operands), .arrayOperation(_, let operands):
            for operand in operands { visit(operand) }
        case .convert(let value), .place(let value), .tupleElement(let value, _), .ownBlock(let value),
            .extent(let value, _), .element(let value, _, _), .slice(let value, _), .checkShape(let value, _, _):
            visit(value)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .block(let block), .local(let block): visit(block)
        }
    }
}

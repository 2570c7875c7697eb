import TypedTree

/// Which variables statements assign, in blocks inside expressions too.
struct AssignedVariables {
    private(set) var variables: Set<Variable> = []

    init(in statements: [TypedStatement]) {
        for statement in statements { visit(statement) }
    }

    init(in blocks: [TypedBlock]) {
        for block in blocks { visit(block) }
    }

    private mutating func visit(_ block: TypedBlock) {
        for statement in block.statements { visit(statement) }
        visit(block.value)
    }

    private mutating func visit(_ statement: TypedStatement) {
        record(statement)
        for expression in statement.children { visit(expression) }
    }

    /// The statements of every block inside.
    private mutating func visit(_ expression: TypedExpression) {
        var statements: [TypedStatement] = []
        expression.walk { inner in
            switch inner.kind {
            case .conditional(_, let then, let otherwise): statements += then.statements + otherwise.statements
            case .block(let block), .local(let block): statements += block.statements
            default: break
            }
        }
        for statement in statements { record(statement) }
    }

    private mutating func record(_ statement: TypedStatement) {
        switch statement.kind {
        case .assignment(let variable, _), .update(let variable, _, _, _, _): variables.insert(variable)
        case .forLoop(_, _, _, _, let body), .whileLoop(_, let body):
            for statement in body { record(statement) }
        case .conditional(_, let then, let otherwise):
            for statement in then + otherwise { record(statement) }
        default: break
        }
    }
}

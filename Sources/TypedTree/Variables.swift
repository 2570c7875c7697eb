// What is a variable, and what reads one.

extension TypedExpression {
    /// Every variable read anywhere inside.
    package var variables: Set<Variable> {
        var found: Set<Variable> = []
        walk { if case .variable(let variable) = $0.kind { found.insert(variable) } }
        return found
    }

    package var isVariable: Bool { if case .variable = kind { true } else { false } }

    package func isVariable(_ variable: Variable) -> Bool {
        if case .variable(variable) = kind { true } else { false }
    }

    /// Whether it is a variable, a constant, or a tuple of such.
    package var isNamed: Bool {
        switch kind {
        case .variable, .constant: type.components == nil
        case .tuple(let parts): parts.allSatisfy(\.isNamed)
        default: false
        }
    }
}

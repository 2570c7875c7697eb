extension TypedExpression {
    /// Calls `visit` on this expression and on every expression inside it, statements included.
    func walk(_ visit: (TypedExpression) -> Void) {
        visit(self)
        switch kind {
        case .constant, .string, .variable, .rank, .ranks, .clock: break
        case .apply(_, let operands), .arrayLiteral(let operands), .tuple(let operands), .call(_, let operands),
            .collective(_, let operands):
            operands.forEach { $0.walk(visit) }
        case .convert(let value), .place(let value), .tupleElement(let value, _), .ownBlock(let value),
            .extent(let value, _):
            value.walk(visit)
        case .element(let array, let indices, _):
            array.walk(visit)
            indices.forEach { $0.walk(visit) }
        case .slice(let array, let subscripts):
            array.walk(visit)
            subscripts.forEach { $0.walk(visit) }
        case .comprehension(let domain, let body):
            domain.walk(visit)
            body.walk(visit)
        case .reduction(let reduction):
            reduction.domain.walk(visit)
            Domain(ranges: reduction.kept).walk(visit)
            reduction.condition?.walk(visit)
            reduction.contributions.forEach { $0.walk(visit) }
        case .conditional(let condition, let then, let otherwise):
            condition.walk(visit)
            then.walk(visit)
            otherwise.walk(visit)
        case .block(let block), .local(let block): block.walk(visit)
        case .checkShape(let value, let expected, _):
            value.walk(visit)
            expected.forEach { $0?.walk(visit) }
        }
    }

    /// Every variable read anywhere inside.
    var variables: Set<Variable> {
        var found: Set<Variable> = []
        walk { if case .variable(let variable) = $0.kind { found.insert(variable) } }
        return found
    }

    /// Whether evaluating it can fail, or is a call whose body would have to be looked into.
    var mayFail: Bool {
        var found = false
        walk { expression in
            switch expression.kind {
            case .element(_, _, .checked), .slice, .call, .checkShape, .block: found = true
            case .apply(let op, let operands):
                if let element = operands.first?.type.array?.element, op.canFail(element) { found = true }
            default: break
            }
        }
        return found
    }
}

extension TypedBlock {
    func walk(_ visit: (TypedExpression) -> Void) {
        statements.forEach { $0.walk(visit) }
        value.walk(visit)
    }
}

extension Domain {
    func walk(_ visit: (TypedExpression) -> Void) {
        for range in ranges {
            range.lower.walk(visit)
            range.upper.walk(visit)
            range.step.walk(visit)
        }
        divided?.extent.walk(visit)
    }
}

extension Subscripted {
    func walk(_ visit: (TypedExpression) -> Void) {
        switch self {
        case .index(let index, _): index.walk(visit)
        case .range(let lower, let upper, let step):
            lower.walk(visit)
            upper.walk(visit)
            step.walk(visit)
        }
    }
}

extension TypedStatement {
    func walk(_ visit: (TypedExpression) -> Void) {
        switch kind {
        case .binding(_, let value), .tupleBinding(_, let value), .assignment(_, let value), .expression(let value),
            .show(_, let value):
            value.walk(visit)
        case .update(_, let indices, let value, let domain):
            domain.walk(visit)
            indices.forEach { $0.walk(visit) }
            value.walk(visit)
        case .forLoop(_, let lower, let upper, let step, let body):
            [lower, upper, step].forEach { $0.walk(visit) }
            body.forEach { $0.walk(visit) }
        case .whileLoop(let condition, let body):
            condition.walk(visit)
            body.forEach { $0.walk(visit) }
        case .conditional(let condition, let then, let otherwise):
            condition.walk(visit)
            (then + otherwise).forEach { $0.walk(visit) }
        case .returnValue(let value): value?.walk(visit)
        case .print(let parts): parts.walk(visit)
        case .assertion(let condition, let parts):
            condition.walk(visit)
            parts.walk(visit)
        case .save(let value, let path):
            value.walk(visit)
            path.walk(visit)
        case .load(_, let path, let extents):
            path.walk(visit)
            for case .equals(let size) in extents { size.walk(visit) }
        }
    }
}

extension [PrintPart] {
    func walk(_ visit: (TypedExpression) -> Void) {
        for case .value(let value, _) in self { value.walk(visit) }
    }
}

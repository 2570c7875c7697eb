// What stands inside what, for everything that looks through a typed program.

extension TypedExpression {
    /// The expressions directly inside, statements' included, in order of evaluation.
    public var children: [TypedExpression] {
        switch kind {
        case .constant, .string, .variable, .rank, .ranks, .clock: []
        case .text(let parts): parts.values
        case .sameText(let a, let b): [a, b]
        case .apply(_, let operands), .arrayLiteral(let operands), .tuple(let operands), .call(_, let operands),
            .collective(_, let operands), .arrayOperation(_, let operands):
            operands
        case .convert(let value), .power(let value, _), .place(let value), .tupleElement(let value, _),
            .ownBlock(let value),
            .extent(let value, _):
            [value]
        case .element(let array, let indices, _): [array] + indices
        case .view(let array, let view): [array] + (view.fill.map { [$0] } ?? [])
        case .slice(let array, let subscripts): [array] + subscripts.flatMap(\.children)
        case .comprehension(let domain, let body): domain.children + [body]
        case .reduction(let reduction):
            reduction.domain.children + Domain(ranges: reduction.kept).children
                + (reduction.condition.map { [$0] } ?? []) + reduction.keys.flatMap { [$0.count, $0.index] }
                + reduction.contributions
        case .conditional(let condition, let then, let otherwise): [condition] + then.children + otherwise.children
        case .block(let block), .local(let block): block.children
        case .checkShape(let value, let expected, _): [value] + expected.compactMap { $0 }
        }
    }

    /// Calls `visit` on this expression and on every expression inside it.
    public func walk(_ visit: (TypedExpression) -> Void) {
        visit(self)
        for child in children { child.walk(visit) }
    }

    /// Whether evaluating it can fail, or is a call whose body would have to be looked into.
    package var mayFail: Bool {
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
    package var children: [TypedExpression] { statements.flatMap(\.children) + [value] }
}

extension Domain {
    package var children: [TypedExpression] { bounds + cuts.map(\.extent) }

    package var bounds: [TypedExpression] { ranges.flatMap { [$0.lower, $0.upper, $0.step] } }

    /// Whether ranks may have different points.
    package var isLocal: Bool { bounds.contains { $0.type.isLocal } }
}

extension Subscripted {
    package var children: [TypedExpression] {
        switch self {
        case .index(let index, _): [index]
        case .range(let lower, let upper, let step): [lower, upper, step]
        }
    }
}

extension TypedStatement {
    /// The expressions directly inside, those of nested statements included.
    public var children: [TypedExpression] {
        switch kind {
        case .binding(_, let value), .tupleBinding(_, let value), .assignment(_, let value), .expression(let value),
            .show(_, let value):
            [value]
        case .update(_, let indices, let value, let condition, let domain):
            domain.children + (condition.map { [$0] } ?? []) + indices.flatMap(\.children) + [value]
        case .forLoop(_, let lower, let upper, let step, let body): [lower, upper, step] + body.flatMap(\.children)
        case .whileLoop(let condition, let body): [condition] + body.flatMap(\.children)
        case .conditional(let condition, let then, let otherwise): [condition] + (then + otherwise).flatMap(\.children)
        case .breakLoop, .continueLoop: []
        case .returnValue(let value): value.map { [$0] } ?? []
        case .print(let parts): parts.values
        case .assertion(let condition, let parts): [condition] + parts.values
        case .save(let value, let file): [value] + file.parts
        case .load(_, let file, let extents):
            file.parts + extents.compactMap { if case .equals(let size) = $0 { size } else { nil } }
        }
    }
}

extension PrintPart {
    /// The text, where it is no hole.
    package var literal: String { if case .text(let text) = self { text } else { "" } }
}

extension [PrintPart] {
    package var values: [TypedExpression] { compactMap { if case .value(let value, _) = $0 { value } else { nil } } }
}

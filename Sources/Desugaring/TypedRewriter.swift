import TypedTree

/// Writes typed programs anew: `rewritten` goes through everything in order, and a rewriter changes what it is there for.
protocol TypedRewriter: AnyObject {
    func rewrite(_ expression: TypedExpression) -> TypedExpression
    func rewrite(_ statement: TypedStatement) -> [TypedStatement]
}

extension TypedRewriter {
    func rewrite(_ statements: [TypedStatement]) -> [TypedStatement] { statements.flatMap { rewrite($0) } }

    func rewrite(_ expressions: [TypedExpression]) -> [TypedExpression] { expressions.map { rewrite($0) } }

    func rewrite(_ expression: TypedExpression?) -> TypedExpression? { expression.map { rewrite($0) } }

    func rewrite(_ block: TypedBlock) -> TypedBlock { TypedBlock(rewrite(block.statements), rewrite(block.value)) }

    func rewrite(_ parts: [PrintPart]) -> [PrintPart] {
        parts.map { if case .value(let value, let format) = $0 { .value(rewrite(value), format: format) } else { $0 } }
    }

    func rewrite(_ file: TypedFile) -> TypedFile { TypedFile(path: rewrite(file.path), detail: rewrite(file.detail)) }

    func rewrite(_ range: Domain.Range) -> Domain.Range {
        Domain.Range(
            index: range.index, lower: rewrite(range.lower), upper: rewrite(range.upper), step: rewrite(range.step))
    }

    func rewrite(_ domain: Domain) -> Domain {
        Domain(
            ranges: domain.ranges.map(rewrite), divided: domain.divided.map { ($0.range, rewrite($0.extent)) },
            across: domain.across.map { ($0.range, rewrite($0.extent)) })
    }

    func rewrite(_ subscripted: Subscripted) -> Subscripted {
        switch subscripted {
        case .index(let index, let bounds): .index(rewrite(index), bounds)
        case .range(let lower, let upper, let step):
            .range(lower: rewrite(lower), upper: rewrite(upper), step: rewrite(step))
        }
    }

    func rewrite(_ reduction: TypedReduction) -> TypedReduction {
        var reduction = reduction
        reduction.domain = rewrite(reduction.domain)
        reduction.kept = reduction.kept.map(rewrite)
        reduction.condition = rewrite(reduction.condition)
        reduction.keys = reduction.keys.map { KeyTarget(index: rewrite($0.index), count: rewrite($0.count)) }
        reduction.contributions = rewrite(reduction.contributions)
        return reduction
    }
}

extension TypedExpression {
    /// The same with all that stands inside written anew.
    func rewritten(by rewriter: some TypedRewriter) -> TypedExpression {
        TypedExpression(kind.rewritten(by: rewriter), type, span)
    }
}

extension TypedExpression.Kind {
    fileprivate func rewritten(by rewriter: some TypedRewriter) -> TypedExpression.Kind {
        switch self {
        case .constant, .string, .variable, .rank, .ranks, .clock: self
        case .text(let parts): .text(rewriter.rewrite(parts))
        case .sameText(let a, let b): .sameText(rewriter.rewrite(a), rewriter.rewrite(b))
        case .apply(let op, let operands): .apply(op, rewriter.rewrite(operands))
        case .power(let base, let exponent): .power(rewriter.rewrite(base), exponent)
        case .convert(let value): .convert(rewriter.rewrite(value))
        case .place(let value): .place(rewriter.rewrite(value))
        case .element(let array, let indices, let bounds):
            .element(rewriter.rewrite(array), rewriter.rewrite(indices), bounds)
        case .view(let array, var view):
            {
                view.fill = rewriter.rewrite(view.fill)
                return .view(rewriter.rewrite(array), view)
            }()
        case .slice(let array, let cuts): .slice(rewriter.rewrite(array), cuts.map(rewriter.rewrite))
        case .comprehension(let domain, let body): .comprehension(rewriter.rewrite(domain), rewriter.rewrite(body))
        case .reduction(let reduction): .reduction(rewriter.rewrite(reduction))
        case .arrayLiteral(let elements): .arrayLiteral(rewriter.rewrite(elements))
        case .tuple(let elements): .tuple(rewriter.rewrite(elements))
        case .tupleElement(let tuple, let position): .tupleElement(rewriter.rewrite(tuple), position)
        case .call(let function, let arguments): .call(function, rewriter.rewrite(arguments))
        case .collective(let collective, let operands): .collective(collective, rewriter.rewrite(operands))
        case .conditional(let condition, let then, let otherwise):
            .conditional(rewriter.rewrite(condition), rewriter.rewrite(then), rewriter.rewrite(otherwise))
        case .block(let block): .block(rewriter.rewrite(block))
        case .local(let block): .local(rewriter.rewrite(block))
        case .ownBlock(let array): .ownBlock(rewriter.rewrite(array))
        case .arrayOperation(let operation, let operands): .arrayOperation(operation, rewriter.rewrite(operands))
        case .extent(let array, let axis): .extent(rewriter.rewrite(array), axis: axis)
        case .checkShape(let value, let expected, let context):
            .checkShape(rewriter.rewrite(value), expected: expected.map { rewriter.rewrite($0) }, context: context)
        }
    }
}

extension TypedStatement {
    /// The same with all that stands inside written anew.
    func rewritten(by rewriter: some TypedRewriter) -> TypedStatement {
        TypedStatement(kind: kind.rewritten(by: rewriter), span: span)
    }
}

extension TypedStatement.Kind {
    fileprivate func rewritten(by rewriter: some TypedRewriter) -> TypedStatement.Kind {
        switch self {
        case .breakLoop, .continueLoop: self
        case .binding(let variable, let value): .binding(variable, rewriter.rewrite(value))
        case .tupleBinding(let variables, let value): .tupleBinding(variables, rewriter.rewrite(value))
        case .assignment(let variable, let value): .assignment(variable, rewriter.rewrite(value))
        case .update(let variable, let indices, let value, let condition, let domain):
            .update(
                variable, indices: indices.map(rewriter.rewrite), value: rewriter.rewrite(value),
                condition: rewriter.rewrite(condition), domain: rewriter.rewrite(domain))
        case .forLoop(let index, let lower, let upper, let step, let body):
            .forLoop(
                index, lower: rewriter.rewrite(lower), upper: rewriter.rewrite(upper), step: rewriter.rewrite(step),
                rewriter.rewrite(body))
        case .whileLoop(let condition, let body): .whileLoop(rewriter.rewrite(condition), rewriter.rewrite(body))
        case .conditional(let condition, let then, let otherwise):
            .conditional(rewriter.rewrite(condition), rewriter.rewrite(then), rewriter.rewrite(otherwise))
        case .returnValue(let value): .returnValue(rewriter.rewrite(value))
        case .print(let parts): .print(rewriter.rewrite(parts))
        case .show(let name, let value): .show(name: name, rewriter.rewrite(value))
        case .assertion(let condition, let message):
            .assertion(rewriter.rewrite(condition), message: rewriter.rewrite(message))
        case .save(let value, let file): .save(rewriter.rewrite(value), to: rewriter.rewrite(file))
        case .load(let variable, let file, let extents):
            .load(
                variable, from: rewriter.rewrite(file),
                extents: extents.map { extent in
                    if case .equals(let size) = extent { .equals(rewriter.rewrite(size)) } else { extent }
                })
        case .expression(let value): .expression(rewriter.rewrite(value))
        }
    }
}

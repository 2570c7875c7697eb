import Language
import Source
import Syntax
import TypedTree

// Array makers, written out as comprehensions.

extension Checker {
    func generatorCall(
        _ builtin: Builtin, _ generator: Builtin.Generator, _ arguments: [Argument], _ expecting: ElementType?,
        _ span: Span
    ) -> TypedExpression {
        let written = arguments.map(\.value)
        func wrongCount(_ expected: String) -> TypedExpression {
            report(.wrongArgumentCount(builtin.name, expected: expected, got: written.count, at: span))
        }
        let element = expecting.flatMap { $0.isNumeric ? $0 : nil } ?? .f64
        switch generator {
        case .arange:
            guard (1...3).contains(written.count) else { return wrongCount("1 to 3") }
            return arange(written, span)
        case .zeros, .ones:
            guard !written.isEmpty else { return wrongCount("1 or more") }
            let constant: Constant = generator == .zeros ? .zero(element) : .one(element)
            return filled(TypedExpression(.constant(constant), .scalar(element), span), written, span)
        case .full:
            guard written.count >= 2 else { return wrongCount("2 or more") }
            if written.count == 2, case .tuple = written[0].kind {
                return report(.valueOfFull(written[0], written[1], at: span))
            }
            return filled(expression(written[0], expecting: expecting), Array(written.dropFirst()), span)
        case .zerosLike, .onesLike, .fullLike:
            guard written.count == (generator == .fullLike ? 2 : 1) else {
                return wrongCount(generator == .fullLike ? "2" : "1")
            }
            return like(builtin, generator, written, span)
        case .linspace:
            guard written.count == 3 else { return wrongCount("3") }
            return linspace(written, span)
        case .eye:
            guard written.count == 1 else { return wrongCount("1") }
            return eye(written[0], element, span)
        }
    }

    /// A fresh index from 0 to before a count.
    private func counted(_ upper: TypedExpression, _ span: Span) -> Domain.Range {
        let index = newVariable("i", .i64)
        sizes.variables[index] = Size(sizes.newAtom("i"))
        return Domain.Range(index: index, lower: integer(0, span), upper: upper, step: integer(1, span))
    }

    private func read(_ range: Domain.Range, _ span: Span) -> TypedExpression {
        range.index.read(at: span)
    }

    private func made(_ ranges: [Domain.Range], _ value: TypedExpression, _ span: Span) -> TypedExpression {
        guard elementLeaves(value) != nil else {
            return value.type == .error ? value : report(.elementNotScalar(value.type, at: value.span))
        }
        let isLocal = value.type.isLocal || ranges.contains { $0.upper.type.isLocal }
        let type = value.type.over(ranges.map { sizes.size(of: $0.upper) }, isLocal ? .local : .replicated)
        return TypedExpression(.comprehension(Domain(ranges: ranges), value), type, span)
    }

    private func filled(_ value: TypedExpression, _ extents: [Expression], _ span: Span) -> TypedExpression {
        if value.type == .error { return value }
        let uppers = extents.map { index($0) }
        if uppers.contains(where: { $0.type == .error }) { return error(span) }
        for upper in uppers {
            if !context.isUnderCondition, let extent = sizes.size(of: upper).constant, extent < 0 {
                return report(.negativeExtent(extent, at: upper.span))
            }
        }
        return bindingOnce(value) { value in made(uppers.map { counted($0, span) }, value, span) }
    }

    private func like(
        _ builtin: Builtin, _ generator: Builtin.Generator, _ written: [Expression], _ span: Span
    ) -> TypedExpression {
        let model = expression(written[0])
        guard model.type != .error else { return model }
        guard let leaves = model.type.dataLeaves,
            leaves.allSatisfy({ !$0.placement.isPart && $0.placement != .root })
        else { return report(.badOperand(builtin.name, model.type, at: model.span)) }
        if generator == .onesLike, model.type.complexElement != nil { return one(like: model, span) }
        guard generator == .fullLike else {
            return leafwise(model) { leaf in
                let element = leaf.type.array?.element ?? .f64
                return filled(like: leaf, generator == .onesLike ? .one(element) : .zero(element), span)
            }
        }
        let value = asComplex(expression(written[1], expecting: model.type.literalElement), beside: model)
        guard value.type != .error else { return value }
        guard elementLeaves(value) != nil else { return report(.elementNotScalar(value.type, at: value.span)) }
        guard (model.type.components == nil) == (value.type.components == nil) else {
            return report(.badOperands(builtin.name, model.type, value.type, at: span))
        }
        return fieldwise(builtin, [model, value], span) { operands in
            let element = operands[0].type.array?.element ?? .f64
            let number = converted(operands[1], to: element, span)
            return operands[0].type.array?.isScalar == true
                ? number : bindingOnce(number) { filled(like: operands[0], $0, span) }
        }
    }

    private func arange(_ written: [Expression], _ span: Span) -> TypedExpression {
        let ends = written.map { index($0) }
        if ends.contains(where: { $0.type == .error }) { return error(span) }
        if ends.count == 1 {
            let range = counted(ends[0], span)
            return made([range], read(range, span), span)
        }
        let (lower, upper) = (ends[0], ends[1])
        var step = 1
        if ends.count == 3 {
            guard let value = constantStep(ends[2], at: ends[2].span) else { return error(span) }
            step = value
        }
        return bindingOnce(lower) { lower in
            // ceil((upper - lower) / step) elements
            let spread = arithmetic(.subtract, upper, lower, span)
            let rounded = arithmetic(.add, spread, integer(step - 1, span), span)
            let count = step == 1 ? spread : arithmetic(.floorDivide, rounded, integer(step, span), span)
            let range = counted(count, span)
            let scaled =
                step == 1 ? read(range, span) : arithmetic(.multiply, read(range, span), integer(step, span), span)
            return made([range], arithmetic(.add, lower, scaled, span), span)
        }
    }

    /// a + i·(b - a)/(n - 1), the last exactly b; a alone where n is 1.
    private func linspace(_ written: [Expression], _ span: Span) -> TypedExpression {
        let ends = written.prefix(2).map {
            convert(expression($0, expecting: .f64), to: .f64, for: "an end of linspace")
        }
        let count = index(written[2])
        if (ends + [count]).contains(where: { $0.type == .error }) { return error(span) }
        let gaps = arithmetic(.max, arithmetic(.subtract, count, integer(1, span), span), integer(1, span), span)
        return bindingOnce(ends[0]) { first in
            bindingOnce(ends[1]) { last in
                bindingOnce(gaps) { gaps in
                    evenlySpaced(first, last, gaps, counted(count, span), span)
                }
            }
        }
    }

    private func evenlySpaced(
        _ first: TypedExpression, _ last: TypedExpression, _ gaps: TypedExpression, _ range: Domain.Range, _ span: Span
    ) -> TypedExpression {
        func apply(_ op: ScalarOperator, _ operands: TypedExpression...) -> TypedExpression {
            TypedExpression(.apply(op, operands), .f64, span)
        }
        let index = read(range, span)
        return bindingOnce(apply(.divide, apply(.subtract, last, first), convert(gaps, toElement: .f64))) { step in
            let inner = apply(.fma, convert(index, toElement: .f64), step, first)
            return made([range], apply(.select, test(.equal, index, gaps, span), last, inner), span)
        }
    }

    private func eye(_ written: Expression, _ element: ElementType, _ span: Span) -> TypedExpression {
        let count = index(written)
        guard count.type != .error else { return count }
        return bindingOnce(count) { count in
            let (row, column) = (counted(count, span), counted(count, span))
            let same = TypedExpression(.apply(.equal, [read(row, span), read(column, span)]), .bool, span)
            let one = TypedExpression(.constant(.one(element)), .scalar(element), span)
            let zero = TypedExpression(.constant(.zero(element)), .scalar(element), span)
            return made(
                [row, column], TypedExpression(.apply(.select, [same, one, zero]), .scalar(element), span), span)
        }
    }
}

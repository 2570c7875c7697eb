import Language
import Source
import Syntax
import TypedTree

// `a @ b`: of matrices an array operation, with a vector a comprehension that fuses like any other.

extension Checker {
    func product(_ left: TypedExpression, _ right: TypedExpression, _ span: Span) -> TypedExpression {
        guard let own = left.type.numberElement, let other = right.type.numberElement, own.isNumeric, other.isNumeric,
            let a = arrayType(of: left), let b = arrayType(of: right),
            let element = own == other ? own : ElementType.join(own, other)
        else { return report(.badOperands("@", left.type, right.type, at: span)) }
        guard (1...2).contains(a.rank), (1...2).contains(b.rank) else {
            return report(.badOperands("@", left.type, right.type, at: span))
        }
        for operand in [left, right] where operand.type.isPart {
            return report(.partUsed(operand.type, "an operand of `@`", at: operand.span))
        }
        for operand in [left, right] where arrayType(of: operand)?.placement == .root {
            return report(.rootArithmetic(operand.type, at: operand.span))
        }
        if element.isComplex, a.rank == 2, b.rank == 2 { return complexMatrixProduct(left, right, element, span) }
        let operands = [left, right].map {
            element.isComplex ? asComplex($0, element) : convert($0, toElement: element)
        }
        let first = operands[0]
        let inner = a.shape[a.rank - 1]
        guard let second = withInner(operands[1], inner) else {
            return report(
                .productMismatch(
                    left.type, right.type, inner: (inner, b.shape[0]), at: span, origins: origins(of: [left, right])))
        }
        switch (a.rank, b.rank) {
        case (2, 2): return matrixProduct(first, second, span)
        case (2, 1): return matrixTimesVector(first, second, span)
        case (1, 2):
            return prelude(
                "x @ b", "fn vecmat(x, b) = [sum(x[k] * b[k, j] for k in 0..size(x)) for j in 0..size(b, axis: 1)]",
                [b.placement == .scattered(.columns) ? onEveryRank(first, span) : first, second], span)
        default: return prelude("x @ y", "fn vecvec(x, y) = sum(x * y)", [first, second], span)
        }
    }

    /// The right operand with its first extent equal to the left one's last; nil where they differ.
    private func withInner(_ value: TypedExpression, _ inner: Size) -> TypedExpression? {
        if value.type.components != nil {
            let parts = components(value).compactMap { withInner($0, inner) }
            return parts.count == 2 ? compound(of: parts, like: value.type, value.span) : nil
        }
        guard var shape = value.type.array?.shape else { return nil }
        shape[0] = inner
        return withShape(value, shape, what: "`@`")
    }

    func prelude(_ name: String, _ text: String, _ values: [TypedExpression], _ span: Span) -> TypedExpression {
        guard let declaration = preludeDeclaration(name, text) else { return report(.badPrelude(name, at: span)) }
        return specialisedCall(declaration, values.map(Actual.value), span, span)
    }

    /// A scattered operand collected on every rank: the messages of `@` are its own.
    func onEveryRank(_ value: TypedExpression, _ span: Span) -> TypedExpression {
        if value.type.components != nil { return leafwise(value) { onEveryRank($0, span) } }
        guard let type = value.type.array, type.placement.isDivided else { return value }
        requireUniform("`@`", span)
        return TypedExpression(
            .collective(.allgather, [value]), .array(type.with(placement: .replicated)), value.span)
    }

    /// Rows times a vector, which every rank has, or the part of it that belongs to its columns.
    private func matrixTimesVector(_ a: TypedExpression, _ x: TypedExpression, _ span: Span) -> TypedExpression {
        prelude(
            "a @ x", "fn matvec(a, x) = [sum(a[i, k] * x[k] for k in 0..size(x)) for i in 0..size(a, axis: 0)]",
            [a, arrayType(of: a)?.placement == .scattered(.columns) ? x : onEveryRank(x, span)], span)
    }

    /// In the code of an element: the same chain of fused multiply-adds for each element of the product.
    private func smallProduct(_ a: TypedExpression, _ b: TypedExpression, _ span: Span) -> TypedExpression {
        let chain = "var t = cast_like(0, b)\n for k in 0..size(b, axis: 0) { t = t + a[i, k] * b[k, j] }\n t"
        return prelude(
            "a @ b of an element",
            "fn small(a, b) = [{ \(chain) } for i in 0..size(a, axis: 0), j in 0..size(b, axis: 1)]", [a, b], span)
    }

    /// Divided rows of the left or divided columns of the right stay so; what would have to be divided otherwise is collected on every
    /// rank. Where only the inner axis is divided, every rank multiplies its share and the sum over the ranks is one reduction.
    private func matrixProduct(_ left: TypedExpression, _ right: TypedExpression, _ span: Span) -> TypedExpression {
        var (a, b) = (left, right)
        switch (a.type.array?.placement, b.type.array?.placement) {
        case (.scattered(.rows), .scattered(.columns)): b = onEveryRank(b, span)
        case (.scattered(.columns), .scattered(.columns)): a = onEveryRank(a, span)
        default: break
        }
        guard let x = a.type.array, let y = b.type.array else { return error(span) }
        switch (x.placement, y.placement) {
        case (.replicated, .scattered(.rows)), (.scattered(.columns), .scattered(.rows)),
            (.scattered(.columns), .replicated):
            return prelude(
                "a @ b",
                "fn contract(a, b) = "
                    + "[sum(a[i, k] * b[k, j] for k in 0..size(b, axis: 0)) for i in 0..size(a, axis: 0), j in 0..size(b, axis: 1)]",
                [a, b], span)
        default: break
        }
        let placement: Placement? =
            switch (x.placement, y.placement) {
            case (.replicated, .replicated): .replicated
            case (.local, .local), (.local, .replicated), (.replicated, .local): .local
            case (.scattered(.rows), .replicated), (.scattered(.rows), .scattered(.rows)): .scattered(.rows)
            case (.scattered(.grid), .scattered(.grid)): .scattered(.grid)
            case (.replicated, .scattered(.columns)): .scattered(.columns)
            default: nil
            }
        guard let placement else { return report(.productPlacement(a.type, b.type, at: span)) }
        if placement.isDivided {
            requireUniform("`@`", span)
        } else if context.isElement {
            return smallProduct(a, b, span)
        }
        let type = ArrayType(x.element, [x.shape[0], y.shape[1]], placement)
        return TypedExpression(.arrayOperation(ArrayOperation(.matmul), [a, b]), .array(type), span)
    }
}

extension Distribution {
    fileprivate static let columns = block(axis: 1)
}

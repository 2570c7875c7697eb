import Language
import Source
import Syntax
import TypedTree

// `reversed`, `reshape`, `concat`, `permute`.

extension Checker {
    /// A comprehension where every rank has what it reads; along the divided axis, a slice that counts down.
    func reversed(_ builtin: Builtin, _ arguments: [Argument], axis: Int, _ span: Span) -> TypedExpression {
        guard let values = operands(builtin, arguments, "1", span, where: { $0 == 1 }) else { return error(span) }
        return fieldwise(builtin, values, span) { reversed($0[0], builtin, axis: axis, span) }
    }

    private func reversed(_ array: TypedExpression, _ builtin: Builtin, axis: Int, _ span: Span) -> TypedExpression {
        guard let type = movable(array, builtin) else { return error(span) }
        guard type.shape.indices.contains(axis) else {
            return report(.badAxis(axis, context.records ?? array.type, at: span))
        }
        if type.placement.isDivided { requireUniform("`reversed`", span) }
        return bindingOnce(array) { array in
            let extents = type.shape.indices.map { extent(array, $0, span) }
            let last = arithmetic(.subtract, extents[axis], integer(1, span), span)
            guard type.placement.dividedAxis == axis else { return readReversed(array, type, axis, last, span) }
            let bounds = extents.enumerated().flatMap { position, extent in
                position == axis
                    ? [last, integer(-1, span), integer(-1, span)] : [integer(0, span), extent, integer(1, span)]
            }
            let operation = ArrayOperation(.slice, type.shape.map { _ in 1 })
            return TypedExpression(.arrayOperation(operation, [array] + bounds), array.type, span)
        }
    }

    private func readReversed(
        _ array: TypedExpression, _ type: ArrayType, _ axis: Int, _ last: TypedExpression, _ span: Span
    ) -> TypedExpression {
        var domain = self.domain(of: array, type, span)
        if let divided = type.placement.dividedAxis { domain.divided = (divided, domain.ranges[divided].upper) }
        let indices = domain.ranges.enumerated().map { position, range in
            let index = range.index.read(at: span)
            return position == axis ? arithmetic(.subtract, last, index, span) : index
        }
        let placement: Placement = type.placement == .local ? .local : .replicated
        let element = TypedExpression(
            .element(array, indices, .proved), .scalar(type.element, placement), span)
        return TypedExpression(.comprehension(domain, element), array.type, span)
    }

    func reshape(_ builtin: Builtin, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard (2...5).contains(arguments.count) else {
            return report(.wrongArgumentCount(builtin.name, expected: "2 to 5", got: arguments.count, at: span))
        }
        let array = expression(arguments[0].value)
        let extents = arguments.dropFirst().map { index($0.value) }
        if ([array] + extents).contains(where: { $0.type == .error }) { return error(span) }
        return fieldwise(builtin, [array] + extents, span) {
            reshape($0[0], to: Array($0.dropFirst()), builtin, span)
        }
    }

    private func reshape(
        _ array: TypedExpression, to extents: [TypedExpression], _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let type = movable(array, builtin) else { return error(span) }
        if type.placement != .local, let own = extents.first(where: { $0.type.array?.placement == .local }) {
            return report(.localExtent(own.type, at: own.span))
        }
        let shape = extents.map { sizes.size(of: $0) }
        if let have = count(of: type.shape), let want = count(of: shape),
            let difference = Size.difference(want, have), difference != 0
        {
            return report(.reshapeMismatch(context.records ?? array.type, have, shape, at: span))
        }
        // Whatever axis was divided, the result's first is: its elements are in row-major order.
        let placement = type.placement.isDivided ? .scattered(.rows) : type.placement
        let result = ArrayType(type.element, shape, placement)
        return made(ArrayOperation(.reshape), [array] + extents, .array(result), builtin, span)
    }

    /// How many elements a shape has, where that can be written.
    private func count(of shape: [Size]) -> Size? {
        shape.reduce(Size(1)) { product, extent in product.flatMap { Size.product($0, extent) } }
    }

    func concat(_ builtin: Builtin, _ arguments: [Argument], axis: Int, _ span: Span) -> TypedExpression {
        guard var values = operands(builtin, arguments, "2 or more", span, where: { $0 >= 2 }) else {
            return error(span)
        }
        values = alikeComplex(values)
        if let (number, record) = mixed(values) {
            return report(.badOperands(builtin.name, number.type, record.type, at: span))
        }
        return fieldwise(builtin, values, span) { concat($0, builtin, axis: axis, span) }
    }

    /// Of operands one that is of numbers and one of tuples or records.
    private func mixed(_ values: [TypedExpression]) -> (TypedExpression, TypedExpression)? {
        guard let number = values.first(where: { $0.type.components == nil }),
            let record = values.first(where: { $0.type.components != nil })
        else { return nil }
        return (number, record)
    }

    private func concat(_ operands: [TypedExpression], _ builtin: Builtin, axis: Int, _ span: Span) -> TypedExpression {
        var values = operands
        var types: [ArrayType] = []
        for value in values {
            guard let type = movable(value, builtin) else { return error(span) }
            types.append(type)
        }
        guard types[0].shape.indices.contains(axis) else {
            return report(.badAxis(axis, context.records ?? values[0].type, at: span))
        }
        var result = types[0]
        for (value, type) in zip(values, types).dropFirst() {
            guard type.rank == result.rank,
                type.shape.indices.allSatisfy({
                    $0 == axis || Size.difference(type.shape[$0], types[0].shape[$0]) ?? 0 == 0
                })
            else {
                return report(
                    .shapeMismatch(builtin.name, values[0], value, at: span, origins: origins(of: [values[0], value])))
            }
            guard
                let element = result.element == type.element
                    ? type.element : ElementType.join(result.element, type.element)
            else { return report(.branchMismatch(values[0].type, value.type, at: span)) }
            guard let placement = common(result.placement, type.placement) else {
                return report(.placementMismatch(builtin.name, values[0], value, at: span))
            }
            result.element = element
            result.placement = placement
            result.shape[axis] =
                Size.sum(result.shape[axis], type.shape[axis]) ?? Size(sizes.newAtom("size of `concat`"))
        }
        values = values.map { placed(convert($0, toElement: result.element), result.placement) }
        return made(ArrayOperation(.concat, [axis, values.count]), values, .array(result), builtin, span)
    }

    func permute(_ builtin: Builtin, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard let values = operands(builtin, arguments, "2", span, where: { $0 == 2 }) else { return error(span) }
        return fieldwise(builtin, values, span) { permute($0, builtin, span) }
    }

    private func permute(_ values: [TypedExpression], _ builtin: Builtin, _ span: Span) -> TypedExpression {
        guard let type = movable(values[0], builtin), let index = movable(values[1], builtin) else {
            return error(span)
        }
        guard index.rank == 1, index.element.isInteger else {
            return report(.notAPermutation(values[1].type, at: values[1].span))
        }
        if let difference = Size.difference(type.shape[0], index.shape[0]), difference != 0 {
            return report(
                .shapeMismatch(builtin.name, values[0], values[1], at: span, origins: origins(of: values)))
        }
        if let axis = type.placement.dividedAxis, axis != 0 {
            return permuteInPlace(builtin, values[0], type, values[1], span)
        }
        guard let placement = common(type.placement, index.placement) else {
            return report(.placementMismatch(builtin.name, values[0], values[1], at: span))
        }
        let operands = [placed(values[0], placement), placed(convert(values[1], toElement: .i64), placement)]
        return made(
            ArrayOperation(.permute), operands, .array(type.with(placement: placement)), builtin, span)
    }

    /// Rows of which every rank has its part move within the ranks: result[i] = x[where index is i].
    private func permuteInPlace(
        _ builtin: Builtin, _ array: TypedExpression, _ type: ArrayType, _ index: TypedExpression, _ span: Span
    ) -> TypedExpression {
        guard index.type.array?.placement == .replicated else {
            return report(.indexOnAllRanks(builtin.name, array.type, index.type, at: index.span))
        }
        guard let index = withShape(convert(index, toElement: .i64), [type.shape[0]], what: "`permute`", target: array)
        else {
            return report(
                .shapeMismatch(builtin.name, array, index, at: span, origins: origins(of: [array, index])))
        }
        return bindingOnce(array) { array in
            bindingOnce(index) { index in
                let whole = ArrayType(.i64, [type.shape[0]])
                var rows = self.domain(of: index, whole, span)
                rows.ranges = Array(rows.ranges.prefix(1))
                let row = rows.ranges[0].index.read(at: span)
                let numbers = TypedExpression(.comprehension(rows, row), .array(whole), span)
                let inverse = self.made(
                    ArrayOperation(.permute), [numbers, index], .array(whole), builtin, span)
                return self.bindingOnce(inverse) { self.gatheredInPlace(array, $0, span) }
            }
        }
    }

    // MARK: Operands

    /// The typed arguments, when there are as many as wanted and none is wrong.
    private func operands(
        _ builtin: Builtin, _ arguments: [Argument], _ expected: String, _ span: Span, where isRight: (Int) -> Bool
    ) -> [TypedExpression]? {
        guard isRight(arguments.count) else {
            report(.wrongArgumentCount(builtin.name, expected: expected, got: arguments.count, at: span))
            return nil
        }
        let values = arguments.map { expression($0.value) }
        return values.contains { $0.type == .error } ? nil : values
    }

    /// Where two arrays meet: a replicated one goes wherever the other is.
    private func common(_ a: Placement, _ b: Placement) -> Placement? {
        a == b || b == .replicated ? a : a == .replicated ? b : nil
    }

    private func placed(_ value: TypedExpression, _ placement: Placement) -> TypedExpression {
        guard let type = value.type.array, type.placement != placement else { return value }
        return TypedExpression(.place(value), .array(type.with(placement: placement)), value.span)
    }
}

import Language
import Source
import TypedTree

// Operations that sort and select: the extents of what they select are new unknowns.

extension Checker {
    /// An operand whose elements have an order, along its only axis.
    private func sortable(_ value: TypedExpression, _ builtin: Builtin) -> ArrayType? {
        guard let type = movable(value, builtin) else { return nil }
        guard type.rank == 1, !type.element.isComplex else {
            report(.notSortable(builtin.name, value.type, at: value.span))
            return nil
        }
        return type
    }

    /// `sort(a)`, `sort(a, axis: k)`, `argsort(a)`, `unique(a)`
    func ordered(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ values: [TypedExpression], axis: Int?, _ span: Span
    ) -> TypedExpression {
        guard values.count == 1 else {
            return report(.wrongArgumentCount(builtin.name, expected: "1", got: values.count, at: span))
        }
        if let axis { return orderedLines(kind, builtin, values[0], axis, span) }
        guard var type = sortable(values[0], builtin) else { return error(span) }
        if kind == .argsort { type.element = .i64 }
        if kind == .unique { type.shape = [Size(sizes.newAtom("size of \(sourceText(span))"))] }
        return made(ArrayOperation(kind, [0]), values, .array(type), builtin, span)
    }

    /// Every line along the axis for itself: an array of several axes that is divided along this one is divided along another meanwhile.
    private func orderedLines(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ value: TypedExpression, _ axis: Int, _ span: Span
    ) -> TypedExpression {
        guard let type = movable(value, builtin) else { return error(span) }
        guard !type.element.isComplex else { return report(.notSortable(builtin.name, value.type, at: value.span)) }
        guard type.shape.indices.contains(axis) else { return report(.badAxis(axis, value.type, at: span)) }
        func sorted(_ value: TypedExpression, _ type: ArrayType) -> TypedExpression {
            let result = type.with(element: kind == .argsort ? .i64 : type.element)
            return made(ArrayOperation(kind, [axis]), [value], .array(result), builtin, span)
        }
        guard type.rank > 1, type.placement.dividedAxis == axis else { return sorted(value, type) }
        let across = axis == 0 ? 1 : 0
        let lines = sorted(redivided(value, along: across, span), type.with(placement: .scattered(axis: across)))
        return redivided(lines, along: axis, span)
    }

    /// `compress(a, mask)`
    func compress(_ builtin: Builtin, _ values: [TypedExpression], _ span: Span) -> TypedExpression {
        guard values.count == 2 else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: values.count, at: span))
        }
        // All fields of a record have as many rows left.
        let count = Size(sizes.newAtom("size of \(sourceText(span))"))
        return fieldwise(builtin, values, span) { compress($0[0], by: $0[1], to: count, builtin, span) }
    }

    private func compress(
        _ array: TypedExpression, by mask: TypedExpression, to count: Size, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let type = movable(array, builtin) else { return error(span) }
        if let own = mask.type.array, own.rank > 1, own.rank == type.rank, own.element == .bool {
            return bindingFlat(array, mask, builtin, span) { compress($0, by: $1, to: count, builtin, span) }
        }
        return bindingOnce(array) { array in
            guard let mask = self.mask(mask, of: array, type, builtin) else { return error(span) }
            func selected(_ array: TypedExpression, _ type: ArrayType) -> TypedExpression {
                var type = type
                type.shape[0] = count
                return made(ArrayOperation(.compress), [array, mask], .array(type), builtin, span)
            }
            guard let axis = type.placement.dividedAxis, axis > 0 else { return selected(array, type) }
            // Every rank has its part of all rows: their numbers are selected, then the rows are read at them.
            let rows = ArrayType(.i64, [type.shape[0]])
            let numbers = self.domain(of: array, type, span).ranges[0]
            let row = numbers.index.read(at: span)
            let all = TypedExpression(.comprehension(Domain(ranges: [numbers]), row), .array(rows), span)
            return bindingOnce(selected(all, rows)) { gatheredInPlace(array, $0, span) }
        }
    }

    /// A mask of several axes selects elements in row-major order: both become arrays of one axis.
    private func bindingFlat(
        _ array: TypedExpression, _ mask: TypedExpression, _ builtin: Builtin, _ span: Span,
        _ use: (TypedExpression, TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        guard let type = array.type.array,
            let mask = withShape(mask, type.shape, what: "the mask of `\(builtin.name)`", target: array)
        else {
            return report(
                .shapeMismatch(builtin.name, array, mask, at: span, origins: origins(of: [array, mask])))
        }
        return bindingOnce(array) { array in
            let (flat, chosen) = (
                flattened(array, like: array, builtin, span), flattened(mask, like: array, builtin, span)
            )
            return flat.type == .error || chosen.type == .error ? error(span) : use(flat, chosen)
        }
    }

    /// The elements in row-major order, an array of one axis; `model` has the same shape and a name.
    private func flattened(
        _ array: TypedExpression, like model: TypedExpression, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let type = array.type.array else { return error(span) }
        let count = type.shape.indices.map { extent(model, $0, span) }.reduce(integer(1, span)) {
            arithmetic(.multiply, $0, $1, span)
        }
        let placement = type.placement.isDivided ? .scattered(.rows) : type.placement
        let flat = ArrayType(type.element, [sizes.size(of: count)], placement)
        return made(ArrayOperation(.reshape), [array, count], .array(flat), builtin, span)
    }

    /// One bool for each row, on the ranks that hold the rows.
    private func mask(
        _ mask: TypedExpression, of array: TypedExpression, _ type: ArrayType, _ builtin: Builtin
    ) -> TypedExpression? {
        guard let have = mask.type.array, have.element == .bool, have.rank == 1 else {
            report(.badMask(builtin.name, mask.type, at: mask.span))
            return nil
        }
        let placement: Placement =
            type.placement == .local ? .local : type.placement.dividedAxis == 0 ? type.placement : .replicated
        var placed = mask
        if have.placement != placement {
            guard have.placement == .replicated else {
                if type.placement.isDivided, have.placement.isDivided {
                    report(.indexOnAllRanks(builtin.name, array.type, mask.type, at: mask.span))
                } else {
                    report(.placementMismatch(builtin.name, array, mask, at: mask.span))
                }
                return nil
            }
            placed = TypedExpression(.place(mask), .array(have.with(placement: placement)), mask.span)
        }
        guard
            let checked = withShape(
                placed, [type.shape[0]], what: "the mask of `\(builtin.name)`", target: array)
        else {
            report(.maskMismatch(builtin.name, have.shape[0], type.shape[0], at: mask.span))
            return nil
        }
        return checked
    }

    /// `top_k(a, k)`: values and indices, of an array over ranks on every rank.
    func greatest(_ builtin: Builtin, _ values: [TypedExpression], _ span: Span) -> TypedExpression {
        guard values.count == 2 else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: values.count, at: span))
        }
        guard let type = sortable(values[0], builtin) else { return error(span) }
        guard let count = values[1].type.array, count.isScalar, count.element.widens(to: .i64),
            count.placement == .replicated || type.placement == .local && count.placement == .local
        else { return report(.notAnInteger(values[1].type, at: values[1].span)) }
        let wanted = convert(values[1], toElement: .i64)
        let shape = [sizes.size(of: wanted, named: "k")]
        if let room = Size.difference(type.shape[0], shape[0]), room < 0 {
            return report(.tooManyWanted(shape[0], type.shape[0], at: values[1].span))
        }
        let placement: Placement = type.placement == .local ? .local : .replicated
        let results = [type.element, .i64].map { ValueType.array(ArrayType($0, shape, placement)) }
        return made(ArrayOperation(.topK), [values[0], wanted], .tuple(results), builtin, span)
    }
}

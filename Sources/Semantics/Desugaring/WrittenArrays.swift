import Language
import Source

// `v[1..n-1] = 0.5 * (u[0..n-2] + u[2..n])`: the array on the right is not made. It is computed element by element where the elements of the
// left side lie, and its slices are reads beside them, halos where they are divided.

extension Checker {
    /// The value for the element of the region at the domain's own indices: of an array the element at the same place, of a number itself.
    func pointwise(_ value: TypedExpression, _ region: WrittenRegion, _ type: ArrayType, _ span: Span)
        -> TypedExpression
    {
        guard value.type != .error else { return value }
        if case .block(let block) = value.kind, moveOut(block.statements) {
            return pointwise(block.value, region, type, span)
        }
        guard let own = arrayType(of: value) else {
            return value.type.dataLeaves == nil ? report(.elementNotScalar(value.type, at: span)) : value
        }
        if own.isScalar { return context.domains.isEmpty || value.isNamed ? value : moveOut(value) ?? value }
        if own.placement.isPart { return report(.partUsed(value.type, "assigned", at: span)) }
        if own.placement == .root { return report(.rootArithmetic(value.type, at: span)) }
        guard hasShape(value, own, of: region, span) else { return error(span) }
        return elements(of: value, region, type)
    }

    /// The element of each array in a record or tuple.
    private func elements(of value: TypedExpression, _ region: WrittenRegion, _ type: ArrayType) -> TypedExpression {
        guard value.type.components != nil else { return element(of: value, region, type) }
        if case .tuple = value.kind {} else { return elements(of: stable(value), region, type) }
        let parts = components(value).map { elements(of: $0, region, type) }
        if parts.contains(where: { $0.type == .error }) { return error(value.span) }
        return compound(of: parts, like: value.type, value.span)
    }

    /// Whether an array has the shape of what is assigned, as far as can be told; what cannot is checked before the elements' code.
    private func hasShape(_ value: TypedExpression, _ type: ArrayType, of region: WrittenRegion, _ span: Span) -> Bool {
        let wanted = region.ranges.map(\.count)
        guard wanted.count == type.rank,
            zip(wanted, type.shape).allSatisfy({ Size.difference($0, $1) ?? 0 == 0 })
        else {
            report(.regionShape(region.name, wanted, value, at: span))
            return false
        }
        for (axis, range) in region.ranges.enumerated() where range.count != type.shape[axis] {
            var extent = extent(firstLeaf(value), axis, span)
            extent.span = span
            checkBefore(
                countOf(range), extent,
                "the elements assigned and axis \(axis) of the value")
        }
        return true
    }

    /// How many indices a range has: max(0, (upper - lower + step - 1) // step).
    private func countOf(_ range: WrittenRange) -> TypedExpression {
        let span = range.lower.span
        let gap = arithmetic(.subtract, range.upper, range.lower, span)
        let length = arithmetic(.add, gap, arithmetic(.subtract, range.step, integer(1, span), span), span)
        return arithmetic(.max, integer(0, span), arithmetic(.floorDivide, length, range.step, span), span)
    }

    /// The element of an array expression that belongs to the domain's indices.
    private func element(of value: TypedExpression, _ region: WrittenRegion, _ type: ArrayType) -> TypedExpression {
        guard let own = value.type.array, !own.isScalar else { return value }
        let placement: Placement = own.placement == .local ? .local : .replicated
        let scalar = ValueType.scalar(own.element, placement)
        switch value.kind {
        case .apply(let op, let operands):
            let elements = operands.map { element(of: $0, region, type) }
            if elements.contains(where: { $0.type == .error }) { return error(value.span) }
            return TypedExpression(.apply(op, elements), scalar, value.span)
        case .convert(let inner):
            let read = element(of: inner, region, type)
            return read.type == .error ? read : TypedExpression(.convert(read), scalar, value.span)
        case .collective(.scatter, let operands) where operands.count == 1:
            guard operands[0].type.array?.placement == .replicated else { break }
            return element(of: operands[0], region, type)
        case .place(let inner):
            guard inner.type.array?.placement == .replicated, own.placement.isDivided else { break }
            return element(of: inner, region, type)
        case .block(let block) where moveOut(block.statements):
            return element(of: block.value, region, type)
        case .arrayOperation(let operation, let operands):
            guard operation.kind == .slice, let read = sliced(operation, operands, region, value.span) else { break }
            return read
        case .comprehension(let domain, let body):
            guard domain.divided == nil || isWhole(domain, region, type) else { break }
            return computed(domain, body, region, type)
        default: break
        }
        return read(stable(value), own, region, type, value.span)
    }

    /// Moves a block's statements in front of the outermost elements' code; false where they read indices.
    private func moveOut(_ statements: [TypedStatement]) -> Bool {
        let bound = context.domains.reduce(into: Set<Variable>()) { bound, domain in
            bound.formUnion(domain.ranges.map(\.index))
            bound.formUnion(domain.bodyVariables)
        }
        guard statements.flatMap(\.children).allSatisfy({ $0.variables.isDisjoint(with: bound) }) else { return false }
        context.hoisted += statements
        return true
    }

    /// A slice of a scattered array, read at the place of each element; nil where that is no constant distance away.
    private func sliced(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ region: WrittenRegion, _ span: Span
    ) -> TypedExpression? {
        guard let type = operands[0].type.array, operands[0].isVariable, let divided = type.placement.dividedAxis,
            operation.attributes.count == type.rank, operation.attributes[divided] == 1
        else { return nil }
        var ranges = region.ranges[...]
        var indices: [TypedExpression] = []
        for axis in 0..<type.rank {
            let (lower, step) = (operands[1 + 3 * axis], operands[3 + 3 * axis])
            guard operation.attributes[axis] == 1 else {
                indices.append(lower)
                continue
            }
            guard let range = ranges.popFirst(), sizes.knownSize(of: step) == sizes.knownSize(of: range.step) else {
                return nil
            }
            let own = range.index.read(at: span)
            let distance = Size.difference(sizes.size(of: lower), sizes.size(of: range.lower))
            if axis == divided, distance == nil { return nil }
            let shift =
                distance.map { integer($0, span) }
                ?? arithmetic(.subtract, lower, range.lower, span)
            indices.append(distance == 0 ? own : arithmetic(.add, own, shift, span))
        }
        return element(operands[0], type, indices, span)
    }

    /// Whether a divided comprehension runs over the same divided axis as the region, all of it.
    private func isWhole(_ domain: Domain, _ region: WrittenRegion, _ type: ArrayType) -> Bool {
        guard let divided = domain.divided?.range, region.ranges.indices.contains(divided) else { return false }
        let range = region.ranges[divided]
        return type.placement.dividedAxis == range.axis && range.count == type.shape[range.axis]
            && sizes.knownSize(of: range.lower) == Size(0)
    }

    /// The body of a comprehension, its indices bound to those of the element.
    private func computed(_ domain: Domain, _ body: TypedExpression, _ region: WrittenRegion, _ type: ArrayType)
        -> TypedExpression
    {
        let bindings = zip(domain.ranges, region.ranges).map { inner, range in
            var place = position(of: range, body.span)
            if sizes.knownSize(of: inner.step) != Size(1) {
                place = arithmetic(.multiply, inner.step, place, body.span)
            }
            if sizes.knownSize(of: inner.lower) != Size(0) {
                place = arithmetic(.add, inner.lower, place, body.span)
            }
            return TypedStatement(kind: .binding(inner.index, place), span: body.span)
        }
        return TypedExpression(.block(TypedBlock(bindings, body)), body.type, body.span)
    }

    /// How many steps into a written range the element is.
    private func position(of range: WrittenRange, _ span: Span) -> TypedExpression {
        let own = range.index.read(at: span)
        if sizes.knownSize(of: range.lower) == Size(0), sizes.knownSize(of: range.step) == Size(1) { return own }
        let distance = arithmetic(.subtract, own, range.lower, span)
        if sizes.knownSize(of: range.step) == Size(1) { return distance }
        return arithmetic(.floorDivide, distance, range.step, span)
    }

    /// The element of an array with a name. One that is divided otherwise than the region is dealt out anew first.
    private func read(
        _ array: TypedExpression, _ own: ArrayType, _ region: WrittenRegion, _ type: ArrayType, _ span: Span
    ) -> TypedExpression {
        var array = array
        var positions = region.ranges.map { position(of: $0, span) }
        if let divided = own.placement.dividedAxis {
            let range = region.ranges[divided]
            if type.placement.dividedAxis == range.axis, !isWhole(range, type) {
                guard let dealt = dealt(array, own, range, region.array, span) else { return error(span) }
                array = dealt
                positions[divided] = range.index.read(at: span)
            }
            return element(array, array.type.array ?? own, positions, span)
        }
        let placement: Placement = own.placement == .local ? .local : .replicated
        return TypedExpression(.element(array, positions, .proved), .scalar(own.element, placement), span)
    }

    private func isWhole(_ range: WrittenRange, _ type: ArrayType) -> Bool {
        range.count == type.shape[range.axis] && sizes.knownSize(of: range.lower) == Size(0)
            && sizes.knownSize(of: range.step) == Size(1)
    }

    /// An array along a divided axis of which a part is written, with its elements where they are written: every rank asks
    /// their owners.
    private func dealt(
        _ array: TypedExpression, _ own: ArrayType, _ range: WrittenRange, _ target: TypedExpression, _ span: Span
    ) -> TypedExpression? {
        guard own.placement.dividedAxis == 0, let type = target.type.array else {
            report(.dividedDifferently(sourceText(span), at: span, sourceText(range.lower.span), range.lower.span))
            return nil
        }
        let domains = context.domains
        context.domains = []
        defer { context.domains = domains }
        requireUniform("an array assigned to a part of a divided axis", span)
        // Outside of the range any element does, as long as there is one.
        let place = newVariable("i", .i64)
        let index = TypedExpression(.variable(place), .i64, span)
        let steps = arithmetic(.floorDivide, arithmetic(.subtract, index, range.lower, span), range.step, span)
        let last = arithmetic(.subtract, extent(array, 0, span), integer(1, span), span)
        let nearest = arithmetic(.max, integer(0, span), arithmetic(.min, steps, last, span), span)
        let upper = extent(target, range.axis, span)
        var domain = Domain(
            ranges: [Domain.Range(index: place, lower: integer(0, span), upper: upper, step: integer(1, span))],
            divided: (0, upper))
        let shape = ArrayType(.i64, [type.shape[range.axis]], .scattered(axis: 0))
        let wanted = TypedExpression(
            .comprehension(domain, nearest), .array(shape), span)
        var asked = bindingOnce(wanted) { requested(array, own, $0, shape, span) }
        if (own.shape[0].constant ?? 0) <= 0 {
            domain.ranges += self.domain(of: array, own, span).ranges.dropFirst()
            let zero = TypedExpression(.constant(.zero(own.element)), .scalar(own.element), span)
            let none = TypedExpression(.comprehension(domain, zero), asked.type, span)
            let isAny = TypedExpression(.apply(.less, [integer(0, span), extent(array, 0, span)]), .bool, span)
            asked = TypedExpression(
                .conditional(isAny, TypedBlock([], asked), TypedBlock([], none)), asked.type, span)
        }
        let variable = newVariable("dealt", asked.type)
        context.hoisted.append(TypedStatement(kind: .binding(variable, asked), span: span))
        return TypedExpression(.variable(variable), asked.type, span)
    }
}

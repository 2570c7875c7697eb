import Language
import Source
import TypedTree

// `v[1..n-1] = 0.5 * (u[0..n-2] + u[2..n])` becomes an update of single elements:
//
//     v[k] = 0.5 * (u[k-1] + u[k+1]) for k in 1..n-1
//
// The array on the right is not made. It is computed element by element where the elements of the left side lie, and its slices are reads
// beside them, halos where they are divided.

/// What an update writes: the ranges among its subscripts, each with an index of its own.
struct WrittenRegion {
    /// The variable's type, and it read.
    var type: ArrayType
    var array: TypedExpression
    var ranges: [WrittenRange]
    /// The indices of the domain, which nothing reads that is evaluated before it.
    var indices: Set<Variable>
}

/// `2..9 by 2` on the left of an assignment.
struct WrittenRange {
    var axis: Int
    var index: Variable
    var lower, upper, step: TypedExpression
}

extension Desugaring {
    /// The update of a variable by an array, or one number, for the ranges among the subscripts.
    func pointwise(_ statement: TypedStatement) -> [TypedStatement] {
        guard case .update(let variable, let cuts, let value, let condition, var domain) = statement.kind,
            let type = variable.type.array
        else { return [statement] }
        let outer = before
        before = []
        defer { before = outer }
        var guards: [TypedExpression] = []
        var region = WrittenRegion(
            type: type, array: variable.read(at: statement.span), ranges: [], indices: Set(domain.ranges.map(\.index)))
        let own = region.indices
        var indices: [Subscripted] = []
        for (axis, cut) in cuts.enumerated() {
            guard case .range(let lower, let upper, let step) = cut else {
                indices.append(cut)
                continue
            }
            let range = newRange("_", lower, upper, step)
            let written = WrittenRange(axis: axis, index: range.index, lower: lower, upper: upper, step: step)
            region.ranges.append(written)
            region.indices.insert(range.index)
            let (box, tests) = sizes.boxed(range, own) ?? (range, [])
            guards += tests
            if type.placement.dividedAxis == axis { domain.divided = (domain.ranges.count, extent(region.array, axis)) }
            domain.ranges.append(box)
            let index = range.index.read(at: lower.span)
            let verdict = sizes.verdict(index: index, extent: type.shape[axis], isCertain: false)
            if case .proved = verdict {
                indices.append(.index(index, .proved))
            } else {
                indices.append(.index(index, .checked))
            }
        }
        if let axis = type.placement.dividedAxis, domain.divided == nil { divide(&domain, at: axis, &indices, region) }
        let element = element(of: value, in: region)
        domain.orderRanges(by: indices)
        let kind = TypedStatement.Kind.update(
            variable, indices: indices, value: element, condition: guarded(guards, condition), domain: domain)
        return before + [TypedStatement(kind: kind, span: statement.span)]
    }

    /// The owner of the one row of a divided axis that is written does it: a range of its own runs over that row.
    private func divide(_ domain: inout Domain, at axis: Int, _ indices: inout [Subscripted], _ region: WrittenRegion) {
        guard case .index(let index, let bounds) = indices[axis] else { return }
        let range = newRange(
            "_", index, arithmetic(.add, index, integer(1, index.span), index.span), integer(1, index.span))
        domain.ranges.insert(range, at: 0)
        domain.divided = (0, extent(region.array, axis))
        indices[axis] = .index(range.index.read(at: index.span), bounds)
    }

    // MARK: The value

    /// The value for the element of the region at the domain's own indices.
    private func element(of value: TypedExpression, in region: WrittenRegion) -> TypedExpression {
        guard let own = value.type.array, !own.isScalar else {
            return value.isNamed ? value : movedOut(value, of: region) ?? value
        }
        let scalar = ValueType.scalar(own.element, own.placement == .local ? .local : .replicated)
        switch value.kind {
        case .apply(let op, let operands):
            var elements: [TypedExpression] = []
            for operand in operands { elements.append(element(of: operand, in: region)) }
            return TypedExpression(.apply(op, elements), scalar, value.span)
        case .power(let base, let exponent):
            return TypedExpression(.power(element(of: base, in: region), exponent), scalar, value.span)
        case .convert(let inner):
            return TypedExpression(.convert(element(of: inner, in: region)), scalar, value.span)
        case .collective(.scatter, let operands) where operands.count == 1:
            guard operands[0].type.array?.placement == .replicated else { break }
            return element(of: operands[0], in: region)
        case .place(let inner):
            guard inner.type.array?.placement == .replicated else { break }
            let read = element(of: inner, in: region)
            return own.placement.isDivided ? read : TypedExpression(.place(read), scalar, value.span)
        case .block(let block):
            if moveOut(block.statements, of: region) { return element(of: block.value, in: region) }
            guard let within = within(block, region) else { break }
            let read = element(of: block.value, in: within)
            return TypedExpression(.block(TypedBlock(block.statements, read)), read.type, value.span)
        case .slice(let array, let cuts):
            if let read = sliced(array, cuts, in: region, value.span) { return read }
        case .arrayOperation(let operation, let operands) where operation.kind == .slice:
            let cuts = zip(operation.attributes, operands.dropFirst().triples).map { stays, cut in
                stays == 1 ? Subscripted.range(lower: cut.0, upper: cut.1, step: cut.2) : .index(cut.0, .checked)
            }
            if let read = sliced(operands[0], cuts, in: region, value.span) { return read }
        case .comprehension(let domain, let body):
            guard domain.divided == nil || isWhole(domain, region) else { break }
            return computed(domain, body, region)
        default: break
        }
        return read(stable(value, in: region), own, region, value.span)
    }

    /// A slice read at the place of each element: of a scattered array, and of what the update itself writes; nil where that is no constant
    /// distance away.
    private func sliced(
        _ array: TypedExpression, _ cuts: [Subscripted], in region: WrittenRegion, _ span: Span
    ) -> TypedExpression? {
        guard case .variable(let variable) = array.kind, let type = array.type.array, cuts.count == type.rank else {
            return nil
        }
        var ranges = region.ranges[...]
        var indices: [TypedExpression] = []
        var bounds = Bounds.proved
        var offset = 0
        for (axis, cut) in cuts.enumerated() {
            switch cut {
            case .index(let index, let check):
                if type.placement.dividedAxis == axis { return nil }
                if check == .checked { bounds = .checked }
                indices.append(index)
            case .range(let lower, _, let step):
                guard let range = ranges.popFirst(), sizes.knownSize(of: step) == sizes.knownSize(of: range.step) else {
                    return nil
                }
                let distance = distance(from: range.lower, to: lower)
                if type.placement.dividedAxis == axis {
                    guard let distance, range.axis == region.type.placement.dividedAxis,
                        type.shape[axis] == region.type.shape[range.axis], isNear(distance, range)
                    else { return nil }
                    offset = distance
                } else if !type.placement.isDivided, distance != 0 || region.array.isVariable(variable) == false {
                    return nil
                }
                let own = range.index.read(at: span)
                let shift = distance.map { integer($0, span) } ?? arithmetic(.subtract, lower, range.lower, span)
                let index = distance == 0 ? own : arithmetic(.add, own, shift, span)
                let verdict = sizes.verdict(index: index, extent: type.shape[axis], isCertain: false)
                if case .proved = verdict {} else { bounds = .checked }
                indices.append(index)
            }
        }
        return element(self.offset(array, by: offset), type, indices, bounds, span)
    }

    /// Whether a halo brings what is read that far away: a few elements from far away are asked for.
    private func isNear(_ distance: Int, _ range: WrittenRange) -> Bool {
        guard let count = self.distance(from: range.lower, to: range.upper) else { return true }
        return abs(distance) <= max(count, farthestHalo)
    }

    /// The array read that far away along its divided axis.
    private func offset(_ array: TypedExpression, by offset: Int) -> TypedExpression {
        if offset == 0 { return array }
        var view = View()
        view.offsets = offset...offset
        return TypedExpression(.view(array, view), array.type, array.span)
    }

    private func element(
        _ array: TypedExpression, _ type: ArrayType, _ indices: [TypedExpression], _ bounds: Bounds, _ span: Span
    ) -> TypedExpression {
        let isLocal = type.placement == .local || indices.contains { $0.type.isLocal }
        return TypedExpression(
            .element(array, indices, bounds), .scalar(type.element, isLocal ? .local : .replicated), span)
    }

    /// Whether a divided comprehension runs over the same divided axis as the region, all of it.
    private func isWhole(_ domain: Domain, _ region: WrittenRegion) -> Bool {
        guard let divided = domain.divided?.range, region.ranges.indices.contains(divided) else { return false }
        let range = region.ranges[divided]
        return region.type.placement.dividedAxis == range.axis && isWhole(range, region)
    }

    /// Whether a range is the whole axis.
    private func isWhole(_ range: WrittenRange, _ region: WrittenRegion) -> Bool {
        sizes.knownSize(of: range.upper) == region.type.shape[range.axis]
            && sizes.knownSize(of: range.lower) == Size(0) && sizes.knownSize(of: range.step) == Size(1)
    }

    /// The body of a comprehension, its indices bound to those of the element.
    private func computed(_ domain: Domain, _ body: TypedExpression, _ region: WrittenRegion) -> TypedExpression {
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
        let isUnit = sizes.knownSize(of: range.step) == Size(1)
        if sizes.knownSize(of: range.lower) == Size(0), isUnit { return own }
        let distance = arithmetic(.subtract, own, range.lower, span)
        return isUnit ? distance : arithmetic(.floorDivide, distance, range.step, span)
    }

    /// How far one integer is from another, where that is known.
    private func distance(from: TypedExpression, to: TypedExpression) -> Int? {
        guard let from = sizes.knownSize(of: from), let to = sizes.knownSize(of: to) else { return nil }
        return Size.difference(to, from)
    }

    /// The element of an array. One that is divided otherwise than the region is dealt out anew first.
    private func read(
        _ array: TypedExpression, _ own: ArrayType, _ region: WrittenRegion, _ span: Span
    ) -> TypedExpression {
        var positions = region.ranges.map { position(of: $0, span) }
        guard let divided = own.placement.dividedAxis else { return element(array, own, positions, .proved, span) }
        let range = region.ranges[divided]
        if isWhole(range, region) { return element(array, own, positions, .proved, span) }
        let dealt = dealt(array, range, region, span)
        positions[divided] = range.index.read(at: span)
        return element(dealt, dealt.type.array ?? own, positions, .proved, span)
    }

    // MARK: Before the update

    /// An array under a name, evaluated before the update where it does not depend on its indices.
    private func stable(_ array: TypedExpression, in region: WrittenRegion) -> TypedExpression {
        array.isNamed ? array : movedOut(array, of: region) ?? array
    }

    private func movedOut(_ value: TypedExpression, of region: WrittenRegion) -> TypedExpression? {
        guard value.variables.isDisjoint(with: region.indices) else { return nil }
        let variable = newVariable("once", value.type)
        before.append(TypedStatement(kind: .binding(variable, value), span: value.span))
        return TypedExpression(.variable(variable), value.type, value.span)
    }

    /// Moves a block's statements in front of the update; false where they read indices.
    private func moveOut(_ statements: [TypedStatement], of region: WrittenRegion) -> Bool {
        guard statements.flatMap(\.children).allSatisfy({ $0.variables.isDisjoint(with: region.indices) }) else {
            return false
        }
        before += statements
        return true
    }

    /// The region as the value of a block sees it whose statements are names for numbers of a point; nil where they are more.
    private func within(_ block: TypedBlock, _ region: WrittenRegion) -> WrittenRegion? {
        var region = region
        for statement in block.statements {
            guard case .binding(let variable, _) = statement.kind, variable.type.array?.isScalar == true else {
                return nil
            }
            region.indices.insert(variable)
        }
        return region
    }
}

extension Domain {
    /// Puts the ranges in the order of the axes that they run along, where each axis has its own.
    fileprivate mutating func orderRanges(by subscripts: [Subscripted]) {
        let order = subscripts.compactMap { subscripted -> Int? in
            guard case .index(let index, _) = subscripted else { return nil }
            return ranges.firstIndex { index.isVariable($0.index) }
        }
        guard order.count == ranges.count, Set(order).count == order.count else { return }
        if let old = divided?.range, let new = order.firstIndex(of: old) { divided?.range = new }
        ranges = order.map { ranges[$0] }
    }
}

extension ArraySlice<TypedExpression> {
    /// The elements three by three.
    fileprivate var triples: [(TypedExpression, TypedExpression, TypedExpression)] {
        stride(from: startIndex, to: endIndex - 2, by: 3).map { (self[$0], self[$0 + 1], self[$0 + 2]) }
    }
}

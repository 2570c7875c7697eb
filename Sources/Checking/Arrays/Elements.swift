import Language
import Source
import Syntax
import TypedTree

// `a[...]`: elements, aligned reads of scattered arrays, slices.

extension Checker {
    func indexed(_ base: Expression, _ subscripts: [Subscript], _ span: Span) -> TypedExpression {
        let array = expressionOrView(base)
        guard array.type != .error else { return array }
        return indexed(array, base, subscripts, span)
    }

    func indexed(
        _ array: TypedExpression, _ base: Expression, _ subscripts: [Subscript], _ span: Span
    ) -> TypedExpression {
        let isArray = array.type.array?.isScalar == false || array.type.record?.isArray == true
        guard isArray, let type = arrayType(of: array) else { return report(.notIndexable(array.type, at: base.span)) }
        guard type.placement == .replicated || type.placement == .local || type.placement.isDivided else {
            return type.placement.isPart
                ? report(.partUsed(array.type, "indexed", at: base.span)) : report(.misplacedRead(array.type, at: span))
        }
        let subscripts = subscripts.fitting(rank: type.rank)
        if array.type.components != nil { return indexedRecords(array, base, subscripts, span) }
        let array = context.isElement && !array.isView ? stable(array) : array
        guard let subscripts = typed(subscripts, index: subscriptIndex) else { return error(span) }
        return indexed(array, type, base, subscripts, span)
    }

    /// Records are read field by field, all at the same indices.
    private func indexedRecords(
        _ records: TypedExpression, _ base: Expression, _ written: [Subscript], _ span: Span
    ) -> TypedExpression {
        bindingParts(of: records) { records in
            guard let subscripts = typed(written, index: subscriptIndex) else { return error(span) }
            if subscripts.count == 1, let mask = subscripts[0].index, mask.isMask,
                let compress = Builtins.named("compress")
            {
                return self.compress(compress, [records, mask], span)
            }
            return bindingIndices(subscripts) { subscripts in
                ofRecords(records.type) {
                    mapped(records) { field in
                        guard let type = field.type.array else { return error(span) }
                        let isStable = !context.isElement || field.isView
                        return indexed(isStable ? field : stable(field), type, base, subscripts, span)
                    }
                }
            }
        }
    }

    /// Records that are evaluated once; of a view, the array and what stands around it.
    private func bindingParts(
        of records: TypedExpression, _ use: (TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        guard case .view(let array, var view) = records.kind else { return bindingOnce(records, use) }
        return bindingOnce(array) { array in
            let seen = { TypedExpression(.view(array, view), array.type, records.span) }
            guard let fill = view.fill else { return use(seen()) }
            return self.bindingOnce(fill) { fill in
                view.fill = fill
                return use(seen())
            }
        }
    }

    /// Gives a name to each index that is not arithmetic on sizes, so that it is evaluated once for all fields.
    private func bindingIndices(
        _ subscripts: [TypedSubscript], _ use: ([TypedSubscript]) -> TypedExpression
    ) -> TypedExpression {
        let isUnnamed = { (index: TypedExpression) in !index.isNamed && self.sizes.knownSize(of: index) == nil }
        guard let place = subscripts.firstIndex(where: { $0.index.map(isUnnamed) ?? false }),
            let index = subscripts[place].index
        else { return use(subscripts) }
        return bindingOnce(index) { named in
            var subscripts = subscripts
            subscripts[place] = .index(named)
            return bindingIndices(subscripts, use)
        }
    }

    private func indexed(
        _ array: TypedExpression, _ type: ArrayType, _ base: Expression, _ subscripts: [TypedSubscript], _ span: Span
    ) -> TypedExpression {
        if subscripts.count == 1, let mask = subscripts[0].index, mask.isMask, let compress = Builtins.named("compress")
        {
            if array.isView { return report(.viewAsArray(sourceText(base.span), at: base.span)) }
            return self.compress(compress, [array, mask], span)
        }
        if subscripts.contains(where: \.isArray) {
            if array.isView { return report(.viewSliced(sourceText(base.span), at: span)) }
            return gather(array, type, subscripts, span)
        }
        guard let subscripts = expanded(subscripts, rank: type.rank, span) else { return error(span) }
        let indices = subscripts.compactMap(\.index)
        if indices.count == type.rank { return element(array, type, indices, span) }
        if array.isView { return report(.viewSliced(sourceText(base.span), at: span)) }
        return slice(array, type, subscripts, span)
    }

    /// `a[0] = b[7]`: where one row is written, a row that is read far from it, or of an array that is cut otherwise, is brought
    /// before.
    private func rowElsewhere(
        _ array: TypedExpression, _ type: ArrayType, _ indices: [TypedExpression], _ axis: Int, _ span: Span
    ) -> TypedExpression? {
        let index = indices[axis]
        guard let domain = context.domains.first(where: { !$0.rows.isEmpty }), let row = domain.rows.first,
            let written = domain.divided, !context.isUnderCondition,
            index.variables.isDisjoint(with: boundInDomains)
        else { return nil }
        let distance = sizes.knownSize(of: index).flatMap { Size.difference($0, row.size) }
        if written.size == type.shape[axis], let distance, abs(distance) <= farthestHalo { return nil }
        let end = arithmetic(.add, index, integer(1, span), span)
        let cuts = type.shape.indices.map {
            $0 == axis ? TypedSubscript.range(lower: index, upper: end, step: nil, span) : .all(span)
        }
        let once = movedOut([array]) {
            let slice = self.slice(array, type, cuts, span)
            guard let own = slice.type.array else { return slice }
            return TypedExpression(
                .collective(.allgather, [slice]), .array(own.with(placement: .replicated)), span)
        }
        guard let once, let own = once.type.array else { return once }
        var places = indices
        places[axis] = integer(0, span)
        return element(once, own, places, span)
    }

    func element(_ array: TypedExpression, _ type: ArrayType, _ indices: [TypedExpression], _ span: Span)
        -> TypedExpression
    {
        if case .view(let base, let view) = array.kind { return element(of: base, view, type, indices, span) }
        var bounds = Bounds.proved
        for (axis, index) in indices.enumerated() {
            switch verdict(index: index, extent: type.shape[axis]) {
            case .proved: break
            case .unknown: bounds = .checked
            case .broken(let value): return report(.indexOutOfRange(value, type.shape[axis], axis, at: index.span))
            }
        }
        var base = array
        var indices = indices
        var view = View()
        let distribution = type.placement.distribution
        for axis in distribution.dividedAxes {
            if !distribution.isGrid, let brought = rowElsewhere(array, type, indices, axis, span) { return brought }
            guard let aligned = align(array, type, indices[axis], axis, span) else { return error(span) }
            indices[axis] = aligned.index
            view.reach(aligned.offsets, type.placement.distribution.direction(axis: axis))
        }
        if view.offsets != 0...0 || view.across != 0...0 {
            base = TypedExpression(.view(array, view), array.type, array.span)
        }
        let isLocal = type.placement == .local || indices.contains { $0.type.array?.placement == .local }
        let placement: Placement = isLocal ? .local : .replicated
        return TypedExpression(.element(base, indices, bounds), .scalar(type.element, placement), span)
    }
}

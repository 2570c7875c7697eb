import IR
import Language
import Source
import TypedTree

extension Lowering {
    func reduction(_ reduction: TypedReduction, _ type: ValueType) throws -> Lowered {
        let kept = try keptSpace(reduction, type)
        if let array = type.array, let axis = array.placement.dividedAxis, let kept {
            return .value(try reductionOfBlock(reduction, array, axis, kept))
        }
        return try reduced(try loop(reduction, kept), reduction, type)
    }

    /// The axes that stay, with the extents of all of the result's.
    private typealias Kept = (ranges: [Range], extents: [Value])

    private func loop(_ reduction: TypedReduction, _ kept: Kept?) throws -> [Value] {
        let ranges = try reduction.domain.ranges.map { try range($0) }
        guard reduction.domain.distribution.isStored else { throw fault("a divided range is not the outermost") }
        let space = try space(over: ranges, reduction.domain)
        let body = try points(of: space) { indices in
            for (range, index) in zip(ranges, indices) { self.scope.variables[range.variable] = .value(index) }
            guard let kept else { return try self.contributions(reduction) }
            return try reduction.keys.isEmpty
                ? self.row(reduction, kept.ranges, kept.extents) : self.keyedRow(reduction, kept)
        }
        return try builder.loop(space, [.reduction(reduction.op)], body, combined: !reduction.staysLocal)
    }

    /// A reduction of the values' block on every rank, whose result is a block of the whole one.
    ///
    ///     sum_by(key, v, k)   →   %own = ownBlock %v; %sums = loop … { … %own … } (reduction +)
    ///                             %r: f64[/%m, %k] = loop (%j, %q) … { element %sums[%q, %j - %begin] }
    private func reductionOfBlock(
        _ reduction: TypedReduction, _ type: ArrayType, _ axis: Int, _ kept: Kept
    ) throws -> Value {
        guard let values = reduction.contributions.first?.readArray, case .variable(let variable) = values.kind,
            let element = values.type.array?.element
        else { throw fault("a divided reduction of something else than elements") }
        let whole = try value(expression(values))
        let held = try held(of: whole)
        var own = kept
        own.extents[axis] = held.count
        let outer = scope
        scope.variables[variable] = .value(
            try one(.ownBlock, [whole], types: [.array(element, dimensions: held.extents, .local)]))
        let sums = try loop(reduction, own)[0]
        scope = outer
        return try materialise(
            type,
            Elements(extents: kept.extents) { indices in
                var places = indices
                places[axis] = try self.builder.scalar(.subtract, indices[axis], held.begin)
                return try self.builder.element(sums, places, .proved)
            })
    }

    /// A reduction's results as the expression's value: a number or array, or as many as a contribution has.
    private func reduced(_ results: [Value], _ reduction: TypedReduction, _ type: ValueType) throws -> Lowered {
        let values = results.map { value -> Lowered in
            guard self.type(of: value).placement.isPart else { return .value(value) }
            return .part(Part(formula: .combined(value), basics: [results]))
        }
        var rest = values[...]
        guard let lowered = Lowered(&rest, as: type), rest.isEmpty else {
            throw fault("a reduction does not make a \(type)")
        }
        return lowered
    }

    // MARK: Contributions

    /// What one index point contributes; the identity where it does not count.
    private func contributions(_ reduction: TypedReduction) throws -> [Value] {
        guard let condition = reduction.condition else {
            return try reduction.contributions.flatMap { try numbers(expression($0)) }
        }
        let test = try number(condition)
        let types = reduction.contributions.map(\.type)
        let identities = try identity(of: reduction)
        if reduction.contributions.allSatisfy(\.isPlain) {
            return try zip(reduction.contributions, identities).map { contribution, identity in
                try builder.scalar(.select, test, try number(contribution), identity)
            }
        }
        let chosen = try choose(
            test, .tuple(types), { .tuple(try reduction.contributions.map { try self.expression($0) }) },
            { try self.rebuilt(identities, as: .tuple(types)) })
        return try numbers(chosen)
    }

    private func numbers(_ lowered: Lowered) throws -> [Value] {
        guard let values = lowered.values else { throw fault("a contribution is no number") }
        return values
    }

    private func identity(of reduction: TypedReduction) throws -> [Value] {
        if case .user(let op) = reduction.op { return try numbers(expression(program.operators[op.id].identity)) }
        guard let element = reduction.contributions.first?.type.array?.element,
            let identity = reduction.op.identity(element)
        else { throw fault("\(reduction.op.symbol) has no identity here") }
        return try identity.map { try constant($0) }
    }

    // MARK: Kept axes

    private func keptSpace(_ reduction: TypedReduction, _ type: ValueType) throws -> Kept? {
        if reduction.kept.isEmpty, reduction.keys.isEmpty { return nil }
        guard let array = type.dataLeaves?.first else { throw fault("axes are kept of nothing") }
        let ranges = try reduction.kept.map { try range($0) }
        let (zero, one) = (try i64(0), try i64(1))
        let keys = try reduction.keys.map { (lower: zero, upper: try number($0.count), step: one) }
        let extents = try extents(of: array, over: keys + ranges.map(\.bounds))
        return (ranges, extents)
    }

    /// What one outer index point contributes to the element that its keys name: a row for each number of a contribution.
    private func keyedRow(_ reduction: TypedReduction, _ kept: Kept) throws -> [Value] {
        let test = try reduction.condition.map { try number($0) } ?? constant(.bool(true))
        let keys = try reduction.keys.map { key in
            if reduction.condition == nil || key.index.isPlain { return try number(key.index) }
            let chosen = try choose(test, .i64, { try self.expression(key.index) }, { .value(try self.i64(0)) })
            return try numbers(chosen)[0]
        }
        let values =
            kept.ranges.isEmpty
            ? try contributions(reduction)
            : try row(reduction, kept.ranges, Array(kept.extents.dropFirst(keys.count)))
        builder.span = reduction.keys[0].index.span
        return try values.map { value in
            guard let element = type(of: value).element else { throw fault("a contribution is no number") }
            let operands = keys + [value, test]
            let isLocal = (operands + kept.extents).contains { type(of: $0).placement == .local }
            let row = IRType.array(element, dimensions: kept.extents, isLocal ? .local : .replicated)
            return try one(.keyedContribution, operands, types: [row])
        }
    }

    /// The arrays that one outer index point contributes: an element of each for each point of the axes that stay.
    private func row(_ reduction: TypedReduction, _ ranges: [Range], _ extents: [Value]) throws -> [Value] {
        let zero = try i64(0)
        let one = try i64(1)
        let space = IterationSpace(extents.map { IterationSpace.Range(zero, $0, by: one) })
        let body = try points(of: space) { indices in
            for (range, index) in zip(ranges, indices) {
                self.scope.variables[range.variable] = .value(try self.index(range, at: index))
            }
            return try self.contributions(reduction)
        }
        return try builder.loop(space, body.yielded.map { _ in .element }, body)
    }
}

extension TypedExpression {
    /// The array of which it is an element, widened or not.
    fileprivate var readArray: TypedExpression? {
        switch kind {
        case .element(let array, _, _): array
        case .convert(let inner): inner.readArray
        default: nil
        }
    }
}

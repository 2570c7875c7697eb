import Language
import Source
import Syntax

extension Checker {
    /// `sum(a)`, `sum(a, axis: k)`, `sum(E for …)`, each also `local`.
    func reduction(
        _ builtin: Builtin, _ spec: Builtin.Reduction, _ arguments: [Argument], _ isLocal: Bool,
        _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        if arguments.count >= 2, arguments.allSatisfy({ $0.label == nil && $0.generator == nil }),
            let op = spec.op.elementwise, spec.result == .value
        {
            if isLocal { return report(.localNeedsReduction(builtin.name, at: span)) }
            return extremeOfNumbers(op, builtin.name, arguments, expecting, span)
        }
        return reduction(builtin.name, .builtin(spec), arguments, isLocal, span)
    }

    /// The same for any operator: of an array, along an axis of it, or of a comprehension.
    func reduction(
        _ name: String, _ combiner: Combiner, _ arguments: [Argument], _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        guard let first = arguments.first, first.label == nil else {
            return report(.wrongArgumentCount(name, expected: "1", got: arguments.count, at: span))
        }
        if let generator = first.generator {
            guard arguments.count == 1 else {
                return report(.wrongArgumentCount(name, expected: "1", got: arguments.count, at: span))
            }
            return generated(name, combiner, first.value, generator, isLocal, span)
        }
        var axis: Int?
        for argument in arguments.dropFirst() {
            guard let value = self.axis(argument, name) else { return error(span) }
            axis = value
        }
        return ofArray(name, combiner, first.value, axis, isLocal, span)
    }

    /// `min(x, y, …)` of numbers or arrays, element by element.
    private func extremeOfNumbers(
        _ op: ScalarOperator, _ name: String, _ arguments: [Argument], _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        let values = together(arguments.map(\.value), expecting: expecting)
        if values.contains(where: { $0.type == .error }) { return error(span) }
        var element: ElementType?
        for value in values {
            guard let type = value.type.array, type.element.isNumeric,
                let joined = element.map({ $0 == type.element ? $0 : ElementType.join($0, type.element) })
                    ?? type.element
            else { return report(.badOperand(name, value.type, at: value.span)) }
            element = joined
        }
        guard let element else { return error(span) }
        return extreme(values.map { convert($0, toElement: element) }[...]) {
            elementwise(op, [$0, $1], result: element, name, span)
        }
    }

    /// The values combined two by two: as associative as min and max are, the order is the one that nests least.
    private func extreme(
        _ values: ArraySlice<TypedExpression>, _ combine: (TypedExpression, TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        let half = values.startIndex + (values.count + 1) / 2
        guard half < values.endIndex else { return values[values.startIndex] }
        return combine(extreme(values[..<half], combine), extreme(values[half...], combine))
    }

    // MARK: Of comprehensions

    /// `first`: the range of the generator's first clause, where it is known already.
    private func generated(
        _ name: String, _ combiner: Combiner, _ body: Expression, _ generator: Generator, first: TypedRange? = nil,
        _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        enteringDomain { domain in
            let (isFine, rest) = self.openIndependent(generator, first: first, domain)
            guard isFine else { return self.error(span) }
            var combiner = combiner
            let condition = rest == nil ? generator.condition.map { self.condition($0) } : nil
            let contribution: TypedExpression
            if let rest {
                guard let outer = combiner.ofCombinations else {
                    return self.report(.indexInRagged(name, at: rest.generator.span))
                }
                contribution = self.generated(
                    name, combiner, body, rest.generator, first: rest.first, false, span)
                combiner = outer
            } else {
                contribution = condition == nil ? self.expression(body) : self.underCondition { self.expression(body) }
            }
            if condition?.type == .error || contribution.type == .error { return self.error(span) }
            guard let leaves = self.elementLeaves(contribution), combiner.isUser || contribution.type.array != nil
            else {
                return self.report(.elementNotScalar(contribution.type, at: body.span))
            }
            let isDivergent =
                leaves.contains { $0.placement == .local } || condition?.type.isLocal == true
                || (domain.divided == nil && domain.typed.isLocal)
            return self.combined(
                name, combiner, domain.typed, condition, contribution, isLocal: isLocal, isDivergent: isDivergent, span,
                domain)
        }
    }

    // MARK: Of arrays

    private func ofArray(
        _ name: String, _ combiner: Combiner, _ written: Expression, _ axis: Int?, _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        let array = expression(written)
        guard array.type != .error else { return array }
        guard let type = arrayType(of: array), !type.isScalar, combiner.isUser || array.type.array != nil else {
            return report(.notReducible(name, array.type, at: written.span))
        }
        switch type.placement {
        case .part: return report(.partUsed(array.type, "reduced", at: written.span))
        case .root: return report(.rootArithmetic(array.type, at: written.span))
        default: break
        }
        if let axis, !type.shape.indices.contains(axis) { return report(.badAxis(axis, array.type, at: span)) }
        return inDomainOf(array, span) { array in
            var domain = self.domain(of: self.firstLeaf(array), type, span)
            domain.divided = type.placement.dividedAxis.map { ($0, domain.ranges[$0].upper) }
            let indices = domain.ranges.map { $0.index.read(at: span) }
            let element = self.ownElement(array, indices, span)
            let isDivergent = type.placement == .local
            if let axis, type.rank > 1 {
                return self.alongAxis(name, combiner, domain, axis, element, isLocal, isDivergent, span)
            }
            return self.combined(
                name, combiner, domain, nil, element, isLocal: isLocal, isDivergent: isDivergent, span, nil)
        }
    }

    /// The array under a name: moved out of the elements' code when there is some around, else bound once.
    private func inDomainOf(
        _ array: TypedExpression, _ span: Span, _ use: (TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        let array = stable(array)
        if case .ownBlock = array.kind { return use(array) }
        return bindingOnce(array, use)
    }

    /// `sum(a, axis: k)`: an array over the other axes. When the reduced axis is the divided one, every rank contributes to every
    /// element; when another one is, each element is reduced where it lies.
    private func alongAxis(
        _ name: String, _ combiner: Combiner, _ domain: Domain, _ axis: Int, _ element: TypedExpression,
        _ isLocal: Bool, _ isDivergent: Bool, _ span: Span
    ) -> TypedExpression {
        let kept = domain.ranges.indices.filter { $0 != axis }
        let keptRanges = kept.map { domain.ranges[$0] }
        let shape = keptRanges.map { size(of: $0.upper) }
        let reduced = Domain(
            ranges: [domain.ranges[axis]],
            divided: domain.divided?.range == axis ? domain.divided.map { (0, $0.extent) } : nil)
        if reduced.divided != nil {
            return whole(
                name, combiner, reduced, nil, element, keptRanges, shape, isLocal: isLocal, isDivergent: isDivergent,
                span)
        }
        if isLocal { return report(.localNotDivided(name, element.type, at: span)) }
        let each = combined(name, combiner, reduced, nil, element, isLocal: false, isDivergent: isDivergent, span, nil)
        guard each.type != .error else { return each }
        let outer = Domain(
            ranges: keptRanges,
            divided: domain.divided.flatMap { divided in kept.firstIndex(of: divided.range).map { ($0, divided.extent) }
            })
        let placement: Placement =
            outer.divided.map { .scattered(axis: $0.range) } ?? (isDivergent ? .local : .replicated)
        return TypedExpression(.comprehension(outer, each), each.type.over(shape, placement), span)
    }

    // MARK: The reduction itself

    /// A reduction of one contribution at each point of a domain to a number; one that is divided and stands inside undivided
    /// comprehensions moves out of them, as an array over their indices.
    private func combined(
        _ name: String, _ combiner: Combiner, _ domain: Domain, _ condition: TypedExpression?,
        _ contribution: TypedExpression, isLocal: Bool, isDivergent: Bool, _ span: Span, _ open: OpenDomain?
    ) -> TypedExpression {
        // The reduction itself stands outside its own elements' code.
        let around = context.domains.filter { $0 !== open }
        let inside = context.domains
        context.domains = domain.divided == nil ? inside : []
        defer { context.domains = inside }
        guard domain.divided != nil, !around.isEmpty else {
            return whole(
                name, combiner, domain, condition, contribution, [], [], isLocal: isLocal, isDivergent: isDivergent,
                span)
        }
        if isLocal { return report(.communicationInElement("local \(name)", at: span, domain: nil)) }
        var read = contribution.variables.union(condition?.variables ?? [])
        for range in domain.ranges { read.formUnion(range.lower.variables.union(range.upper.variables)) }
        let kept = around.flatMap { outer in outer.ranges.indices.map { (outer, $0) } }.filter {
            read.contains($0.0.ranges[$0.1].index)
        }
        if let (outer, _) = kept.first(where: { $0.0.divided?.range == $0.1 }) {
            return report(.reductionOfOtherRanks(name, at: span, outer.divided?.span ?? span))
        }
        let indices = Set(around.flatMap { $0.ranges.map(\.index) })
        let bodyOnly = around.reduce(into: Set<Variable>()) { $0.formUnion($1.bodyVariables) }.subtracting(indices)
        guard read.isDisjoint(with: bodyOnly) else {
            return report(
                .notYetSupported("a reduction over a divided range that reads a `let` of the elements' code", at: span))
        }
        let keptIndices = Set(kept.map { $0.0.ranges[$0.1].index })
        guard let (box, guards) = boxed(domain, keptIndices) else {
            return report(.unboundedRange(at: domain.ranges[0].lower.span))
        }
        // The ranges depend on no kept index: the result is a box.
        let keptRanges = kept.map { $0.0.ranges[$0.1] }
        let shape = keptRanges.map { count(size(of: $0.lower), size(of: $0.upper), step: $0.step) }
        let value = whole(
            name, combiner, box, guarded(guards, condition), contribution, keptRanges, shape, isLocal: false,
            isDivergent: isDivergent, span)
        guard value.type != .error else { return value }
        let (statements, result) = dissolved(value, named: name)
        context.hoisted += statements
        return keptRanges.isEmpty ? result : ownElement(result, keptRanges.map { position(in: $0, span) }, span)
    }

    /// How many steps into its range an index is.
    private func position(in range: Domain.Range, _ span: Span) -> TypedExpression {
        var value = range.index.read(at: span)
        if knownSize(of: range.lower) != Size(0) {
            value = arithmetic(.subtract, value, range.lower, span)
        }
        if case .constant(.integer(1, _)) = range.step.kind { return value }
        return arithmetic(.floorDivide, value, range.step, span)
    }

    /// A reduction whose contributions go to the element that their keys name.
    func keyedReduction(
        _ name: String, _ spec: Builtin.Reduction, _ domain: Domain, _ condition: TypedExpression?,
        _ contribution: TypedExpression, _ kept: [Domain.Range], _ keys: [KeyTarget], isLocal: Bool, isDivergent: Bool,
        _ span: Span
    ) -> TypedExpression {
        let shape = keys.map { size(of: $0.count) } + kept.map { size(of: $0.upper) }
        return whole(
            name, .builtin(spec), domain, condition, contribution, kept, shape, keys: keys, isLocal: isLocal,
            isDivergent: isDivergent, span)
    }

    /// The typed reduction with its result's type: total, part or local.
    private func whole(
        _ name: String, _ combiner: Combiner, _ domain: Domain, _ condition: TypedExpression?,
        _ contribution: TypedExpression, _ kept: [Domain.Range], _ shape: [Size], keys: [KeyTarget] = [], isLocal: Bool,
        isDivergent: Bool, _ span: Span
    ) -> TypedExpression {
        guard let combination = combination(name, combiner, domain, contribution, span) else { return error(span) }
        if isLocal, domain.divided == nil {
            return report(.localNotDivided(name, contribution.type, at: span))
        }
        if domain.divided != nil {
            if isDivergent { return report(.divergentContribution(name, at: span, localOrigin(contribution))) }
            if !isLocal { requireUniform("`\(name)` of a scattered array", span) }
        }
        let placement: Placement = isLocal ? .part(combination.op) : isDivergent ? .local : .replicated
        let type = combination.type.over(shape, placement)
        let reduction = TypedReduction(
            op: combination.op, domain: dividedFirst(domain), condition: condition,
            contributions: combination.contributions, kept: kept, keys: keys, staysLocal: isLocal)
        let value = TypedExpression(.reduction(reduction), type, span)
        guard combination.result == .index, let index = type.components?[1] else { return value }
        return TypedExpression(.tupleElement(value, 1), index, span)
    }

    /// What each point contributes, in the type that is combined.
    func contributions(
        _ name: String, _ spec: Builtin.Reduction, _ domain: Domain, _ value: TypedExpression, _ span: Span
    ) -> [TypedExpression]? {
        guard let element = value.type.array?.element else { return nil }
        switch (spec.op, spec.result) {
        case (_, .count):
            guard element == .bool else { break }
            return [convert(value, toElement: .i64)]
        case (.and, _), (.or, _): if element == .bool { return [value] }
        case (.sum, _), (.product, _):
            // As in NumPy, bools and small integers are summed in 64 bits.
            let wide: ElementType = element == .bool || element == .i32 ? .i64 : element == .u32 ? .u64 : element
            return [convert(value, toElement: wide)]
        case (.minloc, _), (.maxloc, _):
            guard element.isNumeric else { break }
            return [value, flatPosition(domain, span)]
        default: if element.isNumeric { return [value] }
        }
        report(.badReduction(name, value.type, at: value.span))
        return nil
    }

    /// The row-major position of a point of a domain.
    private func flatPosition(_ domain: Domain, _ span: Span) -> TypedExpression {
        var flat: TypedExpression?
        for range in domain.ranges {
            let own = position(in: range, span)
            guard let outer = flat else {
                flat = own
                continue
            }
            let extent = arithmetic(.subtract, range.upper, range.lower, span)
            let scaled = arithmetic(.multiply, outer, extent, span)
            flat = arithmetic(.add, scaled, own, span)
        }
        return flat ?? integer(0, span)
    }

    /// The divided range outermost: the order of a reduction starts with it.
    private func dividedFirst(_ domain: Domain) -> Domain {
        let order = domain.distribution.storageOrder
        return Domain(
            ranges: order.stored(domain.ranges),
            divided: domain.divided.map { (order.stored(axis: $0.range), $0.extent) })
    }
}

extension ReductionOperator {
    /// The primitive of two numbers that `min(x, y)` is.
    var elementwise: ScalarOperator? {
        switch self {
        case .min: .min
        case .max: .max
        default: nil
        }
    }
}

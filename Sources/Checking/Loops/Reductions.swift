import Language
import Source
import Syntax
import TypedTree

/// A reduction as it was written.
struct ReductionRequest {
    /// What it is called, in messages.
    var name: String
    var combiner: Combiner
    /// Whether each rank keeps its own contribution.
    var isLocal: Bool
    var span: Span
}

/// What is reduced: a value at each point of a domain.
struct Reduced {
    var domain: Domain
    /// Which points count; nil: all.
    var condition: TypedExpression?
    var value: TypedExpression
    /// Whether the value or which points count differs between ranks.
    var isDivergent: Bool
    /// The axes of the result: elements that are named by keys, then ranges that stay.
    var keys: [KeyTarget] = []
    var kept: [Domain.Range] = []
}

extension Checker {
    /// `min(x, y, …)` of numbers or arrays, element by element; nil where it is a reduction.
    func extreme(
        _ request: ReductionRequest, _ arguments: [Argument], _ expecting: ElementType?
    ) -> TypedExpression? {
        guard arguments.count >= 2, arguments.allSatisfy({ $0.label == nil && $0.generator == nil }),
            case .builtin(let spec) = request.combiner, let op = spec.op.elementwise, spec.result == .value
        else { return nil }
        if request.isLocal { return report(.localNeedsReduction(request.name, at: request.span)) }
        return extremeOfNumbers(op, request.name, arguments, expecting, request.span)
    }

    /// `sum(a)`, `sum(a, axis: k)`, `sum(E for …)`, each also `local`.
    func reduction(_ request: ReductionRequest, _ arguments: [Argument]) -> TypedExpression {
        let (name, span) = (request.name, request.span)
        guard let first = arguments.first, first.label == nil else {
            return report(.wrongArgumentCount(name, expected: "1", got: arguments.count, at: span))
        }
        if let generator = first.generator {
            guard arguments.count == 1 else {
                return report(.wrongArgumentCount(name, expected: "1", got: arguments.count, at: span))
            }
            return generated(request, first.value, generator)
        }
        guard let (arguments, keeps) = takeKeep(arguments, name) else { return error(span) }
        var axis: Int?
        for argument in arguments.dropFirst() {
            guard let value = self.axis(argument, name) else { return error(span) }
            axis = value
        }
        let result = ofArray(request, first.value, axis)
        return keeps ? keepingAxis(axis ?? 0, of: result, span) : result
    }

    private func extremeOfNumbers(
        _ op: ScalarOperator, _ name: String, _ arguments: [Argument], _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        let values = together(arguments.map(\.value), expecting: expecting)
        if values.contains(where: { $0.type == .error }) { return error(span) }
        var element: ElementType?
        for value in values {
            if let complex = value.type.complexElement { return report(.complexOrder(name, complex, at: span)) }
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
        _ request: ReductionRequest, _ body: Expression, _ generator: Generator, first: TypedRange? = nil
    ) -> TypedExpression {
        enteringDomain { domain in
            let (isFine, rest) = self.openIndependent(generator, first: first, domain)
            guard isFine else { return self.error(request.span) }
            var request = request
            let condition = rest == nil ? generator.condition.map { self.condition($0) } : nil
            let contribution: TypedExpression
            if let rest {
                guard let outer = request.combiner.ofCombinations else {
                    return self.report(.indexInRagged(request.name, at: rest.generator.span))
                }
                var inner = request
                inner.isLocal = false
                contribution = self.generated(inner, body, rest.generator, first: rest.first)
                request.combiner = outer
            } else {
                contribution = condition == nil ? self.expression(body) : self.underCondition { self.expression(body) }
            }
            if condition?.type == .error || contribution.type == .error { return self.error(request.span) }
            let parts = self.partwise(&request, contribution)
            if parts?.type == .error { return self.error(request.span) }
            guard let leaves = self.elementLeaves(contribution),
                request.combiner.isUser || contribution.type.array != nil || parts != nil
            else {
                return self.report(.elementNotScalar(contribution.type, at: body.span))
            }
            let isDivergent =
                leaves.contains { $0.placement == .local } || condition?.type.isLocal == true
                || (domain.divided == nil && domain.typed.isLocal)
            func whole(_ value: TypedExpression) -> TypedExpression {
                let reduced = Reduced(
                    domain: domain.typed, condition: condition, value: value, isDivergent: isDivergent)
                return self.combined(request, reduced, open: domain)
            }
            return parts.map { self.mapped($0, whole) } ?? whole(contribution)
        }
    }

    // MARK: Of arrays

    private func ofArray(_ request: ReductionRequest, _ written: Expression, _ axis: Int?) -> TypedExpression {
        let array = expression(written)
        var request = request
        guard array.type != .error, let parts = partwise(&request, array) else { return ofArray(request, array, axis) }
        if parts.type == .error { return parts }
        return named(parts) { named in
            mapped(named) { ofArray(request, $0, axis) }
        }
    }

    private func ofArray(_ request: ReductionRequest, _ array: TypedExpression, _ axis: Int?) -> TypedExpression {
        let span = request.span
        guard array.type != .error else { return array }
        guard let type = arrayType(of: array), !type.isScalar, request.combiner.isUser || array.type.array != nil
        else {
            return report(.notReducible(request.name, array.type, at: array.span))
        }
        switch type.placement {
        case .part: return report(.partUsed(array.type, "reduced", at: array.span))
        case .root: return report(.rootArithmetic(array.type, at: array.span))
        default: break
        }
        if let axis, !type.shape.indices.contains(axis) { return report(.badAxis(axis, array.type, at: span)) }
        if axis == nil || type.rank == 1, !type.placement.distribution.isGrid, mayBeCentred(request, context.domains),
            let sum = centredSum(of: array)
        {
            return centredSumOfArrays(request, sum, type)
        }
        return inDomainOf(array, span) { array in
            let reduced = self.elements(of: array, type, span)
            if let axis, type.rank > 1 {
                if reduced.domain.across != nil {
                    return self.report(.notOverGrid("a reduction along one axis", at: span))
                }
                return self.alongAxis(request, axis, reduced)
            }
            return self.combined(request, reduced, open: nil)
        }
    }

    /// Every element of a named array.
    func elements(of array: TypedExpression, _ type: ArrayType, _ span: Span) -> Reduced {
        var domain = self.domain(of: firstLeaf(array), type, span)
        domain.cut(like: type)
        let indices = domain.ranges.map { $0.index.read(at: span) }
        return Reduced(domain: domain, value: ownElement(array, indices, span), isDivergent: type.placement == .local)
    }

    /// The array under a name: moved out of the elements' code when there is some around, else bound once.
    func inDomainOf(
        _ array: TypedExpression, _ span: Span, _ use: (TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        let array = stable(array)
        if case .ownBlock = array.kind { return use(array) }
        return bindingOnce(array, use)
    }

    /// `sum(a, axis: k)`: an array over the other axes. When the reduced axis is the divided one, every rank contributes to every
    /// element; when another one is, each element is reduced where it lies.
    func alongAxis(_ request: ReductionRequest, _ axis: Int, _ all: Reduced) -> TypedExpression {
        let domain = all.domain
        let kept = domain.ranges.indices.filter { $0 != axis }
        let keptRanges = kept.map { domain.ranges[$0] }
        var reduced = all
        reduced.domain = Domain(
            ranges: [domain.ranges[axis]],
            divided: domain.divided?.range == axis ? domain.divided.map { (0, $0.extent) } : nil)
        if reduced.domain.divided != nil {
            reduced.kept = keptRanges
            return whole(request, reduced)
        }
        if request.isLocal { return report(.localNotDivided(request.name, all.value.type, at: request.span)) }
        let each = whole(request, reduced)
        guard each.type != .error else { return each }
        let outer = Domain(
            ranges: keptRanges,
            divided: domain.divided.flatMap { divided in kept.firstIndex(of: divided.range).map { ($0, divided.extent) }
            })
        let placement: Placement =
            outer.divided.map { .scattered(axis: $0.range) } ?? (all.isDivergent ? .local : .replicated)
        let shape = keptRanges.map { sizes.size(of: $0.upper) }
        return TypedExpression(.comprehension(outer, each), each.type.over(shape, placement), request.span)
    }

    // MARK: The reduction itself

    /// A reduction of one contribution at each point of a domain to a number; one that is divided and stands inside undivided
    /// comprehensions moves out of them, as an array over their indices. `open`: the domain, while it is open.
    private func combined(_ request: ReductionRequest, _ reduced: Reduced, open: OpenDomain?) -> TypedExpression {
        // The reduction itself stands outside its own elements' code.
        let around = context.domains.filter { $0 !== open }
        let inside = context.domains
        context.domains = reduced.domain.divided == nil ? inside : []
        defer { context.domains = inside }
        if reduced.domain.across == nil, mayBeCentred(request, around), let sum = centredSum(of: reduced.value) {
            return centred(sum, request, reduced)
        }
        guard reduced.domain.divided != nil, !around.isEmpty else { return whole(request, reduced) }
        if request.isLocal {
            return report(.communicationInElement("local \(request.name)", at: request.span, domain: nil))
        }
        guard let kept = keptRanges(request, reduced, around) else { return error(request.span) }
        guard let (box, guards) = sizes.boxed(reduced.domain, Set(kept.map(\.index))) else {
            return report(.unboundedRange(at: reduced.domain.ranges[0].lower.span))
        }
        // The ranges depend on no kept index: the result is a box.
        var moved = reduced
        (moved.domain, moved.kept) = (box, kept)
        moved.condition = guarded(guards, reduced.condition)
        let value = whole(request, moved)
        guard value.type != .error else { return value }
        let (statements, result) = dissolved(value, named: request.name)
        context.hoisted += statements
        return kept.isEmpty ? result : ownElement(result, kept.map { position(in: $0, request.span) }, request.span)
    }

    /// The ranges around a divided reduction whose indices it reads; nil where it cannot move out of them.
    private func keptRanges(
        _ request: ReductionRequest, _ reduced: Reduced, _ around: [OpenDomain]
    ) -> [Domain.Range]? {
        var read = reduced.value.variables.union(reduced.condition?.variables ?? [])
        for range in reduced.domain.ranges { read.formUnion(range.lower.variables.union(range.upper.variables)) }
        let kept = around.flatMap { outer in outer.ranges.indices.map { (outer, $0) } }.filter {
            read.contains($0.0.ranges[$0.1].index)
        }
        if let (outer, _) = kept.first(where: { $0.0.divided?.range == $0.1 }) {
            report(.reductionOfOtherRanks(request.name, at: request.span, outer.divided?.span ?? request.span))
            return nil
        }
        let indices = Set(around.flatMap { $0.ranges.map(\.index) })
        let bodyOnly = around.reduce(into: Set<Variable>()) { $0.formUnion($1.bodyVariables) }.subtracting(indices)
        guard read.isDisjoint(with: bodyOnly) else {
            report(
                .notYetSupported(
                    "a reduction over a divided range that reads a `let` of the elements' code", at: request.span))
            return nil
        }
        return kept.map { $0.0.ranges[$0.1] }
    }

    /// How many steps into its range an index is.
    private func position(in range: Domain.Range, _ span: Span) -> TypedExpression {
        var value = range.index.read(at: span)
        if sizes.knownSize(of: range.lower) != Size(0) {
            value = arithmetic(.subtract, value, range.lower, span)
        }
        if case .constant(.integer(1, _)) = range.step.kind { return value }
        return arithmetic(.floorDivide, value, range.step, span)
    }

    /// The typed reduction with its result's type: total, part or local.
    func whole(_ request: ReductionRequest, _ reduced: Reduced) -> TypedExpression {
        guard let combination = combination(request, reduced.domain, reduced.value) else { return error(request.span) }
        return whole(request, reduced, combination)
    }

    func whole(_ request: ReductionRequest, _ reduced: Reduced, _ combination: Combination) -> TypedExpression {
        let (name, span, domain) = (request.name, request.span, reduced.domain)
        if request.isLocal, domain.divided == nil {
            return report(.localNotDivided(name, reduced.value.type, at: span))
        }
        if domain.divided != nil {
            if reduced.isDivergent {
                return report(.divergentContribution(name, at: span, localOrigin(reduced.value)))
            }
            if !request.isLocal { requireUniform("`\(name)` of a scattered array", span) }
        }
        let placement: Placement =
            request.isLocal ? .part(combination.op) : reduced.isDivergent ? .local : .replicated
        let shape =
            reduced.keys.map { sizes.size(of: $0.count) }
            + reduced.kept.map { sizes.count(sizes.size(of: $0.lower), sizes.size(of: $0.upper), step: $0.step) }
        let type = combination.type.over(shape, placement)
        var reduction = TypedReduction(combination.op, of: combination.contributions, over: dividedFirst(domain))
        (reduction.condition, reduction.kept, reduction.keys) = (reduced.condition, reduced.kept, reduced.keys)
        reduction.staysLocal = request.isLocal
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
            divided: domain.divided.map { (order.stored(axis: $0.range), $0.extent) },
            across: domain.across.map { (order.stored(axis: $0.range), $0.extent) })
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

import Language
import Source
import Syntax
import TypedTree

extension Checker {
    // MARK: Arrays

    /// `[E for …]`
    func comprehension(
        _ body: Expression, _ generator: Generator, _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        if let condition = generator.condition { return report(.conditionalArray(at: condition.span)) }
        var part: DividedPart?
        let array = enteringDomain { domain in
            defer { part = domain.part }
            guard self.open(generator, domain) else { return self.error(span) }
            let element = self.expression(body, expecting: expecting)
            guard element.type != .error else { return element }
            guard self.elementLeaves(element) != nil else {
                return self.report(.elementNotScalar(element.type, at: body.span))
            }
            return self.arrayOver(domain, element, span)
        }
        return part.map { cut(array, to: $0, span) } ?? array
    }

    private func arrayOver(
        _ domain: OpenDomain, _ element: TypedExpression, _ span: Span
    ) -> TypedExpression {
        var shape: [Size] = []
        for range in domain.ranges {
            let (lower, upper) = (sizes.size(of: range.lower), sizes.size(of: range.upper))
            shape.append(sizes.count(lower, upper, step: range.step))
        }
        var placement: Placement = element.type.isLocal || domain.typed.isLocal ? .local : .replicated
        for divided in [domain.divided, domain.across].compactMap({ $0 }) {
            guard coversAxis(domain.ranges[divided.range], divided.size) else {
                if domain.across != nil {
                    return report(.notOverGrid("a comprehension over a part of a divided axis", at: span))
                }
                return overWholeAxis(domain, divided.range, element, shape, span)
            }
            shape[divided.range] = divided.size
            placement = .scattered(domain.typed.distribution)
        }
        return TypedExpression(.comprehension(domain.typed, element), element.type.over(shape, placement), span)
    }

    /// Whether a range is `0..extent`, as far as can be told; a size that cannot be compared is checked before the elements' code.
    private func coversAxis(_ range: Domain.Range, _ extent: Size) -> Bool {
        guard sizes.knownSize(of: range.lower) == Size(0), case .constant(.integer(1, _)) = range.step.kind else {
            return false
        }
        let upper = sizes.size(of: range.upper)
        if upper == extent { return true }
        if Size.difference(upper, extent) != nil { return false }
        guard let wanted = sizes.expression(for: extent, range.upper.span) else { return false }
        checkBefore(wanted, range.upper, "a range over a divided axis")
        return true
    }

    /// Puts the check that two integers agree before the outermost elements' code.
    func checkBefore(_ wanted: TypedExpression, _ actual: TypedExpression, _ what: String) {
        let agree = test(.equal, wanted, actual, actual.span)
        let message: [PrintPart] = [
            .text("\(what): "), .value(wanted, format: PrintFormat()), .text(" and "),
            .value(actual, format: PrintFormat()),
            .text(" must be equal"),
        ]
        context.hoisted.append(TypedStatement(kind: .assertion(agree, message: message), span: actual.span))
    }

    // MARK: Domains

    /// Checks the body of a comprehension or reduction. What the body moves out of itself is evaluated before the outermost one.
    func enteringDomain(_ body: (OpenDomain) -> TypedExpression) -> TypedExpression {
        let isOutermost = context.domains.isEmpty
        let outerHoisted = context.hoisted
        if isOutermost { context.hoisted = [] }
        let domain = OpenDomain()
        context.domains.append(domain)
        var result = inLoop { inNewScope { body(domain) } }
        context.domains.removeLast()
        if isOutermost {
            let hoisted = context.hoisted
            context.hoisted = outerHoisted
            if !hoisted.isEmpty {
                result = TypedExpression(.block(TypedBlock(hoisted, result)), result.type, result.span)
            }
        }
        return result
    }

    /// Opens the ranges of a generator in the domain; false when one of them is wrong.
    func open(_ generator: Generator, _ domain: OpenDomain) -> Bool {
        refuseOrder(generator)
        var isFine = true
        for clause in generator.clauses { isFine = open(clause, domain) && isFine }
        return isFine
    }

    func open(_ clause: Generator.Clause, _ domain: OpenDomain) -> Bool {
        switch clause.source {
        case .range(let written, let isScattered):
            openRange(clause.name, range(written), written, isScattered, domain)
        case .elements(let array): openElements(clause.name, array, domain)
        }
    }

    /// Opens a range, whose ends are evaluated around the domain and not inside it.
    func openRange(
        _ name: Name, _ range: TypedRange, _ written: RangeExpression, _ isScattered: Bool, _ domain: OpenDomain
    ) -> Bool {
        let (lower, upper, step) = range
        guard lower.type != .error, upper.type != .error else {
            bindVariable(name, .error)
            return false
        }
        guard openRange(name, lower, upper, step, domain) != nil else { return false }
        if isScattered {
            var divided = DividedRange(
                range: domain.ranges.count - 1, extent: upper, size: sizes.size(of: upper),
                name: "scattered \(sourceText(written.span))", span: written.span, isScattered: true)
            if domain.divided?.isScattered == true, domain.across == nil {
                domain.divided?.direction = .rows
                divided.direction = .columns
            }
            divide(domain, divided)
        }
        return true
    }

    /// `v in x`: v is the element of x at a hidden index, or the row of an array of several axes.
    private func openElements(_ name: Name, _ written: Expression, _ domain: OpenDomain) -> Bool {
        let array = stable(domain.ranges.isEmpty ? around(domain) { expression(written) } : expression(written))
        guard let type = arrayType(of: array), !type.isScalar else {
            if array.type != .error { report(.notIterable(array.type, at: written.span)) }
            bindVariable(name, .error)
            return false
        }
        let isGrid = type.placement.distribution.isGrid
        guard [.replicated, .local].contains(type.placement) || type.placement.isDivided && !isGrid else {
            let span = written.span
            report(isGrid ? .notOverGrid("a loop over the rows", at: span) : .misplacedRead(array.type, at: span))
            bindVariable(name, .error)
            return false
        }
        let range = self.domain(of: firstLeaf(array), type, written.span).ranges[0]
        noteRange(Size(0), type.shape[0])
        domain.ranges.append(range)
        if type.placement.dividedAxis == 0 {
            divide(
                domain,
                DividedRange(
                    range: domain.ranges.count - 1, extent: range.upper, size: type.shape[0],
                    name: sourceText(written.span), span: written.span))
        }
        let index = range.index.read(at: written.span)
        let rest = (1..<type.rank).map { _ in TypedSubscript.all(name.span) }
        let element =
            rest.isEmpty
            ? ownElement(array, [index], name.span)
            : leafwise(array) { leaf in
                leaf.type.array.map { slice(leaf, $0, [.index(index)] + rest, name.span) } ?? error(name.span)
            }
        guard element.type != .error else {
            bindVariable(name, .error)
            return false
        }
        let isCompound = element.type.components != nil
        bind(name, Binding(meaning: isCompound ? .compound(element) : .alias(element), span: name.span))
        return true
    }

    /// Checks what is evaluated before a domain and not for each of its points.
    private func around<Result>(_ domain: OpenDomain, _ body: () -> Result) -> Result {
        let inside = context.domains
        context.domains.removeAll { $0 === domain }
        defer { context.domains = inside }
        return body()
    }

    /// A call that reads nothing of the elements' code, before the outermost of it; nil: it does, or there is none.
    func movedOut(_ values: [TypedExpression], _ call: () -> TypedExpression) -> TypedExpression? {
        guard !context.domains.isEmpty, values.allSatisfy({ $0.variables.isDisjoint(with: boundInDomains) }) else {
            return nil
        }
        let inside = context.domains
        context.domains = []
        let value = call()
        context.domains = inside
        return value.type == .error ? value : moveOut(value)
    }

    /// An array that the elements' code reads, under a name: evaluated once, before the outermost elements' code.
    func stable(_ array: TypedExpression) -> TypedExpression {
        switch array.kind {
        case .variable: return array
        case .ownBlock(let inner) where inner.isVariable: return array
        default: if array.isNamed { return array }
        }
        guard arrayType(of: array)?.isScalar == false, !context.domains.isEmpty else { return array }
        guard let hoisted = moveOut(array) else { return array }
        return hoisted
    }

    /// Moves an expression in front of the outermost open domain, when it reads nothing that the domains bind.
    func moveOut(_ value: TypedExpression) -> TypedExpression? {
        guard value.variables.isDisjoint(with: boundInDomains) else { return nil }
        if value.type.components != nil {
            let domains = context.domains
            context.domains = []
            defer { context.domains = domains }
            let (statements, named) = dissolved(value, named: "once")
            context.hoisted += statements
            return named
        }
        let variable = newVariable("once", value.type)
        context.hoisted.append(TypedStatement(kind: .binding(variable, value), span: value.span))
        return TypedExpression(.variable(variable), value.type, value.span)
    }

    /// What the comprehensions and reductions around bind.
    var boundInDomains: Set<Variable> {
        context.domains.reduce(into: []) { bound, domain in
            bound.formUnion(domain.ranges.map(\.index))
            bound.formUnion(domain.bodyVariables)
        }
    }

    /// Notes that a range runs along a divided axis of the given extent: all arrays read in the domain must be divided alike.
    func divide(_ domain: OpenDomain, _ divided: DividedRange) {
        let isAcross = divided.direction == .columns
        guard let earlier = isAcross ? domain.across : domain.divided else {
            if isAcross { domain.across = divided } else { domain.divided = divided }
            return
        }
        if earlier.direction != divided.direction {
            report(.dividedOverOtherRanks(divided, earlier))
        } else if earlier.range != divided.range {
            report(
                .dividedDifferently(
                    divided.name, at: divided.span, earlier.name, earlier.span, isWritten: earlier.isWritten))
        } else if Size.difference(earlier.size, divided.size) ?? 0 != 0 {
            report(.dividedExtents(divided, earlier))
        } else if earlier.size != divided.size {
            checkBefore(
                earlier.extent, divided.extent,
                "`\(divided.name)` and `\(earlier.name)` are read together, so their divided extents")
        }
    }
}

import Language
import Source
import Syntax
import TypedTree

// `v[i, j] = E for i in …`, `v[3] = E`, `v[2..5] = E`, `v[i] += E for … if C`, `bodies[i].at.x = E for …`: elements of a variable, all at
// once, reading the old values.

/// What a region assignment without ranges writes: an index along each axis.
struct WrittenPoints {
    var indices: [(expression: TypedExpression, bounds: Bounds)]
}

/// The array whose elements are assigned, and by which operator.
struct AssignedArray {
    var written: Target
    var current: TypedExpression
    var type: ArrayType
    var op: AssignmentOperator
    var span: Span
}

/// The array of which a region is assigned, by which operator, and the domain of the assignment.
struct RegionTarget {
    var name: String
    var current: TypedExpression
    /// Of the array, or of each of a record's.
    var type: ArrayType
    var op: AssignmentOperator
    var domain: OpenDomain
    var span: Span
    /// What the arrays were before, where they are updated one after the other.
    var old: TypedExpression?
}

extension Checker {
    func regionAssignment(
        _ target: Target, _ subscripts: [Subscript], _ op: AssignmentOperator, _ source: RegionSource, _ span: Span
    ) -> [TypedStatement] {
        guard let current = assignable(target) else { return [] }
        guard let type = arrayType(of: current), !type.isScalar, !type.placement.isPart, type.placement != .root,
            current.type.components == nil || current.type.record?.isArray == true
        else {
            report(.notIndexable(current.type, at: target.name.span))
            return []
        }
        if current.type.numberElement == nil, op != .assign {
            report(.badOperand(op.rawValue, current.type, at: target.name.span))
            return []
        }
        let assigned = AssignedArray(written: target, current: current, type: type, op: op, span: span)
        let subscripts = subscripts.fitting(rank: type.rank)
        return source.generator == nil && subscripts.contains(where: \.mayBeArray)
            ? indirectAssignment(assigned, subscripts, source) : directAssignment(assigned, subscripts, source)
    }

    /// No subscript is an array.
    func directAssignment(
        _ target: AssignedArray, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement] {
        inNewScope {
            // Beside ranges alone the value is an array, or a number, like any other.
            if subscripts.contains(where: \.isRange), source.generator == nil {
                let whole = RegionTarget(
                    name: target.written.text, current: target.current, type: target.type, op: target.op,
                    domain: OpenDomain(), span: target.span)
                return assignRanges(whole, subscripts, source.written)
            }
            let (before, old) = keepingOld(target.written.name, target.current)
            var updates: [TypedStatement.Kind] = []
            let wrapped = enteringDomain { domain in
                domain.takesDependentRanges = true
                if source.generator.map({ self.open($0, domain) }) ?? true {
                    var region = RegionTarget(
                        name: target.written.text, current: target.current, type: target.type, op: target.op,
                        domain: domain, span: target.span)
                    region.old = old
                    updates = self.updates(region, subscripts, source)
                }
                return integer(0, target.span)
            }
            // What moved out of the elements' code comes first.
            var statements = before
            if case .block(let block) = wrapped.kind { statements += block.statements }
            return statements + updates.map { TypedStatement(kind: $0, span: target.span) }
        }
    }

    /// The fields of records are updated one after the other: the elements' code reads what all of them were before. `old`: what the
    /// assigned ones were.
    private func keepingOld(
        _ name: Name, _ current: TypedExpression
    ) -> (statements: [TypedStatement], old: TypedExpression?) {
        guard current.type.components != nil, case .compound(let all)? = lookUp(name.text)?.meaning else {
            return ([], nil)
        }
        var statements: [TypedStatement] = []
        var copies: [Variable: TypedExpression] = [:]
        let old = leafwise(all) { leaf in
            let variable = newVariable(name.text, leaf.type)
            statements.append(TypedStatement(kind: .binding(variable, leaf), span: name.span))
            let copy = TypedExpression(.variable(variable), leaf.type, leaf.span)
            if case .variable(let own) = leaf.kind { copies[own] = copy }
            return copy
        }
        bind(name, Binding(meaning: .compound(old), span: lookUp(name.text)?.span ?? name.span))
        let assigned = mapped(current) { leaf in
            if case .variable(let own) = leaf.kind { copies[own] ?? leaf } else { leaf }
        }
        return (statements, assigned)
    }

    private func updates(
        _ target: RegionTarget, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement.Kind] {
        if subscripts.contains(where: \.isRange) { return rangeUpdates(target, subscripts, source) }
        let domain = target.domain
        let written = { self.writtenPoints(target, subscripts) }
        guard var points = source.condition == nil ? written() : underCondition(written) else { return [] }
        guard areDistinct(points.indices.map(\.expression), domain) else {
            let condition = self.test(source.condition, domain)
            if condition?.type == .error { return [] }
            return keyedUpdates(target, points, condition, source.written)
        }
        guard align(&points, target) else { return [] }
        domain.orderRanges(by: points.indices.map(\.expression))
        let condition = self.test(source.condition, domain)
        if condition?.type == .error { return [] }
        let read = { (expecting: ElementType?) in self.expression(source.written, expecting: expecting) }
        let values = underCondition(if: condition != nil) { newElements(target, points, read) }
        guard let values, isShared(target) else { return [] }
        let indices = points.indices.map { Subscripted.index(domain.bindingIndices($0.expression), $0.bounds) }
        return zip(target.current.leafReads, values).compactMap { leaf, value in
            guard case .variable(let variable) = leaf.kind else { return nil }
            return .update(
                variable, indices: indices, value: domain.bindingIndices(value),
                condition: condition.map(domain.bindingIndices), domain: domain.typed)
        }
    }

    /// `m[i, ..] = E for i in 0..n`: at each point of the domain an update of ranges.
    private func rangeUpdates(
        _ target: RegionTarget, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement.Kind] {
        let domain = target.domain
        let written = { self.typed(subscripts, index: { self.index($0) }).flatMap { self.ranges(of: target, $0) } }
        guard var ranges = source.condition == nil ? written() : underCondition(written) else { return [] }
        let places = ranges.cuts.indices.filter { !ranges.cuts[$0].isRange }
        var points = WrittenPoints(
            indices: ranges.cuts.compactMap {
                if case .index(let index, let bounds) = $0 { (index, bounds) } else { nil }
            })
        guard areDistinct(points.indices.map(\.expression), domain) else {
            guard let all = opened(ranges, domain) else { return [] }
            let condition = self.test(source.condition, domain)
            if condition?.type == .error { return [] }
            return keyedUpdates(target, all, condition, source.written)
        }
        guard align(&points, target, axes: places) else { return [] }
        for (place, point) in zip(places, points.indices) {
            ranges.cuts[place] = .index(point.expression, point.bounds)
        }
        let condition = self.test(source.condition, domain)
        if condition?.type == .error { return [] }
        let value = underCondition(if: condition != nil) {
            self.value(target, ranges, source.written.span) { self.expression(source.written, expecting: $0) }
        }
        guard let value, isShared(target), isDividedByPoints(target, ranges) else { return [] }
        guard value.type.components != nil else { return updates(target, ranges, [value], condition) }
        let (statements, parts) = dissolved(value, named: "new")
        let values = parts.leafReads.map {
            TypedExpression(.block(TypedBlock(statements, $0)), $0.type, $0.span)
        }
        return updates(target, ranges, values, condition)
    }

    /// Ranges as points of the domain: a number meets each of their elements.
    private func opened(_ ranges: AssignedRanges, _ domain: OpenDomain) -> WrittenPoints? {
        var points = WrittenPoints(indices: [])
        for cut in ranges.cuts {
            switch cut {
            case .index(let index, let bounds): points.indices.append((index, bounds))
            case .range(let lower, let upper, let step):
                guard let index = openRange(Name("_", lower.span), lower, upper, step, domain) else { return nil }
                points.indices.append((index.read(at: lower.span), .checked))
            }
        }
        return points
    }

    /// Whether no rank alone knows what is assigned to a variable that all of them have.
    private func isShared(_ target: RegionTarget) -> Bool {
        guard let divided = target.domain.divided, !target.type.placement.isDivided else { return true }
        report(
            .sharedFromDivided(target.name, .array(target.type), divided.name, at: target.span, divided.span))
        return false
    }

    /// Where the divided axis is written as a range, nothing divides the domain besides.
    private func isDividedByPoints(_ target: RegionTarget, _ ranges: AssignedRanges) -> Bool {
        guard let axis = target.type.placement.dividedAxis, ranges.cuts[axis].isRange,
            let divided = target.domain.divided
        else { return true }
        report(.dividedDifferently(divided.name, at: divided.span, target.name, target.span, isWritten: true))
        return false
    }

    /// Makes every rank write what is its own: multiples of a range's index become a range, and the index along the divided axis one of the
    /// domain; false where that cannot be.
    private func align(_ points: inout WrittenPoints, _ target: RegionTarget, axes: [Int]? = nil) -> Bool {
        let divided = target.type.placement.distribution.dividedAxes
        let axes = axes ?? Array(points.indices.indices)
        for (position, axis) in axes.enumerated() {
            let index = points.indices[position].expression
            if let substituted = substituted(index, isNeeded: divided.contains(axis), target.domain) {
                points.indices[position].expression = substituted
            }
        }
        for axis in divided {
            guard let position = axes.firstIndex(of: axis) else { continue }
            guard let aligned = alignWrite(target, points.indices[position].expression, axis) else { return false }
            points.indices[position].expression = aligned
        }
        return true
    }

    /// The new value of an element of each array that is assigned; nil where there was a mistake.
    private func newElements(
        _ target: RegionTarget, _ points: WrittenPoints, _ read: (ElementType?) -> TypedExpression
    ) -> [TypedExpression]? {
        let placement: Placement = target.type.placement == .local ? .local : .replicated
        let wanted = target.current.type.element(placement)
        guard wanted.components == nil else {
            let element = element(of: target, points)
            let new = assigned(element, target.op, target.span) { read($0 ?? wanted.literalElement) }
            let typed = convert(new, to: wanted, for: "an element of `\(target.name)`")
            guard typed.type != .error else { return nil }
            let (statements, parts) = dissolved(typed, named: "new")
            return parts.leafReads.map { TypedExpression(.block(TypedBlock(statements, $0)), $0.type, $0.span) }
        }
        let typed = convert(
            assigned(element(of: target, points), target.op, target.span, read), to: wanted,
            for: "an element of `\(target.name)`")
        return typed.type == .error ? nil : [typed]
    }

    /// The element that is assigned, as it was.
    private func element(of target: RegionTarget, _ points: WrittenPoints) -> TypedExpression {
        let bounds: Bounds = points.indices.allSatisfy { $0.bounds == .proved } ? .proved : .checked
        let placement: Placement = target.type.placement == .local ? .local : .replicated
        return mapped(target.old ?? target.current) { leaf in
            TypedExpression(
                .element(leaf, points.indices.map(\.expression), bounds),
                .scalar(leaf.type.array?.element ?? .f64, placement), target.span)
        }
    }

    /// What a variable or an element becomes: `value`, or what was there combined with it. The value is given the type that a
    /// literal takes.
    func assigned(
        _ current: TypedExpression, _ op: AssignmentOperator, _ span: Span, _ value: (ElementType?) -> TypedExpression
    ) -> TypedExpression {
        let element = current.type.array?.element
        if let binary = op.binary { return self.binary(binary, current, value, syntax: nil, span) }
        let value = value(element)
        guard op != .assign, value.type != .error, let element else { return value }
        guard value.type.array?.element.widens(to: element) == true, element.isNumeric else {
            return report(.badOperands(op.rawValue, current.type, value.type, at: span))
        }
        let operands = [current, convert(value, toElement: element)]
        return elementwise(op == .min ? .min : .max, operands, result: element, op.rawValue, span)
    }

    /// Which points of the domain count: those inside ranges that depend on others, and there where the condition holds. nil: all.
    private func test(_ written: Expression?, _ domain: OpenDomain) -> TypedExpression? {
        let condition = written.map { written in
            domain.guards.isEmpty ? self.condition(written) : underCondition { self.condition(written) }
        }
        return guarded(domain.guards, condition)
    }
}

/// What stands on the right of a region assignment.
struct RegionSource {
    var written: Expression
    var generator: Generator?
    var condition: Expression? { generator?.condition }
}

extension Subscript {
    fileprivate var isRange: Bool { if case .index = self { false } else { true } }
}

import Language
import Source
import Syntax

// `v[i, j] = E for i in …`, `v[3] = E`, `v[2..5] = E`, `v[i] += E for … if C`, `bodies[i].at.x = E for …`: elements of a variable, all at
// once, reading the old values.

/// What a region assignment writes: an index along each axis, where the domain's ranges run over those that were written as ranges.
struct WrittenRegion {
    var indices: [(expression: TypedExpression, bounds: Bounds)]
    var ranges: [WrittenRange]
    /// The variable, and how it is called.
    var array: TypedExpression
    var name: String
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
}

/// `2..9 by 2` on the left of an assignment.
struct WrittenRange {
    var axis: Int
    var index: Variable
    var lower, upper, step: TypedExpression
    var count: Size
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
        if current.type.components != nil, op != .assign {
            report(.badOperand(op.rawValue, current.type, at: target.name.span))
            return []
        }
        let assigned = AssignedArray(written: target, current: current, type: type, op: op, span: span)
        return source.generator == nil && subscripts.contains(where: \.mayBeArray)
            ? indirectAssignment(assigned, subscripts, source) : directAssignment(assigned, subscripts, source)
    }

    /// No subscript is an array.
    func directAssignment(
        _ target: AssignedArray, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement] {
        inNewScope {
            let before = keepingOld(target.written.name, target.current)
            // Beside ranges alone the value is an array, or a number, like any other.
            let hasRanges = subscripts.contains { if case .index = $0 { false } else { true } }
            var source = source
            if hasRanges, source.generator == nil {
                let whole = expression(source.written, expecting: target.type.element)
                if whole.type == .error { return [] }
                source.whole = whole
            }
            var updates: [TypedStatement.Kind] = []
            let wrapped = enteringDomain { domain in
                domain.takesDependentRanges = true
                if source.generator.map({ self.open($0, domain) }) ?? true {
                    let region = RegionTarget(
                        name: target.written.text, current: target.current, type: target.type, op: target.op,
                        domain: domain, span: target.span)
                    updates = self.updates(region, subscripts, source)
                }
                return self.integer(0, target.span)
            }
            // What moved out of the elements' code comes first.
            var statements = before
            if case .block(let block) = wrapped.kind { statements += block.statements }
            return statements + updates.map { TypedStatement(kind: $0, span: target.span) }
        }
    }

    /// The fields of records are updated one after the other: the elements' code reads what all of them were before.
    private func keepingOld(_ name: Name, _ current: TypedExpression) -> [TypedStatement] {
        guard current.type.components != nil, case .compound(let all)? = lookUp(name.text)?.meaning else { return [] }
        var statements: [TypedStatement] = []
        let old = leafwise(all) { leaf in
            let variable = newVariable(name.text, leaf.type)
            statements.append(TypedStatement(kind: .binding(variable, leaf), span: name.span))
            return TypedExpression(.variable(variable), leaf.type, leaf.span)
        }
        bind(name, Binding(meaning: .compound(old), span: lookUp(name.text)?.span ?? name.span))
        return statements
    }

    private func updates(
        _ target: RegionTarget, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement.Kind] {
        let (type, domain) = (target.type, target.domain)
        let written = { self.writtenRegion(target, subscripts) }
        guard var region = source.condition == nil ? written() : underCondition(written) else { return [] }
        guard areDistinct(region.indices.map(\.expression), domain) else {
            let condition = self.test(source.condition, domain)
            if condition?.type == .error { return [] }
            return keyedUpdate(target, region, condition, source.written).map { [$0] } ?? []
        }
        guard align(&region, target) else { return [] }
        domain.orderRanges(by: region.indices.map(\.expression))
        let condition = self.test(source.condition, domain)
        if condition?.type == .error { return [] }
        let isSelected = condition != nil || context.isUnderCondition
        let read = { (expecting: ElementType?) -> TypedExpression in
            let value = source.whole ?? self.expression(source.written, expecting: expecting)
            return region.ranges.isEmpty ? value : self.pointwise(value, region, type, source.written.span)
        }
        let outer = context.isUnderCondition
        context.isUnderCondition = isSelected
        defer { context.isUnderCondition = outer }
        guard let values = newElements(target, region, read) else { return [] }
        if let divided = domain.divided, !type.placement.isDivided {
            report(.sharedFromDivided(target.name, .array(type), divided.name, at: target.span, divided.span))
            return []
        }
        let indices = region.indices.map { Subscripted.index(domain.bindingIndices($0.expression), $0.bounds) }
        return zip(target.current.leafReads, values).compactMap { leaf, value in
            guard case .variable(let variable) = leaf.kind else { return nil }
            return .update(
                variable, indices: indices, value: domain.bindingIndices(value),
                condition: condition.map(domain.bindingIndices), domain: domain.typed)
        }
    }

    /// Makes every rank write what is its own: multiples of a range's index become a range, and the index along the divided axis one of the
    /// domain; false where that cannot be.
    private func align(_ region: inout WrittenRegion, _ target: RegionTarget) -> Bool {
        let divided = target.type.placement.dividedAxis
        for axis in region.indices.indices {
            let index = region.indices[axis].expression
            if let substituted = substituted(index, isNeeded: divided == axis, target.domain) {
                region.indices[axis].expression = substituted
            }
        }
        guard let divided else { return true }
        guard let aligned = alignWrite(target, region.indices[divided].expression, divided) else { return false }
        region.indices[divided].expression = aligned
        return true
    }

    /// The new value of an element of each array that is assigned; nil where there was a mistake.
    private func newElements(
        _ target: RegionTarget, _ region: WrittenRegion, _ read: (ElementType?) -> TypedExpression
    ) -> [TypedExpression]? {
        let placement: Placement = target.type.placement == .local ? .local : .replicated
        let wanted = target.current.type.element(placement)
        guard wanted.components == nil else {
            let typed = convert(read(nil), to: wanted, for: "an element of `\(target.name)`")
            guard typed.type != .error else { return nil }
            let (statements, parts) = dissolved(typed, named: "new")
            return parts.leafReads.map { TypedExpression(.block(TypedBlock(statements, $0)), $0.type, $0.span) }
        }
        let bounds: Bounds = region.indices.allSatisfy { $0.bounds == .proved } ? .proved : .checked
        let element = TypedExpression(
            .element(target.current, region.indices.map(\.expression), bounds), wanted, target.span)
        let typed = convert(
            assigned(element, target.op, target.span, read), to: wanted, for: "an element of `\(target.name)`")
        return typed.type == .error ? nil : [typed]
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
    /// Its value beside ranges alone: an array, or one number for all elements.
    var whole: TypedExpression?
    var condition: Expression? { generator?.condition }
}

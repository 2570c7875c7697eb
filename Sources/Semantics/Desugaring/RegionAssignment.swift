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

/// `2..9 by 2` on the left of an assignment.
struct WrittenRange {
    var axis: Int
    var index: Variable
    var lower, upper, step: TypedExpression
    var count: Size
}

extension Checker {
    func regionAssignment(
        _ target: Target, _ subscripts: [Subscript], _ op: AssignmentOperator, _ value: Expression,
        _ generator: Generator?, _ span: Span
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
        return inNewScope {
            let before = keepingOld(target.name, current)
            // Beside ranges alone the value is an array, or a number, like any other.
            let hasRanges = subscripts.contains { if case .index = $0 { false } else { true } }
            let whole = hasRanges && generator == nil ? expression(value, expecting: type.element) : nil
            if whole?.type == .error { return [] }
            var updates: [TypedStatement.Kind] = []
            let wrapped = enteringDomain { domain in
                domain.takesDependentRanges = true
                let source = RegionSource(written: value, whole: whole, condition: generator?.condition)
                if generator.map({ self.open($0, domain) }) ?? true {
                    updates = self.updates(target.text, current, type, subscripts, op, source, domain, span)
                }
                return self.integer(0, span)
            }
            // What moved out of the elements' code comes first.
            var statements = before
            if case .block(let block) = wrapped.kind { statements += block.statements }
            return statements + updates.map { TypedStatement(kind: $0, span: span) }
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
        _ name: String, _ current: TypedExpression, _ type: ArrayType, _ subscripts: [Subscript],
        _ op: AssignmentOperator, _ source: RegionSource, _ domain: OpenDomain, _ span: Span
    ) -> [TypedStatement.Kind] {
        let written = { self.writtenRegion(name, subscripts, self.firstLeaf(current), type, domain, span) }
        guard var region = source.condition == nil ? written() : underCondition(written) else { return [] }
        guard areDistinct(region.indices.map(\.expression), domain) else {
            let condition = self.test(source.condition, domain)
            if condition?.type == .error { return [] }
            return keyedUpdate(current, type, region, op, condition, source.written, domain, span).map { [$0] } ?? []
        }
        for axis in region.indices.indices {
            let index = region.indices[axis].expression
            if let substituted = substituted(index, isNeeded: type.placement.dividedAxis == axis, domain) {
                region.indices[axis].expression = substituted
            }
        }
        if let axis = type.placement.dividedAxis {
            let index = region.indices[axis].expression
            guard let aligned = alignWrite(name, firstLeaf(current), type, index, axis, domain, span) else { return [] }
            region.indices[axis].expression = aligned
        }
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
        guard let values = newElements(name, current, type, region, op, domain, read, span) else { return [] }
        if let divided = domain.divided, !type.placement.isDivided {
            report(.sharedFromDivided(name, .array(type), divided.name, at: span, divided.span))
            return []
        }
        let indices = region.indices.map { Subscripted.index(domain.bindingIndices($0.expression), $0.bounds) }
        return zip(current.leafReads, values).compactMap { leaf, value in
            guard case .variable(let variable) = leaf.kind else { return nil }
            return .update(
                variable, indices: indices, value: domain.bindingIndices(value),
                condition: condition.map(domain.bindingIndices), domain: domain.typed)
        }
    }

    /// The new value of an element of each array that is assigned; nil where there was a mistake.
    private func newElements(
        _ name: String, _ current: TypedExpression, _ type: ArrayType, _ region: WrittenRegion,
        _ op: AssignmentOperator, _ domain: OpenDomain, _ read: (ElementType?) -> TypedExpression, _ span: Span
    ) -> [TypedExpression]? {
        let placement: Placement = type.placement == .local ? .local : .replicated
        let wanted = current.type.element(placement)
        guard wanted.components == nil else {
            let typed = convert(read(nil), to: wanted, for: "an element of `\(name)`")
            guard typed.type != .error else { return nil }
            let (statements, parts) = dissolved(typed, named: "new")
            return parts.leafReads.map { TypedExpression(.block(TypedBlock(statements, $0)), $0.type, $0.span) }
        }
        let bounds: Bounds = region.indices.allSatisfy { $0.bounds == .proved } ? .proved : .checked
        let element = TypedExpression(.element(current, region.indices.map(\.expression), bounds), wanted, span)
        let typed = convert(assigned(element, op, span, read), to: wanted, for: "an element of `\(name)`")
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
private struct RegionSource {
    var written: Expression
    /// Its value beside ranges alone: an array, or one number for all elements.
    var whole: TypedExpression?
    var condition: Expression?
}

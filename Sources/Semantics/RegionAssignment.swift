import Language
import Source
import Syntax

extension Checker {
    /// `v[i, j] = E for i in …`, `v[3] = E`, `v[i] += E for …`: elements of a variable, all at once, reading the old values.
    func regionAssignment(
        _ name: Name, _ subscripts: [Subscript], _ op: AssignmentOperator, _ value: Expression, _ generator: Generator?,
        _ span: Span
    ) -> [TypedStatement] {
        guard let variable = assignable(name) else { return [] }
        guard let type = variable.type.array, !type.isScalar, !type.placement.isPart, type.placement != .root else {
            report(.notIndexable(variable.type, at: name.span))
            return []
        }
        if let condition = generator?.condition {
            report(.notYetSupported("a condition on a region assignment", at: condition.span))
            return []
        }
        var update: TypedStatement.Kind?
        let wrapped = enteringDomain { domain in
            update = self.update(variable, type, subscripts, op, value, generator, domain, span)
            return self.integer(0, span)
        }
        guard let update else { return [] }
        // What moved out of the elements' code comes first.
        var statements: [TypedStatement] = []
        if case .block(let block) = wrapped.kind { statements = block.statements }
        return statements + [TypedStatement(kind: update, span: span)]
    }

    private func update(
        _ variable: Variable, _ type: ArrayType, _ subscripts: [Subscript], _ op: AssignmentOperator,
        _ value: Expression,
        _ generator: Generator?, _ domain: OpenDomain, _ span: Span
    ) -> TypedStatement.Kind? {
        if let generator, !open(generator, domain) { return nil }
        guard var indices = writtenIndices(subscripts, type, domain, span) else { return nil }
        guard areDistinct(indices, domain) else {
            return keyedUpdate(variable, type, indices[0].expression, op, value, domain, span)
        }
        if let axis = type.placement.dividedAxis {
            guard let aligned = alignWrite(variable, type, indices[axis].expression, axis, domain, span) else {
                return nil
            }
            indices[axis].expression = aligned
        }
        let read = TypedExpression(.variable(variable), variable.type, span)
        let element = TypedExpression(
            .element(read, indices.map(\.expression), indices.allSatisfy { $0.bounds == .proved } ? .proved : .checked),
            .scalar(type.element, type.placement == .local ? .local : .replicated), span)
        let typed: TypedExpression
        switch op {
        case .assign: typed = expression(value, expecting: type.element)
        case .min, .max:
            let other = convert(expression(value, expecting: type.element), to: element.type, for: "`\(variable.name)`")
            typed = elementwise(op == .min ? .min : .max, [element, other], result: type.element, op.rawValue, span)
        default:
            guard let binary = op.binary else { return nil }
            typed = self.binary(binary, element, { self.expression(value, expecting: $0) }, syntax: nil, span)
        }
        let converted = convert(typed, to: element.type, for: "an element of `\(variable.name)`")
        guard converted.type != .error else { return nil }
        let written = indices.map { Subscripted.index($0.expression, $0.bounds) }
        return .update(variable, indices: written, value: converted, domain: domain.typed)
    }

    private func writtenIndices(
        _ subscripts: [Subscript], _ type: ArrayType, _ domain: OpenDomain, _ span: Span
    ) -> [(expression: TypedExpression, bounds: Bounds)]? {
        guard subscripts.count == type.rank else {
            report(.wrongIndexCount(type.rank, got: subscripts.count, at: span))
            return nil
        }
        var indices: [(expression: TypedExpression, bounds: Bounds)] = []
        for (axis, subscripted) in subscripts.enumerated() {
            guard case .index(let written) = subscripted else {
                report(.notYetSupported("a range on the left of an assignment", at: span))
                return nil
            }
            let index = self.index(written)
            guard index.type != .error else { return nil }
            switch verdict(index: index, extent: type.shape[axis]) {
            case .proved: indices.append((index, .proved))
            case .unknown: indices.append((index, .checked))
            case .broken(let value):
                report(.indexOutOfRange(value, type.shape[axis], axis, at: index.span))
                return nil
            }
        }
        return indices
    }

    /// No element may be written twice: every index of the domain stands alone, plus or minus a constant, in one subscript.
    private func areDistinct(
        _ indices: [(expression: TypedExpression, bounds: Bounds)], _ domain: OpenDomain
    ) -> Bool {
        for range in domain.ranges {
            guard let atom = variableSizes[range.index]?.atom else { continue }
            let isUsed = indices.contains { index in
                knownSize(of: index.expression).map { ($0 - Size(atom)).constant != nil } ?? false
            }
            if !isUsed { return false }
        }
        return true
    }

    /// Writes to a scattered variable go where the element lies: the divided axis at an index of the domain, or in one row, over
    /// which a range of its own then runs. Gives the index.
    private func alignWrite(
        _ variable: Variable, _ type: ArrayType, _ index: TypedExpression, _ axis: Int, _ domain: OpenDomain,
        _ span: Span
    ) -> TypedExpression? {
        let upper = extent(TypedExpression(.variable(variable), variable.type, span), axis, span)
        if let position = domain.ranges.firstIndex(where: {
            if case .variable($0.index) = index.kind { true } else { false }
        }) {
            divide(domain, position, upper, type.shape[axis], variable.name, span)
            return index
        }
        let own = Set(domain.ranges.map(\.index))
        guard index.variables.isDisjoint(with: own) else {
            report(.writeNeedsOtherRank(variable.name, sourceText(index.span), at: index.span))
            return nil
        }
        let next = TypedExpression(.apply(.add, [index, integer(1, index.span)]), .i64, index.span)
        let row = indexVariable(Name("_", index.span), .i64, index, next)
        domain.row = (row, size(of: index))
        domain.ranges.insert(Domain.Range(index: row, lower: index, upper: next, step: integer(1, index.span)), at: 0)
        domain.divided?.range += 1
        divide(domain, 0, upper, type.shape[axis], variable.name, span)
        return TypedExpression(.variable(row), .i64, index.span)
    }
}

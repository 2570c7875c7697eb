import Language
import Source
import Syntax

// Reductions by key: `sum_by(key, a, k)`, `count_by(key, k)`, and `h[key[i]] += E for i in …`.

extension Checker {
    /// `sum_by(key, a, k)`: element b of the result combines the elements (rows, where a has more axes than key) of `a` whose key is b.
    func keyed(
        _ builtin: Builtin, _ spec: Builtin.Reduction, _ arguments: [Argument], _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        let isCount = spec.result == .count
        guard arguments.count == (isCount ? 2 : 3), arguments.allSatisfy({ $0.label == nil && $0.generator == nil })
        else {
            return report(
                .wrongArgumentCount(builtin.name, expected: isCount ? "2" : "3", got: arguments.count, at: span))
        }
        if context.isElement { return report(.communicationInElement("`\(builtin.name)`", at: span, domain: nil)) }
        let arrays = arguments.dropLast().map { expression($0.value) }
        let count = index(arguments[arguments.count - 1].value)
        if (arrays + [count]).contains(where: { $0.type == .error }) { return error(span) }
        for array in arrays {
            guard let type = array.type.array, !type.isScalar else {
                return report(.notReducible(builtin.name, array.type, at: array.span))
            }
            if type.placement.isPart { return report(.partUsed(array.type, "reduced", at: array.span)) }
            if type.placement == .root { return report(.rootArithmetic(array.type, at: array.span)) }
        }
        guard arrays[0].type.array?.element.isInteger == true else {
            return report(.notAnInteger(arrays[0].type, at: arrays[0].span))
        }
        return bindingOnce(count) { count in
            bindingOnce(arrays[0]) { key in
                guard !isCount else { return keyed(builtin, spec, key, nil, count, isLocal, span) }
                return bindingOnce(arrays[1]) { keyed(builtin, spec, key, $0, count, isLocal, span) }
            }
        }
    }

    private func keyed(
        _ builtin: Builtin, _ spec: Builtin.Reduction, _ key: TypedExpression, _ values: TypedExpression?,
        _ count: TypedExpression, _ isLocal: Bool, _ span: Span
    ) -> TypedExpression {
        guard let keyType = key.type.array else { return error(span) }
        let model = values ?? key
        guard let type = model.type.array, type.rank >= keyType.rank,
            zip(type.shape, keyType.shape).allSatisfy({ Size.difference($0, $1) ?? 0 == 0 })
        else { return report(.shapeMismatch(builtin.name, key, model, at: span, origins: origins(of: [key, model]))) }
        let all = domain(of: model, type, span).ranges
        let open = OpenDomain()
        open.ranges = Array(all.prefix(keyType.rank))
        var keptAxis: Int?
        for (array, own) in [(key, keyType), (model, type)] {
            guard let axis = own.placement.dividedAxis else { continue }
            guard axis < keyType.rank else {
                keptAxis = axis
                continue
            }
            let size = own.shape[axis]
            divide(open, axis, extent(array, axis, span), size, sourceText(array.span), array.span)
        }
        for (axis, size) in keyType.shape.enumerated() where size != type.shape[axis] {
            checkBefore(
                extent(key, axis, span), extent(model, axis, span),
                "keys and values of `\(builtin.name)`: their extents")
        }
        if keptAxis != nil, keyType.placement != .replicated {
            return report(.indexOnAllRanks(builtin.name, model.type, key.type, at: key.span))
        }
        let isDivergent =
            keyType.placement == .local || type.placement == .local || (open.divided == nil && count.type.isLocal)
        let indices = all.map { $0.index.read(at: span) }
        func element(_ array: TypedExpression, _ type: ArrayType) -> TypedExpression {
            let placement: Placement = type.placement == .local ? .local : .replicated
            return TypedExpression(
                .element(array, Array(indices.prefix(type.rank)), .proved), .scalar(type.element, placement), span)
        }
        let contribution = values == nil ? integer(1, span) : element(model, type)
        let kept = Array(all.dropFirst(keyType.rank))
        let target = KeyTarget(index: convert(element(key, keyType), toElement: .i64), count: count)
        let value = keyedReduction(
            builtin.name, Builtin.Reduction(spec.op), open.typed, nil, contribution, kept, [target], isLocal: isLocal,
            isDivergent: isDivergent, span)
        guard let keptAxis, let whole = value.type.array else { return value }
        // Every rank has its part of all values: what they come to lies where they do.
        let placement = Placement.scattered(axis: keptAxis - keyType.rank + 1)
        return TypedExpression(value.kind, .array(whole.with(placement: placement)), span)
    }

    /// `h[key] op= E for …`: the elements of a variable combined with what the points of the domain contribute to them.
    func keyedUpdate(
        _ current: TypedExpression, _ type: ArrayType, _ region: WrittenRegion, _ op: AssignmentOperator,
        _ condition: TypedExpression?, _ value: Expression, _ domain: OpenDomain, _ span: Span
    ) -> TypedStatement.Kind? {
        guard case .variable(let variable) = current.kind else {
            report(.overlappingWrites(domain.ranges.first?.index.name ?? "", at: span))
            return nil
        }
        if op.binary?.isOfBits == true, !type.element.isInteger, type.element != .bool {
            report(.badOperand(op.rawValue, .scalar(type.element), at: span))
            return nil
        }
        guard let (reduction, combine) = op.keyed, type.element.isNumeric || op != .add else {
            report(.overlappingWrites(domain.ranges.first?.index.name ?? "", at: span))
            return nil
        }
        if let axis = type.placement.dividedAxis, axis != 0 {
            report(.keyedWriteAcross(variable.name, axis, at: span))
            return nil
        }
        let element = { self.expression(value, expecting: type.element) }
        let typed = convert(
            condition == nil ? element() : underCondition(element), to: .scalar(type.element),
            for: "an element of `\(variable.name)`")
        guard typed.type != .error else { return nil }
        let keys = region.indices.enumerated().map { axis, index in
            KeyTarget(
                index: index.expression, count: TypedExpression(.extent(current, axis: axis), extentType(type), span))
        }
        let isScattered = type.placement.isDivided
        let outer = context.domains
        context.domains = []
        defer { context.domains = outer }
        var sum = keyedReduction(
            op.rawValue, Builtin.Reduction(reduction), domain.typed, condition, typed, [], keys,
            isLocal: isScattered && domain.divided != nil,
            isDivergent: type.placement == .local || condition?.type.isLocal == true, span)
        if let parts = sum.type.array, parts.placement.isPart {
            requireUniform("`\(op.rawValue)` by key", span)
            sum = TypedExpression(
                .collective(.reduceScatter, [sum]), .array(parts.with(placement: .scattered(axis: 0))), span)
        }
        sum = convert(
            convert(sum, toElement: type.element), to: variable.type, for: "`\(variable.name)`", target: current)
        let result = elementwise(combine, [current, sum], result: type.element, op.rawValue, span)
        return result.type == .error ? nil : .assignment(variable, result)
    }
}

extension AssignmentOperator {
    /// How contributions to one key combine, and how the result joins what was there.
    fileprivate var keyed: (ReductionOperator, ScalarOperator)? {
        switch self {
        case .add: (.sum, .add)
        case .subtract: (.sum, .subtract)
        case .multiply: (.product, .multiply)
        case .min: (.min, .min)
        case .max: (.max, .max)
        case .bitAnd: (.bitAnd, .bitAnd)
        case .bitOr: (.bitOr, .bitOr)
        case .bitXor: (.bitXor, .bitXor)
        case .assign, .divide: nil
        }
    }
}

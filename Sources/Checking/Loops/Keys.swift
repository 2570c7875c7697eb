import Language
import Source
import Syntax
import TypedTree

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
            guard array.type.numberElement != nil, let type = arrayType(of: array), !type.isScalar else {
                return report(.notReducible(builtin.name, array.type, at: array.span))
            }
            if let complex = array.type.complexElement, spec.op != .sum {
                return report(.complexOrder(builtin.name, complex, at: span))
            }
            if type.placement.isPart { return report(.partUsed(array.type, "reduced", at: array.span)) }
            if type.placement == .root { return report(.rootArithmetic(array.type, at: array.span)) }
        }
        guard arrays[0].type.array?.element.isInteger == true else {
            return report(.notAnInteger(arrays[0].type, at: arrays[0].span))
        }
        let request = ReductionRequest(
            name: builtin.name, combiner: .builtin(Builtin.Reduction(spec.op)), isLocal: isLocal, span: span)
        return bindingOnce(count) { count in
            bindingOnce(arrays[0]) { key in
                guard !isCount else { return keyed(request, key, nil, count) }
                return bindingOnce(arrays[1]) { mapped($0) { keyed(request, key, $0, count) } }
            }
        }
    }

    private func keyed(
        _ request: ReductionRequest, _ key: TypedExpression, _ values: TypedExpression?, _ count: TypedExpression
    ) -> TypedExpression {
        let (name, span) = (request.name, request.span)
        guard let keyType = key.type.array else { return error(span) }
        let model = values ?? key
        guard let type = model.type.array, type.rank >= keyType.rank,
            zip(type.shape, keyType.shape).allSatisfy({ Size.difference($0, $1) ?? 0 == 0 })
        else { return report(.shapeMismatch(name, key, model, at: span, origins: origins(of: [key, model]))) }
        let all = domain(of: model, type, span).ranges
        let open = OpenDomain()
        open.ranges = Array(all.prefix(keyType.rank))
        let keptAxis = divide(open, by: [key, model], span)
        for (axis, size) in keyType.shape.enumerated() where size != type.shape[axis] {
            checkBefore(
                extent(key, axis, span), extent(model, axis, span), "keys and values of `\(name)`: their extents")
        }
        if keptAxis != nil, keyType.placement != .replicated {
            return report(.indexOnAllRanks(name, model.type, key.type, at: key.span))
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
        let target = KeyTarget(index: convert(element(key, keyType), toElement: .i64), count: count)
        let value = whole(
            request,
            Reduced(
                domain: open.typed, value: contribution, isDivergent: isDivergent, keys: [target],
                kept: Array(all.dropFirst(keyType.rank))))
        guard let keptAxis, let whole = value.type.array else { return value }
        // Every rank has its part of all values: what they come to lies where they do.
        let placement = Placement.scattered(axis: keptAxis - keyType.rank + 1)
        return TypedExpression(value.kind, .array(whole.with(placement: placement)), span)
    }

    /// Divides the keys' domain as these arrays are, of which the first holds the keys; gives the axis behind the domain's along which one is
    /// divided.
    private func divide(_ open: OpenDomain, by arrays: [TypedExpression], _ span: Span) -> Int? {
        var keptAxis: Int?
        for array in arrays {
            guard let own = array.type.array, let axis = own.placement.dividedAxis else { continue }
            guard axis < open.ranges.count else {
                keptAxis = axis
                continue
            }
            divide(
                open,
                DividedRange(
                    range: axis, extent: extent(array, axis, span), size: own.shape[axis],
                    name: sourceText(array.span), span: array.span))
        }
        return keptAxis
    }

    /// `h[key] op= E for …`: the elements of a variable, or of both of a complex one, combined with what the points of the domain contribute
    /// to them.
    func keyedUpdates(
        _ target: RegionTarget, _ points: WrittenPoints, _ condition: TypedExpression?, _ value: Expression
    ) -> [TypedStatement.Kind] {
        let element = { self.expression(value, expecting: target.type.element) }
        let read = condition == nil ? element() : underCondition(element)
        guard let complex = target.current.type.complexElement else {
            return keyedUpdate(target, points, condition, read).map { [$0] } ?? []
        }
        guard target.op == .add || target.op == .subtract else {
            report(.badOperand(target.op.rawValue, target.current.type, at: target.span))
            return []
        }
        let typed = convert(read, to: .complex(complex), for: "an element of `\(target.name)`")
        guard typed.type != .error else { return [] }
        return zip(components(target.current), components(typed)).compactMap { own, part in
            var target = target
            target.current = own
            return keyedUpdate(target, points, condition, part)
        }
    }

    private func keyedUpdate(
        _ target: RegionTarget, _ points: WrittenPoints, _ condition: TypedExpression?, _ value: TypedExpression
    ) -> TypedStatement.Kind? {
        let (type, op, span) = (target.type, target.op, target.span)
        guard let (variable, reduction, combine) = keyedTarget(target) else { return nil }
        let typed = convert(value, to: .scalar(type.element), for: "an element of `\(variable.name)`")
        guard typed.type != .error else { return nil }
        let keys = points.indices.enumerated().map { axis, index in
            let count = TypedExpression(.extent(target.current, axis: axis), extentType(type), span)
            return KeyTarget(index: index.expression, count: count)
        }
        let domain = target.domain.typed
        let outer = context.domains
        context.domains = []
        defer { context.domains = outer }
        var sum = whole(
            ReductionRequest(
                name: op.rawValue, combiner: .builtin(Builtin.Reduction(reduction)),
                isLocal: type.placement.isDivided && domain.divided != nil, span: span),
            Reduced(
                domain: domain, condition: condition, value: typed,
                isDivergent: type.placement == .local || condition?.type.isLocal == true, keys: keys))
        if let parts = sum.type.array, parts.placement.isPart {
            requireUniform("`\(op.rawValue)` by key", span)
            sum = TypedExpression(
                .collective(.reduceScatter, [sum]), .array(parts.with(placement: .scattered(.rows))), span)
        }
        sum = convert(
            convert(sum, toElement: type.element), to: variable.type, for: "`\(variable.name)`",
            target: target.current)
        let result = elementwise(combine, [target.current, sum], result: type.element, op.rawValue, span)
        return result.type == .error ? nil : .assignment(variable, result)
    }

    /// The variable, how contributions to one key combine, and how the result joins what was there; nil where that cannot be.
    private func keyedTarget(_ target: RegionTarget) -> (Variable, ReductionOperator, ScalarOperator)? {
        let (type, op) = (target.type, target.op)
        let index = target.domain.ranges.first?.index.name ?? ""
        guard case .variable(let variable) = target.current.kind else {
            report(.overlappingWrites(index, at: target.span))
            return nil
        }
        if op.binary?.isOfBits == true, !type.element.isInteger, type.element != .bool {
            report(.badOperand(op.rawValue, .scalar(type.element), at: target.span))
            return nil
        }
        guard let (reduction, combine) = op.keyed, type.element.isNumeric || op != .add else {
            report(.overlappingWrites(index, at: target.span))
            return nil
        }
        if let axis = type.placement.dividedAxis, axis != 0 {
            report(.keyedWriteAcross(variable.name, axis, at: target.span))
            return nil
        }
        return (variable, reduction, combine)
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

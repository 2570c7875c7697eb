import Language
import Source
import Syntax
import TypedTree

extension Checker {
    /// `scan(op, a)`, `exscan(op, a, axis: k)`: the operator is written as a symbol or a name, or is a function: `scan(f, init, a)`.
    func scan(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        guard (2...4).contains(arguments.count), arguments[0].label == nil, arguments[1].label == nil,
            arguments[0].generator == nil
        else { return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span)) }
        let written = arguments[0].value
        guard let op = languageOperator(written) else {
            return arguments.count > 2 && arguments[2].label == nil
                ? userScan(kind, builtin, arguments, span) : report(.badScanOperator(builtin.name, at: written.span))
        }
        guard arguments.count < 4 else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span))
        }
        let array = scannedArray(arguments[1])
        guard array.type != .error else { return array }
        let operation = ArrayOperation(kind, [ReductionOperator.builtin.firstIndex(of: op) ?? 0])
        if array.type.complexElement != nil {
            guard op == .sum else {
                return report(.badReduction("\(builtin.name)(\(op.symbol), ...)", array.type, at: array.span))
            }
            return named(array) { named in
                self.mapped(named) { self.scan(operation, $0, arguments.dropFirst(2).first, builtin, span) }
            }
        }
        return scan(operation, array, arguments.dropFirst(2).first, builtin, span)
    }

    /// `operation`: still without the axis that is written after the array.
    private func scan(
        _ operation: ArrayOperation, _ array: TypedExpression, _ along: Argument?, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let type = movable(array, builtin), let axis = axis(of: along, builtin, type, span)
        else { return error(span) }
        let op = ReductionOperator.builtin[operation.attributes[0]]
        var operation = operation
        operation.attributes.append(axis)
        if op.arity == 2 { return placeScan(operation, array, type, builtin, span) }
        guard let operand = scanned(array, type.element, op, builtin) else { return error(span) }
        return made(operation, [operand], operand.type, builtin, span)
    }

    /// What is scanned: an array, or what a comprehension makes.
    private func scannedArray(_ argument: Argument) -> TypedExpression {
        guard let generator = argument.generator else { return expression(argument.value) }
        return comprehension(argument.value, generator, nil, argument.value.span)
    }

    /// `scan(f, init, a)`: by a function of the program, of numbers, or of tuples or records of them.
    private func userScan(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        guard let function = functionValue(arguments[0].value) else {
            return report(.notAnOperator(builtin.name, at: arguments[0].value.span))
        }
        guard arguments[1].generator == nil else {
            return report(.wrongArgumentCount(builtin.name, expected: "3", got: arguments.count, at: span))
        }
        let array = scannedArray(arguments[2])
        guard array.type != .error else { return array }
        guard let type = movable(array, builtin, ofNumbers: false),
            let axis = axis(of: arguments.dropFirst(3).first, builtin, type, span),
            let (op, result) = userOperator(function, arguments[1].value, on: array.type.element(.replicated), span)
        else { return error(span) }
        let operation = ArrayOperation(kind, [ReductionOperator.builtin.count + op.id, axis])
        return bindingOnce(array) { array in
            let operands = zip(array.leafReads, result.dataLeaves ?? []).map { convert($0, toElement: $1.element) }
            return made(operation, operands, result.over(type.shape, type.placement), builtin, span)
        }
    }

    /// `scan(minloc, a)`: the least element so far and where along the axis it stands.
    private func placeScan(
        _ operation: ArrayOperation, _ array: TypedExpression, _ type: ArrayType, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        let op = ReductionOperator.builtin[operation.attributes[0]]
        guard array.type.array != nil, type.element.isNumeric, !type.element.isComplex else {
            return report(.badReduction("\(builtin.name)(\(op.symbol), ...)", array.type, at: array.span))
        }
        return bindingOnce(array) { array in
            var domain = self.domain(of: array, type, span)
            domain.divided = type.placement.dividedAxis.map { ($0, domain.ranges[$0].upper) }
            let index = domain.ranges[operation.attributes[1]].index.read(at: span)
            let places = TypedExpression(.comprehension(domain, index), .array(type.with(element: .i64)), span)
            return made(operation, [array, places], .tuple([array.type, places.type]), builtin, span)
        }
    }

    private func axis(of argument: Argument?, _ builtin: Builtin, _ type: ArrayType, _ span: Span) -> Int? {
        guard let argument else { return 0 }
        guard let axis = axis(argument, builtin.name) else { return nil }
        guard type.shape.indices.contains(axis) else {
            report(.badAxis(axis, .array(type), at: span))
            return nil
        }
        return axis
    }

    /// The operand in the type that is combined, as in reductions: bools and small integers are summed in 64 bits.
    private func scanned(
        _ array: TypedExpression, _ element: ElementType, _ op: ReductionOperator, _ builtin: Builtin
    ) -> TypedExpression? {
        switch op {
        case .and, .or: if element == .bool { return array }
        case .sum, .product:
            let wide: ElementType = element == .bool || element == .i32 ? .i64 : element == .u32 ? .u64 : element
            if !element.isComplex { return convert(array, toElement: wide) }
        case .min, .max: if element.isNumeric, !element.isComplex { return array }
        case .bitAnd, .bitOr, .bitXor: if element.isInteger { return array }
        case .minloc, .maxloc, .moment, .comoment, .user: break
        }
        report(.badReduction("\(builtin.name)(\(op.symbol), ...)", array.type, at: array.span))
        return nil
    }
}

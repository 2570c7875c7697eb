import Language
import Source
import Syntax

extension Checker {
    /// `scan(op, a)`, `exscan(op, a, axis: k)`: the operator is written as a symbol or a name, or is a function: `scan(f, init, a)`.
    func scan(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        guard (2...4).contains(arguments.count), arguments[0].label == nil, arguments[1].label == nil,
            !arguments.contains(where: { $0.generator != nil })
        else { return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span)) }
        let written = arguments[0].value
        guard let op = languageOperator(written) else {
            return arguments.count > 2 && arguments[2].label == nil
                ? userScan(kind, builtin, arguments, span) : report(.badScanOperator(builtin.name, at: written.span))
        }
        guard arguments.count < 4 else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span))
        }
        let array = expression(arguments[1].value)
        guard array.type != .error else { return array }
        guard let type = movable(array, builtin) else { return error(span) }
        guard let axis = axis(of: arguments.dropFirst(2).first, builtin, type, span),
            let operand = scanned(array, type.element, op, builtin)
        else { return error(span) }
        let position = ReductionOperator.builtin.firstIndex(of: op) ?? 0
        return made(ArrayOperation(kind, [position, axis]), [operand], operand.type, builtin, span)
    }

    /// `scan(f, init, a)`: by a function of the program.
    private func userScan(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        guard let function = functionValue(arguments[0].value) else {
            return report(.notAnOperator(builtin.name, at: arguments[0].value.span))
        }
        let array = expression(arguments[2].value)
        guard array.type != .error else { return array }
        guard array.type.components == nil else {
            return report(.notYetSupported("`\(builtin.name)` of tuples and records", at: arguments[2].value.span))
        }
        guard let type = movable(array, builtin),
            let axis = axis(of: arguments.dropFirst(3).first, builtin, type, span),
            let (op, result) = userOperator(function, arguments[1].value, on: .scalar(type.element), span),
            let element = result.array?.element
        else { return error(span) }
        let operand = convert(array, toElement: element)
        let position = ReductionOperator.builtin.count + op.id
        return made(ArrayOperation(kind, [position, axis]), [operand], operand.type, builtin, span)
    }

    private func axis(of argument: Argument?, _ builtin: Builtin, _ type: ArrayType, _ span: Span) -> Int? {
        guard let argument else { return 0 }
        guard argument.label?.text == "axis", case .integer(let digits) = argument.value.kind, let axis = Int(digits)
        else {
            report(
                .unknownLabel(
                    argument.label?.text ?? sourceText(argument.value.span), builtin.name, at: argument.value.span))
            return nil
        }
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
        case .minloc, .maxloc, .user: break
        }
        report(.badReduction("\(builtin.name)(\(op.symbol), ...)", array.type, at: array.span))
        return nil
    }
}

import Language
import Source
import Syntax
import TypedTree

// Operations on whole arrays: which operands each takes and what its result is. One rule a kind.

extension Checker {
    func arrayOperation(
        _ kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        guard let (arguments, axis) = takeAxis(of: kind, builtin, arguments) else { return error(span) }
        switch kind {
        case .slice: return reversed(builtin, arguments, axis: axis ?? 0, span)
        case .concat: return concat(builtin, arguments, axis: axis ?? 0, span)
        case .reshape: return reshape(builtin, arguments, span)
        case .permute: return permute(builtin, arguments, span)
        default: break
        }
        let values = arguments.map { expression($0.value) }
        if values.contains(where: { $0.type == .error }) { return error(span) }
        if let complex = values.compactMap(\.type.complexElement).first, kind.needsOrder {
            return report(.complexOrder(builtin.name, complex, at: span))
        }
        switch kind {
        case .transpose: return fieldwise(builtin, values, span) { transpose(builtin, $0, span) }
        // Written as an operator: Products.swift.
        case .matmul: return error(span)
        // Written as subscripts.
        case .gatherPlan, .gather, .put: return error(span)
        // Made by the lowering.
        case .interleave, .separate: return error(span)
        // Transforms.swift.
        case .fft, .ifft, .rfft, .irfft: return error(span)
        case .sort, .argsort, .unique: return ordered(kind, builtin, values, axis: axis, span)
        case .compress: return compress(builtin, values, span)
        case .topK: return greatest(builtin, values, span)
        // Rearrangements.swift.
        case .slice, .concat, .reshape, .permute: return error(span)
        // Their first argument is no value: Scans.swift.
        case .scan, .exscan: return error(span)
        }
    }

    /// A call in elements' code of what all ranks do together, `sort(b)[i]`, is made once, before it, where it reads nothing of the
    /// element; nil: it does, or there is no such code around.
    func madeOnce(_ arguments: [Argument], _ call: () -> TypedExpression) -> TypedExpression? {
        guard !context.domains.isEmpty, !context.isUnderCondition else { return nil }
        let own = boundInDomains
        let mentions = arguments.reduce(into: Set<String>()) { names, argument in
            names.formUnion(argument.value.mentions.union(argument.generator?.mentions ?? []))
        }
        let isOfElement = mentions.contains { name in
            switch lookUp(name)?.meaning {
            case .variable(let variable): own.contains(variable)
            case .alias(let value), .compound(let value): !value.variables.isDisjoint(with: own)
            case .function: true
            case nil: false
            }
        }
        return isOfElement ? nil : movedOut([], call)
    }

    /// The arguments without `axis: k`, and that axis if it is there; nil when a label stands where none belongs.
    private func takeAxis(
        of kind: ArrayOperation.Kind, _ builtin: Builtin, _ arguments: [Argument]
    ) -> (arguments: [Argument], axis: Int?)? {
        var axis: Int?
        for argument in arguments {
            if let generator = argument.generator {
                report(.misplacedGenerator(builtin.name, at: generator.span))
                return nil
            }
            guard let label = argument.label else { continue }
            guard label.text == "axis", [.slice, .concat, .sort, .argsort].contains(kind),
                case .integer(let digits) = argument.value.kind,
                let number = Int(digits)
            else {
                report(.unknownLabel(label.text, builtin.name, at: label.span))
                return nil
            }
            axis = number
        }
        return (arguments.filter { $0.label == nil }, axis)
    }

    /// The operand as an array whose elements can be moved: replicated, scattered or local. `ofNumbers`: not one of tuples or records.
    func movable(_ value: TypedExpression, _ builtin: Builtin, ofNumbers: Bool = true) -> ArrayType? {
        guard let type = arrayType(of: value), !type.isScalar, value.type.array != nil || !ofNumbers else {
            report(.notReducible(builtin.name, value.type, at: value.span))
            return nil
        }
        switch type.placement {
        case .scattered(.grid) where !["transpose", "padded", "clamped", "periodic"].contains(builtin.name):
            report(.notOverGrid("`\(builtin.name)`", at: value.span))
        case .replicated, .scattered, .local: return type
        case .part: report(.partUsed(value.type, "an operand of `\(builtin.name)`", at: value.span))
        case .root: report(.rootArithmetic(value.type, at: value.span))
        }
        return nil
    }

    /// The operation; ranks must meet at it when what it moves is scattered.
    func made(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ type: ValueType, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        if operands.contains(where: { $0.type.array?.placement.isDivided == true }) {
            requireUniform("`\(builtin.name)`", span)
        } else if context.isElement {
            report(.communicationInElement("`\(builtin.name)`", at: span, domain: nil))
        }
        return TypedExpression(.arrayOperation(operation, operands), type, span)
    }

    /// The divided axis goes where the others go, so that nothing moves between ranks.
    private func transpose(_ builtin: Builtin, _ values: [TypedExpression], _ span: Span) -> TypedExpression {
        guard values.count == 1 else {
            return report(.wrongArgumentCount(builtin.name, expected: "1", got: values.count, at: span))
        }
        guard let type = movable(values[0], builtin) else { return error(span) }
        if context.isElement, type.rank == 2, !type.placement.isDivided { return smallTranspose(values[0], span) }
        let order = Array(type.shape.indices.reversed())
        let distribution = Distribution(order.map { type.placement.distribution[$0] })
        let placement = distribution.isDivided ? .scattered(distribution) : type.placement
        let result = ArrayType(type.element, order.map { type.shape[$0] }, placement)
        return made(ArrayOperation(.transpose, order), values, .array(result), builtin, span)
    }

    /// In the code of an element.
    private func smallTranspose(_ value: TypedExpression, _ span: Span) -> TypedExpression {
        prelude(
            "transpose of an element",
            "fn small(a) = [a[j, i] for i in 0..size(a, axis: 1), j in 0..size(a, axis: 0)]", [value], span)
    }
}

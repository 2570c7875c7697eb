import Language
import Source
import Syntax

// Which axis is divided: `scatter(x, axis: k)`, `redistribute(a, axis: k)`, and a scatter that goes where an array divided along
// another axis is wanted.

extension Checker {
    /// `scatter(x)`, `scatter(x, axis: k)`
    func scatter(_ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard let last = arguments.last, last.label != nil else { return collective(.scatter, arguments, span) }
        let scattered = collective(.scatter, arguments.dropLast(), span)
        guard scattered.type != .error, let axis = axis(last, "scatter", of: scattered.type, span) else {
            return error(span)
        }
        return scatter(scattered, as: .block(axis: axis)) ?? scattered
    }

    /// `redistribute(a, axis: k)`
    func redistribute(_ builtin: Builtin, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard arguments.count == 2, arguments[0].label == nil else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span))
        }
        let value = expression(arguments[0].value)
        guard value.type != .error, let axis = axis(arguments[1], builtin.name, of: value.type, span) else {
            return error(span)
        }
        return leafwise(value) { array in
            guard let divided = array.type.array?.placement.dividedAxis else {
                return self.report(
                    .wrongPlacement(builtin.name, array.type, "a scattered array", at: value.span))
            }
            if array.type.array?.placement.distribution.isGrid == true {
                return self.report(.notOverGrid("`redistribute` of `\(sourceText(value.span))`", at: span))
            }
            if divided == axis { return array }
            self.requireUniform("`\(builtin.name)`", span)
            return self.redivided(array, along: axis, span)
        }
    }

    /// A scattered array divided along another axis. The caller sees to it that all ranks come here.
    func redivided(_ array: TypedExpression, along axis: Int, _ span: Span) -> TypedExpression {
        guard let type = array.type.array else { return array }
        let result = ValueType.array(type.with(placement: .scattered(axis: axis)))
        return TypedExpression(
            .arrayOperation(ArrayOperation(.transpose, Array(type.shape.indices)), [array]), result, span)
    }

    private func axis(_ argument: Argument, _ name: String, of type: ValueType, _ span: Span) -> Int? {
        guard let axis = axis(argument, name) else { return nil }
        guard let leaves = type.dataLeaves, leaves.allSatisfy({ $0.shape.indices.contains(axis) }) else {
            report(.badAxis(axis, type, at: span))
            return nil
        }
        return axis
    }

    /// The value with its scatter divided as is wanted; any other value as it is.
    func redirected(_ value: TypedExpression, to wanted: Placement?) -> TypedExpression {
        guard let distribution = wanted?.distribution, distribution.isDivided else { return value }
        return scatter(value, as: distribution) ?? value
    }

    /// What a scatter gives, divided otherwise; nil when the value is not made by one.
    private func scatter(_ value: TypedExpression, as distribution: Distribution) -> TypedExpression? {
        guard distribution != .rows, let leaves = value.type.dataLeaves, let last = distribution.dividedAxes.last,
            leaves.allSatisfy({ $0.placement == .scattered(.rows) && $0.rank > last })
        else { return nil }
        let type = value.type.mappingLeaves { $0.with(placement: .scattered(distribution)) }
        switch value.kind {
        case .collective(.scatter, _): return TypedExpression(value.kind, type, value.span)
        case .comprehension(let domain, _) where domain.divided == nil:
            return TypedExpression(value.kind, type, value.span)
        case .convert(let inner):
            return scatter(inner, as: distribution).map { TypedExpression(.convert($0), type, value.span) }
        case .tuple(let parts):
            let moved = parts.compactMap { scatter($0, as: distribution) }
            return moved.count == parts.count ? TypedExpression(.tuple(moved), type, value.span) : nil
        case .block(let block):
            return scatter(block.value, as: distribution).map {
                TypedExpression(.block(TypedBlock(block.statements, $0)), type, value.span)
            }
        default: return nil
        }
    }
}

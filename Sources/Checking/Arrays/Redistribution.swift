import Language
import Source
import Syntax
import TypedTree

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

    /// `redistribute(a, axis: k)`, `redistribute(a, [/n, /m])`
    func redistribute(_ builtin: Builtin, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard arguments.count == 2, arguments[0].label == nil else {
            return report(.wrongArgumentCount(builtin.name, expected: "2", got: arguments.count, at: span))
        }
        let value = expression(arguments[0].value)
        if case .layout(let dimensions) = arguments[1].value.kind {
            return leafwise(value) { redistribute($0, to: dimensions, builtin, span) }
        }
        guard value.type != .error, let axis = axis(arguments[1], builtin.name, of: value.type, span) else {
            return error(span)
        }
        return leafwise(value) { array in
            self.redistribute(array, as: .block(axis: axis), builtin, span)
        }
    }

    /// Divided as dimensions say; their sizes must be the array's.
    private func redistribute(
        _ array: TypedExpression, to dimensions: [Dimension], _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let type = array.type.array else { return error(span) }
        let written = TypeExpression(.named(Name(type.element.rawValue, span), dimensions), span)
        guard let wanted = self.type(written)?.array else { return error(span) }
        guard type.rank == wanted.rank, wanted.placement.isDivided,
            let array = withShape(array, wanted.shape, what: "`\(builtin.name)`")
        else { return report(.typeMismatch(array.type, .array(wanted), "what it becomes", at: span)) }
        return redistribute(array, as: wanted.placement.distribution, builtin, span)
    }

    private func redistribute(
        _ array: TypedExpression, as distribution: Distribution, _ builtin: Builtin, _ span: Span
    ) -> TypedExpression {
        guard let own = array.type.array?.placement.distribution, own.isDivided else {
            return report(.wrongPlacement(builtin.name, array.type, "a scattered array", at: array.span))
        }
        if own == distribution { return array }
        requireUniform("`\(builtin.name)`", span)
        return redivided(array, as: distribution, span)
    }

    /// A scattered array divided along another axis. The caller sees to it that all ranks come here.
    func redivided(_ array: TypedExpression, along axis: Int, _ span: Span) -> TypedExpression {
        redivided(array, as: .block(axis: axis), span)
    }

    private func redivided(_ array: TypedExpression, as distribution: Distribution, _ span: Span) -> TypedExpression {
        guard let type = array.type.array else { return array }
        let result = ValueType.array(type.with(placement: .scattered(distribution)))
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

import Language
import Source
import Syntax
import TypedTree

// `periodic(a)`, `clamped(a)`, `padded(a, x)`: arrays that may be read beyond their ends.

extension Checker {
    /// `periodic(a)`, and `padded(periodic(a, axis: 0), x, axis: 1)` with an edge of its own for each axis.
    func view(_ edge: Edge, _ builtin: Builtin, _ written: [Argument], _ span: Span) -> TypedExpression {
        var arguments = written
        var axis: Int?
        if let last = written.last, let label = last.label {
            guard label.text == "axis", case .integer(let digits) = last.value.kind, let named = Int(digits) else {
                return report(.unknownLabel(label.text, builtin.name, at: label.span))
            }
            axis = named
            arguments.removeLast()
        }
        let count = edge == .padded ? 2 : 1
        guard arguments.count == count else {
            return report(.wrongArgumentCount(builtin.name, expected: "\(count)", got: arguments.count, at: span))
        }
        var array = expressionOrView(arguments[0].value)
        var view = View()
        if case .view(let base, let inner) = array.kind { (array, view) = (base, inner) }
        guard array.type != .error, let type = movable(array, builtin, ofNumbers: false) else { return error(span) }
        if view.edges.isEmpty { view.edges = [Edge?](repeating: nil, count: type.rank) }
        if let axis, !type.shape.indices.contains(axis) { return report(.badAxis(axis, array.type, at: span)) }
        for own in axis.map({ $0...$0 }) ?? 0...type.rank - 1 {
            if let taken = view.edges[own] { return report(.viewTwice(own, taken, at: span)) }
            view.edges[own] = edge
        }
        guard edge == .padded else { return TypedExpression(.view(array, view), array.type, span) }
        if view.fill != nil { return report(.paddedTwice(at: span)) }
        let around = expression(arguments[1].value, expecting: type.element)
        let fill = convert(
            around, to: array.type.element(.replicated), for: "the value around `\(sourceText(array.span))`")
        guard fill.type != .error else { return error(span) }
        view.fill = fill
        return TypedExpression(.view(array, view), array.type, span)
    }

    /// `let z = padded(p, 0.0)`: z stands for the view of what p is now.
    func bindView(_ name: Name, _ base: TypedExpression, _ view: View, _ span: Span) -> [TypedStatement] {
        var statements: [TypedStatement] = []
        func kept(_ value: TypedExpression) -> TypedExpression {
            let (bindings, named) = dissolved(value, named: name.text)
            statements += bindings
            return named
        }
        var view = view
        let array = kept(base)
        view.fill = view.fill.map(kept)
        let typed = TypedExpression(.view(array, view), array.type, span)
        bind(name, Binding(meaning: .alias(typed), span: name.span))
        return statements
    }

    /// An element of a view.
    func element(
        of array: TypedExpression, _ view: View, _ type: ArrayType, _ indices: [TypedExpression], _ span: Span
    ) -> TypedExpression {
        var base = context.isElement ? stable(array) : array
        base.span = array.span
        var view = view
        var indices = indices
        var isProved = true
        for (axis, index) in indices.enumerated() {
            let verdict = verdict(index: index, extent: type.shape[axis])
            if case .proved = verdict { continue }
            guard let edge = view.edge(axis) else {
                if case .broken(let value) = verdict {
                    return report(.indexOutOfRange(value, type.shape[axis], axis, at: index.span))
                }
                isProved = false
                continue
            }
            view.openAxes.append(axis)
            isProved = isProved && (edge == .padded || hasIndices(type.shape[axis]))
        }
        for axis in type.placement.distribution.dividedAxes {
            guard let aligned = align(base, type, indices[axis], axis, span) else { return error(span) }
            indices[axis] = aligned.index
            view.reach(aligned.offsets, type.placement.distribution.direction(axis: axis))
            if view.edge(axis) != nil,
                !requireInside(aligned.range, extent(base, axis, span), type.shape[axis], axis)
            {
                return error(span)
            }
        }
        let isLocal = type.placement == .local || indices.contains { $0.type.array?.placement == .local }
        let bounds: Bounds = isProved ? .proved : .checked
        let seen = TypedExpression(.view(base, view), base.type, base.span)
        return TypedExpression(
            .element(seen, indices, bounds), .scalar(type.element, isLocal ? .local : .replicated), span)
    }

    /// Whether an index of a domain around runs inside this extent, so that there is one.
    private func hasIndices(_ extent: Size) -> Bool {
        if let constant = extent.constant { return constant > 0 }
        return context.domains.contains { domain in
            domain.ranges.contains { range in
                let index = range.index.read(at: range.lower.span)
                if case .proved = verdict(index: index, extent: extent) { return true } else { return false }
            }
        }
    }

    /// The range of a domain that reads a view along a divided axis stays in the extent: what lies outside is not on the next rank.
    private func requireInside(_ range: Domain.Range, _ extent: TypedExpression, _ size: Size, _ axis: Int) -> Bool {
        let index = range.index.read(at: range.lower.span)
        switch verdict(index: index, extent: size) {
        case .proved: return true
        case .broken(let value):
            report(.indexOutOfRange(value, size, axis, at: range.lower.span.joined(range.upper.span)))
            return false
        case .unknown: break
        }
        let zero = integer(0, range.lower.span)
        let isInside = [(zero, range.lower), (range.upper, extent)].map {
            test(.lessEqual, $0.0, $0.1, range.lower.span)
        }
        let message: [PrintPart] = [
            .text("a range over a divided axis: "), .value(range.lower, format: PrintFormat()), .text(".."),
            .value(range.upper, format: PrintFormat()), .text(" goes beyond 0.."),
            .value(extent, format: PrintFormat()),
        ]
        let both = test(.and, isInside[0], isInside[1], range.lower.span)
        context.hoisted.append(TypedStatement(kind: .assertion(both, message: message), span: range.lower.span))
        return true
    }
}

extension TypedExpression {
    var isView: Bool { if case .view = kind { true } else { false } }
}

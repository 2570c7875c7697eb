import Language
import Source
import Syntax

// `periodic(a)`, `clamped(a)`, `padded(a, x)`: arrays that may be read beyond their ends.

extension Checker {
    func view(_ edge: Edge, _ builtin: Builtin, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        let count = edge == .padded ? 2 : 1
        guard arguments.count == count else {
            return report(.wrongArgumentCount(builtin.name, expected: "\(count)", got: arguments.count, at: span))
        }
        let array = expression(arguments[0].value)
        guard array.type != .error, let type = movable(array, builtin) else { return error(span) }
        guard edge == .padded else { return TypedExpression(.view(array, View(edge)), array.type, span) }
        let written = expression(arguments[1].value, expecting: type.element)
        let fill = convert(written, to: .scalar(type.element), for: "the value around `\(sourceText(array.span))`")
        guard fill.type != .error else { return error(span) }
        return TypedExpression(.view(array, View(edge, fill: fill)), array.type, span)
    }

    /// `let z = padded(p, 0.0)`: z stands for the view of what p is now.
    func bindView(_ name: Name, _ base: TypedExpression, _ view: View, _ span: Span) -> [TypedStatement] {
        var statements: [TypedStatement] = []
        func kept(_ value: TypedExpression) -> TypedExpression {
            let variable = newVariable(name.text, value.type)
            statements.append(TypedStatement(kind: .binding(variable, value), span: span))
            return TypedExpression(.variable(variable), value.type, value.span)
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
        var isNeverEmpty = true
        for (axis, index) in indices.enumerated() {
            if case .proved = verdict(index: index, extent: type.shape[axis]) { continue }
            view.openAxes.append(axis)
            isNeverEmpty = isNeverEmpty && hasIndices(type.shape[axis])
        }
        if let axis = type.placement.dividedAxis {
            guard let aligned = align(base, type, indices[axis], axis, span) else { return error(span) }
            indices[axis] = aligned.index
            view.offsets = aligned.offsets
            if !requireInside(aligned.range, extent(base, axis, span), type.shape[axis], axis) { return error(span) }
        }
        let isLocal = type.placement == .local || indices.contains { $0.type.array?.placement == .local }
        let bounds: Bounds = isNeverEmpty || view.edge == .padded ? .proved : .checked
        let seen = TypedExpression(.view(base, view), base.type, base.span)
        return TypedExpression(
            .element(seen, indices, bounds), .scalar(type.element, isLocal ? .local : .replicated), span)
    }

    /// Whether an index of a domain around runs inside this extent, so that there is one.
    private func hasIndices(_ extent: Size) -> Bool {
        if let constant = extent.constant { return constant > 0 }
        return context.domains.contains { domain in
            domain.ranges.contains { range in
                let index = TypedExpression(.variable(range.index), .i64, range.lower.span)
                if case .proved = verdict(index: index, extent: extent) { return true } else { return false }
            }
        }
    }

    /// The range of a domain that reads a view along a divided axis stays in the extent: what lies outside is not on the next rank.
    private func requireInside(_ range: Domain.Range, _ extent: TypedExpression, _ size: Size, _ axis: Int) -> Bool {
        let index = TypedExpression(.variable(range.index), .i64, range.lower.span)
        switch verdict(index: index, extent: size) {
        case .proved: return true
        case .broken(let value):
            report(.indexOutOfRange(value, size, axis, at: range.lower.span.joined(range.upper.span)))
            return false
        case .unknown: break
        }
        let zero = integer(0, range.lower.span)
        let isInside = [(zero, range.lower), (range.upper, extent)].map {
            TypedExpression(.apply(.lessEqual, [$0.0, $0.1]), .bool, range.lower.span)
        }
        let message: [PrintPart] = [
            .text("a range over a divided axis: "), .value(range.lower, format: PrintFormat()), .text(".."),
            .value(range.upper, format: PrintFormat()), .text(" goes beyond 0.."),
            .value(extent, format: PrintFormat()),
        ]
        let both = TypedExpression(.apply(.and, isInside), .bool, range.lower.span)
        context.hoisted.append(TypedStatement(kind: .assertion(both, message: message), span: range.lower.span))
        return true
    }
}

extension TypedExpression {
    var isView: Bool { if case .view = kind { true } else { false } }
}

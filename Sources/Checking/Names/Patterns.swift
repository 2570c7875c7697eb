import Language
import Source
import Syntax
import TypedTree

// What `let` and `var` bind: a name, or the names of a tuple's or record's parts.

extension Checker {
    /// A name for a tuple or record.
    func compoundBinding(
        _ name: Name, _ value: TypedExpression, _ isVariable: Bool, _ span: Span
    ) -> [TypedStatement] {
        let (statements, named) = dissolved(value, named: name.text, isAssignable: isVariable)
        for statement in statements where !isVariable {
            if case .binding(let variable, let part) = statement.kind { noteConstant(variable, part) }
        }
        bind(name, Binding(meaning: .compound(named), isAssignable: isVariable, span: name.span))
        return statements
    }

    func tupleBinding(
        _ patterns: [Pattern], _ patternSpan: Span, _ value: TypedExpression, _ isVariable: Bool, _ span: Span
    ) -> [TypedStatement] {
        var types = [ValueType](repeating: .error, count: patterns.count)
        if let components = value.type.components, components.count == patterns.count {
            types = components
        } else if value.type != .error {
            report(.tupleMismatch(patterns.count, value.type, at: patternSpan))
        }
        let names = patterns.compactMap { if case .name(let name) = $0 { name } else { nil } }
        if names.count == patterns.count, !types.contains(where: { $0.components != nil }) {
            let variables = zip(names, types).enumerated().map { position, part in
                bindVariable(
                    part.0, part.1, isAssignable: isVariable,
                    size: part.1.canBeSize ? sizes.knownSize(of: component(value, position)) : nil)
            }
            return [TypedStatement(kind: .tupleBinding(variables, value), span: span)]
        }
        let (statements, whole) =
            types.contains(.error) || value.isNamed ? ([], value) : dissolved(value, named: "parts")
        return zip(patterns, types).enumerated().reduce(into: statements) { statements, entry in
            let (position, (pattern, type)) = entry
            let part = type == .error ? error(patternSpan) : component(whole, position)
            statements += binding(pattern, part, isVariable, span)
        }
    }

    /// A part of a value under its name or names.
    private func binding(
        _ pattern: Pattern, _ part: TypedExpression, _ isVariable: Bool, _ span: Span
    ) -> [TypedStatement] {
        switch pattern {
        case .tuple(let parts, let patternSpan): return tupleBinding(parts, patternSpan, part, isVariable, span)
        case .name(let name) where part.type.components != nil:
            return compoundBinding(name, part, isVariable, span)
        case .name(let name):
            let size = part.type.canBeSize ? sizes.knownSize(of: part) : nil
            let variable = bindVariable(name, part.type, isAssignable: isVariable, size: size)
            return [TypedStatement(kind: .binding(variable, part), span: span)]
        }
    }
}

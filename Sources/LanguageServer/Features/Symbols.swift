import Source
import Syntax

extension Analysis {
    /// The outline: what the top level declares.
    var symbols: [DocumentSymbol] {
        compilation.tree.statements.flatMap { statement -> [DocumentSymbol] in
            switch statement.kind {
            case .param(let name, let type, _):
                [symbol(.typeParameter, name, statement.span, "param \(type.span.text)")]
            case .function(let function):
                [symbol(.function, function.name, statement.span, function.signature)]
            case .record(let name, let fields):
                [
                    symbol(
                        .structure, name, statement.span, nil,
                        fields.map { field in
                            let whole = field.name.span.joined(field.type?.span ?? field.name.span)
                            return symbol(.field, field.name, whole, field.type?.span.text)
                        })
                ]
            case .binding(let isVariable, let pattern, _, _):
                pattern.names.map { name in
                    symbol(
                        isVariable ? .variable : .constant, name, statement.span,
                        types(at: name.span).first?.description)
                }
            default: []
            }
        }
    }

    private func symbol(
        _ kind: DocumentSymbol.Kind, _ name: Name, _ whole: Span, _ detail: String?, _ children: [DocumentSymbol] = []
    ) -> DocumentSymbol {
        DocumentSymbol(
            name: name.text, detail: detail, kind: kind, range: lines.range(whole),
            selectionRange: lines.range(name.span), children: children)
    }
}

extension Pattern {
    /// The names that it binds.
    fileprivate var names: [Name] {
        switch self {
        case .name(let name): [name]
        case .tuple(let parts, _): parts.flatMap(\.names)
        }
    }
}

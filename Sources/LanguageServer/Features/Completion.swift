import Checking
import Language
import Source
import Syntax

extension Analysis {
    /// What may be written at an offset. `reading`: the analysis of the text with a word put there, so that it can be read.
    func completions(at offset: Int, reading: (String) -> Analysis) -> [CompletionItem] {
        let cursor = Cursor(file, at: offset)
        if cursor.isImport {
            return StandardLibrary.files.map {
                CompletionItem(label: $0.name, kind: .module, detail: "import \"\($0.name)\"")
            }
        }
        if cursor.isInText { return [] }
        if cursor.followsPoint { return reading("member").members(at: cursor.start) }
        return labels(cursor) + inScope(at: offset) + Self.fromTables
    }

    /// The fields of the value before the point.
    private func members(at offset: Int) -> [CompletionItem] {
        guard case .value(let span)? = names.member(at: offset)?.owner, let type = types(at: span).first else {
            return []
        }
        if let record = type.record {
            return record.fields.map { CompletionItem(label: $0.name, kind: .field, detail: "\($0.type)") }
        }
        return (type.components ?? []).enumerated().map { position, type in
            CompletionItem(label: "\(position)", kind: .field, detail: "\(type)")
        }
    }

    /// `axis:`, and the fields of the record that is made.
    private func labels(_ cursor: Cursor) -> [CompletionItem] {
        guard let call = cursor.calls.last else { return [] }
        if Builtins.named(call.name)?.usage.contains("axis: k") == true {
            return [CompletionItem(label: "axis: ", kind: .property, detail: "along which axis", sortText: "0")]
        }
        return names.declarations.filter { $0.kind == .field && $0.record?.text == call.name }.map {
            CompletionItem(label: "\($0.name.text): ", kind: .property, detail: $0.head, sortText: "0")
        }
    }

    private func inScope(at offset: Int) -> [CompletionItem] {
        names.visible(at: offset).map { declaration in
            CompletionItem(
                label: declaration.name.text, kind: declaration.kind.completion,
                detail: declaration.head ?? types(at: declaration.name.span).first.map { "\($0)" },
                documentation: declaration.documentation.map { MarkupContent($0) },
                sortText: "1\(declaration.name.text)")
        }
    }

    /// Builtins, constants, types and keywords.
    private static let fromTables: [CompletionItem] = {
        let builtins = Builtins.all.map { builtin in
            CompletionItem(
                label: builtin.name, kind: .function, detail: builtin.usage,
                documentation: MarkupContent(builtin.summary), sortText: "2\(builtin.name)")
        }
        let constants = Vocabulary.constants.map { CompletionItem(label: $0, kind: .constant, sortText: "2\($0)") }
        let words = Keyword.allCases.map(\.rawValue) + Vocabulary.typeWords
        return builtins + constants + words.map { CompletionItem(label: $0, kind: .keyword, sortText: "3\($0)") }
    }()
}

extension Declaration.Kind {
    fileprivate var completion: CompletionItem.Kind {
        switch self {
        case .parameterOfProgram, .constant, .size: .constant
        case .variable, .index, .parameter: .variable
        case .function: .function
        case .record: .type
        case .field: .field
        }
    }
}

import Compiler
import FoundationEssentials
import Source

extension LanguageServer {
    typealias Request = @Sendable (isolated LanguageServer, RequestID, Data) async throws -> Void

    /// What is answered at once.
    private static func at<Parameters: Decodable & SendableMetatype, Value: Encodable & SendableMetatype>(
        _ body: @escaping @Sendable (isolated LanguageServer, Parameters) throws -> Value?
    ) -> Request {
        { server, id, data in server.answer(id, try body(server, parameters(data))) }
    }

    /// What is answered when it is known what the text sends, unless the text is another one by then. Other messages are handled meanwhile.
    /// `waiting`: however long that takes.
    private static func withMessages<Parameters: InDocument, Value: Encodable & SendableMetatype>(
        waiting: Bool, _ body: @escaping @Sendable (Analysis, Parameters, [ExplainedMessage]) -> Value?
    ) -> Request {
        { server, id, data in
            let given: Parameters = try parameters(data)
            let uri = given.textDocument.uri
            let messages = try server.messages(of: uri)
            let edition = server.documents[uri]?.edition
            Task {
                let sent = waiting ? await messages.value : (try? await server.messagesSoon(of: uri)) ?? []
                server.finish(id, uri, edition) { text in body(text, given, sent) }
            }
        }
    }

    private func finish(
        _ id: RequestID, _ uri: String, _ edition: Int?, _ body: @Sendable (Analysis) -> (some Encodable)?
    ) {
        guard documents[uri]?.edition == edition, let text = try? analysis(of: uri) else {
            return refuse(id, .contentModified)
        }
        answer(id, body(text))
    }

    static let requests: [String: Request] = [
        "textDocument/hover": withMessages(waiting: false) { (text, given: AtPosition, messages) in
            text.hover(at: text.lines.offset(of: given.position), messages)
        },
        "textDocument/inlayHint": withMessages(waiting: true) { (text, given: InRange, messages) in
            text.inlayHints(in: given.range, messages)
        },
        "textDocument/completion": at { server, given in try server.completions(given) },
        "textDocument/signatureHelp": at { server, given in
            try server.look(given) { $0.signatureHelp(at: $1) }
        },
        "textDocument/definition": at { server, given in try server.look(given) { $0.definitions(at: $1) } },
        "textDocument/documentHighlight": at { server, given in try server.highlights(given) },
        "textDocument/references": at { server, given in try server.references(given) },
        "textDocument/prepareRename": at { server, given in try server.renamable(given) },
        "textDocument/rename": at { server, given in try server.rename(given) },
        "textDocument/documentSymbol": at { server, given in try server.about(given).symbols },
        "textDocument/formatting": at { server, given in try server.about(given).formatted },
        "textDocument/semanticTokens/full": at { server, given in try server.about(given).semanticTokens },
        "textDocument/codeAction": at { server, given in try server.fixes(given) },
    ]

    private func about(_ given: AboutDocument) throws -> Analysis { try analysis(of: given.textDocument.uri) }

    private func look<Value>(_ given: AtPosition, _ body: (Analysis, Int) throws -> Value) throws -> Value {
        let text = try analysis(of: given.textDocument.uri)
        return try body(text, text.lines.offset(of: given.position))
    }

    private func fixes(_ given: InRange) throws -> [CodeAction]? {
        try analysis(of: given.textDocument.uri).fixes(in: given.range)
    }

    private func completions(_ given: AtPosition) throws -> [CompletionItem]? {
        try look(given) { text, offset in
            text.completions(at: offset) { word in
                var changed = text.file.text
                changed.insert(contentsOf: word.utf8, at: offset)
                return Analysis(uri: text.uri, text: changed, encoding, importer: workspace.importer)
            }
        }
    }

    private func highlights(_ given: AtPosition) throws -> [DocumentHighlight]? {
        try look(given) { text, offset in
            text.declarations(at: offset).flatMap { text.mentions(of: $0) }.map { mention in
                let isWritten = mention.role == .declares || mention.role == .writes
                return DocumentHighlight(range: text.lines.range(mention.span), kind: isWritten ? 3 : 2)
            }
        }
    }

    private func references(_ given: ReferenceParameters) throws -> [Location]? {
        let place = AtPosition(textDocument: given.textDocument, position: given.position)
        return try look(place) { text, offset in
            text.declarations(at: offset).flatMap { declaration in
                workspace.analyses(around: declaration.name.span.file, and: text).flatMap { other in
                    other.mentions(of: declaration)
                        .filter { given.context.includeDeclaration || $0.role != .declares }
                        .map { Location(uri: other.uri, range: other.lines.range($0.span)) }
                }
            }
        }
    }

    private struct Renamable: Encodable {
        var range: TextRange
        var placeholder: String
    }

    private func renamable(_ given: AtPosition) throws -> Renamable? {
        try look(given) { text, offset in
            guard !text.declarations(at: offset).isEmpty else { return nil }
            let name = text.names.member(at: offset)?.name ?? text.names.occurrence(at: offset)?.name
            return name.map { Renamable(range: text.lines.range($0.span), placeholder: $0.text) }
        }
    }

    private func rename(_ given: RenameParameters) throws -> WorkspaceEdit? {
        let place = AtPosition(textDocument: given.textDocument, position: given.position)
        return try look(place) { text, offset in
            let declarations = text.declarations(at: offset)
            guard let declaration = declarations.first else {
                throw Refusal.impossible("nothing that the program declares is named here")
            }
            guard declarations.count == 1 else {
                throw Refusal.impossible("which field this is depends on the call")
            }
            return WorkspaceEdit(changes: try workspace.renaming(declaration, to: given.newName))
        }
    }
}

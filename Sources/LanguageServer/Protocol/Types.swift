// The structures of the Language Server Protocol 3.17, as far as this server uses them. Names are the protocol's.

struct Position: Codable, Hashable, Sendable {
    var line: Int
    var character: Int
}

struct TextRange: Codable, Hashable, Sendable {
    var start: Position
    var end: Position
}

struct Location: Codable, Hashable, Sendable {
    var uri: String
    var range: TextRange
}

struct TextEdit: Codable, Sendable {
    var range: TextRange
    var newText: String
}

struct WorkspaceEdit: Encodable, Sendable { var changes: [String: [TextEdit]] }

struct MarkupContent: Encodable, Sendable {
    var kind = "markdown"
    var value: String
    init(_ value: String) { self.value = value }
}

// MARK: Documents

struct TextDocumentIdentifier: Codable, Sendable { var uri: String }

struct OpenedDocument: Decodable, Sendable {
    var textDocument: Item
    struct Item: Decodable, Sendable {
        var uri: String
        var version: Int
        var text: String
    }
}

struct ChangedDocument: Decodable, Sendable {
    var textDocument: Identifier
    var contentChanges: [Change]
    struct Identifier: Decodable, Sendable {
        var uri: String
        var version: Int?
    }
    /// Without a range: the whole text.
    struct Change: Decodable, Sendable {
        var range: TextRange?
        var text: String
    }
}

/// Parameters of a request about a document.
protocol InDocument: Decodable, Sendable { var textDocument: TextDocumentIdentifier { get } }

struct AboutDocument: Decodable, Sendable { var textDocument: TextDocumentIdentifier }

struct AtPosition: InDocument {
    var textDocument: TextDocumentIdentifier
    var position: Position
}

struct InRange: InDocument {
    var textDocument: TextDocumentIdentifier
    var range: TextRange
}

// MARK: Diagnostics and fixes

struct PublishedDiagnostics: Encodable, Sendable {
    var uri: String
    var version: Int?
    var diagnostics: [ShownDiagnostic]
}

struct ShownDiagnostic: Encodable, Sendable {
    var range: TextRange
    /// 1 error, 2 warning.
    var severity: Int
    var code: String
    var source = "pdlc"
    var message: String
    var relatedInformation: [Related]
    struct Related: Encodable, Sendable {
        var location: Location
        var message: String
    }
}

struct CodeAction: Encodable, Sendable {
    var title: String
    var kind = "quickfix"
    var diagnostics: [ShownDiagnostic]
    var isPreferred: Bool
    var edit: WorkspaceEdit
}

// MARK: Answers

struct Hover: Encodable, Sendable {
    var contents: MarkupContent
    var range: TextRange
}

struct CompletionItem: Encodable, Sendable {
    /// The protocol's numbers.
    enum Kind: Int, Encodable {
        case function = 3
        case field = 5
        case variable = 6
        case module = 9
        case property = 10
        case keyword = 14
        case constant = 21
        case type = 22
        case typeParameter = 25
    }
    var label: String
    var kind: Kind
    var detail: String?
    var documentation: MarkupContent?
    var sortText: String?
}

struct SignatureHelp: Encodable, Sendable {
    var signatures: [Signature]
    var activeSignature: Int
    var activeParameter: Int
    struct Signature: Encodable, Sendable {
        var label: String
        var documentation: MarkupContent?
        var parameters: [Parameter]
    }
    /// A piece of the signature's label.
    struct Parameter: Encodable, Sendable { var label: String }
}

struct ReferenceParameters: Decodable, Sendable {
    var textDocument: TextDocumentIdentifier
    var position: Position
    var context: Context
    struct Context: Decodable, Sendable { var includeDeclaration: Bool }
}

struct RenameParameters: Decodable, Sendable {
    var textDocument: TextDocumentIdentifier
    var position: Position
    var newName: String
}

struct DocumentHighlight: Encodable, Sendable {
    var range: TextRange
    /// 2 read, 3 written.
    var kind: Int
}

struct DocumentSymbol: Encodable, Sendable {
    /// The protocol's numbers.
    enum Kind: Int, Encodable {
        case field = 8
        case function = 12
        case variable = 13
        case constant = 14
        case structure = 23
        case typeParameter = 26
    }
    var name: String
    var detail: String?
    var kind: Kind
    var range: TextRange
    var selectionRange: TextRange
    var children: [DocumentSymbol] = []
}

struct InlayHint: Encodable, Sendable {
    var position: Position
    var label: String
    var tooltip: MarkupContent?
    var paddingLeft = true
}

struct SemanticTokens: Encodable, Sendable { var data: [Int] }

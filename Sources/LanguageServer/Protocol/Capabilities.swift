// What client and server tell each other when they meet.

struct InitializeParameters: Decodable, Sendable {
    var capabilities: ClientCapabilities?
    var initializationOptions: Options?

    struct ClientCapabilities: Decodable, Sendable {
        var general: General?
        struct General: Decodable, Sendable { var positionEncodings: [String]? }
    }

    /// What a user may set for this server.
    struct Options: Decodable, Sendable {
        /// The number of ranks for which formulas of what is sent become numbers.
        var ranks: Int?
    }
}

struct InitializeAnswer: Encodable, Sendable {
    var capabilities: ServerCapabilities
    var serverInfo = ServerInfo()
    struct ServerInfo: Encodable, Sendable { var name = "pdlc" }
}

struct ServerCapabilities: Encodable, Sendable {
    var positionEncoding: String
    var textDocumentSync = Synchronisation()
    var hoverProvider = true
    var completionProvider = Triggers(triggerCharacters: [".", "\""])
    var signatureHelpProvider = Triggers(triggerCharacters: ["(", ","])
    var definitionProvider = true
    var referencesProvider = true
    var documentHighlightProvider = true
    var documentSymbolProvider = true
    var codeActionProvider = CodeActions()
    var documentFormattingProvider = true
    var renameProvider = Renaming()
    var inlayHintProvider = true
    var semanticTokensProvider = SemanticTokensProvider()

    struct Synchronisation: Encodable, Sendable {
        var openClose = true
        /// 2: changes come as ranges and what replaces them.
        var change = 2
    }
    struct Triggers: Encodable, Sendable { var triggerCharacters: [String] }
    struct CodeActions: Encodable, Sendable { var codeActionKinds = ["quickfix"] }
    struct Renaming: Encodable, Sendable { var prepareProvider = true }
    struct SemanticTokensProvider: Encodable, Sendable {
        var legend = Legend()
        var full = true
        struct Legend: Encodable, Sendable {
            var tokenTypes = SemanticTokenKind.allCases.map(\.rawValue)
            var tokenModifiers = SemanticTokenModifier.allCases.map(\.rawValue)
        }
    }
}

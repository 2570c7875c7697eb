import Compiler
import Dispatch
import FoundationEssentials
import Glibc
import Source

/// `pdlc lsp`: the Language Server Protocol over standard input and output.
///
/// Messages are handled in the order in which they come. Each text has one version, the latest: an edit throws away all that was known,
/// so what is answered or published is about the text as it stands, and diagnostics say of which version they are. They are published
/// when no edit has come for a moment.
public actor LanguageServer {
    private static let quietTime = Duration.milliseconds(40)

    private let writer: MessageWriter
    var documents: [String: Document] = [:]
    var encoding = PositionEncoding.utf16
    /// Sizes for formulas: P, where the user says how many ranks.
    private var sizes: [String: Int] = [:]
    private var publications: [String: Task<Void, Never>] = [:]
    private enum Phase { case beforeInitialize, running, shutDown }
    private var phase = Phase.beforeInitialize

    /// Serves until the client says `exit` or closes the stream.
    ///
    /// - Returns: the exit code that the protocol asks for: 0 after `shutdown`, else 1.
    public static func serve() async -> Int32 {
        let server = LanguageServer(MessageWriter(STDOUT_FILENO))
        for await message in messages() {
            if await server.receive(message) { break }
        }
        return await server.exitCode
    }

    private init(_ writer: MessageWriter) { self.writer = writer }

    private var exitCode: Int32 { phase == .shutDown ? 0 : 1 }

    /// What comes in, read on a thread of its own.
    private static func messages() -> AsyncStream<[UInt8]> {
        AsyncStream { stream in
            DispatchQueue(label: "messages").async {
                var reader = MessageReader(STDIN_FILENO)
                while let message = try? reader.next() { stream.yield(message) }
                stream.finish()
            }
        }
    }

    // MARK: Messages

    /// Handles one message; true when it was the last.
    private func receive(_ message: [UInt8]) async -> Bool {
        let data = Data(message)
        guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
            send(Failure(id: nil, error: .unreadable))
            return false
        }
        guard let method = head.method else { return false }
        if method == "exit" { return true }
        do {
            try await handle(method, head.id, data)
        } catch let refusal as Refusal {
            if let id = head.id { send(Failure(id: id, error: refusal)) }
        } catch {
            if let id = head.id { send(Failure(id: id, error: .invalidParameters(error))) }
        }
        return false
    }

    private func handle(_ method: String, _ id: RequestID?, _ data: Data) async throws {
        if method == "initialize", let id {
            return answer(id, initialize(try Self.parameters(data)))
        }
        switch phase {
        case .beforeInitialize: throw Refusal.notInitialised
        case .shutDown: throw Refusal.shutDown
        case .running: break
        }
        if let id {
            if method == "shutdown" {
                phase = .shutDown
                return answer(id, Nothing?.none)
            }
            guard let request = Self.requests[method] else { throw Refusal.methodNotFound(method) }
            try await request(self, id, data)
        } else {
            try notified(method, data)
        }
    }

    static func parameters<Parameters: Decodable>(_ data: Data) throws -> Parameters {
        try JSONDecoder().decode(Body<Parameters>.self, from: data).params
    }

    func answer(_ id: RequestID, _ result: (some Encodable)?) { send(Answer(id: id, result: result)) }

    func refuse(_ id: RequestID, _ refusal: Refusal) { send(Failure(id: id, error: refusal)) }

    private func send(_ message: some Encodable) {
        guard let data = try? JSONEncoder().encode(message) else { return }
        writer.write(data)
    }

    private func initialize(_ parameters: InitializeParameters) -> InitializeAnswer {
        phase = .running
        encoding = PositionEncoding(offered: parameters.capabilities?.general?.positionEncodings)
        sizes["P"] = parameters.initializationOptions?.ranks
        return InitializeAnswer(capabilities: ServerCapabilities(positionEncoding: encoding.rawValue))
    }

    // MARK: Texts

    private func notified(_ method: String, _ data: Data) throws {
        switch method {
        case "textDocument/didOpen":
            let item = (try Self.parameters(data) as OpenedDocument).textDocument
            documents[item.uri] = Document(uri: item.uri, version: item.version, text: item.text)
            changed(item.uri)
        case "textDocument/didChange":
            let change: ChangedDocument = try Self.parameters(data)
            let uri = change.textDocument.uri
            documents[uri]?.version = change.textDocument.version
            for edit in change.contentChanges { documents[uri]?.apply(edit, encoding) }
            changed(uri)
        case "textDocument/didClose":
            let uri = (try Self.parameters(data) as AboutDocument).textDocument.uri
            documents[uri]?.forget()
            documents[uri] = nil
            publications.removeValue(forKey: uri)?.cancel()
            publish(PublishedDiagnostics(uri: uri, diagnostics: []))
            forgetImporters(of: FileURI.path(of: uri))
        case "workspace/didChangeWatchedFiles":
            for uri in documents.keys { changed(uri) }
        default: break
        }
    }

    /// A text is another one: what imports it is to be looked at again, too.
    private func changed(_ uri: String) {
        documents[uri]?.forget()
        publishSoon(uri)
        forgetImporters(of: FileURI.path(of: uri))
    }

    private func forgetImporters(of path: String) {
        for (uri, document) in documents {
            guard document.analysis?.imported.contains(where: { $0.path == path }) == true else { continue }
            documents[uri]?.forget()
            publishSoon(uri)
        }
    }

    /// The texts as they are now.
    var workspace: Workspace {
        let texts = documents.values.map { ($0.path, $0.text) }
        return Workspace(open: Dictionary(texts) { first, _ in first }, encoding: encoding)
    }

    /// What is known of a text as it is now.
    ///
    /// - Throws: a refusal when it is not open.
    func analysis(of uri: String) throws -> Analysis {
        guard let document = documents[uri] else { throw Refusal.impossible("\(uri) is not open") }
        if let known = document.analysis { return known }
        let analysis = Analysis(uri: uri, text: document.text, encoding, importer: workspace.importer)
        documents[uri]?.analysis = analysis
        return analysis
    }

    /// What a text sends, found out beside everything else; empty while it has errors.
    func messages(of uri: String) throws -> Task<[ExplainedMessage], Never> {
        let compilation = try analysis(of: uri).compilation
        if let known = documents[uri]?.messages { return known }
        let task = MessageSearch.task(compilation, sizes: sizes)
        documents[uri]?.messages = task
        let edition = documents[uri]?.edition
        Task {
            let found = await task.value
            if documents[uri]?.edition == edition { documents[uri]?.knownMessages = found }
        }
        return task
    }

    /// What a text sends as far as that is known soon: empty when it takes longer.
    func messagesSoon(of uri: String) async throws -> [ExplainedMessage] {
        _ = try messages(of: uri)
        for _ in 0..<8 where documents[uri]?.knownMessages == nil { try? await Task.sleep(for: .milliseconds(5)) }
        return documents[uri]?.knownMessages ?? []
    }

    // MARK: Diagnostics

    /// Publishes when the typing pauses; each edit begins the wait anew.
    private func publishSoon(_ uri: String) {
        publications[uri]?.cancel()
        publications[uri] = Task {
            try? await Task.sleep(for: Self.quietTime)
            if !Task.isCancelled { self.publishNow(uri) }
        }
    }

    private func publishNow(_ uri: String) {
        guard let analysis = try? analysis(of: uri) else { return }
        publish(
            PublishedDiagnostics(
                uri: uri, version: documents[uri]?.version, diagnostics: analysis.shownDiagnostics))
        // Whoever looks at the text next will ask.
        _ = try? messages(of: uri)
    }

    private func publish(_ diagnostics: PublishedDiagnostics) {
        send(Notification(method: "textDocument/publishDiagnostics", params: diagnostics))
    }
}

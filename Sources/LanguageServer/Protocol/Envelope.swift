// JSON-RPC 2.0: requests, notifications and answers.

/// The name that a client gives a request.
enum RequestID: Codable, Hashable, Sendable {
    case number(Int)
    case text(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

/// What every message from the client has; a request has an id, a notification none, an answer no method.
struct Head: Decodable {
    var id: RequestID?
    var method: String?
}

/// The parameters of a message whose method is known.
struct Body<Parameters: Decodable>: Decodable { var params: Parameters }

/// For messages whose parameters say nothing of interest.
struct Nothing: Codable, Sendable {}

struct Answer<Value: Encodable>: Encodable {
    var jsonrpc = "2.0"
    var id: RequestID
    /// nil is written as `null`, which says that there is none.
    var result: Value?

    enum Key: CodingKey { case jsonrpc, id, result }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(jsonrpc, forKey: .jsonrpc)
        try container.encode(id, forKey: .id)
        try container.encode(result, forKey: .result)
    }
}

/// A refusal, with one of the codes of JSON-RPC and of the Language Server Protocol.
struct Refusal: Error, Encodable {
    var code: Int
    var message: String

    static func methodNotFound(_ method: String) -> Refusal { Refusal(code: -32601, message: "no method \(method)") }
    static func invalidParameters(_ problem: any Error) -> Refusal {
        Refusal(code: -32602, message: "parameters cannot be read: \(problem)")
    }
    static let unreadable = Refusal(code: -32700, message: "this is no JSON-RPC message")
    static let notInitialised = Refusal(code: -32002, message: "`initialize` comes first")
    static let shutDown = Refusal(code: -32600, message: "only `exit` follows `shutdown`")
    static let contentModified = Refusal(code: -32801, message: "the text has changed meanwhile")
    /// What the user asked for cannot be done; editors show the message.
    static func impossible(_ message: String) -> Refusal { Refusal(code: -32803, message: message) }
}

struct Failure: Encodable {
    var jsonrpc = "2.0"
    var id: RequestID?
    var error: Refusal

    enum Key: CodingKey { case jsonrpc, id, error }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(jsonrpc, forKey: .jsonrpc)
        try container.encode(id, forKey: .id)
        try container.encode(error, forKey: .error)
    }
}

struct Notification<Parameters: Encodable>: Encodable {
    var jsonrpc = "2.0"
    var method: String
    var params: Parameters
}

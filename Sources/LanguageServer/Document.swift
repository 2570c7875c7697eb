import Compiler
import Source

/// A text that the editor has open, as of its latest version.
struct Document {
    let uri: String
    var version: Int?
    private(set) var text: [UInt8]
    /// Counts what made it another text, or made its imports others.
    private(set) var edition = 0
    /// What is known of this text; nil until somebody asks.
    var analysis: Analysis?
    /// What it sends, which takes longer to find out.
    var messages: Task<[ExplainedMessage], Never>?
    /// The same, once it is found out.
    var knownMessages: [ExplainedMessage]?

    init(uri: String, version: Int?, text: String) {
        (self.uri, self.version) = (uri, version)
        self.text = Array(text.utf8)
    }

    var path: String { FileURI.path(of: uri) }

    mutating func apply(_ change: ChangedDocument.Change, _ encoding: PositionEncoding) {
        if let range = change.range {
            text.replaceSubrange(LineTable(text, encoding).offsets(range), with: Array(change.text.utf8))
        } else {
            text = Array(change.text.utf8)
        }
        forget()
    }

    /// What was known of another text, or of what it imported, is no longer true.
    mutating func forget() {
        edition += 1
        analysis = nil
        messages?.cancel()
        messages = nil
        knownMessages = nil
    }
}

/// `file:` addresses and the paths that they mean; others stand for themselves.
enum FileURI {
    private static let scheme = "file://"

    static func path(of uri: String) -> String {
        guard uri.hasPrefix(scheme) else { return uri }
        var bytes: [UInt8] = []
        var rest = Array(uri.utf8.dropFirst(scheme.utf8.count))[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func uri(of path: String) -> String {
        guard path.hasPrefix("/") else { return path }
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        return path.utf8.reduce(into: scheme) { uri, byte in
            if plain.contains(byte) {
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}

import Source

/// An inconsistency inside the compiler: never the user's doing. The driver reports it as a fault of pdlc.
public struct IRFault: Error, CustomStringConvertible, Sendable {
    public var message: String
    public var span: Span?

    public init(_ message: String, at span: Span? = nil) {
        self.message = message
        self.span = span
    }

    public var description: String {
        guard let span, span.file.text.count > 0 else { return message }
        return "\(message) (from \(span.file.path):\(span.line):\(span.column))"
    }
}

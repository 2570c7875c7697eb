/// Something to tell the user, at a place in the source.
///
/// Diagnostics are made by named factories (`extension Diagnostic { static func shapeMismatch(...) }`), one per
/// kind, gathered in a file named `…Diagnostics.swift` of the floor that reports them. `id` is the factory's name.
public struct Diagnostic: Error, Sendable {
    public enum Severity: String, Sendable { case error, warning }

    /// A second place that explains the first.
    public struct Note: Sendable {
        public var message: String
        public var span: Span?
        public init(_ message: String, at span: Span? = nil) {
            self.message = message
            self.span = span
        }

        /// That something happened in a function, and where the program calls it.
        public static func call(of name: String, at span: Span) -> Note { Note("in `\(name)`, called here", at: span) }
    }

    /// An edit that mends the program: replace `span` by `replacement`.
    public struct FixIt: Sendable {
        public var message: String
        public var span: Span
        public var replacement: String
        public init(_ message: String, replace span: Span, with replacement: String) {
            self.message = message
            self.span = span
            self.replacement = replacement
        }
    }

    public var id: String
    public var severity = Severity.error
    public var message: String
    public var span: Span
    public var notes: [Note]
    public var fixIts: [FixIt]

    public init(
        _ id: String, _ message: String, at span: Span, notes: [Note] = [], fixIts: [FixIt] = []
    ) {
        // `#function` in a factory reads "name(label:label:)"; the id is the name.
        self.id = String(id.prefix { $0 != "(" })
        self.message = message
        self.span = span
        self.notes = notes
        self.fixIts = fixIts
    }
}

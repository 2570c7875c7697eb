/// A half-open range of bytes in one source file.
public struct Span: Sendable {
    public let file: SourceFile
    public let start: Int
    public let end: Int
    /// The call that this is written out for; nil: it runs where it stands.
    public var call: WrittenCall?

    public init(_ file: SourceFile, _ start: Int, _ end: Int) {
        self.file = file
        self.start = start
        self.end = end
    }

    public var line: Int { file.position(of: start).line }
    public var column: Int { file.position(of: start).column }

    /// The smallest span that holds both.
    public func joined(_ other: Span) -> Span {
        Span(file, min(start, other.start), max(end, other.end))
    }

    /// Whether both are the same place; `==` does not ask.
    public func coincides(with other: Span) -> Bool {
        file === other.file && start == other.start && end == other.end
    }

    public var text: String { String(decoding: file.text[start..<end], as: UTF8.self) }
}

/// A call of a function whose body is written out there.
public final class WrittenCall: Sendable {
    public let function: String
    /// Where it is called, which may itself be written out for a call.
    public let place: Span

    public init(of function: String, at place: Span) { (self.function, self.place) = (function, place) }
}

/// Spans never distinguish two values: a tree is equal to its reparsed print.
extension Span: Hashable {
    public static func == (a: Span, b: Span) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}

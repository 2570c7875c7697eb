import Language
import Source

/// What the checker found out about places of one file, whether the program has errors or not: for editors.
///
/// A function that is specialised for several calls has several types at one place.
public final class Observations {
    /// A range of bytes of the file.
    public struct Place: Hashable, Sendable {
        public var start: Int
        public var end: Int
        public init(_ span: Span) { (start, end) = (span.start, span.end) }
    }

    private let file: SourceFile
    /// The types of expressions, and of names where they are bound, in the order in which they were found.
    public private(set) var types: [Place: [ValueType]] = [:]

    public init(of file: SourceFile) { self.file = file }

    func note(_ type: ValueType, at span: Span) {
        guard span.file === file, type != .error else { return }
        let place = Place(span)
        if types[place]?.contains(type) != true { types[place, default: []].append(type) }
    }
}

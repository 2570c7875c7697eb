import Source

/// The program's own failure: what a compiled program writes to standard error, and its exit code. The messages are
/// those of the runtime (`fail.c`, `parameters.c`).
struct Failure: Error {
    let message: String
    let code: Int32
    /// What went wrong, without its place, where that is in code that is part of the language.
    private var inLanguage: String?

    /// `file:line:column: error: message`, exit code 1.
    init(_ message: String, at span: Span) {
        self.message = "\(span.file.path):\(span.line):\(span.column): error: \(message)"
        code = 1
        inLanguage = span.file.isOfLanguage ? message : nil
    }

    /// The failure as one who called the code in which it happened sees it.
    func seen(from call: Span) -> Failure { inLanguage.map { Failure($0, at: call) } ?? self }

    init(usage message: String, of program: String) {
        self.message = "\(program): \(message) (--help lists the parameters)"
        code = 2
    }

    static func division(at span: Span) -> Failure { Failure("integer division by zero", at: span) }

    static func index(_ index: Int, _ extent: Int, axis: Int, at span: Span) -> Failure {
        let range = extent > 0 ? "axis \(axis) has the indices 0 to \(extent - 1)" : "axis \(axis) is empty"
        return Failure("index \(index) is out of range: \(range)", at: span)
    }

    /// An array cannot have this extent, nor `count` times as many elements.
    static func shape(_ extent: Int, axis: Int, times count: Int, at span: Span) -> Failure {
        extent < 0
            ? Failure("an array cannot have \(extent) elements along axis \(axis)", at: span)
            : Failure("an array of \(count) * \(extent) elements is too large", at: span)
    }

    static func extent(_ what: String, expected: Int, actual: Int, at span: Span) -> Failure {
        Failure("\(what): the extents \(expected) and \(actual) do not agree", at: span)
    }
}

/// A typed program that breaks the contract of `TypedProgram`: a fault of pdlc, not of the user's program.
public struct Fault: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

import Source

/// Mistakes in the text form of the IR.
extension Diagnostic {
    static func irExpected(_ expected: String, found: IRToken, at span: Span) -> Diagnostic {
        Diagnostic(#function, "expected \(expected), found \(found.shown)", at: span)
    }

    static func irUnknownWord(_ word: String, kind: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "'\(word)' is no \(kind)", at: span)
    }

    static func irUnreadable(_ what: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "cannot read \(what)", at: span)
    }

    static func irDefinedTwice(_ id: Int, at span: Span) -> Diagnostic {
        Diagnostic(#function, "%\(id) is defined twice", at: span)
    }

    static func irUndefinedValue(_ id: Int, at span: Span) -> Diagnostic {
        Diagnostic(#function, "%\(id) is not defined anywhere", at: span)
    }
}

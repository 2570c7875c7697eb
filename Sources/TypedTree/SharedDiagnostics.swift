import Source

// What both the checker and the desugaring say.

extension Diagnostic {
    package static func dividedDifferently(_ name: String, at span: Span, _ other: String, _ otherSpan: Span)
        -> Diagnostic
    {
        Diagnostic(
            #function, "`\(name)` is divided along another index than `\(other)`: they do not meet on one rank",
            at: span,
            notes: [
                Note("`\(other)` is read here", at: otherSpan),
                Note(
                    "`redistribute` would divide one of them alike, `allgather` bring it to every rank (cost class 3: each moves the whole array)"
                ),
            ])
    }
}

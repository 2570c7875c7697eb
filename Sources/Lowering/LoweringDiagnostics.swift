import Source

extension Diagnostic {
    static func inlinesTooFar(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the functions called here come to more code than pdlc can compile", at: span,
            notes: [
                .init("a call of `\(name)` is written out at its place, like all others"),
                .init("where many functions call the last one twice each, the code doubles with each of them"),
            ])
    }

    static func nestsTooDeep(limit: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "more than \(limit) loops, conditions and early `return`s stand inside one another here",
            at: span)
    }

    static func partUnderCondition(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a part cannot be chosen by a condition yet", at: span,
            notes: [.init("combine it first: put `allreduce(...)` around each way's value")])
    }
}

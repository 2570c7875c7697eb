import Source

extension Diagnostic {
    static func partUnderCondition(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a part cannot be chosen by a condition yet", at: span,
            notes: [.init("combine it first: put `allreduce(...)` around each way's value")])
    }
}

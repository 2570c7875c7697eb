import Source

extension Diagnostic.Note {
    /// How the values that ranks have of their own are combined.
    static func combiningLocals(_ value: Span) -> Self {
        Self(
            "over all ranks: `sum([\(value.text) for r in scattered 0..ranks()])`, and so `max`, `min`, `any` and `all`"
        )
    }
}

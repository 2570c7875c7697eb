extension Parameter {
    /// As it is written: `a: f64[/n]`.
    public var written: String { name.text + (type.map { ": \($0.span.text)" } ?? "") }
}

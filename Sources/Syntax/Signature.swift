extension FunctionDeclaration {
    /// Its head as it is written, without `fn`: `psum(a: f64[/n]) -> f64`.
    public var signature: String {
        let result = result.map { " -> \($0.span.text)" } ?? ""
        return "\(name.text)(\(parameters.map(\.written).joined(separator: ", ")))\(result)"
    }
}

extension Parameter {
    /// As it is written: `a: f64[/n]`.
    public var written: String { name.text + (type.map { ": \($0.span.text)" } ?? "") }
}

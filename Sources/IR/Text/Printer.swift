import Language

/// Writes a module as text: one node a line, bodies indented, every value with its type where it is defined.
///
///     %3: f64[/%1] = loop (%4: i64 in %0..%1 by %2) divided 0 of %1 yields element {
///         %5: f64 = convert f64 %4
///         yield %5
///     }
///
/// `IRParser` reads it back: parse(print(m)) == m for a module that is renumbered. A module that the verifier
/// would refuse is printed too, as well as it can be.
public struct Printer {
    let module: Module
    /// Whether each node's source line follows as a comment.
    let showsLines: Bool
    private var text = ""
    private var depth = 0

    private init(_ module: Module, showsLines: Bool) {
        self.module = module
        self.showsLines = showsLines
    }

    public static func print(_ module: Module, showsLines: Bool = false) -> String {
        var printer = Printer(module, showsLines: showsLines)
        printer.line("\(module.stage.rawValue) module", nil)
        for parameter in module.parameters { printer.parameter(parameter) }
        for definition in module.operators { printer.definition(definition) }
        for node in module.body.nodes { printer.node(node) }
        return printer.text
    }

    /// One node, for messages.
    public static func print(_ node: Node, in module: Module) -> String {
        var printer = Printer(module, showsLines: false)
        printer.node(node)
        return printer.text
    }

    private mutating func line(_ content: String, _ node: Node?) {
        text += String(repeating: "    ", count: depth) + content
        if showsLines, let node, node.span.end > 0 {
            let lines = Set(node.origins.map(\.line)).sorted().map(String.init).joined(separator: ", ")
            text += "  # line \(lines)"
        }
        text += "\n"
    }

    private mutating func parameter(_ parameter: ModuleParameter) {
        var content = "parameter \(QuotedText.quote(parameter.name)): \(parameter.element?.rawValue ?? "text")"
        if let value = parameter.defaultText { content += " default \(QuotedText.quote(value))" }
        if let comment = parameter.documentation { content += " documentation \(QuotedText.quote(comment))" }
        line(content, nil)
    }

    /// `operator "merge" { …identity… } (%1: f64, %2: f64) { …combination… }`
    private mutating func definition(_ definition: OperatorDefinition) {
        line("operator \(QuotedText.quote(definition.name)) {", nil)
        body(definition.identity)
        line("} (\(definition.combination.arguments.map(self.definition).joined(separator: ", "))) {", nil)
        body(definition.combination)
        line("}", nil)
    }

    private mutating func body(_ region: Region) {
        depth += 1
        for node in region.nodes { self.node(node) }
        depth -= 1
    }

    private mutating func node(_ node: Node) {
        let results = node.results.isEmpty ? "" : node.results.map(definition).joined(separator: ", ") + " = "
        let head = results + self.head(node)
        guard !node.regions.isEmpty else { return line(head, node) }
        line(head + " {", node)
        for (index, region) in node.regions.enumerated() {
            if index > 0 { line("} " + connective(node, region) + "{", nil) }
            body(region)
        }
        line("}", nil)
    }

    /// What stands between two bodies of a node.
    private func connective(_ node: Node, _ region: Region) -> String {
        switch node.bodies {
        case .ways: "else "
        case .points: "then "
        case .tested: "do (\(region.arguments.map(definition).joined(separator: ", "))) "
        case .none, .fallback, .counted, .writes, .swept:
            "(\(region.arguments.map(definition).joined(separator: ", "))) "
        }
    }

    // MARK: Values and types

    func name(_ value: Value) -> String { "%\(value.id)" }
    func names(_ values: some Sequence<Value>) -> String { values.map(name).joined(separator: ", ") }
    func definition(_ value: Value) -> String { "\(name(value)): \(type(module.type(value)))" }

    /// `+`, `minloc`, or `operator 0` for the first of the program's own.
    func text(_ op: ReductionOperator) -> String {
        if case .user(let op) = op { "operator \(op.id)" } else { op.symbol }
    }

    func type(_ type: IRType) -> String {
        guard case .array(let element, let dimensions, let placement) = type else { return "text" }
        let extents = dimensions.enumerated().map { axis, value in
            (placement.distribution.isWhole(axis: axis) ? "" : "/") + name(value)
        }
        let body = element.rawValue + (extents.isEmpty ? "" : "[\(extents.joined(separator: ", "))]")
        return switch placement {
        case .replicated: body
        case .scattered(let distribution):
            distribution.dividedAxes.allSatisfy(dimensions.indices.contains)
                ? body : "scattered \(distribution.dividedAxes) \(body)"
        case .part(let op): "part(\(text(op))) \(body)"
        case .local: "local \(body)"
        case .root: "root \(body)"
        }
    }
}

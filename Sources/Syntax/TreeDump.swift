import Source

extension Program {
    /// The tree as text, a node a line, indented by its parents: `binary + 3:9`.
    public func dump() -> String {
        statements.map { $0.node.text(indentedBy: 0) }.joined()
    }
}

/// What the dump shows of a node of any kind.
private struct Node {
    var label: String
    var span: Span?
    var children: [Node]

    init(_ label: String, _ span: Span? = nil, _ children: [Node?] = []) {
        self.label = label
        self.span = span
        self.children = children.compactMap { $0 }
    }

    func text(indentedBy depth: Int) -> String {
        let place = span.map { " \($0.line):\($0.column)" } ?? ""
        let line = String(repeating: "  ", count: depth) + label + place + "\n"
        return children.reduce(into: line) { $0 += $1.text(indentedBy: depth + 1) }
    }
}

extension Statement {
    fileprivate var node: Node {
        switch kind {
        case .param(let name, let type, let value):
            Node("param \(name.text)", span, [type.node, value?.node])
        case .function(let function): function.node(span)
        case .record(let name, let fields):
            Node("record \(name.text)", span, fields.map(\.node))
        case .importFile(let path): Node("import \"\(path)\"", span)
        case .binding(let isVariable, let pattern, let type, let value):
            Node("\(isVariable ? "var" : "let") \(pattern.text)", span, [type?.node, value.node])
        case .assignment(let target, let infix, let value):
            Node("assign \(target.text) \(infix.rawValue)", span, [value.node])
        case .regionAssignment(let target, let subscripts, let infix, let value, let generator):
            Node(
                "assign elements \(target.text) \(infix.rawValue)", span,
                subscripts.map(\.node) + [value.node, generator?.node])
        case .forLoop(let name, let source, let body):
            Node("for \(name.text)", span, [source.node, body.node("body")])
        case .expecting(let expectations, let loop):
            Node(
                "expect " + expectations.map { "\($0.message.text) <= \($0.most)" }.joined(separator: ", "), span,
                [loop?.node])
        case .whileLoop(let condition, let body):
            Node("while", span, [condition.node, body.node("body")])
        case .conditional(let condition, let then, let otherwise):
            Node("if", span, [condition.node, then.node("then"), otherwise?.node("else")])
        case .returnValue(let value): Node("return", span, [value?.node])
        case .breakLoop: Node("break", span)
        case .continueLoop: Node("continue", span)
        case .print(let parts): Node("print", span, parts.map(\.node))
        case .show(let value): Node("show", span, [value.node])
        case .assertion(let condition, let message):
            Node("assert", span, [condition.node] + (message ?? []).map(\.node))
        case .expression(let value): Node("expression", span, [value.node])
        case .invalid: Node("invalid", span)
        }
    }
}

extension Block {
    fileprivate func node(_ label: String) -> Node { Node(label, span, statements.map(\.node)) }
}

extension FunctionDeclaration {
    fileprivate func node(_ span: Span) -> Node {
        let bodyNode =
            switch body {
            case .expression(let value): value.node
            case .block(let block): block.node("body")
            }
        let documentationNode = documentation.map { Node("documentation \($0.debugDescription)") }
        let resultNode = result.map { Node("result", nil, [$0.node]) }
        return Node(
            "fn \(name.text)", span, [documentationNode] + parameters.map(\.node) + [resultNode, bodyNode])
    }
}

extension Parameter {
    fileprivate var node: Node { Node("parameter \(name.text)", name.span, [type?.node]) }
}

extension Pattern {
    fileprivate var text: String {
        switch self {
        case .name(let name): name.text
        case .tuple(let parts, _): "(\(parts.map(\.text).joined(separator: ", ")))"
        }
    }
}

extension TypeExpression {
    fileprivate var node: Node {
        switch kind {
        case .named(let name, let dimensions): Node("type \(name.text)", span, dimensions.map(\.node))
        case .tuple(let types): Node("type tuple", span, types.map(\.node))
        case .part(let infix, let type): Node("type part \(infix.text)", span, [type.node])
        case .local(let type): Node("type local", span, [type.node])
        case .root(let type): Node("type root", span, [type.node])
        }
    }
}

extension Dimension {
    fileprivate var node: Node {
        switch distribution {
        case .none: Node("dimension", span, [size.node])
        case .block: Node("dimension /", span, [size.node])
        case .cyclic(let block): Node("dimension / cyclic", span, [size.node, block?.node])
        }
    }
}

extension Expression {
    fileprivate var node: Node {
        switch kind {
        case .integer(let digits): Node("integer \(digits)", span)
        case .float(let digits): Node("float \(digits)", span)
        case .imaginary(let digits): Node("imaginary \(digits)", span)
        case .boolean(let value): Node("\(value)", span)
        case .string(let parts): Node("text", span, parts.map(\.node))
        case .name(let name): Node("name \(name)", span)
        case .unary(let prefix, let operand): Node("unary \(prefix.rawValue)", span, [operand.node])
        case .binary(let infix, let left, let right):
            Node("binary \(infix.rawValue)", span, [left.node, right.node])
        case .call(let function, let arguments, let isLocal):
            Node(isLocal ? "call local" : "call", span, [function.node] + arguments.map(\.node))
        case .index(let base, let subscripts): Node("index", span, [base.node] + subscripts.map(\.node))
        case .member(let base, let name): Node("member \(name.text)", span, [base.node])
        case .array(let elements): Node("array", span, elements.map(\.node))
        case .layout(let dimensions): Node("layout", span, dimensions.map(\.node))
        case .tuple(let elements): Node("tuple", span, elements.map(\.node))
        case .comprehension(let value, let generator): Node("comprehension", span, [value.node, generator.node])
        case .conditional(let condition, let then, let otherwise):
            Node("if", span, [condition.node, then.node("then"), otherwise.node("else")])
        case .lambda(let names, let body):
            Node("lambda (\(names.map(\.text).joined(separator: ", ")))", span, [body.node])
        case .block(let block): block.node("block")
        case .local(let block): block.node("local")
        case .parenthesized(let inner): Node("parentheses", span, [inner.node])
        case .invalid: Node("invalid", span)
        }
    }
}

extension Generator {
    fileprivate var node: Node {
        let sources = clauses.map { clause in
            let isScattered = if case .range(_, true) = clause.source { " scattered" } else { "" }
            return Node("in\(isScattered) \(clause.name.text)", clause.name.span, [clause.source.node])
        }
        return Node("generator", span, sources + [condition.map { Node("if", nil, [$0.node]) }])
    }
}

extension Generator.Clause.Source {
    fileprivate var node: Node {
        switch self {
        case .range(let range, _): range.node
        case .elements(let array): array.node
        }
    }
}

extension RangeExpression {
    fileprivate var node: Node { Node("range", span, [lower.node, upper.node, step?.node]) }
}

extension Argument {
    fileprivate var node: Node {
        label == nil && generator == nil
            ? value.node
            : Node("argument\(label.map { " \($0.text)" } ?? "")", nil, [value.node, generator?.node])
    }
}

extension Subscript {
    fileprivate var node: Node {
        switch self {
        case .index(let value): value.node
        case .range(let lower, let upper, let step, let span):
            Node(
                "section", span,
                [
                    lower.map { Node("from", nil, [$0.node]) }, upper.map { Node("to", nil, [$0.node]) },
                    step.map { Node("by", nil, [$0.node]) },
                ])
        case .all(let span): Node("all", span)
        }
    }
}

extension StringPart {
    fileprivate var node: Node {
        switch self {
        case .text(let characters): Node(characters.debugDescription)
        case .hole(let value, let format): Node("hole\(format.map { " :\($0)" } ?? "")", nil, [value.node])
        }
    }
}

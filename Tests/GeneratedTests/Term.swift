/// Program text that remembers its structure, so that it can be made smaller: words and, between them, terms of a kind.
///
/// A term may be replaced by an inner term of its kind, or by the plainest term of the kind.
struct Term: ExpressibleByStringInterpolation, Sendable {
    enum Part: Sendable {
        case text(String)
        case term(Term)
    }

    var parts: [Part]
    /// What the term may be exchanged for: an element type's name for a number; nil: nothing.
    var kind: String?

    init(stringLiteral text: String) { parts = [.text(text)] }
    init(_ text: String) { parts = [.text(text)] }

    struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []
        init(literalCapacity: Int, interpolationCount: Int) {}
        mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.text(text)) } }
        mutating func appendInterpolation(_ term: Term) { parts.append(.term(term)) }
        mutating func appendInterpolation(_ text: String) { parts.append(.text(text)) }
        mutating func appendInterpolation(_ number: Int) { parts.append(.text(String(number))) }
    }

    init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    func of(_ kind: String?) -> Term {
        var term = self
        term.kind = kind
        return term
    }

    var text: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .term(let term): term.text
            }
        }.joined()
    }

    /// Terms one step smaller than this one, the boldest first.
    var smaller: [Term] {
        var found: [Term] = []
        if let kind, let plain = Self.plainest(of: kind), plain.text != text { found.append(plain) }
        if let kind { found += inner.filter { $0.kind == kind && $0.text.count < text.count } }
        for (index, part) in parts.enumerated() {
            guard case .term(let term) = part else { continue }
            found += term.smaller.map { smaller in
                var copy = self
                copy.parts[index] = .term(smaller)
                return copy
            }
        }
        return found
    }

    /// The terms inside, at any depth.
    private var inner: [Term] {
        parts.flatMap { part -> [Term] in
            if case .term(let term) = part { [term] + term.inner } else { [] }
        }
    }

    private static func plainest(of kind: String) -> Term? {
        switch kind {
        case "extent": "1"
        case "bool": "true"
        case "i64": "1"
        case "f64": "1.0"
        case "i32", "u32", "u64", "f32": "\(kind)(1)"
        default: nil
        }
    }
}

/// A statement or definition: one line, or a header with a body.
struct Statement: Sendable {
    var head: Term
    /// Between braces; nil: there are none.
    var body: [Statement]?
    /// What stands in the `else` block.
    var otherwise: [Statement]?
    /// The value of a block: its last line.
    var value: Term?

    init(_ head: Term) { self.head = head }

    func lines(indent: String = "") -> [String] {
        guard let body else { return [indent + head.text] }
        let inside = indent + "    "
        var lines = [indent + head.text + " {"] + body.flatMap { $0.lines(indent: inside) }
        if let value { lines.append(inside + value.text) }
        if let otherwise {
            lines += [indent + "} else {"] + otherwise.flatMap { $0.lines(indent: inside) }
        }
        return lines + [indent + "}"]
    }

    /// Lists of statements one step smaller than `statements`, the boldest first.
    static func smaller(_ statements: [Statement]) -> [[Statement]] {
        var found: [[Statement]] = []
        var length = statements.count / 2
        while length > 0 {
            for start in stride(from: 0, to: statements.count, by: length) {
                var copy = statements
                copy.removeSubrange(start..<min(start + length, statements.count))
                found.append(copy)
            }
            length /= 2
        }
        for (index, statement) in statements.enumerated() {
            func replaced(by replacement: [Statement]) {
                found.append(Array(statements[..<index]) + replacement + Array(statements[(index + 1)...]))
            }
            if let body = statement.body, statement.value == nil {
                replaced(by: body)
                if let otherwise = statement.otherwise { replaced(by: otherwise) }
            }
            for body in statement.body.map(smaller) ?? [] {
                var copy = statement
                copy.body = body
                replaced(by: [copy])
            }
            for otherwise in statement.otherwise.map(smaller) ?? [] {
                var copy = statement
                copy.otherwise = otherwise
                replaced(by: [copy])
            }
        }
        for (index, statement) in statements.enumerated() {
            for head in statement.head.smaller {
                var copy = statements
                copy[index].head = head
                found.append(copy)
            }
            for value in statement.value?.smaller ?? [] {
                var copy = statements
                copy[index].value = value
                found.append(copy)
            }
        }
        return found
    }
}

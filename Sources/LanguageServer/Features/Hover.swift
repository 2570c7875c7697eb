import Checking
import Compiler
import Language
import Source

extension Analysis {
    /// What stands at an offset: its declaration or type, where it lives, what it sends.
    func hover(at offset: Int, _ messages: [ExplainedMessage]) -> Hover? {
        guard let (span, parts) = described(at: offset) ?? typed(at: offset) else { return nil }
        let sent = self.sent(at: offset, span, messages).map(\.described)
        return Hover(
            contents: MarkupContent((parts + sent).joined(separator: "\n\n")), range: lines.range(span))
    }

    /// A name.
    private func described(at offset: Int) -> (Span, [String])? {
        if let member = names.member(at: offset), let field = fields(of: member)?.first, let head = field.head {
            return (member.name.span, [code("\(head)   # of \(field.record?.text ?? "")")])
        }
        guard let occurrence = names.occurrence(at: offset) else { return nil }
        let span = occurrence.name.span
        if let declaration = declaration(of: occurrence) {
            return (span, [code(declared(declaration, at: span))] + remarks(declaration, at: span))
        }
        guard let builtin = Builtins.named(occurrence.name.text) else { return nil }
        var parts = [code(builtin.usage), builtin.summary]
        if let (_, types) = call(of: occurrence) { parts.append("Here: " + list(types)) }
        return (span, parts)
    }

    /// `let a: f64[/n]`.
    private func declared(_ declaration: Declaration, at span: Span) -> String {
        if let head = declaration.head, declaration.kind != .parameter { return head }
        let here = types(at: span)
        let types = here.isEmpty ? types(at: declaration.name.span) : here
        let word = declaration.kind.word.map { "\($0) " } ?? ""
        guard !types.isEmpty else { return declaration.head ?? "\(word)\(declaration.name.text)" }
        return types.prefix(4).map { "\(word)\(declaration.name.text): \($0)" }.joined(separator: "\n")
    }

    private func remarks(_ declaration: Declaration, at span: Span) -> [String] {
        var remarks: [String] = []
        if let type = types(at: span).first ?? types(at: declaration.name.span).first, let place = type.whereItLives {
            remarks.append(place)
        }
        if let documentation = declaration.documentation { remarks.append(documentation) }
        return remarks
    }

    /// Anything else that has a value.
    private func typed(at offset: Int) -> (Span, [String])? {
        guard let (place, types) = expression(at: offset) else { return nil }
        let span = Span(file, place.start, place.end)
        return (span, [code(list(types))] + (types.first?.whereItLives.map { [$0] } ?? []))
    }

    /// The call of a builtin whose name stands there, and its types.
    private func call(of occurrence: Occurrence) -> (place: Observations.Place, types: [ValueType])? {
        let span = occurrence.name.span
        return types.filter { $0.key.start <= span.start && span.end < $0.key.end }
            .min { $0.key.end - $0.key.start < $1.key.end - $1.key.start }
            .map { ($0.key, $0.value) }
    }

    private func list(_ types: [ValueType]) -> String {
        types.prefix(4).map(\.description).joined(separator: ", or ")
    }

    private func code(_ text: String) -> String { "```pdl\n\(text)\n```" }

    /// The messages of the expression at the offset: of the nearest that sends anything, on the same line.
    private func sent(at offset: Int, _ span: Span, _ messages: [ExplainedMessage]) -> [ExplainedMessage] {
        func extent(_ message: ExplainedMessage) -> Int? {
            let place = message.span
            let isHere =
                place.file === file && startOfLine(span) <= place.start && place.start <= offset && offset < place.end
            return isHere ? place.end - place.start : nil
        }
        let smallest = messages.compactMap(extent).min()
        return smallest == nil ? [] : messages.filter { extent($0) == smallest }
    }

    private func startOfLine(_ span: Span) -> Int { file.lineStarts[span.line - 1] }
}

extension ExplainedMessage {
    /// For a hover or a tooltip.
    var described: String {
        let circumstances = (circumstances + remarks).map { "  \n\($0)" }.joined()
        return "**\(operatorName)**: \(calls.joined(separator: "; "))\(circumstances)"
    }
}

extension Declaration.Kind {
    /// The keyword that declares it.
    fileprivate var word: String? {
        switch self {
        case .parameterOfProgram: "param"
        case .constant: "let"
        case .variable: "var"
        case .function: "fn"
        case .record: "record"
        case .index: "for"
        case .field, .parameter, .size: nil
        }
    }
}

extension ValueType {
    /// Which ranks hold it, in words.
    fileprivate var whereItLives: String? {
        guard let placement = dataLeaves?.first?.placement else { return nil }
        switch placement {
        case .replicated: return "The same on every rank."
        case .scattered(let distribution):
            let axes = distribution.dividedAxes.map(String.init).joined(separator: ", ")
            return "Divided over the ranks in blocks along axis \(axes)."
        case .part: return "Every rank's own contribution; `allreduce` or `reduce` combines them."
        case .local: return "Every rank has its own."
        case .root: return "Held by rank 0."
        }
    }
}

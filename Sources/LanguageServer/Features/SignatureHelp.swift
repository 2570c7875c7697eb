import Language
import Source

extension Analysis {
    /// How the innermost call around an offset is written.
    func signatureHelp(at offset: Int) -> SignatureHelp? {
        guard let call = Cursor(file, at: offset).calls.last else { return nil }
        let signatures: [SignatureHelp.Signature]
        if let declaration = names.visible(at: offset).first(where: { $0.name.text == call.name }) {
            guard let head = declaration.head else { return nil }
            signatures = [Self.signature(Self.asCall(head), declaration.documentation)]
        } else if let builtin = Builtins.named(call.name) {
            signatures = Self.forms(of: builtin.usage).map { Self.signature($0, builtin.summary) }
        } else {
            return nil
        }
        let active = signatures.firstIndex { $0.parameters.count > call.commas } ?? 0
        return SignatureHelp(signatures: signatures, activeSignature: active, activeParameter: call.commas)
    }

    /// A record is made by its fields: `record P { x: f64 }` reads `P(x: f64)`.
    private static func asCall(_ head: String) -> String {
        if head.hasPrefix("fn ") { return String(head.dropFirst(3)) }
        return String(head.dropFirst("record ".count).map { $0 == "{" ? "(" : $0 == "}" ? ")" : $0 })
    }

    /// `sum(a), sum(a, axis: k)` are two.
    private static func forms(of usage: String) -> [String] {
        pieces(of: usage[...])
    }

    private static func signature(_ label: String, _ documentation: String?) -> SignatureHelp.Signature {
        var parameters: [String] = []
        if let open = label.firstIndex(of: "("), let close = closing(label[open...]) {
            parameters = pieces(of: label[label.index(after: open)..<close])
        }
        return .init(
            label: label, documentation: documentation.map { MarkupContent($0) },
            parameters: parameters.map { .init(label: $0) })
    }

    /// The `)` of a text that begins with its `(`.
    private static func closing(_ text: Substring) -> String.Index? {
        var depth = 0
        return text.indices.first { index in
            depth += "([".contains(text[index]) ? 1 : ")]".contains(text[index]) ? -1 : 0
            return depth == 0
        }
    }

    /// What commas separate that stand in no brackets.
    private static func pieces(of text: Substring) -> [String] {
        var depth = 0
        let cut = text.split { character in
            depth += "([{".contains(character) ? 1 : ")]}".contains(character) ? -1 : 0
            return character == "," && depth == 0
        }
        return cut.map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }
}

extension DiagnosticRenderer {
    /// One JSON object on one line: id, severity, message, file, line, column, endLine, endColumn, notes (message and, where it has one,
    /// its place), fixIts (message, place, replacement) and rendered, the text for people.
    public func json(_ diagnostic: Diagnostic) -> String {
        let notes = diagnostic.notes.map { note in
            object([("message", quoted(note.message))] + (note.span.map(place) ?? []))
        }
        let fixIts = diagnostic.fixIts.map { fixIt in
            object(
                [("message", quoted(fixIt.message))] + place(fixIt.span)
                    + [("replacement", quoted(fixIt.replacement))])
        }
        let head = [
            ("id", quoted(diagnostic.id)), ("severity", quoted(diagnostic.severity.rawValue)),
            ("message", quoted(diagnostic.message)),
        ]
        let lists = [
            ("notes", "[\(notes.joined(separator: ","))]"), ("fixIts", "[\(fixIts.joined(separator: ","))]"),
            ("rendered", quoted(render(diagnostic))),
        ]
        return object(head + place(diagnostic.span) + lists)
    }

    private func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    private func place(_ span: Span) -> [(String, String)] {
        let (line, column) = span.file.position(of: span.start)
        let (endLine, endColumn) = span.file.position(of: span.end)
        return [
            ("file", quoted(span.file.path)), ("line", "\(line)"), ("column", "\(column)"), ("endLine", "\(endLine)"),
            ("endColumn", "\(endColumn)"),
        ]
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Diagnostics as people and programs read them.
extension Diagnostic {
    /// The message with the source under it, then each note and fix with theirs; ends in a line end.
    ///
    /// ```
    /// stats.pdl:3:9: error: there is no `mena`; did you mean `mean`? [unknownName]
    ///   3 | print "{mena}"
    ///     |         ^^^^
    ///   fix: write `mean`
    /// ```
    public func rendered(colored: Bool = false) -> String {
        let paint = Paint(colored: colored)
        let tone = severity == .error ? "31" : "35"
        var text = paint.bold("\(span.place): ") + paint.color(tone, "\(severity.rawValue): ")
        text += paint.bold(message) + " [\(id)]\n" + span.excerpt { paint.color(tone, $0) }
        for note in notes {
            guard let place = note.span else {
                text += "  \(paint.color("36", "note:")) \(note.message)\n"
                continue
            }
            text += paint.bold("\(place.place): ") + paint.color("36", "note: ") + note.message + "\n"
            text += place.excerpt { paint.color("36", $0) }
        }
        for fix in fixIts { text += "  \(paint.color("32", "fix:")) \(fix.message)\n" }
        return text
    }

    /// One JSON object on one line: `{"id", "severity", "message", "range", "notes", "fixes"}`; a range has `file`, `line`, `column`,
    /// `endLine` and `endColumn`, all counted from 1, the end exclusive.
    public var json: String {
        let notes = notes.map { note in
            JSON.object([("message", JSON.text(note.message)), ("range", note.span?.json ?? "null")])
        }
        let fixes = fixIts.map { fix in
            JSON.object([
                ("message", JSON.text(fix.message)), ("range", fix.span.json),
                ("replacement", JSON.text(fix.replacement)),
            ])
        }
        return JSON.object([
            ("id", JSON.text(id)), ("severity", JSON.text(severity.rawValue)), ("message", JSON.text(message)),
            ("range", span.json), ("notes", "[\(notes.joined(separator: ","))]"),
            ("fixes", "[\(fixes.joined(separator: ","))]"),
        ])
    }
}

extension Span {
    /// `file:line:column`
    fileprivate var place: String { "\(file.path):\(line):\(column)" }

    /// The first line with marks under the span.
    fileprivate func excerpt(_ paint: (String) -> String) -> String {
        let (line, column) = file.position(of: start)
        let last = file.position(of: end)
        let source = file.line(line)
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        let width = last.line == line ? last.column - column : source.unicodeScalars.count + 1 - column
        // Tabs stay tabs, so that the marks stand where the source does.
        let before = String(
            String.UnicodeScalarView(source.unicodeScalars.prefix(column - 1).map { $0 == "\t" ? $0 : " " }))
        let marks = paint(String(repeating: "^", count: max(1, width)))
        return "  \(number) | \(source)\n  \(margin) | \(before)\(marks)\n"
    }

    fileprivate var json: String {
        let (line, column) = file.position(of: start)
        let last = file.position(of: end)
        return JSON.object([
            ("file", JSON.text(file.path)), ("line", "\(line)"), ("column", "\(column)"), ("endLine", "\(last.line)"),
            ("endColumn", "\(last.column)"),
        ])
    }
}

private struct Paint {
    let colored: Bool
    func bold(_ text: String) -> String { color("1", text) }
    func color(_ code: String, _ text: String) -> String { colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

private enum JSON {
    static func object(_ members: [(String, String)]) -> String {
        "{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
    }

    static func text(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            case "\r": "\\r"
            case _ where scalar.value < 0x20:
                "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}

import Source

/// Writes diagnostics into a program's text, as the lines of a golden case.
struct ErrorExpectations {
    let lines: [String]
    let diagnostics: [Diagnostic]

    /// The text with every diagnostic under the line that it is about.
    func annotated() -> [String] {
        let byLine = Dictionary(grouping: diagnostics, by: \.span.line)
        // A note names lines of the finished text, so each line must know how many come before it.
        var shifts: [Int] = []
        var inserted = 0
        for number in 1...max(1, lines.count) {
            shifts.append(inserted)
            inserted += byLine[number, default: []].reduce(0) { $0 + 1 + $1.notes.count + $1.fixIts.count }
        }
        return lines.enumerated().flatMap { index, line in
            [line] + byLine[index + 1, default: []].flatMap { annotation($0, shifts) }
        }
    }

    private func annotation(_ diagnostic: Diagnostic, _ shifts: [Int]) -> [String] {
        let span = diagnostic.span
        let end = span.file.position(of: span.end)
        let width = end.line == span.line ? max(1, end.column - span.column) : 1
        // The comment sign takes the first column, and stands for it.
        let carets =
            span.column <= 1
            ? "#" + String(repeating: "^", count: max(1, width - 1))
            : "#" + String(repeating: " ", count: span.column - 2) + String(repeating: "^", count: width)
        func place(_ span: Span) -> String {
            "\(span.line + (span.line <= shifts.count ? shifts[span.line - 1] : 0)):\(span.column)"
        }
        return ["\(carets) \(diagnostic.severity.rawValue)(\(diagnostic.id)): \(diagnostic.message)"]
            + diagnostic.notes.map { note in "#~ note\(note.span.map { " " + place($0) } ?? ""): \(note.message)" }
            + diagnostic.fixIts.map { fix in
                "#~ fix \(place(fix.span)): \"\(fix.span.text)\" → \"\(fix.replacement)\": \(fix.message)"
            }
    }
}

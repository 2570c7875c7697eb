/// Diagnostics as people read them:
///
/// ```
/// psum.pdl:12:9: error: x has 4 elements, y has 5 [shapeMismatch]
///    |
/// 12 | let z = x + y
///    |         ^^^^^
/// ```
///
/// followed by its notes in the same form and by the lines as the fix-its would make them.
public struct DiagnosticRenderer: Sendable {
    private let colour: Bool

    public init(colour: Bool) { self.colour = colour }

    public func render(_ diagnostic: Diagnostic) -> String {
        let isError = diagnostic.severity == .error
        var text = headline(
            diagnostic.span, diagnostic.severity.rawValue, isError ? .red : .yellow,
            "\(diagnostic.message) [\(diagnostic.id)]")
        text += excerpt(of: diagnostic.span, isError ? .red : .yellow)
        for note in diagnostic.notes {
            if let span = note.span {
                text += headline(span, "note", .cyan, note.message) + excerpt(of: span, .cyan)
            } else {
                text += "  " + paint("note", .cyan) + ": \(note.message)\n"
            }
        }
        for fixIt in diagnostic.fixIts { text += edit(fixIt) }
        return text
    }

    private func headline(_ span: Span, _ label: String, _ colour: Colour, _ message: String) -> String {
        "\(span.file.path):\(span.line):\(span.column): \(paint(label, colour)): \(paint(message, .bold))\n"
    }

    // MARK: Source lines

    /// The line where the span begins, with carets under it; a span of several lines is marked to the end of its first and says so.
    private func excerpt(of span: Span, _ colour: Colour) -> String {
        let (number, bytes, lineStart) = line(of: span)
        let begin = min(max(span.start - lineStart, 0), bytes.count)
        let end = min(max(span.end - lineStart, begin), bytes.count)
        let shown = ExcerptLine(bytes, marking: begin..<end)
        let lastLine = span.file.position(of: max(span.start, span.end - 1)).line
        let rest = lastLine > number ? " to line \(lastLine)" : ""
        let marks = paint(String(repeating: "^", count: shown.marked) + rest, colour)
        let gutter = String(repeating: " ", count: String(number).count)
        return """
            \(paint(gutter + " |", .blue))
            \(paint("\(number) |", .blue)) \(shown.text)
            \(paint(gutter + " |", .blue)) \(String(repeating: " ", count: shown.column))\(marks)

            """
    }

    /// The line as an edit would make it, with `+` under what is new.
    private func edit(_ fixIt: Diagnostic.FixIt) -> String {
        let (number, bytes, lineStart) = line(of: fixIt.span)
        let begin = min(max(fixIt.span.start - lineStart, 0), bytes.count)
        let end = min(max(fixIt.span.end - lineStart, begin), bytes.count)
        let replacement = Array(fixIt.replacement.utf8)
        let isOneLine = fixIt.span.end <= lineStart + bytes.count && !replacement.contains(UInt8(ascii: "\n"))
        let heading = "  " + paint("help", .green) + ": \(fixIt.message)\n"
        guard isOneLine else { return heading }
        let edited = Array(bytes[..<begin]) + replacement + Array(bytes[end...])
        let shown = ExcerptLine(edited, marking: begin..<begin + replacement.count)
        let gutter = String(repeating: " ", count: String(number).count)
        let marks = replacement.isEmpty ? "" : paint(String(repeating: "+", count: shown.marked), .green)
        let underline = "\(paint(gutter + " |", .blue)) \(String(repeating: " ", count: shown.column))\(marks)\n"
        return heading + "\(paint("\(number) |", .blue)) \(shown.text)\n" + (replacement.isEmpty ? "" : underline)
    }

    /// The number, the bytes and the offset of the line where a span begins.
    private func line(of span: Span) -> (number: Int, bytes: [UInt8], start: Int) {
        let file = span.file
        let number = span.line
        let start = file.lineStarts[number - 1]
        var end = number < file.lineStarts.count ? file.lineStarts[number] - 1 : file.text.count
        if end > start, file.text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return (number, Array(file.text[start..<end]), start)
    }

    // MARK: Colour

    private enum Colour: String {
        case red = "31;1"
        case yellow = "33;1"
        case cyan = "36;1"
        case green = "32;1"
        case blue = "34"
        case bold = "1"
    }

    private func paint(_ text: String, _ colour: Colour) -> String {
        self.colour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// A source line made ready to show: tabs and what does not print replaced, a long line cut down to what is around the mark.
private struct ExcerptLine {
    static let width = 120

    let text: String
    /// How many characters of `text` stand before the mark, and how many the mark has (1 at least).
    let column: Int
    let marked: Int

    init(_ bytes: [UInt8], marking: Range<Int>) {
        let before = ExcerptLine.scalars(bytes[..<marking.lowerBound])
        let inside = ExcerptLine.scalars(bytes[marking])
        let all = before + inside + ExcerptLine.scalars(bytes[marking.upperBound...])
        // A cut line keeps two thirds of its width from the mark on.
        let isLong = all.count > ExcerptLine.width
        let start = isLong && before.count > ExcerptLine.width / 3 ? before.count - ExcerptLine.width / 3 : 0
        let end = min(all.count, start + ExcerptLine.width)
        let head = start > 0 ? "..." : ""
        var visible = String.UnicodeScalarView()
        visible.append(contentsOf: all[start..<end])
        text = head + String(visible) + (end < all.count ? "..." : "")
        column = head.count + before.count - start
        marked = max(1, min(inside.count, end - before.count))
    }

    /// The characters to show for some bytes, one column each.
    private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            if scalar == "\t" { return [" ", " ", " ", " "] }
            return [scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar]
        }
    }
}

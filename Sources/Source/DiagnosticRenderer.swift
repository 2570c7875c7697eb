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
        let (line, column) = span.file.position(of: span.start)
        return "\(span.file.path):\(line):\(column): \(paint(label, colour)): \(paint(message, .bold))\n"
    }

    // MARK: Source lines

    /// The line where the span begins, with carets under it; a span of several lines is marked to the end of its first and says so.
    private func excerpt(of span: Span, _ colour: Colour) -> String {
        let line = SourceLine(of: span)
        let shown = ExcerptLine(line.before, line.inside, line.after)
        let lastLine = span.end > line.end ? span.file.position(of: span.end - 1).line : line.number
        let rest = lastLine > line.number ? " to line \(lastLine)" : ""
        let marks = paint(String(repeating: "^", count: shown.marked) + rest, colour)
        return gutter(line, " ") + "\n" + gutter(line, "\(line.number)") + " \(shown.text)\n" + gutter(line, " ")
            + " " + String(repeating: " ", count: shown.column) + marks + "\n"
    }

    /// The line as an edit would make it, with `+` under what is new.
    private func edit(_ fixIt: Diagnostic.FixIt) -> String {
        let line = SourceLine(of: fixIt.span)
        let heading = "  " + paint("help", .green) + ": \(fixIt.message)\n"
        let replacement = Array(fixIt.replacement.utf8)
        guard fixIt.span.end <= line.end, !replacement.contains(UInt8(ascii: "\n")) else { return heading }
        let shown = ExcerptLine(line.before, replacement[...], line.after)
        let text = heading + gutter(line, "\(line.number)") + " \(shown.text)\n"
        if replacement.isEmpty { return text }
        let marks = paint(String(repeating: "+", count: shown.marked), .green)
        return text + gutter(line, " ") + " " + String(repeating: " ", count: shown.column) + marks + "\n"
    }

    private func gutter(_ line: SourceLine, _ text: String) -> String {
        let width = String(line.number).count
        return paint(String(repeating: " ", count: width - text.count) + text + " |", .blue)
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

/// The line where a span begins, cut into what stands before the span, in it and behind it.
private struct SourceLine {
    let number: Int
    /// The offset of its end, without the line end.
    let end: Int
    let before: ArraySlice<UInt8>
    let inside: ArraySlice<UInt8>
    let after: ArraySlice<UInt8>

    init(of span: Span) {
        let file = span.file
        number = span.line
        let start = file.lineStarts[number - 1]
        var end = number < file.lineStarts.count ? file.lineStarts[number] - 1 : file.text.count
        if end > start, file.text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let first = min(max(span.start, start), end)
        let last = min(max(span.end, first), end)
        self.end = end
        before = file.text[start..<first]
        inside = file.text[first..<last]
        after = file.text[last..<end]
    }
}

/// A source line made ready to show: tabs and what does not print replaced, a long line cut down to what is around the mark.
private struct ExcerptLine {
    static let width = 120

    let text: String
    /// How many columns of `text` stand before the mark, and how many the mark has (1 at least).
    let column: Int
    let marked: Int

    init(_ before: ArraySlice<UInt8>, _ inside: ArraySlice<UInt8>, _ after: ArraySlice<UInt8>) {
        // No more is decoded of a long line than could be shown, at up to four bytes a character.
        let before = ExcerptLine.scalars(before.suffix(4 * ExcerptLine.width))
        let inside = ExcerptLine.scalars(inside.prefix(4 * ExcerptLine.width))
        let all = before + inside + ExcerptLine.scalars(after.prefix(4 * ExcerptLine.width))
        // A cut line keeps two thirds of its width from the mark on.
        let isLong = all.count > ExcerptLine.width
        let start = isLong && before.count > ExcerptLine.width / 3 ? before.count - ExcerptLine.width / 3 : 0
        let end = min(all.count, start + ExcerptLine.width)
        let head = start > 0 ? "..." : ""
        var visible = String.UnicodeScalarView()
        visible.append(contentsOf: all[start..<end])
        text = head + String(visible) + (end < all.count ? "..." : "")
        column = head.count + ExcerptLine.columns(all[start..<before.count])
        let last = max(before.count, min(before.count + inside.count, end))
        marked = max(1, ExcerptLine.columns(all[before.count..<last]))
    }

    /// How many columns a terminal needs: two for the characters of East Asia and for pictures, none for marks on the letter before.
    private static func columns(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
        scalars.reduce(0) { columns, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: columns
            default: columns + (wide.contains { $0.contains(scalar.value) } ? 2 : 1)
            }
        }
    }

    /// The blocks of Unicode whose characters are wide.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]

    /// The characters to show for some bytes.
    private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            if scalar == "\t" { return [" ", " ", " ", " "] }
            return [scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar]
        }
    }
}

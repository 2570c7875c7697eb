import Source

/// How a client counts the characters of a line.
enum PositionEncoding: String, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"

    /// UTF-8 where the client offers it, as it is what spans count in; else UTF-16, which every client can.
    init(offered: [String]?) { self = offered?.contains("utf-8") == true ? .utf8 : .utf16 }

    /// How many units the character has that begins with the byte; 0 for its further bytes.
    fileprivate func units(_ byte: UInt8) -> Int {
        switch self {
        case .utf8: 1
        case .utf16: byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1
        }
    }
}

/// Positions of a text as the protocol has them: lines end in `\n`, `\r\n` or `\r`, characters count in the client's units.
struct LineTable: Sendable {
    private let text: [UInt8]
    private let starts: [Int]
    private let encoding: PositionEncoding

    init(_ text: [UInt8], _ encoding: PositionEncoding) {
        self.text = text
        self.encoding = encoding
        var starts = [0]
        for (offset, byte) in text.enumerated() {
            let isReturn =
                byte == UInt8(ascii: "\r") && !(offset + 1 < text.count && text[offset + 1] == UInt8(ascii: "\n"))
            if byte == UInt8(ascii: "\n") || isReturn { starts.append(offset + 1) }
        }
        self.starts = starts
    }

    func position(of offset: Int) -> Position {
        let offset = max(0, min(offset, text.count))
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let character = text[starts[low]..<offset].reduce(0) { $0 + encoding.units($1) }
        return Position(line: low, character: character)
    }

    /// The byte at a position; one beyond the end of its line is that end.
    func offset(of position: Position) -> Int {
        guard position.line >= 0 else { return 0 }
        guard position.line < starts.count else { return text.count }
        var offset = starts[position.line]
        let end = endOfLine(position.line)
        var units = 0
        while offset < end, units < position.character {
            units += encoding.units(text[offset])
            offset += 1
            while offset < end, text[offset] & 0xC0 == 0x80, encoding == .utf16 { offset += 1 }
        }
        return offset
    }

    func range(_ start: Int, _ end: Int) -> TextRange { TextRange(start: position(of: start), end: position(of: end)) }

    func range(_ span: Span) -> TextRange { range(span.start, span.end) }

    func offsets(_ range: TextRange) -> Range<Int> {
        let start = offset(of: range.start)
        return start..<max(start, offset(of: range.end))
    }

    /// Where the line ends, before its `\n` or `\r`.
    func endOfLine(_ line: Int) -> Int {
        guard line + 1 < starts.count else { return text.count }
        var end = starts[line + 1]
        while end > starts[line], [UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(text[end - 1]) { end -= 1 }
        return end
    }
}

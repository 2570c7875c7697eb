import Source

extension Lexer {
    /// Reads on inside a text: characters up to the closing quote, a hole, or the end of the line (which breaks the text).
    mutating func readText(openedAt opening: Int) {
        let start = position
        var text: [UInt8] = []
        scan: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                break scan
            case UInt8(ascii: "\\"):
                text.append(readEscape())
            case UInt8(ascii: "}"):
                position += 1
                diagnostics.append(.strayBraceInText(at: Span(file, position - 1, position)))
            default:
                text.append(bytes[position])
                position += 1
            }
        }
        if position > start { emit(.text(String(decoding: text, as: UTF8.self)), from: start) }
        let mark = position
        switch peek() {
        case UInt8(ascii: "\"") where mark < bytes.count:
            position += 1
            modes.removeLast()
            emit(.closeQuote, from: mark)
        case UInt8(ascii: "{") where mark < bytes.count:
            position += 1
            modes.append(.hole(brackets: 0))
            emit(.openHole, from: mark)
        default:
            endBrokenText()
        }
    }

    /// Reads `\n \t \\ \" \{ \}`; the byte that it stands for. The backslash is at the position.
    private mutating func readEscape() -> UInt8 {
        let start = position
        let escaped = peek(1)
        position += 1
        switch escaped {
        case UInt8(ascii: "n"), UInt8(ascii: "t"):
            position += 1
            return escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : UInt8(ascii: "\t")
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"):
            position += 1
            return escaped
        default:
            diagnostics.append(.unknownEscape(at: span(from: start)))
            return UInt8(ascii: "\\")
        }
    }

    /// The colon with the format, and the `}` that closes a hole; false for anything else, or outside a hole.
    mutating func readHolePunctuation() -> Bool {
        guard case .hole(brackets: 0) = modes.last else { return false }
        let start = position
        if peek() == UInt8(ascii: "}") {
            position += 1
            modes.removeLast()
            emit(.closeHole, from: start)
            return true
        }
        guard peek() == UInt8(ascii: ":") else { return false }
        while position < bytes.count, !"}\"\n\r".utf8.contains(bytes[position]) { position += 1 }
        let format = bytes[(start + 1)..<position].filter { $0 != UInt8(ascii: " ") }
        if isFormat(format) {
            emit(.format(String(decoding: format, as: UTF8.self)), from: start)
            return true
        }
        // At the end of a line the text is at fault, not its format.
        if peek() == UInt8(ascii: "}") { diagnostics.append(.badFormat(at: span(from: start))) }
        emit(.invalid, from: start)
        return true
    }

    /// `8`, `.6`, `8.3`, and with a point an `e` at the end or not; at most three digits each.
    private func isFormat(_ format: [UInt8]) -> Bool {
        var rest = format[...]
        if rest.last == UInt8(ascii: "e"), rest.contains(UInt8(ascii: ".")) { rest.removeLast() }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { part in
            part.count <= 3 && part.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        }
        return areDigits && parts.last?.isEmpty == false
    }

    /// A line (or the file) has ended inside a text: reports the outermost one and leaves all of them.
    mutating func endBrokenText() {
        guard case .text(let opening) = modes.first else { return }
        modes = []
        diagnostics.append(.unterminatedText(at: Span(file, opening, position)))
        emit(.invalid, from: position)
    }
}

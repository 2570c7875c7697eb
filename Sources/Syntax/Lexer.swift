import Source

/// The tokens of a file: all of its words, comments and line ends, in order, with an `endOfFile` at the end.
///
/// Any bytes will do: what cannot be read becomes an `invalid` token and a diagnostic.
public func tokenize(_ file: SourceFile) -> (tokens: [Token], diagnostics: [Diagnostic]) {
    var lexer = Lexer(file)
    lexer.run()
    markStatementEnds(file, &lexer.tokens)
    return (lexer.tokens, lexer.diagnostics)
}

/// Reads bytes into tokens. Words, symbols and the loop are here; numbers and texts in files of their own.
struct Lexer {
    let file: SourceFile
    let bytes: [UInt8]
    var position = 0
    var tokens: [Token] = []
    var diagnostics: [Diagnostic] = []
    /// The texts and holes that are open, innermost last.
    var modes: [Mode] = []

    enum Mode {
        /// Inside a text whose `"` is at the offset.
        case text(openedAt: Int)
        /// Inside a hole, with so many brackets open in it.
        case hole(brackets: Int)
    }

    init(_ file: SourceFile) {
        self.file = file
        bytes = file.text
    }

    /// The byte `ahead` places on; 0 past the end.
    func peek(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    func span(from start: Int) -> Span { Span(file, start, position) }

    mutating func emit(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind, start, position))
    }

    mutating func run() {
        checkEncoding()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while position < bytes.count {
            if case .text(let opening) = modes.last {
                readText(openedAt: opening)
            } else {
                readToken()
            }
        }
        endBrokenText()
        emit(.endOfFile, from: bytes.count)
    }

    /// Reports the first byte that is not UTF-8; what can be read still is.
    private mutating func checkEncoding() {
        while position < bytes.count {
            guard let (_, length) = scalar() else {
                diagnostics.append(.notUTF8(at: Span(file, position, position + 1)))
                break
            }
            position += length
        }
        position = 0
    }

    /// Reads one token, or skips one blank.
    private mutating func readToken() {
        let start = position
        switch bytes[position] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            position += 1
        case UInt8(ascii: "\n"):
            endBrokenText()
            position += 1
            emit(.lineBreak, from: start)
        case UInt8(ascii: "#") where modes.isEmpty:
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            while bytes[position - 1] == UInt8(ascii: "\r") { position -= 1 }
            emit(.comment, from: start)
        case UInt8(ascii: "\""):
            position += 1
            modes.append(.text(openedAt: start))
            emit(.openQuote, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            readNumber()
        default:
            if !readWord() && !readHolePunctuation() && !readSymbol() { readForeign() }
        }
    }

    // MARK: Words

    /// The Unicode scalar at the position and its length in bytes; nil where the bytes are not UTF-8.
    func scalar() -> (Unicode.Scalar, Int)? {
        let first = bytes[position]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, position + length <= bytes.count else { return nil }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for byte in bytes[position + 1..<position + length] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        // Longer than it need be, or half of a surrogate pair.
        guard value >= [0x80, 0x800, 0x10000][length - 2] else { return nil }
        return Unicode.Scalar(value).map { ($0, length) }
    }

    private func startsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isXIDStart
    }

    private func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isXIDContinue }
        let isLetter = scalar.value | 0x20 >= 0x61 && scalar.value | 0x20 <= 0x7A
        return isLetter || (scalar >= "0" && scalar <= "9") || scalar == "_"
    }

    /// Passes over the characters that may continue a word.
    mutating func skipWordCharacters() {
        while position < bytes.count, let (next, length) = scalar(), continuesWord(next) {
            position += length
        }
    }

    private mutating func readWord() -> Bool {
        guard let (first, _) = scalar(), startsWord(first) else { return false }
        let start = position
        skipWordCharacters()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if text == "min" || text == "max", endsAssignmentTarget(tokens.last), peek() == UInt8(ascii: "="),
            peek(1) != UInt8(ascii: "="), peek(1) != UInt8(ascii: ">")
        {
            position += 1
            emit(.symbol(text == "min" ? .minAssign : .maxAssign), from: start)
        } else {
            emit(Keyword(rawValue: text).map { .keyword($0) } ?? .identifier, from: start)
        }
        return true
    }

    /// A name, an element, or a part of a tuple: `t.0`.
    private func endsAssignmentTarget(_ token: Token?) -> Bool {
        [.identifier, .integer, .symbol(.rightBracket)].contains(token?.kind)
    }

    // MARK: Symbols

    private mutating func readSymbol() -> Bool {
        let start = position
        let pair = Int(peek()) + Int(peek(1)) << 8
        if peek(1) != 0, let symbol = Symbol.byBytes[pair] {
            position += 2
            emit(.symbol(symbol), from: start)
            return true
        }
        guard let symbol = Symbol.byBytes[Int(peek())], !isForeign() else { return false }
        position += 1
        if case .hole(let brackets) = modes.last {
            let change = symbol.closing != nil ? 1 : symbol.isClosing ? -1 : 0
            modes[modes.count - 1] = .hole(brackets: max(0, brackets + change))
        }
        emit(.symbol(symbol), from: start)
        return true
    }

    // MARK: Habits from other languages

    /// `&&` and `||` of C.
    private func isForeign() -> Bool {
        (peek() == UInt8(ascii: "&") || peek() == UInt8(ascii: "|")) && peek() == peek(1)
    }

    /// Reports a character or an operator that PDL does not have. Where its meaning is plain, reading goes on with what was meant.
    private mutating func readForeign() {
        let start = position
        switch bytes[position] {
        case UInt8(ascii: "&"), UInt8(ascii: "|"):
            position += 2
            let keyword: Keyword = bytes[start] == UInt8(ascii: "&") ? .and : .or
            diagnostics.append(.foreignOperator(keyword.rawValue, at: span(from: start)))
            emit(.keyword(keyword), from: start)
        case UInt8(ascii: "!"):
            position += 1
            diagnostics.append(.foreignOperator("not", at: span(from: start)))
            emit(.keyword(.not), from: start)
        case UInt8(ascii: ";") where modes.isEmpty:
            position += 1
            let rest = bytes[position...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "#") }
            let isLast = rest.allSatisfy { $0 == UInt8(ascii: " ") }
            diagnostics.append(.semicolon(at: span(from: start), isLast: isLast))
            emit(.endOfStatement, from: start)
        default:
            readUnknown()
        }
    }

    /// A run of characters that begin no token is one mistake. Bytes that are not UTF-8 were reported for the whole file.
    private mutating func readUnknown() {
        let start = position
        var isText = true
        repeat {
            let next = scalar()
            isText = isText && next != nil
            position += next?.1 ?? 1
        } while position < bytes.count && beginsNothing()
        if isText { diagnostics.append(.invalidCharacter(at: span(from: start))) }
        emit(.invalid, from: start)
    }

    private func beginsNothing() -> Bool {
        guard let (next, _) = scalar() else { return true }
        if !next.isASCII { return !startsWord(next) }
        return !continuesWord(next) && !"\n\r\t \"#!;".unicodeScalars.contains(next)
            && Symbol.byBytes[Int(next.value)] == nil
    }
}

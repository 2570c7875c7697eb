import Source

extension Lexer {
    /// `1_000`, `0xff`, `1e-6`, `0.5`, `2i`. A point belongs to the number only when a digit follows, so that `1..n` is a range, and never
    /// after another point, so that `t.0.1` is a member of a member.
    mutating func readNumber() {
        let start = position
        var kind = Token.Kind.integer
        let isHexadecimal = peek() == UInt8(ascii: "0") && peek(1) == UInt8(ascii: "x")
        if isHexadecimal {
            position += 2
            skipDigits(isHexDigit)
        } else {
            skipDigits(isDigit)
            if tokens.last?.kind != .symbol(.dot) {
                if readFraction() { kind = .float }
                if peek() == UInt8(ascii: "i") {
                    position += 1
                    kind = .imaginary
                }
            }
        }
        let end = position
        skipWordCharacters()
        let digits = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
        if position > end || bytes[position - 1] == UInt8(ascii: "_") || (isHexadecimal && digits.count == 2) {
            diagnostics.append(.badNumber(at: span(from: start)))
            kind = .invalid
        } else if kind == .integer, !fits(digits, isHexadecimal) {
            diagnostics.append(.numberTooLarge(at: span(from: start)))
            kind = .invalid
        }
        emit(kind, from: start)
    }

    /// Reads a fraction, an exponent, or both; false when there is neither.
    private mutating func readFraction() -> Bool {
        var found = false
        if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
            position += 1
            skipDigits(isDigit)
            found = true
        }
        let hasSign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        if peek() | 0x20 == UInt8(ascii: "e"), isDigit(peek(hasSign ? 2 : 1)) {
            position += hasSign ? 2 : 1
            skipDigits(isDigit)
            found = true
        }
        return found
    }

    /// Digits with single underscores between them.
    private mutating func skipDigits(_ isDigit: (UInt8) -> Bool) {
        while isDigit(peek()) || (peek() == UInt8(ascii: "_") && isDigit(peek(1))) { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }

    private func fits(_ digits: [UInt8], _ isHexadecimal: Bool) -> Bool {
        let text = String(decoding: isHexadecimal ? digits.dropFirst(2) : digits[...], as: UTF8.self)
        return UInt64(text, radix: isHexadecimal ? 16 : 10) != nil
    }
}

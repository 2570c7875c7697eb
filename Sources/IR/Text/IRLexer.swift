import Source

/// A token of the text form. A line end is one: it ends a node.
enum IRToken: Equatable {
    /// `%12`
    case value(Int)
    case word(String)
    /// As it is written: `-0.25`, `1e-06`, `-inf`.
    case number(String)
    case quoted(String)
    /// `..` or one character.
    case mark(String)
    case lineEnd
    case end

    /// How a message shows it.
    var shown: String {
        switch self {
        case .value(let id): "'%\(id)'"
        case .word(let text), .number(let text), .mark(let text): "'\(text)'"
        case .quoted: "a text"
        case .lineEnd: "the end of the line"
        case .end: "the end of the file"
        }
    }
}

/// Cuts the text form into tokens. `#` begins a comment.
struct IRLexer {
    private let file: SourceFile
    private var position = 0

    static func tokens(of file: SourceFile) throws(Diagnostic) -> [(token: IRToken, span: Span)] {
        var lexer = IRLexer(file: file)
        var tokens: [(token: IRToken, span: Span)] = []
        repeat {
            lexer.skipBlanks()
            let start = lexer.position
            let token = try lexer.next()
            tokens.append((token, Span(file, start, lexer.position)))
        } while tokens.last?.token != .end
        return tokens
    }

    private init(file: SourceFile) { self.file = file }

    private func byte(_ offset: Int = 0) -> UInt8? {
        position + offset < file.text.count ? file.text[position + offset] : nil
    }

    private mutating func skipBlanks() {
        while let current = byte() {
            if current == UInt8(ascii: "#") {
                while let inside = byte(), inside != UInt8(ascii: "\n") { position += 1 }
            } else if current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") || current == UInt8(ascii: "\r") {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func take(while accept: (UInt8) -> Bool) -> String {
        let start = position
        while let current = byte(), accept(current) { position += 1 }
        return String(decoding: file.text[start..<position], as: UTF8.self)
    }

    private mutating func next() throws(Diagnostic) -> IRToken {
        guard let first = byte() else { return .end }
        let start = position
        switch first {
        case UInt8(ascii: "\n"):
            position += 1
            return .lineEnd
        case UInt8(ascii: "\""): return try quoted()
        case UInt8(ascii: "%") where byte(1)?.isDigit ?? false:
            position += 1
            let digits = take { $0.isDigit }
            guard let id = Int(digits), id < 1 << 24 else {
                throw .irUnreadable("%\(digits)", at: Span(file, start, position))
            }
            return .value(id)
        case UInt8(ascii: ".") where byte(1) == UInt8(ascii: "."):
            position += 2
            return .mark("..")
        case UInt8(ascii: "-"): return .number(number())
        case _ where first.isDigit: return .number(number())
        case _ where first.isLetter: return .word(take { $0.isLetter || $0.isDigit })
        default:
            position += 1
            guard first < 0x80 else { throw .irUnreadable("a character", at: Span(file, start, position)) }
            return .mark(String(UnicodeScalar(first)))
        }
    }

    /// A sign, then digits with a point and an exponent, or `inf`.
    private mutating func number() -> String {
        var text = ""
        if byte() == UInt8(ascii: "-") {
            text = "-"
            position += 1
        }
        text += take { $0.isDigit || $0.isLetter }
        if byte() == UInt8(ascii: "."), byte(1)?.isDigit ?? false {
            position += 1
            text += "." + take { $0.isDigit || $0.isLetter }
        }
        if text.hasSuffix("e"), let sign = byte(), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            position += 1
            text += (sign == UInt8(ascii: "-") ? "-" : "+") + take { $0.isDigit }
        }
        return text
    }

    private mutating func quoted() throws(Diagnostic) -> IRToken {
        let start = position
        position += 1
        var bytes: [UInt8] = []
        while let current = byte(), current != UInt8(ascii: "\n") {
            position += 1
            if current == UInt8(ascii: "\"") { return .quoted(String(decoding: bytes, as: UTF8.self)) }
            guard current == UInt8(ascii: "\\") else {
                bytes.append(current)
                continue
            }
            guard let scalar = escape() else { break }
            bytes += Array(String(Character(scalar)).utf8)
        }
        throw .irUnreadable("a text", at: Span(file, start, position))
    }

    /// What stands after a backslash; nil: no such escape.
    private mutating func escape() -> Unicode.Scalar? {
        guard let kind = byte() else { return nil }
        position += 1
        switch kind {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(kind)
        case UInt8(ascii: "u") where byte() == UInt8(ascii: "{"):
            position += 1
            let digits = take { $0 != UInt8(ascii: "}") && $0 != UInt8(ascii: "\n") }
            position += byte() == UInt8(ascii: "}") ? 1 : 0
            return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
        default: return nil
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    fileprivate var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 || self == UInt8(ascii: "_") }
}

import Source
import Syntax

/// What stands before an offset, in tokens: for completion and for help with calls, of text that is only half written.
struct Cursor {
    /// Where the word begins that ends at the offset.
    let start: Int
    /// The word before the point before that word: `b.` of `b.ma`.
    let followsPoint: Bool
    /// Whether the offset stands in a comment, or in the characters of a text.
    let isInText: Bool
    /// The path of an `import "` that is being written.
    let isImport: Bool
    /// The calls around, innermost last: the function's name, and how many commas stand before the offset.
    let calls: [(name: String, commas: Int)]

    init(_ file: SourceFile, at offset: Int) {
        var start = min(offset, file.text.count)
        let end = start
        while start > 0, Self.isWord(file.text[start - 1]) { start -= 1 }
        self.start = start
        let (tokens, _) = tokenize(file)
        let before = tokens.filter {
            $0.end <= start && !$0.isTrivia && $0.kind != .endOfStatement && $0.kind != .endOfFile
        }
        let isJoined = before.last.map { $0.end == start } ?? false
        followsPoint = isJoined && before.last?.kind == .symbol(.dot)
        let around = tokens.last { $0.start < end && end <= $0.end }?.kind
        switch around {
        case .comment, .text, .openQuote, .format: isInText = true
        default: isInText = false
        }
        let quote = before.lastIndex { $0.kind == .openQuote }
        isImport = isInText && quote.map { $0 > 0 && before[$0 - 1].kind == .keyword(.import) } == true
        calls = Self.calls(file, before)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func calls(_ file: SourceFile, _ tokens: [Token]) -> [(name: String, commas: Int)] {
        var open: [(name: String?, commas: Int)] = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .symbol(.leftParenthesis):
                let isCall = index > 0 && tokens[index - 1].kind == .identifier
                let isDeclared = index > 1 && tokens[index - 2].kind == .keyword(.fn)
                open.append((isCall && !isDeclared ? text(file, tokens[index - 1]) : nil, 0))
            case .symbol(.leftBracket), .symbol(.leftBrace), .openHole: open.append((nil, 0))
            case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace), .closeHole:
                _ = open.popLast()
            case .symbol(.comma) where !open.isEmpty: open[open.count - 1].commas += 1
            // No call goes on behind these words.
            case .keyword(.let), .keyword(.var), .keyword(.fn), .keyword(.param): open = []
            default: break
            }
        }
        return open.compactMap { call in call.name.map { ($0, call.commas) } }
    }

    private static func text(_ file: SourceFile, _ token: Token) -> String { Span(file, token.start, token.end).text }
}

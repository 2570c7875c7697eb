import Source

/// The program in the canonical style, or what keeps it from being read.
///
/// Words, comments and the author's line breaks stay; blanks, indentation and empty lines are made regular:
/// * four spaces a level; a statement's further lines stand one level in;
/// * one space around an operator, but none around an arithmetic one that the author wrote without, nor around `..`;
/// * a blank behind a comma, but none where the author wrote none inside `[ ]`;
/// * comments at the end of lines stand in one column, as far as there is no empty line between them: the author's, if there is room;
/// * one empty line at most, and none at the edges of a block or of the file; `else` and `{` on the line of what they belong to.
///
/// `format(format(x)) == format(x)`, and both have the same tree.
public func format(_ file: SourceFile) -> (text: String?, diagnostics: [Diagnostic]) {
    let diagnostics = parse(file).diagnostics
    if diagnostics.contains(where: { $0.severity == .error }) { return (nil, diagnostics) }
    var formatter = Formatter(file)
    formatter.layOut(tokenize(file).tokens)
    return (formatter.text(), diagnostics)
}

/// Lays out one line after the other.
private struct Formatter {
    let file: SourceFile
    var lines: [Line] = []
    var open: [Bracket] = []
    /// Whether the line before did not end its statement, and whether an operand ended it.
    var isContinued = false
    var followsOperand = false

    struct Line {
        var level: Int
        var code: String
        var comment: String?
        /// Where the comment began in the source: characters before it on its line.
        var commentColumn = 0
        var isEmpty: Bool { code.isEmpty && comment == nil }
        /// Characters, with the indentation.
        var width: Int { 4 * level + code.unicodeScalars.count }
    }

    struct Bracket {
        var symbol: Symbol
        /// Of the lines that it closes on.
        var level: Int
        /// The brace of a record: its lines are fields, none of which continues another.
        var isRecord: Bool
    }

    init(_ file: SourceFile) { self.file = file }

    mutating func layOut(_ tokens: [Token]) {
        var rest = tokens.dropLast()[...]
        while !rest.isEmpty {
            let end = rest.firstIndex { $0.kind == .lineBreak || $0.kind == .endOfStatement }
            let line = rest[..<(end ?? rest.endIndex)]
            append(line.filter { $0.kind != .comment }, comment: line.last { $0.kind == .comment })
            if let end, tokens[end].kind == .endOfStatement {
                isContinued = false
                followsOperand = false
            }
            rest = rest[((end ?? rest.endIndex - 1) + 1)...]
        }
    }

    private mutating func append(_ tokens: [Token], comment commentToken: Token?) {
        let comment = commentToken.map { trimmed(Span(file, $0.start, $0.end).text) }
        guard let first = tokens.first else {
            lines.append(Line(level: comment == nil ? 0 : innerLevel, code: "", comment: comment))
            return
        }
        let belongsBefore = first.kind == .keyword(.else) || first.kind == .symbol(.leftBrace)
        if belongsBefore, let before = lines.lastIndex(where: { !$0.isEmpty }), lines[before].comment == nil {
            lines.removeSubrange((before + 1)...)
            lines[before].code += " " + code(of: tokens, level: lines[before].level)
            lines[before].comment = comment
        } else {
            let level = level(ofLineWith: first, belongsBefore: belongsBefore)
            lines.append(Line(level: level, code: code(of: tokens, level: level), comment: comment))
        }
        if let commentToken { lines[lines.count - 1].commentColumn = file.position(of: commentToken.start).column - 1 }
        isContinued = tokens.last?.kind != .symbol(.leftBrace)
    }

    private func trimmed(_ comment: String) -> String {
        var characters = Array(comment.unicodeScalars)
        while let last = characters.last, last.properties.isWhitespace { characters.removeLast() }
        return String(String.UnicodeScalarView(characters))
    }

    // MARK: Indentation

    /// The level of what stands inside the innermost bracket.
    private var innerLevel: Int { (open.last?.level ?? -1) + 1 }

    private func level(ofLineWith first: Token, belongsBefore: Bool) -> Int {
        if case .symbol(let symbol) = first.kind, symbol.isClosing { return open.last?.level ?? 0 }
        let isInBlock = open.last.map { $0.symbol == .leftBrace && !$0.isRecord } ?? true
        return innerLevel + (isInBlock && isContinued && !belongsBefore ? 1 : 0)
    }

    /// The words of a line with the blanks between them; follows the brackets.
    private mutating func code(of tokens: [Token], level: Int) -> String {
        let isRecord = tokens.first?.kind == .keyword(.record)
        let depth = open.count
        var code = ""
        var before: Piece?
        for word in pieces(of: tokens) {
            let piece = Piece(
                word.token, in: open.last?.symbol, tight: word.isTight,
                followsOperand: before?.endsOperand ?? followsOperand)
            if let before, before.isSpaced(from: piece) { code += " " }
            code += Span(file, word.token.start, word.end).text
            if case .symbol(let symbol) = word.token.kind {
                if symbol.isClosing { _ = open.popLast() }
                if symbol.closing != nil {
                    // Behind the last line of a header, a block stands where the header does.
                    let level = open.count < depth ? innerLevel : level
                    open.append(Bracket(symbol: symbol, level: level, isRecord: isRecord))
                }
            }
            before = piece
        }
        followsOperand = before?.endsOperand ?? false
        return code
    }

    /// The words of a line: its tokens, with a whole text taken as one. `isTight`: no blank stood on either side.
    private func pieces(of tokens: [Token]) -> [(token: Token, end: Int, isTight: Bool)] {
        var words: [(token: Token, end: Int, isTight: Bool)] = []
        var texts = 0
        for token in tokens {
            if texts > 0 {
                words[words.count - 1].end = token.end
            } else {
                words.append((token, token.end, false))
            }
            if token.kind == .openQuote { texts += 1 }
            if token.kind == .closeQuote { texts -= 1 }
        }
        for index in words.indices.dropFirst().dropLast() {
            words[index].isTight =
                words[index - 1].end == words[index].token.start && words[index].end == words[index + 1].token.start
        }
        return words
    }

    // MARK: Text

    /// The lines as text, empty ones where they may be.
    func text() -> String {
        var kept: [Line] = []
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                if kept.last.map({ $0.isEmpty || $0.code.hasSuffix("{") }) ?? true { continue }
                guard let next = lines[index...].first(where: { !$0.isEmpty }), !next.code.hasPrefix("}") else {
                    continue
                }
            }
            kept.append(line)
        }
        return kept.split(omittingEmptySubsequences: false, whereSeparator: \.isEmpty)
            .map(paragraph).joined(separator: "\n")
    }

    /// Lines without an empty one between them; the comments behind code stand in one column.
    private func paragraph(_ lines: ArraySlice<Line>) -> String {
        let commented = lines.filter { $0.comment != nil && !$0.code.isEmpty }
        let written = Set(commented.map(\.commentColumn))
        let least = (commented.map(\.width).max() ?? 0) + 2
        let column = written.count == 1 ? max(least, written.first ?? 0) : least
        return lines.map { line in
            let indentation = String(repeating: " ", count: 4 * line.level)
            guard let comment = line.comment else { return indentation + line.code + "\n" }
            let gap = line.code.isEmpty ? "" : String(repeating: " ", count: column - line.width)
            return indentation + line.code + gap + comment + "\n"
        }.joined()
    }
}

/// A word and what it says about the blanks beside it.
private struct Piece {
    enum Side {
        /// Never a blank.
        case glued
        /// A blank, unless the neighbour is glued.
        case spaced
        /// No blank, unless the neighbour wants one.
        case tight
        case free
    }

    let left: Side
    let right: Side
    private let isOpenBrace: Bool
    private let isCloseBrace: Bool
    let endsOperand: Bool

    /// `bracket` is the innermost one around the word.
    init(_ token: Token, in bracket: Symbol?, tight: Bool, followsOperand: Bool) {
        isOpenBrace = token.kind == .symbol(.leftBrace)
        isCloseBrace = token.kind == .symbol(.rightBrace)
        endsOperand = token.endsOperand || token.kind == .openQuote
        (left, right) =
            switch token.kind {
            case .symbol(let symbol): Piece.sides(of: symbol, in: bracket, tight: tight, followsOperand: followsOperand)
            case .keyword(.and), .keyword(.or): followsOperand ? (.spaced, .spaced) : (.free, .free)
            case .keyword(.by): (.spaced, .spaced)
            case .keyword(.true), .keyword(.false): (.free, .free)
            case .keyword: (.free, .spaced)
            default: (.free, .free)
            }
    }

    private static func sides(
        of symbol: Symbol, in bracket: Symbol?, tight: Bool, followsOperand: Bool
    ) -> (Side, Side) {
        switch symbol {
        case .leftParenthesis, .leftBracket: (followsOperand ? .tight : .free, .glued)
        case .rightParenthesis, .rightBracket: (.glued, .free)
        case .leftBrace: (.spaced, .spaced)
        case .rightBrace: (.spaced, .free)
        case .comma: (.glued, tight && bracket == .leftBracket ? .tight : .spaced)
        // `/n:cyclic`, but `n: i64` and `axis: 0`.
        case .colon: (.glued, bracket == .leftBracket ? .glued : .spaced)
        case .dot: (.glued, .glued)
        case .range: (.tight, .tight)
        case .plus, .minus, .star, .slash, .doubleSlash, .percent, .at, .power, .shiftLeft, .shiftRight, .ampersand,
            .verticalBar, .caret, .tilde:
            !followsOperand ? (.free, .tight) : tight ? (.tight, .tight) : (.spaced, .spaced)
        default: (.spaced, .spaced)
        }
    }

    func isSpaced(from next: Piece) -> Bool {
        if isOpenBrace, next.isCloseBrace { return false }
        if right == .glued || next.left == .glued { return false }
        if right == .spaced || next.left == .spaced { return true }
        return right != .tight && next.left != .tight
    }
}

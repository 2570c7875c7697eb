import Source

/// Decides which line ends end a statement, and marks them `endOfStatement`.
///
/// A line end does so unless it stands inside `(` or `[`, follows a token after which something must come (an operator, a comma, an
/// opening bracket), or is followed by one that continues what came before (`|>`, `else`, `{`, an operator that starts no expression).
/// A keyword that only starts statements always starts one: what is still open before it was forgotten.
func markStatementEnds(_ file: SourceFile, _ tokens: inout [Token]) {
    var open: [Symbol] = []
    var previous: Token?
    var pending: Int?
    for index in tokens.indices {
        let token = tokens[index]
        switch token.kind {
        case .comment: continue
        case .lineBreak:
            pending = pending ?? index
            continue
        case .endOfStatement:
            // A `;`, which ends nothing inside parentheses.
            if let innermost = open.last, innermost != .leftBrace { tokens[index].kind = .invalid }
            previous = nil
            pending = nil
            continue
        default: break
        }
        if let lineEnd = pending, let before = previous {
            if token.startsStatement { leaveParentheses(&open) }
            let isInside = open.last == .leftParenthesis || open.last == .leftBracket
            let isContinued = !token.startsStatement && (before.wantsMore(before: token) || token.continuesLine)
            if !isInside, !isContinued, before.kind != .symbol(.leftBrace) {
                tokens[lineEnd].kind = .endOfStatement
            }
        }
        if case .symbol(let symbol) = token.kind { track(symbol, &open) }
        // A text was broken off by the line's end, and with it whatever the line had opened.
        if token.kind == .invalid, token.start == token.end { leaveParentheses(&open) }
        previous = token
        pending = nil
    }
}

private func leaveParentheses(_ open: inout [Symbol]) {
    while let last = open.last, last != .leftBrace { open.removeLast() }
}

/// Keeps the stack of open brackets. A closing one that does not match the innermost closes it all the same, and the next too where
/// that is the one that it matches; but it never leaves a block.
private func track(_ symbol: Symbol, _ open: inout [Symbol]) {
    if symbol.closing != nil {
        open.append(symbol)
    } else if symbol == .rightBrace {
        leaveParentheses(&open)
        _ = open.popLast()
    } else if symbol.isClosing, let innermost = open.last, innermost != .leftBrace {
        open.removeLast()
        if innermost.closing != symbol, open.last?.closing == symbol { open.removeLast() }
    }
}

extension Token {
    fileprivate var startsStatement: Bool {
        if case .keyword(let keyword) = kind { keyword.onlyStartsStatements } else { false }
    }

    /// Whether a statement cannot end with this token. At the end of a block it does, if by mistake; only a list may end with a comma.
    fileprivate func wantsMore(before next: Token) -> Bool {
        switch kind {
        case .symbol(.comma): true
        case _ where next.kind == .symbol(.rightBrace): false
        case .symbol(let symbol): !symbol.isClosing
        case .keyword(let keyword): [.and, .or, .not, .in, .by, .else, .for, .if, .scattered].contains(keyword)
        default: false
        }
    }

    /// Whether no statement can start with this token.
    fileprivate var continuesLine: Bool {
        switch kind {
        case .symbol(.minus): false
        case .symbol(.leftBrace), .keyword(.else): true
        default: binaryOperator != nil
        }
    }
}

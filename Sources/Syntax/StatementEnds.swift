import Source

/// Decides which line ends end a statement, and marks them `endOfStatement`.
///
/// A line end does so unless it stands inside `(` or `[`, follows a token after which something must come (an operator, a comma, an
/// opening bracket), or is followed by one that continues what came before (`|>`, `else`, `{`, `=`, an operator, a clause of an
/// assignment). A minus does so before a blank, `- x`; `-x` may be the value of a block.
/// A keyword that only starts statements always starts one: what is still open before it was forgotten.
func markStatementEnds(_ file: SourceFile, _ tokens: inout [Token]) {
    var open: [Symbol] = []
    var clauses = Clauses()
    var previous: Token?
    var pending: Int?
    for index in tokens.indices {
        let token = tokens[index]
        switch token.kind {
        case .comment: continue
        case .lineBreak:
            pending = pending ?? index
            continue
        case .endOfStatement:  // A `;`, which ends nothing inside parentheses.
            if isInParentheses(open) { tokens[index].kind = .invalid }
            (previous, pending, clauses) = (nil, nil, Clauses())
            continue
        default: break
        }
        if let lineEnd = pending, let before = previous {
            if token.startsStatement { leaveParentheses(&open) }
            let next = tokens[min(index + 1, tokens.count - 1)]
            let isContinued =
                isInParentheses(open) || before.kind == .symbol(.leftBrace)
                || !token.startsStatement
                    && (before.wantsMore(before: token) || token.continuesLine(after: before, before: next)
                        || clauses.goOn(with: tokens[index...]))
            if !isContinued {
                tokens[lineEnd].kind = .endOfStatement
                clauses = Clauses()
            }
        }
        if !isInParentheses(open) { clauses.note(token) }
        if case .symbol(let symbol) = token.kind { track(symbol, &open) }
        // A text was broken off by the line's end, and with it whatever the line had opened.
        if token.kind == .invalid, token.start == token.end { leaveParentheses(&open) }
        previous = token
        pending = nil
    }
}

private func isInParentheses(_ open: [Symbol]) -> Bool { open.last.map { $0 != .leftBrace } ?? false }

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
    fileprivate func continuesLine(after previous: Token, before next: Token) -> Bool {
        switch kind {
        case .symbol(.minus): previous.endsOperand && next.start > end
        case .symbol(.leftBrace), .symbol(.arrow), .symbol(.fatArrow), .keyword(.else), .keyword(.by): true
        default: binaryOperator != nil || assignmentOperator != nil
        }
    }
}

/// What a statement has of `a[i] = x for i in r if c`, and so which clause may stand on its next line.
private struct Clauses {
    private var hasAssignment = false
    private var hasFor = false

    mutating func note(_ token: Token) {
        switch token.kind {
        case .symbol(.leftBrace), .symbol(.rightBrace): self = Clauses()
        case .keyword(.for): hasFor = hasAssignment
        default: if token.assignmentOperator != nil { hasAssignment = true }
        }
    }

    /// Whether the line that begins with these tokens is a clause: a loop or a choice of its own has a block.
    func goOn(with tokens: ArraySlice<Token>) -> Bool {
        switch tokens.first?.kind {
        case .keyword(.for): hasAssignment && !hasBlock(tokens)
        case .keyword(.if): hasFor && !hasBlock(tokens)
        default: false
        }
    }

    private func hasBlock(_ tokens: ArraySlice<Token>) -> Bool {
        var open: [Symbol] = []
        var previous = tokens[tokens.startIndex]
        var startsLine = false
        for (token, next) in zip(tokens.dropFirst(), tokens.dropFirst(2)) where token.kind != .comment {
            if token.kind == .lineBreak {
                startsLine = true
                continue
            }
            if open.isEmpty {
                if token.kind == .symbol(.leftBrace) { return true }
                let goesOn = previous.wantsMore(before: token) || token.continuesLine(after: previous, before: next)
                if token.kind == .symbol(.rightBrace) || token.kind == .endOfStatement || startsLine && !goesOn {
                    return false
                }
            }
            if case .symbol(let symbol) = token.kind { track(symbol, &open) }
            previous = token
            startsLine = false
        }
        return false
    }
}

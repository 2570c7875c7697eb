import Source

// What can be wrong with the text of a program.

// MARK: Words

extension Diagnostic {
    static func notUTF8(at span: Span) -> Diagnostic {
        Diagnostic(#function, "the file is not UTF-8 text from here on", at: span)
    }

    static func invalidCharacter(at span: Span) -> Diagnostic {
        let hint = span.text.hasPrefix("'") ? [Note("a text stands between double quotes: \"...\"")] : []
        return Diagnostic(#function, "`\(span.text)` has no meaning in PDL", at: span, notes: hint)
    }

    static func foreignOperator(_ keyword: String, at span: Span) -> Diagnostic {
        let replacement = keyword == "not" ? "not " : keyword
        return Diagnostic(
            #function, "`\(span.text)` is written `\(keyword)` in PDL", at: span,
            fixIts: [FixIt("write `\(keyword)`", replace: span, with: replacement)])
    }

    static func semicolon(at span: Span, isLast: Bool) -> Diagnostic {
        Diagnostic(
            #function, "a statement ends at the end of its line, not with `;`", at: span,
            fixIts: [FixIt(isLast ? "remove it" : "begin a new line", replace: span, with: isLast ? "" : "\n")])
    }

    static func badNumber(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(span.text)` is not a number", at: span,
            notes: [Note("numbers are written 42, 1_000, 0xff, 0.5, 1e-6, 2.5e3, imaginary ones 2i, 0.5i")])
    }

    static func numberTooLarge(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the integer \(span.text) does not fit 64 bits", at: span,
            notes: [Note("the largest u64 is 18446744073709551615; write a point or an exponent for a float")])
    }

    static func unterminatedText(at span: Span) -> Diagnostic {
        Diagnostic(#function, "this text has no closing quote on its line", at: span)
    }

    static func unknownEscape(at span: Span) -> Diagnostic {
        let backslash = Span(span.file, span.start, span.start + 1)
        return Diagnostic(
            #function, "a backslash stands before one of n t \\ \" { }", at: backslash,
            fixIts: [FixIt("write `\\\\` for a backslash", replace: backslash, with: "\\\\")])
    }

    static func strayBraceInText(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a `}` without a `{` before it", at: span,
            fixIts: [FixIt("write `\\}` for a brace", replace: span, with: "\\}")])
    }

    static func badFormat(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(span.text.dropFirst())` is not a format", at: span,
            notes: [Note("formats are .6 (digits after the point), .6e (with an exponent), 8 (width), 8.3 (both)")])
    }
}

// MARK: Structure

extension Diagnostic {
    static func unexpectedToken(_ found: String, expected: String, at span: Span, hint: String?) -> Diagnostic {
        Diagnostic(
            #function, "expected \(expected), found \(found)", at: span, notes: hint.map { [Note($0)] } ?? [])
    }

    static func reservedWord(_ word: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(word)` is a word of the language and cannot be a name", at: span)
    }

    static func unclosedBracket(_ bracket: Symbol, openedAt opener: Span, found: String, at span: Span) -> Diagnostic {
        let closing = bracket.closing.map { " with `\($0.rawValue)`" } ?? ""
        return Diagnostic(
            #function, "this `\(bracket.rawValue)` is not closed\(closing)", at: opener,
            notes: [Note("\(found) comes first", at: span)])
    }

    static func emptyHole(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "this hole is empty", at: span,
            fixIts: [FixIt("write `\\{\\}` for two braces", replace: span, with: "\\{\\}")])
    }

    static func nestingTooDeep(limit: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "more than \(limit) expressions or blocks stand inside one another here", at: span,
            notes: [Note("name the value of an inner expression with `let`")])
    }
}

// MARK: Expressions

extension Diagnostic {
    static func chainedComparison(_ middle: Expression, operatorSpan: Span, at span: Span) -> Diagnostic {
        let text = middle.span.text
        let insertion = Span(span.file, middle.span.end, middle.span.end)
        return Diagnostic(
            #function, "comparisons do not chain: write `a < b and b < c`", at: operatorSpan,
            notes: [Note("the first comparison is here", at: span)],
            fixIts: [FixIt("compare `\(text)` twice", replace: insertion, with: " and \(text)")])
    }

    static func missingElse(at span: Span) -> Diagnostic {
        Diagnostic(#function, "an `if` that is a value needs an `else`", at: span)
    }

    static func localNeedsCall(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`local` stands before a call or a block: `local sum(a)`, `local { ... }`", at: span)
    }

    static func looseRangeBound(_ bound: Expression) -> Diagnostic {
        let text = bound.span.text
        return Diagnostic(
            #function, "`\(text)` needs parentheses as the bound of a range", at: bound.span,
            fixIts: [FixIt("put it in parentheses", replace: bound.span, with: "(\(text))")])
    }

    static func generatorNeedsBrackets(_ value: Span, generator: Span) -> Diagnostic {
        let whole = value.joined(generator)
        return Diagnostic(
            #function, "`for` makes an array only inside brackets", at: generator,
            fixIts: [FixIt("put it in brackets", replace: whole, with: "[\(whole.text)]")])
    }
}

// MARK: Statements and types

extension Diagnostic {
    static func notAssignable(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "only a variable, its fields and elements can be assigned to", at: span,
            notes: [
                Note(
                    "as in `x = 1.0`, `x += 1.0`, `v[i] = 0.0 for i in 0..n`, `v[2..5] = 0.0`, `b.x = 1.0` and `b[i].x = 1.0`"
                )
            ])
    }

    /// `isCalled`: written `print(x)`.
    static func printNeedsText(_ value: Expression, isCalled: Bool) -> Diagnostic {
        let text = value.asText.map { (isCalled ? " " : "") + "\"\($0)\"" }
        return Diagnostic(
            #function, "`print` takes a text, with values in braces", at: value.span,
            fixIts: text.map { [FixIt("make it a text", replace: value.span, with: $0)] } ?? [])
    }

    static func prefixedText(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "every text has holes, `\"x = {x}\"`, without a letter before it", at: span,
            fixIts: [FixIt("leave the letter out", replace: span, with: "")])
    }

    static func textWithoutHoles(at span: Span) -> Diagnostic {
        Diagnostic(#function, "the path of an `import` is plain text, without holes", at: span)
    }

    static func missingTypeOfParam(_ name: Name) -> Diagnostic {
        Diagnostic(
            #function, "`param \(name.text)` needs a type", at: name.span,
            notes: [Note("it is given on the command line, as in `param \(name.text): i64 = 16`")])
    }
}

extension Expression {
    /// What shows it inside a text: a text itself, several values side by side, or a hole. nil: a quote inside a hole would need no escape,
    /// but is hard to read.
    fileprivate var asText: String? {
        switch kind {
        case .string: return String(span.text.drop { $0 != "\"" }.dropFirst().dropLast())
        case .parenthesized(let inner): return inner.asText
        case .tuple(let parts):
            let texts = parts.compactMap(\.asText)
            return texts.count == parts.count ? texts.joined(separator: " ") : nil
        default: return span.text.contains("\"") ? nil : "{\(span.text)}"
        }
    }
}

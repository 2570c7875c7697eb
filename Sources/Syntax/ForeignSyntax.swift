// How Python and C write things: hints where the parser did not expect a token.

extension Parser {
    /// What the programmer may have had in mind at the current token, which is not the expected one.
    func foreignHint(expected: String) -> String? {
        let before = index > 0 ? span(of: tokens[index - 1]).text : ""
        if token.kind == .identifier || token.kind == .openQuote, let hint = hint(after: before) { return hint }
        switch token.kind {
        case .symbol(.colon) where expected.contains("`]`") || before == "[" || before == ":":
            return "a slice is written `a[1..3]`, with a step `a[0..n by 2]`"
        case .symbol(.colon) where expected.contains("`{`"): return "a block stands between braces: `if x > 0 { ... }`"
        case .symbol(.assign) where expected.contains("`)`"):
            return "an argument's name is followed by a colon: `axis: 0`"
        case .keyword(.if) where expected == Self.endOfLine:
            return "a choice of values is written `if c { a } else { b }`"
        case .symbol(.comma) where expected == "`in`":
            return "one name runs: the index of several arrays, `for i in 0..size(a)`, with `a[i]` and `b[i]`"
        case .symbol(.leftBrace) where before.first?.isUppercase == true:
            return "a record is made by a call: `\(before)(x: 1.0, y: 2.0)`"
        case .keyword(.var): return "the variance is `variance(x)` of the library: `import \"stats\"`"
        case .symbol(.comma)
        where expected == "`{`" && (peek().kind == .keyword(.for) || peek(2).kind == .keyword(.in)):
            return "a loop has one range: write one loop in the other; an assignment has several, "
                + "`m[i, j] = E for i in 0..n, j in 0..m`"
        case .keyword(.for) where before == "," || expected.contains("`,` or"):
            return "one `for` stands before all ranges: `for i in 0..n, j in 0..m`"
        case .symbol(.assign) where before == "..": return "a range ends before its second number: `1..4` is 1, 2, 3"
        case .symbol(.plus), .symbol(.minus):
            return before == span(of: token).text ? "it is written `i \(before)= 1`" : nil
        case .symbol(.fatArrow): return "a function is put in parentheses here: `x |> (t => t * t)`"
        case .symbol(.comma) where before == "\"": return "values stand in the text: `print \"sum = {sum(x)}\"`"
        default: return nil
        }
    }

    static let endOfLine = "the end of the line"

    private func hint(after word: String) -> String? {
        switch word {
        case "def", "function", "func": "a function is written `fn f(x) = x * x` or `fn f(x) { ... return y }`"
        case "lambda": "a function value is written `t => t * t`"
        case "const", "val": "a name is made by `let x = ...`; with `var` it can be assigned again"
        case "elif": "it is written `else if`"
        case "from": "files are brought in by `import \"file.pdl\"`"
        case "import": "builtins need no import; `import \"stats\"` brings in functions of the library"
        case "int": "types follow names: `let n: i64 = 3`"
        case "double", "float": "types follow names: `let x: f64 = 3.0`"
        default: nil
        }
    }
}

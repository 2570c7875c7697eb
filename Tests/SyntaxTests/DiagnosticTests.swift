import Foundation
import Source
import Testing

@testable import Syntax

/// Every mistake has its own answer, given once and at its place.
@Suite struct DiagnosticTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        /// `line:column id` of each diagnostic, in order.
        let expected: [String]
        init(_ text: String, _ expected: String...) {
            self.text = text
            self.expected = expected
        }
        var testDescription: String { text }
    }

    static let cases: [Case] = [
        // Words
        Case("let a = 3 $ 4", "1:11 invalidCharacter"),
        Case("let a = 'x'", "1:9 invalidCharacter", "1:11 invalidCharacter"),
        Case("if a && !b || c { }", "1:6 foreignOperator", "1:9 foreignOperator", "1:12 foreignOperator"),
        Case("let a = 1; let b = 2", "1:10 semicolon"),
        Case("f(a; b)", "1:4 semicolon"),
        Case("let a = 12abc + 0x + 1__0 + 1e", "1:9 badNumber", "1:17 badNumber", "1:22 badNumber", "1:29 badNumber"),
        Case("let a = 18446744073709551616", "1:9 numberTooLarge"),
        Case("let a = 0x1_0000_0000_0000_0000", "1:9 numberTooLarge"),
        Case("print \"abc", "1:7 unterminatedText"),
        Case("let a = f(\"abc, b)\nlet b = )", "1:11 unterminatedText", "2:9 unexpectedToken"),
        Case("print \"{a\nprint \"{f(a:\n", "1:7 unterminatedText", "2:7 unterminatedText"),
        Case("print \"a\\qb\"", "1:9 unknownEscape"),
        Case("print \"a}b\"", "1:9 strayBraceInText"),
        Case("print \"{a:x}\"", "1:10 badFormat"),
        Case("print \"{a:}{b:8e}{c:.1234}\"", "1:10 badFormat", "1:14 badFormat", "1:20 badFormat"),
        Case("print \"{}\"", "1:8 emptyHole"),
        // Structure
        Case("let a = ", "1:8 unexpectedToken"),
        Case(
            "let a = (1 + )\nlet b = * 2\nlet c = [1, , 2]", "1:14 unexpectedToken", "2:9 unexpectedToken",
            "3:13 unexpectedToken"),
        Case("f(1 +, 2 *, 3)", "1:6 unexpectedToken", "1:11 unexpectedToken"),
        Case("}\nlet a = 1\n}", "1:1 unexpectedToken", "3:1 unexpectedToken"),
        Case("let for = 1", "1:5 reservedWord"),
        Case("let a = (1 + 2\nlet b = 3", "1:9 unclosedBracket"),
        Case("let a = f(1, [2\nlet b = )", "1:14 unclosedBracket", "2:9 unexpectedToken"),
        Case("let a = [f(1]\nlet b = 2 +", "1:11 unclosedBracket", "2:12 unexpectedToken"),
        Case("fn f() {\nlet a = 1\n", "1:8 unclosedBracket"),
        Case("let a: f64[n = 3", "1:14 unexpectedToken"),
        Case("let a: part(+ f64 = 3", "1:15 unexpectedToken"),
        Case("fn f(a: ) {\nlet b = \n}\nlet c = ", "1:9 unexpectedToken", "2:8 unexpectedToken", "4:8 unexpectedToken"),
        // Expressions
        Case("assert a < b < c", "1:14 chainedComparison"),
        Case("assert a == b == c == d", "1:15 chainedComparison"),
        Case("let a = if b { 1 }", "1:9 missingElse"),
        Case("let a = local b", "1:9 localNeedsCall"),
        Case("let a = x[a < b..c]", "1:11 looseRangeBound"),
        Case("let a = x for x in b", "1:11 generatorNeedsBrackets"),
        Case("let a = x[]", "1:11 unexpectedToken"),
        Case("let a = ()", "1:10 unexpectedToken"),
        Case("let a = [1, 2 for i in b]", "1:25 unexpectedToken"),
        // Statements
        Case("f(x) = 3", "1:1 notAssignable"),
        Case("print x", "1:7 printNeedsText"),
        Case("print(\"x\")", "1:6 printNeedsText"),
        Case("print f\"x\"", "1:7 prefixedText"),
        Case("import \"a{b}\"", "1:8 textWithoutHoles"),
        Case("for i, v in x { show v }", "1:6 unexpectedToken"),
        Case("param n = 3\nparam m", "1:7 missingTypeOfParam", "2:7 missingTypeOfParam"),
        Case("let a b = 3", "1:7 unexpectedToken"),
        Case("let a = 1 2 3\nlet b = 3 4", "1:11 unexpectedToken", "2:11 unexpectedToken"),
        Case("while { }", "1:7 unexpectedToken"),
        Case("let a: (f64) = 3", "1:12 unexpectedToken"),
    ]

    @Test(arguments: cases)
    func mistakes(test: Case) {
        let (_, diagnostics) = parse(SourceFile(path: "test.pdl", test.text))
        #expect(diagnostics.map { "\($0.span.line):\($0.span.column) \($0.id)" } == test.expected)
    }

    @Test func bytesThatAreNotText() {
        let (_, diagnostics) = parse(
            SourceFile(path: "test.pdl", text: Array("let a = ".utf8) + [0xFF, 0xC0, 0x20, 0x80]))
        #expect(diagnostics.map(\.id) == ["notUTF8"])
    }

    @Test func nesting() {
        let deep = String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300)
        let tall = "let a = 1" + String(repeating: " + 1", count: 300)
        for text in [deep, tall, "let b = " + deep] {
            #expect(parse(SourceFile(path: "test.pdl", text)).diagnostics.map(\.id) == ["nestingTooDeep"])
        }
        // Many operators side by side are not deep.
        let wide = "let a = [" + String(repeating: "a + b * c, ", count: 1000) + "]"
        #expect(parse(SourceFile(path: "test.pdl", wide)).diagnostics.isEmpty)
    }

    @Test func everyFactoryIsTested() throws {
        let source = Inputs.root.appending(path: "Sources/Syntax/SyntaxDiagnostics.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        let names = text.split(separator: "static func ").dropFirst().map { $0.prefix { $0 != "(" } }
        let tested = Set(Self.cases.flatMap(\.expected).compactMap { $0.split(separator: " ").last })
            .union(["notUTF8", "nestingTooDeep"])
        #expect(Set(names) == tested)
    }

    /// The edits that the diagnostics offer mend the program.
    @Test(arguments: [
        "if a && !b || c { }", "let a = 1; let b = 2", "print \"a\\qb\"", "print \"a}b\"", "print \"{}\"",
        "assert a < b < c", "let a = x[a < b..c]", "let a = x for x in b", "print x", "print(\"x\")",
    ])
    func fixItsMend(text: String) throws {
        let file = SourceFile(path: "test.pdl", text)
        let fixIts = parse(file).diagnostics.flatMap(\.fixIts)
        try #require(!fixIts.isEmpty)
        var mended = file.text
        for fixIt in fixIts.reversed() {
            mended.replaceSubrange(fixIt.span.start..<fixIt.span.end, with: Array(fixIt.replacement.utf8))
        }
        #expect(parse(SourceFile(path: "test.pdl", text: mended)).diagnostics.isEmpty)
    }

    @Test func notTooMany() {
        let text = String(repeating: "let = 3\n", count: 10_000)
        #expect(parse(SourceFile(path: "test.pdl", text)).diagnostics.count == Parser.mostDiagnostics)
    }
}

import Source
import Testing

@Suite struct RendererTests {
    private func diagnostic(_ text: String, _ start: Int, _ end: Int, in path: String = "a.pdl") -> Diagnostic {
        Diagnostic("someMistake", "it is wrong", at: Span(SourceFile(path: path, text), start, end))
    }

    private func render(_ diagnostic: Diagnostic) -> String { DiagnosticRenderer(colour: false).render(diagnostic) }

    @Test func aPlainOne() {
        #expect(
            render(diagnostic("let a = 1\nlet b = x + y\n", 18, 23)) == """
                a.pdl:2:9: error: it is wrong [someMistake]
                  |
                2 | let b = x + y
                  |         ^^^^^

                """)
    }

    @Test func notesAndFixIts() {
        let file = SourceFile(path: "a.pdl", "let a = 1\nshow b\n")
        var mistake = Diagnostic(
            "someMistake", "it is wrong", at: Span(file, 15, 16),
            notes: [
                .init("this is near", at: Span(file, 4, 5)), .init("think again"),
            ],
            fixIts: [
                .init("use `a`", replace: Span(file, 15, 16), with: "a"),
                .init("say nothing", replace: Span(file, 10, 16), with: ""),
            ])
        mistake.severity = .warning
        #expect(
            render(mistake)
                == """
                a.pdl:2:6: warning: it is wrong [someMistake]
                  |
                2 | show b
                  |      ^
                a.pdl:1:5: note: this is near
                  |
                1 | let a = 1
                  |     ^
                  note: think again
                  help: use `a`
                2 | show a
                  |      +
                  help: say nothing
                2 | 

                """.replacing("2 | \n\n", with: "2 | \n"))
    }

    @Test func tabsAndWideText() {
        let text = render(diagnostic("\tσé = \u{7}x", 8, 10))
        #expect(text.hasSuffix("1 |     σé = \u{FFFD}x\n  |          ^^\n"))
    }

    @Test func longLinesAreCut() {
        let line = String(repeating: "a", count: 500) + "XY" + String(repeating: "b", count: 500)
        let lines = render(diagnostic(line, 500, 502)).split(separator: "\n")
        #expect(lines[2].count <= 130)
        #expect(lines[2].contains("aXYb"))
        let mark = lines[3].distance(from: lines[3].startIndex, to: lines[3].firstIndex(of: "^") ?? lines[3].startIndex)
        #expect(Array(lines[2])[mark] == "X")
        #expect(lines[3].filter { $0 == "^" }.count == 2)
    }

    @Test func severalLines() {
        let text = render(diagnostic("let a = (\n1\n)\n", 8, 13))
        #expect(text.contains("1 | let a = (\n  |         ^ to line 3\n"))
    }

    @Test func edges() {
        #expect(render(diagnostic("", 0, 0)) == "a.pdl:1:1: error: it is wrong [someMistake]\n  |\n1 | \n  | ^\n")
        #expect(render(diagnostic("a\n", 2, 2)).contains("a.pdl:2:1: "))
        #expect(render(diagnostic("ab\r\nc", 1, 2)).contains("1 | ab\n"))
        #expect(render(diagnostic("ab", 1, 99)).contains("  |  ^\n"))
    }

    @Test func colourOnlyWhenAsked() {
        let mistake = diagnostic("a", 0, 1)
        #expect(!render(mistake).contains("\u{1B}"))
        #expect(DiagnosticRenderer(colour: true).render(mistake).contains("\u{1B}[31;1merror\u{1B}[0m"))
    }

    @Test func json() {
        let file = SourceFile(path: "a\"b.pdl", "let a = 1\nshow b\n")
        let mistake = Diagnostic(
            "someMistake", "a \\ and\nb\u{1}", at: Span(file, 15, 16), notes: [.init("near", at: Span(file, 4, 5))],
            fixIts: [.init("use it", replace: Span(file, 15, 16), with: "a")])
        let json = DiagnosticRenderer(colour: false).json(mistake)
        #expect(
            json.hasPrefix(
                """
                {"id":"someMistake","severity":"error","message":"a \\\\ and\\nb\\u0001","file":"a\\"b.pdl",\
                "line":2,"column":6,"endLine":2,"endColumn":7,\
                "notes":[{"message":"near","file":"a\\"b.pdl","line":1,"column":5,"endLine":1,"endColumn":6}],\
                "fixIts":[{"message":"use it","file":"a\\"b.pdl","line":2,"column":6,"endLine":2,"endColumn":7,\
                "replacement":"a"}],"rendered":"a\\"b.pdl:2:6: error: a \\\\ and\\nb\\u0001 [someMistake]\\n
                """), "\(json)")
    }
}

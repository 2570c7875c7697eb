import Source
import Testing

@testable import Syntax

/// Whatever the bytes are: an answer, soon, about places inside the file.
@Suite struct RobustnessTests {
    private func check(_ file: SourceFile) {
        let (tokens, _) = tokenize(file)
        let areInOrder = zip(tokens, tokens.dropFirst()).allSatisfy { $0.start <= $0.end && $0.end <= $1.start }
        #expect(areInOrder && tokens.last?.end == file.text.count)

        let (program, diagnostics) = parse(file)
        let renderer = DiagnosticRenderer(colour: false)
        for diagnostic in diagnostics.prefix(5) {
            let spans = [diagnostic.span] + diagnostic.notes.compactMap(\.span) + diagnostic.fixIts.map(\.span)
            #expect(spans.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= file.text.count })
            #expect(!renderer.render(diagnostic).isEmpty && !renderer.json(diagnostic).isEmpty)
        }
        #expect(!program.statements.contains { $0.kind == .invalid } || !diagnostics.isEmpty)
        #expect(program.statements.allSatisfy { $0.span.start <= $0.span.end && $0.span.end <= file.text.count })
        if diagnostics.isEmpty { #expect(format(file).text != nil) }
    }

    @Test(arguments: Inputs.own.map(\.path))
    func mutatedPrograms(path: String) throws {
        let original = try #require(Inputs.own.first { $0.path == path }).text
        var random = SeededGenerator(seed: UInt64(original.count))
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
            check(SourceFile(path: path, text: bytes))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...20, using: &random))
        let marks = Array("()[]{}\"\\:;,.=<>|&+-*/ \n\t#!eE0x_".utf8)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes.insert(marks.randomElement(using: &random) ?? 0, at: start)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: start)
        }
    }

    @Test func noise() {
        var random = SeededGenerator(seed: 7)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            check(SourceFile(path: "noise.pdl", text: bytes))
        }
    }

    /// What a careless parser takes quadratic time or too much stack for.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "(", "[", "{", ")", "]", "}", "-", "not ", "a+", "a**", "x => ", "(x) => ", "local ", "if a {",
            "if a {} else ",
            "\"{", "\"{a", "\"", "f(a,", "a[", "a.", "()", "a[i]", "$a", "$", "\u{FF}", ";", "&&", "\n", "a\n", "#\n",
            "## a\n",
            "let a = (", "[x for x in ", "let a: local ", "let a: (", "fn f() = ", "print \"}", "record a {", "a < ",
            "(]", "0x",
            "a\n{", "\\", "\r", "|> ", "\"{f(\"", "else ",
        ])
    func repetition(piece: String) {
        check(SourceFile(path: "long.pdl", String(repeating: piece, count: 3000)))
        check(SourceFile(path: "long.pdl", String(repeating: piece, count: 1000) + "\nlet a = 1\n"))
    }

    @Test func brokenPairs() {
        check(
            SourceFile(path: "long.pdl", String(repeating: "(", count: 3000) + String(repeating: "]", count: 5000)))
        check(SourceFile(path: "long.pdl", String(repeating: "f(", count: 200) + String(repeating: ")", count: 200)))
        check(
            SourceFile(
                path: "long.pdl", String(repeating: "(a+", count: 200) + "1" + String(repeating: "+1)", count: 200)))
    }
}

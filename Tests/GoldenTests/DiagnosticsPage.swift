import Compiler
import FoundationEssentials
import Source

/// `docs/diagnostics.md`: every diagnostic with its cause and cure, from `docs/causes.txt`, and the first case that shows it.
struct DiagnosticsPage {
    private struct Example {
        var code: String
        var annotation: [String]
    }
    private var examples: [String: Example] = [:]
    private var causes: [String: (cause: String, cure: String)] = [:]
    private static let causesFile = "docs/causes.txt"

    init(_ cases: [Case]) throws {
        let blocks = try SourceFile(reading: Self.causesFile).lines.split(separator: "")
        for block in blocks.map(Array.init) {
            guard block.count == 3 else {
                throw UsageError("\(Self.causesFile): \(block[0]) has no line for its cause and one for its cure")
            }
            causes[block[0]] = (block[1], block[2])
        }
        for item in cases {
            for (index, line) in item.lines.enumerated() where Case.isErrorExpectation(line) {
                guard let id = Self.id(in: line), examples[id] == nil else { continue }
                let code = item.lines[..<index].last { !Case.isErrorExpectation($0) } ?? ""
                let remarks = item.lines[(index + 1)...].prefix { $0.hasPrefix("#~") }
                examples[id] = Example(code: code, annotation: [line] + remarks.map(Self.withoutPlace))
            }
        }
    }

    /// `# ^^^ error(unknownName): …`
    private static func id(in line: String) -> String? {
        guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
            line[..<open].hasSuffix("error") || line[..<open].hasSuffix("warning")
        else { return nil }
        return String(line[line.index(after: open)..<close])
    }

    /// A place in the case's file says nothing on this page.
    private static func withoutPlace(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[2].first?.isNumber == true, let colon = words[2].firstRange(of: ": ") else {
            return line
        }
        return "\(words[0]) \(words[1]): \(words[2][colon.upperBound...])"
    }

    var text: String {
        var text = """
            # Diagnostics

            What causes each error and warning of pdlc, what helps, and an example; and what ends a running program. Made from causes.txt
            and the golden cases by `make docs`. The names are the `id`s of `--diagnostics json`.

            """
        for (id, lines) in sorted(ofRuns: false) {
            text += "\n## \(id)\n\n\(lines)"
            guard let example = examples[id] else { continue }
            text += "\n```text\n\(example.code)\n\(example.annotation.joined(separator: "\n"))\n```\n"
        }
        text += """

            # Of a run

            One message ends a program, with the exit code 1 on all ranks; it begins with the place in the source.

            """
        for (message, lines) in sorted(ofRuns: true) { text += "\n## \(message)\n\n\(lines)" }
        return text
    }

    /// What runs say has no name of one word.
    private func sorted(ofRuns: Bool) -> [(title: String, lines: String)] {
        causes.filter { $0.key.contains(" ") == ofRuns }.sorted { $0.key < $1.key }
            .map { ($0.key, "\($0.value.cause)\n\n**Cure.** \($0.value.cure)\n") }
    }

    /// Diagnostics of which the page does not say cause and cure, and what it says of none.
    var unexplained: [String] {
        let known = Set(examples.keys).union(Self.shownElsewhere).subtracting(["badPrelude"])
        return known.symmetricDifference(causes.keys.filter { !$0.contains(" ") }).sorted()
    }

    /// Shown by unit tests (a case's file is UTF-8 and shallow) or in another file; the others guard against faults of earlier floors.
    private static let shownElsewhere: Set = ["notUTF8", "nestingTooDeep", "badPrelude"]

    /// The factories in the sources' `…Diagnostics.swift` files that no case shows.
    func untriedDiagnostics() throws -> [String] {
        let files = try FileManager.default.subpathsOfDirectory(atPath: "Sources").filter {
            $0.hasSuffix("Diagnostics.swift")
        }
        // The IR's are about text that `pdlc emit` has printed and somebody has edited: its own tests show them.
        return try files.filter { !$0.hasPrefix("IR/") }.flatMap { file in
            try SourceFile(reading: "Sources/\(file)").lines.compactMap { line -> String? in
                let declaration = line.drop { $0 == " " }
                let access = ["public ", "package ", ""].first { declaration.hasPrefix($0) } ?? ""
                guard declaration.dropFirst(access.count).hasPrefix("static func ") else { return nil }
                guard let name = declaration.firstRange(of: "func ") else { return nil }
                return String(declaration[name.upperBound...].prefix { $0 != "(" && $0 != "<" })
            }
        }.filter { examples[$0] == nil && !Self.shownElsewhere.contains($0) }.sorted()
    }
}

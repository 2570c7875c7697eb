import Compiler
import FoundationEssentials
import Source

/// `docs/diagnostics.md`: every diagnostic with the first case that shows it.
struct DiagnosticsPage {
    private struct Example {
        var code: String
        var annotation: [String]
    }
    private var examples: [String: Example] = [:]

    init(_ cases: [Case]) {
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

            Every error and warning of pdlc with an example, made from the golden cases by `make docs`. The name is the `id` of
            `--diagnostics json`.

            """
        for (id, example) in examples.sorted(by: { $0.key < $1.key }) {
            text += "\n## \(id)\n\n```text\n\(example.code)\n\(example.annotation.joined(separator: "\n"))\n```\n"
        }
        return text
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

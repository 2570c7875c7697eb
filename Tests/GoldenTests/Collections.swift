import Compiler
import FoundationEssentials
import Playing
import Source

extension Case {
    /// Every `.pdl` file below a folder, by name.
    static func all(in folder: String) throws -> [Case] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pdl") }.sorted()
            .map { try Case(reading: "\(folder)/\($0)", name: $0) }
    }

    /// The samples themselves. What they print, cases of the first kind say.
    static func samples() throws -> [Case] {
        try all(in: "samples").map { sample in
            var item = sample
            item.kind = .sample
            item.name = "checks in \(item.path)"
            return item
        }
    }

    /// Every block of PDL in the pages: it must be a program without errors (```` ```pdl error ````: with some).
    static func inDocuments(_ paths: [String]) throws -> [Case] {
        try paths.flatMap { path in
            var cases: [Case] = []
            var block: (start: Int, expectsErrors: Bool, lines: [String])?
            for (index, line) in try SourceFile(reading: path).lines.enumerated() {
                if let open = block {
                    if line.hasPrefix("```") {
                        cases.append(Case(block: open.lines, name: "\(path):\(open.start)", open.expectsErrors))
                        block = nil
                    } else {
                        block?.lines.append(line)
                    }
                } else if line.hasPrefix("```pdl") {
                    block = (index + 1, line.hasSuffix(" error"), [])
                }
            }
            return cases
        }
    }

    private init(block: [String], name: String, _ expectsErrors: Bool) {
        path = ""
        home = ""
        self.name = name
        lines = block
        program = SourceFile(path: "block.pdl", block.joined(separator: "\n") + "\n")
        kind = expectsErrors ? .faultyBlock : .block
        let needsFiles = block.contains { $0.contains("load(") }
        directives = needsFiles || expectsErrors ? [] : [Directive(kind: .run(Run(ranks: [2])), lines: 0..<0)]
    }
}

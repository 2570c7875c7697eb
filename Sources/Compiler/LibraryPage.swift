import Checking
import Source
import Syntax

/// `docs/library.md`, made from the library that comes with pdlc: its files' first comments, its functions' types and `##` comments.
public enum LibraryPage {
    public static var text: String {
        var text = """
            # The library

            Functions written in PDL that come with pdlc; `import "stats"` brings in those of one file. Made from `Sources/Library` by
            `make docs`.

            A parameter with a type takes arrays of that shape: `f64[n, n]` is the same on every rank, `f64[/n, d]` is divided over the ranks by rows, or
            the same everywhere, which fits too. Names of sizes that stand twice must agree. A parameter without a type takes what its function can work with.

            """
        for (name, file) in StandardLibrary.files {
            text += "\n## \(name)\n\n\(introduction(of: file))\n\n| function | what it is |\n| --- | --- |\n"
            for statement in parse(file).program.statements {
                // What has no `##` comment is there for the others.
                guard case .function(let function) = statement.kind, let what = function.documentation else { continue }
                text += BuiltinsPage.row(function.signature, what)
            }
        }
        return text
    }

    /// The comment that a file begins with.
    private static func introduction(of file: SourceFile) -> String {
        var lines: [String] = []
        for number in 1...file.lineStarts.count {
            let line = file.line(number)
            guard line.hasPrefix("# ") else { break }
            lines.append(String(line.dropFirst(2)))
        }
        return lines.joined(separator: "\n")
    }
}

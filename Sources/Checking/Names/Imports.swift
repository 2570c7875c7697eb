import Embedded
import Source
import Syntax

/// Finds the file that an `import "name.pdl"` in a file names; nil when there is none.
public typealias Importer = (_ path: String, _ importing: SourceFile) -> SourceFile?

/// The library that comes with pdlc, by the names that `import "stats"` uses.
public enum StandardLibrary {
    public static let files = LibrarySources.files.map { file in
        let name = String(file.name.prefix { $0 != "." })
        return (name: name, file: SourceFile(path: "<\(name)>", text: file.text, isOfLanguage: true))
    }
}

extension Checker {
    /// Declares the functions and records of an imported file, and of what it imports; each file once.
    func importFile(_ path: String, at span: Span) {
        let library = StandardLibrary.files.first { $0.name == path }?.file
        guard let file = library ?? importer(path, span.file) else {
            report(.importNotFound(path, StandardLibrary.files.map(\.name), at: span))
            return
        }
        modules[span.file.path, default: Module()].imports.append((file.path, span))
        guard !imports.contains(where: { $0.path == file.path }) else { return }
        imports.append(file)
        limits.add(sourceSize: file.text.count)
        let (program, mistakes) = parse(file)
        diagnostics += mistakes
        let other = program.statements.first { statement in
            switch statement.kind {
            case .function, .record, .importFile, .invalid: false
            default: true
            }
        }
        if let other { report(.importedStatement(path, at: span, statement: other.span)) }
        declareFunctions(in: program.statements)
    }
}

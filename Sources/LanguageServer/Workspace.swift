import Compiler
import FoundationEssentials
import Source
import Syntax

/// The texts of files as a user sees them: what is open in the editor, else what is on the disk.
struct Workspace: Sendable {
    /// By path.
    var open: [String: [UInt8]]
    let encoding: PositionEncoding

    var importer: Compilation.FileImporter {
        { path, importing in
            let folder = Files.folder(of: importing.path)
            let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
            if let text = self.open[full] { return SourceFile(path: full, text: text) }
            return Compilation.imported(full, from: "")
        }
    }

    func analysis(of path: String) -> Analysis? {
        guard let text = open[path] ?? FileManager.default.contents(atPath: path).map({ Array($0) }) else { return nil }
        return Analysis(uri: FileURI.uri(of: path), text: text, encoding, importer: importer)
    }

    /// The files that may name what the file declares: it and those beside it, where an `import` looks, that bring it in.
    func analyses(around file: SourceFile, and text: Analysis? = nil) -> [Analysis] {
        // Names of the library are looked for where they were asked about.
        guard file.path.hasPrefix("/") || open[file.path] != nil else { return text.map { [$0] } ?? [] }
        let folder = Files.folder(of: file.path)
        let beside = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".pdl") }.sorted().prefix(200).map { "\(folder)/\($0)" }
        let paths = Set(beside).union(open.keys).union([file.path])
        return paths.sorted().compactMap { path in
            guard path == file.path || mayImport(path) else { return nil }
            guard let analysis = analysis(of: path) else { return nil }
            return path == file.path || analysis.imported.contains { $0.path == file.path } ? analysis : nil
        }
    }

    private func mayImport(_ path: String) -> Bool {
        guard let text = open[path] ?? FileManager.default.contents(atPath: path).map({ Array($0) }) else {
            return false
        }
        return String(decoding: text, as: UTF8.self).contains("import")
    }

    /// The edits that give what a declaration declares another name, by path.
    ///
    /// - Throws: `Refusal` where the program would then mean something else.
    func renaming(_ declaration: Declaration, to name: String) throws -> [String: [TextEdit]] {
        guard Self.isName(name) else { throw Refusal.impossible("`\(name)` is not a name") }
        let file = declaration.name.span.file
        guard file.path.hasPrefix("/") || open[file.path] != nil else {
            throw Refusal.impossible("`\(declaration.name.text)` belongs to the library")
        }
        let analyses = analyses(around: file)
        var renamed = self
        var edits: [String: [TextEdit]] = [:]
        for analysis in analyses {
            if declaration.kind == .field { try refuseUnknownFields(declaration, named: name, in: analysis) }
            let mentions = analysis.mentions(of: declaration)
            guard !mentions.isEmpty else { continue }
            edits[analysis.uri] = mentions.map { TextEdit(range: analysis.lines.range($0.span), newText: name) }
            var text = analysis.file.text
            for mention in mentions.reversed() {
                text.replaceSubrange(mention.span.start..<mention.span.end, with: Array(name.utf8))
            }
            renamed.open[analysis.file.path] = text
        }
        for before in analyses {
            guard let after = renamed.analysis(of: before.file.path) else { continue }
            guard after.names.structure == before.names.structure, after.errorCount <= before.errorCount else {
                throw Refusal.impossible("`\(name)` already means something in \(Files.name(of: before.file.path))")
            }
        }
        return edits
    }

    private func refuseUnknownFields(_ field: Declaration, named name: String, in analysis: Analysis) throws {
        if let place = analysis.obstacle(toRenaming: field) {
            throw Refusal.impossible("which field `\(place.text)` of line \(place.line) is depends on the call")
        }
        if let record = field.record, analysis.field(name, of: record.text) != nil {
            throw Refusal.impossible("`\(record.text)` has a field `\(name)`")
        }
    }

    static func isName(_ text: String) -> Bool {
        let (tokens, mistakes) = tokenize(SourceFile(path: "", text))
        return mistakes.isEmpty && tokens.first?.kind == .identifier && tokens.first?.end == text.utf8.count
    }
}

extension Analysis {
    fileprivate var errorCount: Int { compilation.diagnostics.count { $0.severity == .error } }
}

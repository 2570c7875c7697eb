import Checking
import Compiler
import Language
import Source
import Syntax

/// All that is known of one version of a text. It is made anew after each edit: nothing in it can be stale.
final class Analysis {
    let file: SourceFile
    let uri: String
    let lines: LineTable
    let encoding: PositionEncoding
    let compilation: Compilation
    let names: Names
    /// The types that the checker found, also where the program has errors.
    let types: [Observations.Place: [ValueType]]
    /// The files that it imports, directly or not.
    let imported: [SourceFile]

    init(uri: String, text: [UInt8], _ encoding: PositionEncoding, importer: @escaping Compilation.FileImporter) {
        file = SourceFile(path: FileURI.path(of: uri), text: text)
        self.uri = uri
        self.encoding = encoding
        lines = LineTable(text, encoding)
        let observations = Observations(of: file)
        compilation = Compilation(file, importer: importer, observations: observations)
        types = observations.types
        var found: [(file: SourceFile, tree: Program)] = []
        Self.follow(compilation.tree, in: file, importer, &found)
        imported = found.map(\.file)
        names = NameResolver.names(
            of: compilation.tree, in: file, imported: found.flatMap(\.tree.statements))
    }

    private static func follow(
        _ program: Program, in file: SourceFile, _ importer: Importer,
        _ found: inout [(file: SourceFile, tree: Program)]
    ) {
        for case .importFile(let path) in program.statements.map(\.kind) {
            let library = StandardLibrary.files.first { $0.name == path }?.file
            guard let next = library ?? importer(path, file) else { continue }
            guard next.path != file.path, !found.contains(where: { $0.file.path == next.path }) else { continue }
            let tree = parse(next).program
            found.append((next, tree))
            follow(tree, in: next, importer, &found)
        }
    }

    // MARK: Types

    func types(at span: Span) -> [ValueType] { types[Observations.Place(span)] ?? [] }

    /// The innermost expression at an offset whose type is known.
    func expression(at offset: Int) -> (place: Observations.Place, types: [ValueType])? {
        types.filter { $0.key.start <= offset && offset < $0.key.end }
            .min { $0.key.end - $0.key.start < $1.key.end - $1.key.start }
            .map { ($0.key, $0.value) }
    }

    // MARK: Places

    /// A place in this file, in a file beside it or in the library, which then is written to where an editor can open it.
    func location(of span: Span) -> Location? {
        if span.file === file { return Location(uri: uri, range: lines.range(span)) }
        let range = LineTable(span.file.text, encoding).range(span)
        return Self.path(of: span.file).map { Location(uri: FileURI.uri(of: $0), range: range) }
    }

    private static func path(of file: SourceFile) -> String? {
        if file.isPrelude { return nil }
        guard let library = StandardLibrary.files.first(where: { $0.file.path == file.path }) else {
            return Files.absolute(file.path)
        }
        return try? Cache().readable(library.file.text, as: "\(library.name).pdl")
    }

    // MARK: Names

    func declaration(of occurrence: Occurrence) -> Declaration? {
        occurrence.declaration.map { names.declarations[$0] }
    }

    /// The fields that a member names: one, or one for each type that a generic function's value has; nil when a type is not known.
    func fields(of member: MemberUse) -> [Declaration]? {
        guard let owners = owners(of: member), !owners.isEmpty else { return nil }
        var found: [Declaration] = []
        for owner in owners {
            guard let field = field(member.name.text, of: owner) else { return nil }
            found.append(field)
        }
        return found
    }

    /// The names of the records whose field a member is.
    private func owners(of member: MemberUse) -> [String]? {
        switch member.owner {
        case .record(let name): return [name]
        case .value(let span):
            let types = types(at: span)
            return types.contains { $0.record == nil } ? nil : types.compactMap(\.record?.name)
        case .path(let name, let before):
            guard let use = names.occurrence(at: name.span.start), let variable = declaration(of: use) else {
                return nil
            }
            return types(at: variable.name.span).map { before.reduce($0) { $0.field($1) ?? .error } }
                .compactMap(\.record?.name)
        }
    }

    func field(_ name: String, of record: String) -> Declaration? {
        names.declarations.first { $0.kind == .field && $0.record?.text == record && $0.name.text == name }
    }
}

extension ValueType {
    fileprivate func field(_ name: String) -> ValueType? { record?.fields.first { $0.name == name }?.type }
}

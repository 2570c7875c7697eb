import Source
import Syntax

/// A place where one thing is named, and whether it is changed there.
struct Mention {
    var span: Span
    var role: Occurrence.Role
}

extension Analysis {
    /// The declarations of what is named at an offset; several where a field's record depends on the call.
    func declarations(at offset: Int) -> [Declaration] {
        if let member = names.member(at: offset) { return fields(of: member) ?? [] }
        guard let occurrence = names.occurrence(at: offset) else { return [] }
        // A field is declared inside its record.
        return declaration(of: occurrence).map { [$0] } ?? []
    }

    func definitions(at offset: Int) -> [Location] {
        if let path = importedFile(at: offset) { return location(of: Span(path, 0, 0)).map { [$0] } ?? [] }
        return declarations(at: offset).compactMap { location(of: $0.name.span) }
    }

    /// The file that the `import` at an offset names.
    private func importedFile(at offset: Int) -> SourceFile? {
        for statement in compilation.tree.statements {
            guard case .importFile(let path) = statement.kind else { continue }
            guard statement.span.start <= offset, offset <= statement.span.end else { continue }
            return imported.first { $0.path == "<\(path)>" || $0.path == path || $0.path.hasSuffix("/\(path)") }
        }
        return nil
    }

    /// Everywhere in this file that a declaration, of this file or another, is named; in the order of the text.
    func mentions(of wanted: Declaration) -> [Mention] {
        let occurrences = names.occurrences.filter { occurrence in
            declaration(of: occurrence).map { $0.isSame(as: wanted) } ?? false
        }
        let members =
            wanted.kind != .field
            ? []
            : names.members.filter { member in
                member.name.text == wanted.name.text && fields(of: member)?.contains { $0.isSame(as: wanted) } == true
            }
        let all =
            occurrences.map { Mention(span: $0.name.span, role: $0.role) }
            + members.map { Mention(span: $0.name.span, role: $0.isWritten ? .writes : .reads) }
        return all.sorted { $0.span.start < $1.span.start }
    }

    /// Why a field cannot be renamed: a use of that name whose record nobody knows, or one that means two records' fields.
    func obstacle(toRenaming field: Declaration) -> Span? {
        names.members.first { member in
            guard member.name.text == field.name.text else { return false }
            guard let fields = fields(of: member) else { return true }
            return fields.contains { $0.isSame(as: field) } && fields.contains { !$0.isSame(as: field) }
        }?.name.span
    }
}

extension Declaration {
    func isSame(as other: Declaration) -> Bool {
        name.span.file.path == other.name.span.file.path && name.span.start == other.name.span.start
    }
}

extension Names {
    /// Which names stand for the same thing, wherever they stand: what a renaming must not change.
    var structure: [Int?] {
        var places: [Int: Int] = [:]
        for (index, occurrence) in occurrences.enumerated() {
            if let declaration = occurrence.declaration, occurrence.role == .declares { places[declaration] = index }
        }
        // What other files declare is told apart by its place in the list.
        return occurrences.map { occurrence in
            occurrence.declaration.map { places[$0] ?? -1 - $0 }
        }
    }
}

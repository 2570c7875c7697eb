import Source

extension Analysis {
    var shownDiagnostics: [ShownDiagnostic] { compilation.diagnostics.map(shown) }

    /// A diagnostic as editors have it. One about another file stands where this file calls or imports what it is about.
    func shown(_ diagnostic: Diagnostic) -> ShownDiagnostic {
        let place = place(of: diagnostic)
        var related = diagnostic.notes.compactMap { note in
            note.span.flatMap { location(of: $0) }.map { ShownDiagnostic.Related(location: $0, message: note.message) }
        }
        if diagnostic.span.file !== file, let there = location(of: diagnostic.span) {
            related.insert(.init(location: there, message: diagnostic.message), at: 0)
        }
        let remarks = diagnostic.notes.filter { $0.span == nil }.map { "\nnote: \($0.message)" }.joined()
        return ShownDiagnostic(
            range: lines.range(place), severity: diagnostic.severity == .error ? 1 : 2, code: diagnostic.id,
            message: diagnostic.message + remarks, relatedInformation: related)
    }

    private func place(of diagnostic: Diagnostic) -> Span {
        if diagnostic.span.file === file { return diagnostic.span }
        let calls = diagnostic.notes.compactMap(\.span).filter { $0.file === file }
        return calls.first ?? importStatement(of: diagnostic.span.file) ?? Span(file, 0, 0)
    }

    /// The statement that brings in a file, or the first that brings in any.
    func importStatement(of other: SourceFile) -> Span? {
        let imports = compilation.tree.statements.filter { if case .importFile = $0.kind { true } else { false } }
        let name = String(other.path.split(separator: "/").last ?? "").filter { $0 != "<" && $0 != ">" }
        return (imports.first { $0.span.text.contains(name) } ?? imports.first)?.span
    }

    /// What mends the diagnostics in a range.
    func fixes(in range: TextRange) -> [CodeAction] {
        let wanted = lines.offsets(range)
        return compilation.diagnostics.flatMap { diagnostic -> [CodeAction] in
            let place = place(of: diagnostic)
            guard place.start <= wanted.upperBound, wanted.lowerBound <= place.end else { return [] }
            return diagnostic.fixIts.filter { $0.span.file === file }.map { fix in
                let edit = TextEdit(range: lines.range(fix.span), newText: fix.replacement)
                return CodeAction(
                    title: fix.message, diagnostics: [shown(diagnostic)], isPreferred: diagnostic.fixIts.count == 1,
                    edit: WorkspaceEdit(changes: [uri: [edit]]))
            }
        }
    }
}

import Language
import Source
import Syntax
import TypedTree

// `let t: Trade[/n] = load("trades.csv")`: an array of records from what a file has under the names of its fields.
// `save(t, "trades.h5")`: the array of each field under its name.

extension Checker {
    /// Whether a type is written as an array of records.
    func isOfRecords(_ annotation: TypeExpression) -> Bool {
        guard case .named(let name, let dimensions) = annotation.kind, !dimensions.isEmpty else { return false }
        return ElementType(rawValue: name.text) == nil && recordType(name) != nil
    }

    /// The file of an array of records: its path is all that is written.
    func recordFile(
        _ direction: FileKind.Direction, _ arguments: ArraySlice<Argument>, _ span: Span
    ) -> (kind: FileKind, file: TypedFile)? {
        guard let first = arguments.first, first.label == nil, first.generator == nil else {
            let (name, others) = direction == .load ? ("load", 0) : ("save", 1)
            report(.wrongArgumentCount(name, expected: "\(1 + others)", got: arguments.count + others, at: span))
            return nil
        }
        if let label = arguments.dropFirst().first?.label {
            report(.labelOfRecords(label.text, at: label.span))
            return nil
        }
        let path = self.path(first.value)
        guard path.type != .error else { return nil }
        guard let ending = knownEnding(of: path) else {
            report(.recordsNeedEnding(at: path.span))
            return nil
        }
        guard let kind = knownKind(direction, ending, path) else { return nil }
        guard kind.holdsRecords(direction) else {
            report(.noRecordsIn(kind, direction, at: path.span))
            return nil
        }
        fileKinds.insert(kind)
        return (kind, TypedFile(path: path, detail: TypedExpression(.string(""), .string, path.span)))
    }

    /// Loads the array of each field; the first one tells the extents, the others must have them.
    func loadRecords(
        _ name: Name, _ type: ValueType, _ file: TypedFile, _ extents: [LoadExtent], isVariable: Bool
    ) -> [TypedStatement] {
        var statements: [TypedStatement] = []
        let value = fields(type, name.span) { field, type in
            let variable = newVariable("\(name.text).\(field)", type)
            let detail = TypedExpression(.string(field), .string, file.path.span)
            let own = statements.isEmpty ? extents : extents.map { $0.known(at: name.span) }
            let load = TypedStatement.Kind.load(
                variable, from: TypedFile(path: file.path, detail: detail), extents: own)
            statements.append(TypedStatement(kind: load, span: file.path.span))
            return variable.read(at: name.span)
        }
        return statements + compoundBinding(name, value, isVariable, name.span)
    }

    /// Saves the array of each field.
    func saveRecords(_ value: TypedExpression, _ arguments: ArraySlice<Argument>, _ span: Span) -> [TypedStatement] {
        guard let (_, file) = recordFile(.save, arguments, span) else { return [] }
        var (statements, arrays) = dissolved(value, named: "saved")
        var names = fieldNames(value.type, "")[...]
        _ = mapped(arrays) { array in
            let detail = TypedExpression(.string(names.popFirst() ?? ""), .string, file.path.span)
            let save = TypedStatement.Kind.save(array, to: TypedFile(path: file.path, detail: detail))
            statements.append(TypedStatement(kind: save, span: span))
            return array
        }
        return statements
    }

    /// A record whose fields are made from their names.
    private func fields(
        _ type: ValueType, _ span: Span, _ make: (String, ValueType) -> TypedExpression
    ) -> TypedExpression {
        var names = fieldNames(type, "")[...]
        let model = TypedExpression(.constant(.bool(false)), type, span)
        return mapped(model) { make(names.popFirst() ?? "", $0.type) }
    }

    /// The names of the numbers in a record: of a field in another, `at.x`.
    private func fieldNames(_ type: ValueType, _ name: String) -> [String] {
        guard let parts = type.components else { return [name] }
        return zip(type.componentNames, parts).flatMap { part, type in
            fieldNames(type, name.isEmpty ? part : "\(name).\(part)")
        }
    }
}

extension LoadExtent {
    /// The same where an array that was read before has bound it.
    fileprivate func known(at span: Span) -> LoadExtent {
        if case .binds(let variable) = self { .equals(variable.read(at: span)) } else { self }
    }
}

import Language
import Source

extension Diagnostic {
    static func recordInItself(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "the record `\(name)` would contain itself", at: span)
    }

    static func emptyRecord(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "the record `\(name)` has no fields", at: span)
    }

    static func redefinedField(_ name: String, at span: Span, earlier: Span) -> Diagnostic {
        Diagnostic(
            #function, "the record has a field `\(name)` already", at: span,
            notes: [Note("first defined here", at: earlier)])
    }

    static func badField(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "the field `\(name)` cannot be \(type): fields are numbers, bools, and tuples and records of them",
            at: span, notes: [Note("an array of records has an array for each field: `Body[/n]`")])
    }

    static func missingFields(_ names: [String], _ type: RecordType, at span: Span) -> Diagnostic {
        let listed = names.map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            #function,
            "a `\(type.name)` needs \(names.count == 1 ? "a value for its field" : "values for its fields") \(listed)",
            at: span)
    }

    static func tooManyFields(_ type: RecordType, at span: Span) -> Diagnostic {
        let usage = type.fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
        return Diagnostic(
            #function, "one value too many for a `\(type.name)`", at: span,
            notes: [Note("it is \(type.name)(\(usage))")])
    }
}

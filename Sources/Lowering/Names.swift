import IR
import Source
import TypedTree

// What a debugger shows: the values that the program's variables get, and an array once more at the end of its block, so that it is
// there until then.

extension Lowering {
    /// Notes the value that a variable has from here on, where the program named it there.
    func name(_ variable: Variable, at place: Span) throws {
        guard namesVariables, !isInElement, !place.file.isOfLanguage, variable.isNamed(at: place),
            case .value(let value)? = scope.variables[variable]
        else { return }
        let span = builder.span
        builder.span = place
        try builder.append(.named(variable.name, variable: variable.id), [value])
        builder.span = span
    }

    func nameAgain(_ list: [TypedStatement]) throws {
        for statement in list where !statement.isAssignment {
            for variable in statement.changed where variable.type.array?.isScalar == false {
                try name(variable, at: statement.span)
            }
        }
    }
}

extension Variable {
    /// Whether the program wrote its name: it is one, and none that the compiler gave to a part of a statement.
    fileprivate func isNamed(at place: Span) -> Bool {
        let text = place.text
        let root = name.prefix { $0 != "." }
        return !root.isEmpty && text.contains(root) && !root.contains(" ")
            && !["once", "new", "_"].contains(root)
    }
}

extension TypedStatement {
    /// The variables that have another value after it.
    var changed: [Variable] {
        switch kind {
        case .binding(let variable, _), .assignment(let variable, _), .update(let variable, _, _, _, _),
            .load(let variable, _, _):
            [variable]
        case .tupleBinding(let variables, _): variables
        default: []
        }
    }

    fileprivate var isAssignment: Bool {
        switch kind {
        case .assignment, .update: true
        default: false
        }
    }
}

import Source
import Syntax

/// A name that a file declares, or brings in by an `import`.
struct Declaration: Sendable {
    enum Kind: Sendable {
        case parameterOfProgram, constant, variable, function, record, field
        /// A function's, or a lambda's.
        case parameter
        /// Of a `for`, a comprehension or a reduction.
        case index
        /// The extent of an argument or of a loaded array, which a type names.
        case size
    }
    var kind: Kind
    var name: Name
    /// What it is declared by: the statement, for a parameter its type too.
    var whole: Span
    /// Where in the file the name means this, unless one declared later or further inside hides it.
    var visible: Range<Int>
    var documentation: String?
    /// The record of a field.
    var record: Name?
    /// What it looks like where the text says so: a function's head, a record's fields.
    var head: String?
}

/// A place where a name stands.
struct Occurrence: Sendable {
    enum Role: Sendable { case declares, reads, writes, calls }
    var name: Name
    var role: Role
    /// Its declaration's place in the list; nil for builtins and for what is not declared.
    var declaration: Int?
}

/// A field that is named behind a value, `b.at`, or as a label, `Body(mass: 1.0)`.
struct MemberUse: Sendable {
    enum Owner: Sendable {
        /// The expression before the point.
        case value(Span)
        /// The record that is made.
        case record(String)
        /// The fields before this one, `b.at.x = E`: the type of b leads there.
        case path(Name, [String])
    }
    var name: Name
    var owner: Owner
    var isWritten = false
}

/// What every name of a file stands for, as far as the tree goes; statements that could not be read tell what their words tell.
struct Names: Sendable {
    var declarations: [Declaration] = []
    /// In the order of the text.
    var occurrences: [Occurrence] = []
    var members: [MemberUse] = []
    /// Where functions are written: their bodies do not see the program's variables.
    var functions: [Range<Int>] = []

    /// The occurrence at an offset, or that ends there.
    func occurrence(at offset: Int) -> Occurrence? {
        occurrences.first { $0.name.span.start <= offset && offset < $0.name.span.end }
            ?? occurrences.first { $0.name.span.end == offset }
    }

    func member(at offset: Int) -> MemberUse? {
        members.first { $0.name.span.start <= offset && offset <= $0.name.span.end }
    }

    /// What may be named at an offset: of several declarations of one name the innermost and latest.
    func visible(at offset: Int) -> [Declaration] {
        let function = functions.first { $0.contains(offset) }
        var nearest: [String: Declaration] = [:]
        for declaration in declarations where declaration.kind != .field {
            let isOutside = function.map { !$0.contains(declaration.visible.lowerBound) } ?? false
            let isGlobal = declaration.kind == .function || declaration.kind == .record
            guard isOutside || isGlobal ? declaration.kind != .variable : declaration.visible.contains(offset) else {
                continue
            }
            if let other = nearest[declaration.name.text], isInner(other, declaration) { continue }
            nearest[declaration.name.text] = declaration
        }
        return nearest.values.sorted { $0.name.text < $1.name.text }
    }

    private func isInner(_ a: Declaration, _ b: Declaration) -> Bool { a.visible.lowerBound > b.visible.lowerBound }
}

import Language
import Source
import TypedTree

// Names, calls and statements.

extension Diagnostic {
    static func unknownName(_ name: String, at span: Span, nearest: String?, isAssigned: Bool = false) -> Diagnostic {
        Diagnostic(
            #function, "there is no `\(name)` here" + (nearest.map { "; did you mean `\($0)`?" } ?? ""), at: span,
            notes: isAssigned
                ? [Note("`let \(name) = ...` makes a name, `var \(name) = ...` one that can be assigned again")] : [],
            fixIts: nearest.map { [FixIt("write `\($0)`", replace: span, with: $0)] } ?? [])
    }

    static func unknownFunction(_ name: String, at span: Span, nearest: String?) -> Diagnostic {
        Diagnostic(
            #function, "there is no function `\(name)`" + (nearest.map { "; did you mean `\($0)`?" } ?? ""), at: span,
            notes: hints(name),
            fixIts: nearest.map { [FixIt("write `\($0)`", replace: span, with: $0)] } ?? [])
    }

    static func unknownType(_ name: String, at span: Span, nearest: String? = nil) -> Diagnostic {
        let types = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        return Diagnostic(
            #function,
            "there is no type `\(name)`; " + (nearest.map { "did you mean `\($0)`?" } ?? "element types are \(types)"),
            at: span, notes: hints(name),
            fixIts: nearest.map { [FixIt("write `\($0)`", replace: span, with: $0)] } ?? [])
    }

    /// `members`: what the value has.
    static func unknownMember(
        _ name: String, _ type: ValueType, _ members: [String], nearest: String?, at span: Span
    ) -> Diagnostic {
        Diagnostic(
            #function,
            "a value of type \(type) has no member `\(name)`" + (nearest.map { "; did you mean `\($0)`?" } ?? ""),
            at: span,
            notes: members.isEmpty
                ? hints(name) : [Note("it has \(members.map { "`\($0)`" }.joined(separator: ", "))")],
            fixIts: nearest.map { [FixIt("write `\($0)`", replace: span, with: $0)] } ?? [])
    }

    static func unknownMessage(_ name: String, nearest: String?, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is nothing that `pdlc explain` counts", at: span,
            notes: [
                Note("`halo`, `allreduce` and the other operators that communicate, and `messages` for all of them")
            ],
            fixIts: nearest.map { [FixIt("call it by its name", replace: span, with: $0)] } ?? [])
    }

    static func misplacedContract(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an `expect` of its own is about the whole program and stands at its top level", at: span,
            notes: [
                Note("about a loop it stands before the loop's block: `for i in 0..n expect allreduce <= 1 { ... }`")
            ])
    }

    static func unknownLabel(_ label: String, _ function: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(function)` takes no argument `\(label)` here", at: span, notes: usage(of: function))
    }

    static func redefinedName(_ name: String, at span: Span, earlier: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is already defined in this block; a `var` can be assigned instead", at: span,
            notes: [Note("first defined here", at: earlier)])
    }

    static func ambiguousImport(_ name: String, at span: Span, _ declaration: Span, earlier: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` comes from another imported file, too", at: span,
            notes: [
                Note("here", at: declaration), Note("and here", at: earlier),
                Note("a function of that name in this file hides both"),
            ])
    }

    static func redefinedType(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(name)` is a type of the language; give this record another name", at: span)
    }

    static func expandsTooFar(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the functions called here come to more code than pdlc can check", at: span,
            notes: [
                Note("a function is checked anew for each function, type and size that it is passed"),
                Note("where many functions do so twice each, the work doubles with each of them"),
            ])
    }

    static func callsTooDeep(limit: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "more than \(limit) calls, blocks and expressions stand inside one another in this call",
            at: span)
    }

    static func tooManyParts(_ count: Int, limit: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "this is made of \(count) numbers and arrays; a tuple or record has at most \(limit)", at: span,
            notes: [Note("many values of one kind are an array")])
    }

    static func functionAsValue(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(name)` is a function; call it: `\(name)(...)`", at: span)
    }

    static func lambdaAsValue(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a function is named by a `let` or passed to a function, and is no value otherwise", at: span)
    }

    static func notAFunction(_ name: String, at span: Span, defined: Span? = nil) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is not a function", at: span,
            notes: defined.map { [Note("it is defined here", at: $0)] } ?? hints(name))
    }

    /// How PDL writes what a name means elsewhere.
    private static func hints(_ name: String) -> [Note] { ForeignNames.hint(for: name).map { [Note($0)] } ?? [] }

    /// `declared`: where the function is, if it is the program's own.
    static func wrongArgumentCount(
        _ function: String, expected: String, got: Int, at span: Span, declared: Span? = nil
    ) -> Diagnostic {
        Diagnostic(
            #function, "`\(function)` takes \(expected) argument\(expected == "1" ? "" : "s"), not \(got)", at: span,
            notes: declared.map { [Note("it is declared here", at: $0)] } ?? usage(of: function))
    }

    /// How a builtin is called.
    private static func usage(of function: String) -> [Note] {
        Builtins.named(function).map { [Note("a call looks like `\($0.usage)`")] } ?? []
    }

    static func misplacedGenerator(_ function: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(function)` is not a reduction: write `\(function)([E for ...])` for an array of values",
            at: span)
    }

    static func recursion(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(name)` calls itself; PDL has no recursion, use a loop", at: span)
    }

    static func missingReturn(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "not every way through `\(name)` ends in a `return`", at: span)
    }

    static func misplacedReturn(at span: Span) -> Diagnostic {
        Diagnostic(#function, "`return` stands outside a function", at: span)
    }

    static func exitOutsideLoop(_ word: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(word)` stands in no loop", at: span,
            notes: [Note("it stands among a loop's statements, or in an `if` among them, not in the code of a value")])
    }

    static func nestedFunction(at span: Span) -> Diagnostic {
        Diagnostic(#function, "functions are declared at the top level of a file", at: span)
    }

    static func misplacedParameter(at span: Span) -> Diagnostic {
        Diagnostic(#function, "`param` stands at the top level of a file", at: span)
    }

    static func parameterNotScalar(at span: Span) -> Diagnostic {
        Diagnostic(#function, "a `param` is a number, a bool or a string; load arrays from files", at: span)
    }

    static func notAssignable(_ name: String, at span: Span, defined: Span) -> Diagnostic {
        let word = Span(defined.file, max(0, defined.start - 4), max(0, defined.start - 1))
        return Diagnostic(
            #function, "`\(name)` cannot be assigned; only a `var` can", at: span,
            notes: [Note("it is defined here", at: defined)],
            fixIts: word.text == "let" ? [FixIt("make it a variable", replace: word, with: "var")] : [])
    }

    static func noValue(at span: Span) -> Diagnostic {
        Diagnostic(#function, "this has no value; the last statement of a block is its value", at: span)
    }

    static func unusedValue(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "this value of type \(type) is not used; bind it with `let`, or `print` or `show` it", at: span,
            notes: span.text.hasPrefix("-") ? [Note("with a blank behind the `-` it goes on with the line before")] : []
        )
    }

    static func importNotFound(_ path: String, _ library: [String], at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "there is no file `\(path)` beside this one", at: span,
            notes: [Note("the library that comes with pdlc is \(library.map { "\"\($0)\"" }.joined(separator: ", "))")])
    }

    static func importedStatement(_ path: String, at span: Span, statement: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(path)` cannot be imported: it holds more than functions and imports", at: span,
            notes: [Note("such as this", at: statement)])
    }

    static func badPrelude(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "the builtin `\(name)` is not well written; this is a fault of pdlc", at: span)
    }

    static func notYetSupported(_ what: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(what): not yet supported", at: span)
    }

    /// What does not know arrays with two divided axes.
    static func notOverGrid(_ what: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "\(what), of an array over a grid of ranks: not yet supported", at: span,
            notes: [
                Note("`redistribute(a, axis: 0)` divides it along one axis alone (cost class 3: moves the whole array)")
            ])
    }

    // MARK: Text

    static func notShowable(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`show` prints arrays and numbers, not \(type)", at: span)
    }

    static func notPrintable(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "a hole takes numbers and arrays; this is \(type)", at: span)
    }

    static func holeNotReplicated(_ type: ValueType, at span: Span) -> Diagnostic {
        let isDivided = type.array?.placement.isDivided == true
        return Diagnostic(
            #function, "`print` prints once, but a \(type) is not the same on every rank; use `show`", at: span,
            notes: isDivided
                ? [Note("`allgather` brings it, or a slice of it, to every rank: `allgather(a[..5])`")] : [])
    }

    static func badFormat(_ format: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(format)` is not a format; write `.6` (digits), `.6e` (scientific), `8` (width) or `8.3`",
            at: span)
    }
}

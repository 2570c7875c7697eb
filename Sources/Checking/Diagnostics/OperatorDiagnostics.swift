import Language
import Source

// Operators of the program's own: what `reduce` and `scan` may combine by.

extension Diagnostic {
    static func notAnOperator(_ builtin: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(builtin)` combines by one of + * min max and or & | ^, or by a function, not by `\(span.text)`",
            at: span, notes: [Note("a function of two values: `\(builtin)((a, b) => a + b, 0.0, x)`")])
    }

    static func operatorResult(_ name: String, _ result: ValueType, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an operator makes one value of two of its kind, but `\(name)` makes \(result) of two \(type)",
            at: span)
    }

    static func operatorIdentity(_ identity: ValueType, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "the operator's identity is \(identity), but what is combined is \(type)", at: span)
    }

    static func notTheIdentity(_ op: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(span.text)` is not the identity of `\(op)`, what combines with anything without changing it",
            at: span, notes: [Note("combine it with the result instead")])
    }

    static func operatorReadsOutside(_ name: String, _ variable: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the operator `\(name)` reads `\(variable)`, which is only known at run time", at: span,
            notes: [
                Note("an operator may read its two values and what is known when the program is compiled"),
                Note("make it part of what is combined: a tuple or record of values"),
            ])
    }

    static func operatorDependsOnRank(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the operator `\(name)` depends on the rank, the ranks' number or the clock", at: span,
            notes: [Note("whichever rank combines two values, the result must be the same")])
    }

    static func operatorNotOfNumbers(_ name: String, _ what: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the operator `\(name)` computes numbers from numbers, but this is \(what)", at: span)
    }
}

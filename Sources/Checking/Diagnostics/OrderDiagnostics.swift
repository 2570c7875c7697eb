import Language
import Source

// Scans, sorting and selecting.

extension Diagnostic {
    static func badScanOperator(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` combines with one of + * min max and or & | ^ minloc maxloc, not with `\(span.text)`",
            at: span,
            notes: [
                Note("the operator comes first: `\(name)(+, a)`"),
                Note("a function of the program comes with its identity: `\(name)(f, 0.0, a)`"),
            ])
    }

    static func notSortable(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` takes an array of one axis, whose elements have an order, not \(type)", at: span,
            notes: (type.array?.rank ?? 0) > 1 && name.hasSuffix("sort")
                ? [Note("`\(name)(a, axis: k)` orders every line along axis k")] : [])
    }

    static func badMask(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` selects with one bool for each row, not with \(type)", at: span,
            notes: [Note("a comparison makes a mask: `\(name)(a, a > 0.0)`")])
    }

    static func maskMismatch(_ name: String, _ have: Size, _ want: Size, at span: Span) -> Diagnostic {
        Diagnostic(#function, "the mask of `\(name)` has \(have) elements for \(want) rows", at: span)
    }

    static func tooManyWanted(_ wanted: Size, _ have: Size, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`top_k` is to choose \(wanted) of \(have) elements", at: span)
    }
}

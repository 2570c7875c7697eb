import Language
import Semantics
import Source

extension Diagnostic {
    static func partUnderCondition(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a part cannot be chosen by a condition yet", at: span,
            notes: [.init("combine it first: put `allreduce(...)` around each way's value")])
    }

    static func arrayReturnedFromLoop(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an array (\(type)) of a size that is only known inside the loop cannot be returned from it yet",
            at: span, notes: [.init("assign it to a `var` made before the loop, and return that after the loop")])
    }

    static func pairsOverKeptAxes(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "argmin, argmax, minloc and maxloc of rows that lie on several ranks are not supported yet",
            at: span, notes: [.init("make the array with `allgather`, then reduce it")])
    }
}

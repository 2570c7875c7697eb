import Language
import Source
import TypedTree

// Where values live, what communicates, and what would keep ranks from meeting.

extension Diagnostic {
    static func keyedWriteAcross(_ name: String, _ axis: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "what belongs to a key meets where the first axis is divided, but `\(name)` is divided along axis \(axis)",
            at: span, notes: [Note("add to an array that is on every rank, or to one with its axes exchanged")])
    }

    static func placesAcross(_ name: String, _ axis: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "rows go to the ranks that own them, but of the rows of `\(name)`, which is divided along axis \(axis), every rank has a part",
            at: span,
            notes: [Note("`redistribute(\(name), axis: 0)` divides its rows (cost class 3: moves the whole array)")])
    }

    static func partUsed(_ type: ValueType, _ what: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a \(type) is every rank's own contribution and cannot be \(what) before it is combined",
            at: span,
            notes: [Note("`allreduce` combines it, on every rank")],
            fixIts: [FixIt("combine it", replace: span, with: "allreduce(\(span.text))")])
    }

    static func partVariable(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a \(type) cannot be kept in a `var`; combine it with `allreduce` or bind it with `let`",
            at: span)
    }

    static func alreadyCombined(_ name: String, _ type: ValueType, at span: Span, call: Span) -> Diagnostic {
        Diagnostic(
            #function, "this \(type) is the same on every rank already; `\(name)` would combine it once a rank",
            at: span,
            notes: [Note("a bare reduction such as `sum(x)` combines over all ranks; `local sum(x)` is a part")],
            fixIts: [FixIt("leave `\(name)` out", replace: call, with: span.text)])
    }

    static func reduceOfScattered(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` combines parts, but this \(type) is divided over the ranks", at: span,
            notes: [Note("`local sum(x)` makes a part of it; `sum(x)` does both")],
            fixIts: [FixIt("sum it first", replace: span, with: "local sum(\(span.text))")])
    }

    static func wrongPlacement(_ name: String, _ type: ValueType, _ wants: String, at span: Span) -> Diagnostic {
        let isOwn = type.isLocal && type.array?.isScalar == true && ["allreduce", "reduce"].contains(name)
        return Diagnostic(
            #function, "`\(name)` takes \(wants), not \(type)", at: span, notes: isOwn ? [.combiningLocals(span)] : [])
    }

    static func doublyPlaced(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a type has one placement: `local`, `root`, `part(op)` or a `/` before a dimension", at: span)
    }

    static func placementMismatch(_ op: String, _ a: TypedExpression, _ b: TypedExpression, at span: Span) -> Diagnostic
    {
        Diagnostic(
            #function, "the operands of `\(op)` live in different places: \(a.type) and \(b.type)", at: span,
            notes: [
                Note("this is \(a.type)", at: a.span), Note("this is \(b.type)", at: b.span),
                areDividedDifferently(a, b)
                    ? Note(
                        "`redistribute(..., axis: k)` of one would divide it alike (cost class 3: moves the whole array)"
                    )
                    : Note(
                        "`allgather(...)` of one would bring it to every rank (cost class 3: moves the whole array)"),
            ])
    }

    private static func areDividedDifferently(_ a: TypedExpression, _ b: TypedExpression) -> Bool {
        a.type.array?.rank == b.type.array?.rank
            && [a, b].allSatisfy { $0.type.array?.placement.isDivided == true }
    }

    static func rootArithmetic(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a \(type) is on rank 0 alone; it can be shown, saved, `bcast` and `scatter`ed", at: span,
            fixIts: [FixIt("bring it to every rank", replace: span, with: "bcast(\(span.text))")])
    }

    static func badPartOperator(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a part is combined by one of + * min max and or & | ^ minloc maxloc, not by `\(name)`",
            at: span,
            notes: [Note("the type of a part by a function of the program is not written: leave it out")])
    }

    static func loopOverPlaced(_ type: ValueType, at span: Span) -> Diagnostic {
        let isDivided = type.array?.placement.isDivided == true
        return Diagnostic(
            #function, "every rank runs this loop, but not every rank has the elements of a \(type)", at: span,
            notes: isDivided
                ? [
                    Note(
                        "a comprehension or a reduction works where they are: `[v + 1 for v in x]`, `sum(v for v in x)`"
                    ),
                    Note("`allgather` brings all of them to every rank"),
                ] : [])
    }

    static func misplacedRead(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "elements of a \(type) cannot be read here; `bcast` brings it to every rank", at: span)
    }

    static func misplacedCondition(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "a \(type) cannot be a condition: not every rank has its value", at: span)
    }

    static func stretchedAcrossRanks(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "one rank has the one element of this \(type) along its divided axis, and all ranks would need it",
            at: span, notes: [Note("`allgather(...)` brings it to every rank (cost class 3: moves the whole array)")],
            fixIts: [FixIt("bring it to every rank", replace: span, with: "allgather(\(span.text))")])
    }

    static func misplacedOrder(at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`in order` is for assignments: what a comprehension or reduction makes cannot be read meanwhile",
            at: span,
            notes: [
                Note(
                    "`x[i] = a[i] * x[i - 1] + b[i] for i in 1..n in order` reads what it has written; `scan` makes an array"
                )
            ])
    }

    static func orderDependsOnFree(_ name: String, _ free: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "the range of `\(name)` depends on `\(free)`, which is not in order: ranges in order go around all others",
            at: span, notes: [Note("write `in order` after the range of `\(free)`, too")])
    }

    static func orderAcrossRanks(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(name)` (\(type)) is divided along the axis in order, and has no other axis to be divided along meanwhile",
            at: span,
            notes: [
                Note(
                    "every rank would wait for the one before it: do it on an array that all have, `allgather(\(name))`"
                ),
                Note("where each step is associative, `scan(f, init, a)` does it with a few numbers sent"),
            ])
    }

    static func returnsFromLoop(_ function: String, _ array: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(function)` returns from inside a loop, so it cannot be called for each element with a \(array)",
            at: span,
            notes: [
                Note(
                    "let the loop set a variable and end with `break`, and return that behind it; or pass it the numbers that it reads"
                )
            ])
    }

    static func writeNeedsOtherRank(_ array: String, _ index: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "writing `\(array)` at `\(index)` along its divided axis may reach elements that other ranks hold",
            at: span,
            notes: [
                Note(
                    "every rank writes its own elements: the subscript is one index of a `for` range, times and plus what is the same for all"
                )
            ])
    }

    static func sharedFromDivided(
        _ name: String, _ type: ValueType, _ divided: String, at span: Span, _ dividedSpan: Span
    ) -> Diagnostic {
        Diagnostic(
            #function, "every rank has all of `\(name)` (\(type)), but no rank knows all that is assigned to it",
            at: span,
            notes: [
                Note("`\(divided)` is divided over the ranks", at: dividedSpan),
                Note(
                    "`allgather` brings it to every rank (cost class 3: moves the whole array); or make `\(name)` with `scatter`"
                ),
            ])
    }

    static func dividedDifferently(
        _ name: String, at span: Span, _ other: String, _ otherSpan: Span, isWritten: Bool = false
    ) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is divided along another index than `\(other)`: they do not meet on one rank",
            at: span,
            notes: [
                Note("`\(other)` is \(isWritten ? "written" : "read") here", at: otherSpan),
                Note(
                    "`redistribute` would divide one of them alike, `allgather` bring it to every rank (cost class 3: each moves the whole array)"
                ),
            ])
    }

    /// Rows are chosen of an array of which every rank has a part of each.
    static func indexOnAllRanks(_ name: String, _ array: ValueType, _ index: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(name)` takes rows of a \(array), of which every rank has a part, so every rank must have this \(index)",
            at: span,
            notes: [Note("`allgather(...)` brings it to every rank (cost class 3: moves the whole array)")],
            fixIts: [FixIt("bring it to every rank", replace: span, with: "allgather(\(span.text))")])
    }

    static func dividedExtents(_ divided: DividedRange, _ earlier: DividedRange) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(divided.name)` has \(divided.size) elements along the divided axis and `\(earlier.name)` has \(earlier.size): "
                + "their blocks do not lie together",
            at: divided.span,
            notes: [Note("`\(earlier.name)` is \(earlier.isWritten ? "written" : "read") here", at: earlier.span)]
                + (earlier.isWritten
                    ? [Note("an assignment of ranges sends what lies elsewhere: `\(earlier.name)[0..n, ..] = a`")]
                    : [Note("slices bring the elements of one to where the other's lie: `a + b[0..n]`")]))
    }

    static func dividedOverOtherRanks(_ divided: DividedRange, _ earlier: DividedRange) -> Diagnostic {
        let isGrid = divided.direction != .all
        return Diagnostic(
            #function,
            "`\(divided.name)` is divided over \(isGrid ? "a grid of ranks" : "all ranks in a row") and `\(earlier.name)` over "
                + "\(isGrid ? "all ranks in a row" : "a grid"): they do not meet on one rank",
            at: divided.span, notes: [Note("`\(earlier.name)` is read here", at: earlier.span)])
    }

    static func reductionOfOtherRanks(_ name: String, at span: Span, _ divided: Span) -> Diagnostic {
        Diagnostic(
            #function, "every element of this divided array would need all ranks' data for `\(name)`", at: span,
            notes: [Note("the array is divided because of this", at: divided)])
    }

    static func productPlacement(_ a: ValueType, _ b: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`@` does not multiply \(a) by \(b)", at: span,
            notes: [
                Note("it takes replicated and scattered matrices, or local and replicated ones")
            ])
    }

    // MARK: local

    static func localNeedsReduction(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`local` stands before a reduction (`local sum(x)`) or a block, not before `\(name)`", at: span)
    }

    static func localNotDivided(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`local \(name)` of what is not divided over the ranks would count it once a rank", at: span,
            notes: [Note("write `\(name)(...)`: it needs no communication")])
    }

    static func nestedLocal(at span: Span, _ outer: Span) -> Diagnostic {
        Diagnostic(#function, "`local` inside `local`", at: span, notes: [Note("the outer one", at: outer)])
    }

    static func localInElement(at span: Span) -> Diagnostic {
        Diagnostic(#function, "`local { }` cannot stand in the code of an element", at: span)
    }

    static func assignmentInLocal(_ name: String, _ type: ValueType, at span: Span, _ block: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` (\(type)) would get another value on every rank", at: span,
            notes: [Note("this `local` block is every rank's own code; give its result a name instead", at: block)])
    }

    static func assignmentInElement(_ name: String, at span: Span, domain: Span?) -> Diagnostic {
        Diagnostic(
            #function, "the code of an element cannot assign `\(name)`, which lives outside", at: span,
            notes: domain.map { [Note("it runs for every index of this range, in no order", at: $0)] } ?? [])
    }

    // MARK: What could separate the ranks

    static func divergentCommunication(_ what: String, at span: Span, _ divergence: Divergence) -> Diagnostic {
        Diagnostic(
            #function,
            "\(what) communicates, but \(divergence.what) is not the same on every rank: some ranks would wait for ever",
            at: span, notes: divergence.notes)
    }

    static func divergentAssignment(_ name: String, _ type: ValueType, at span: Span, _ divergence: Divergence)
        -> Diagnostic
    {
        Diagnostic(
            #function, "`\(name)` (\(type)) would differ between ranks, because \(divergence.what) does", at: span,
            notes: divergence.notes)
    }

    static func divergentBreak(at span: Span, _ divergence: Divergence) -> Diagnostic {
        Diagnostic(
            #function, "some ranks would leave the loop here and the others go on, because \(divergence.what) differs",
            at: span, notes: divergence.notes)
    }

    static func divergentReturn(_ what: String, at span: Span, _ divergence: Divergence, _ communication: Span)
        -> Diagnostic
    {
        Diagnostic(
            #function, "some ranks would return here and never meet the others at \(what)", at: span,
            notes: divergence.notes + [Note("\(what) communicates here", at: communication)])
    }

    static func divergentChoice(_ type: ValueType, at span: Span, _ origin: (name: String, span: Span)?) -> Diagnostic {
        Diagnostic(
            #function, "a condition that differs between ranks cannot choose a \(type)", at: span,
            notes: origin.map { [Note("`\($0.name)` became local here", at: $0.span)] } ?? [])
    }

    static func divergentContribution(_ name: String, at span: Span, _ origin: (name: String, span: Span)?)
        -> Diagnostic
    {
        Diagnostic(
            #function, "`\(name)` over all ranks takes contributions that do not depend on the rank", at: span,
            notes: origin.map { [Note("`\($0.name)` became local here", at: $0.span)] } ?? [])
    }

    static func divergentArgument(
        _ need: String, _ type: ValueType, at span: Span, _ origin: (name: String, span: Span)
    ) -> Diagnostic {
        Diagnostic(
            #function, "\(need) must be the same on every rank, and this \(type) may not be", at: span,
            notes: [Note("`\(origin.name)` became local here", at: origin.span)])
    }

    static func rootArgument(_ need: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "\(need) must be known on every rank, and this \(type) is known on rank 0 alone", at: span,
            notes: [Note("`bcast` brings it to every rank", at: span)])
    }

    static func communicationInLocal(_ what: String, at span: Span, _ block: Span) -> Diagnostic {
        Diagnostic(
            #function, "\(what) communicates, and nothing in a `local` block may", at: span,
            notes: [Note("the block", at: block)])
    }

    static func communicationInElement(_ what: String, at span: Span, domain: Span?) -> Diagnostic {
        Diagnostic(
            #function, "\(what) cannot stand in the code of an element; give its value a name outside", at: span,
            notes: domain.map { [Note("this code runs for every index of this range", at: $0)] } ?? [])
    }
}

extension Divergence {
    var notes: [Diagnostic.Note] {
        var notes = [Diagnostic.Note("\(what) differs between ranks", at: span)]
        if let origin { notes.append(Diagnostic.Note("`\(origin.name)` became local here", at: origin.span)) }
        return notes
    }
}

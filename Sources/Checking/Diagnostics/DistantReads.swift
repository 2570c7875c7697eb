import Language
import Source
import TypedTree

// Reads of elements that other ranks hold.

/// What an index along a divided axis is that is not its range's own.
enum DistantIndex: Equatable {
    /// No index of a `for` range stands in it.
    case elsewhere
    /// The own index, plus what only the run tells.
    case shift
    /// The own index in another way: times a number, or looked up.
    case otherwise
    /// An index that stands for another place of the array that is assigned, `y[2 * i] = x[i]`.
    case written(String)

    fileprivate var note: Diagnostic.Note {
        switch self {
        case .elsewhere:
            Diagnostic.Note(
                "in a comprehension or reduction every rank reads its own elements: `[f(a[i]) for i in 0..n]`")
        case .shift:
            Diagnostic.Note("at a distance that only the run tells, slices bring them: `a[0..n - k] * a[k..n]`")
        case .otherwise:
            Diagnostic.Note("every rank reads its own elements at the index of a `for` range, or a constant beside it")
        case .written(let array):
            Diagnostic.Note(
                "the owners of `\(array)` compute it, which hold other elements of this; ranges send what lies elsewhere: "
                    + "`\(array)[0..n by 2] = x`")
        }
    }
}

extension Diagnostic {
    private static func oneElement(of array: String, _ index: String, at span: Span) -> FixIt {
        let end = Int(index).map { "\($0 + 1)" } ?? "\(index) + 1"
        let read = "allgather(\(array)[\(index)..\(end)])[0]"
        return FixIt("bring this element to every rank", replace: span, with: read)
    }

    static func readNeedsOtherRank(
        _ array: String, _ type: ValueType, _ index: String, at span: Span, _ kind: DistantIndex
    ) -> Diagnostic {
        Diagnostic(
            #function, "reading `\(array)` (\(type)) at `\(index)` needs elements that other ranks hold", at: span,
            notes: [
                kind.note,
                Note(
                    "`\(array)[idx]` with an array of indices asks the ranks that hold them (cost class 3: moves those elements)"
                ),
                Note(
                    "a slice brings a part of it to every rank: `a[k..k+1] |> allgather`, of a matrix `a[k, ..] |> allgather`"
                ),
                Note("`allgather(\(array))` would bring all of it to every rank (cost class 3: moves the whole array)"),
            ], fixIts: kind == .elsewhere && type.array?.rank == 1 ? [oneElement(of: array, index, at: span)] : [])
    }
}

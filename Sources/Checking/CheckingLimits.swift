import Language
import Source
import Syntax

// Limits that keep the time and the stack of checking in proportion to the program's length.

/// How much has been checked, and how deep the checker stands in statements and expressions.
struct CheckingLimits {
    /// Calls, blocks and brackets inside one another: what a stack of 8 MB carries, in this and in every later stage.
    static let greatestDepth = 600
    /// The numbers and arrays of a tuple or record, each of which is a variable of its own.
    static let mostParts = 1000

    /// Bodies of functions and lambdas count each time that they are checked.
    private(set) var count = 0
    private var greatestCount = 100_000
    fileprivate var depth = 0
    fileprivate var isExceeded = false

    init(sourceSize: Int) { add(sourceSize: sourceSize) }

    /// A further file belongs to the program.
    mutating func add(sourceSize: Int) { greatestCount += 100 * sourceSize }

    fileprivate mutating func countOne() -> Bool {
        count += 1
        return count <= greatestCount
    }
}

extension Checker {
    /// Whether the checker may go into a statement or an expression; once it may not, nothing more is checked.
    func enter(_ span: Span) -> Bool {
        guard !limits.isExceeded else { return false }
        // The call in the program that led here, not the innermost of hundreds.
        let outermost = context.callChain.first?.span ?? span
        if !limits.countOne() {
            report(.expandsTooFar(at: outermost), isTraced: false)
        } else if limits.depth == CheckingLimits.greatestDepth {
            report(.callsTooDeep(limit: CheckingLimits.greatestDepth, at: outermost), isTraced: false)
        } else {
            limits.depth += 1
            return true
        }
        limits.isExceeded = true
        return false
    }

    func leave() { limits.depth -= 1 }

    /// Whether values of these types can be the parts of one value; reported where they are too many.
    func isOfFewParts(_ types: [ValueType], _ span: Span) -> Bool {
        let count = types.reduce(0) { $0 + ($1.dataLeaves?.count ?? 1) }
        if count > CheckingLimits.mostParts {
            report(.tooManyParts(count, limit: CheckingLimits.mostParts, at: span))
        }
        return count <= CheckingLimits.mostParts
    }
}

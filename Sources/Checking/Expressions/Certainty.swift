import Language
import Source
import Syntax
import TypedTree

// Whether code is certain to run. An index that falls out of its range for certain is an error of the program where it is certain to be
// used; elsewhere, `if i > 0 { t[i - 1] }`, it is checked when the program runs.
//
// A range counts as one that is not empty, `for i in 0..n`, unless it is known to be empty or depends on what its loops around compute,
// `for j in i+1..n`.

extension Checker {
    /// Checks code that a condition guards.
    func underCondition<Result>(_ body: () -> Result) -> Result {
        let outer = context.isUnderCondition
        context.isUnderCondition = true
        defer { context.isUnderCondition = outer }
        return body()
    }

    /// Checks code that something guards if there is a condition.
    func underCondition<Result>(if isGuarded: Bool, _ body: () -> Result) -> Result {
        isGuarded ? underCondition(body) : body()
    }

    /// The same; where the condition differs between ranks some of them alone run the code.
    func underCondition<Result>(_ condition: TypedExpression, _ what: String, _ body: () -> Result) -> Result {
        diverging(condition, what) { underCondition(body) }
    }

    /// Checks a loop, or a comprehension or reduction: what its ranges say of its body ends with it.
    func inLoop<Result>(_ body: () -> Result) -> Result {
        let outer = (context.isUnderCondition, context.firstAtomInLoop)
        defer { (context.isUnderCondition, context.firstAtomInLoop) = outer }
        return body()
    }

    func verdict(index: TypedExpression, extent: Size) -> SizeKnowledge.BoundsVerdict {
        sizes.verdict(index: index, extent: extent, isCertain: !context.isUnderCondition)
    }

    /// Notes a range of the loop that is being checked.
    func noteRange(_ lower: Size, _ upper: Size) {
        if let count = Size.difference(upper, lower) {
            if count <= 0 { context.isUnderCondition = true }
        } else if let first = context.firstAtomInLoop {
            let atoms = [lower, upper].flatMap { $0.terms.keys.joined() }
            if atoms.contains(where: { $0.id >= first }) { context.isUnderCondition = true }
        }
        context.firstAtomInLoop = context.firstAtomInLoop ?? sizes.atomCount
    }
}

extension Statement {
    /// Whether there is a `return` in it: what follows, and what a loop repeats, may not run.
    var mayReturn: Bool {
        switch kind {
        case .returnValue: true
        case .conditional(_, let then, let otherwise): then.mayReturn || otherwise?.mayReturn == true
        case .forLoop(_, _, let body), .whileLoop(_, let body): body.mayReturn
        case .expecting(_, let loop): loop?.mayReturn == true
        default: false
        }
    }
}

extension Block {
    fileprivate var mayReturn: Bool { statements.contains(where: \.mayReturn) }
}

import Language

/// A data-parallel loop over a box of indices, the first axis outermost, with any mix of results.
///
/// Global and distributed: operands are (lower, upper, step) for each axis, then the extent of each axis that is cut. `.element` results are
/// arrays over the box (lower is 0, step 1). A `.reduction` yields `op.arity` values and has as many results: a number each, or,
/// when inner loops' arrays are yielded, arrays combined element by element ("row order"). In a divided loop a reduction's
/// result is a `part(op)` (distributed) or already combined on all ranks (global only; the pass `Distribute` makes the difference explicit).
/// Axes are cut as those of a stored array.
///
/// Local: no `.element` yields; bodies `write` instead. The divided axis's range is cut to this rank's indices; its extent stays. After them come,
/// when there is a reduction, (origin, leafRows), once for all of the loop's reductions: the position of outer index i is i - origin, its leaf
/// (i - origin) / leafRows. The region's arguments are the indices, then the accumulators of each array reduction, arrays of its
/// results' types, which the loop owns: the body reads nothing of it and `accumulate`s into it at linear indices. The region yields the
/// contributions of the number reductions in order, nothing for array reductions.
/// A number that is reduced by tiles (`Distribution.isTiled`) has an accumulator with an element for each column that the rank holds.
/// Results are parts when it is divided (nothing of them is freed but by `release`), else numbers and new arrays with one reference.
///
/// Local, with a second region: it runs the outer indices lower ..< upper, two more operands at the end (`Node.inside`), then that region,
/// which finishes an exchange, then the indices before them and those behind. Ordered reductions have a leaf's begin there, or nothing inside.
///
/// Local, references: every array value but a region argument of a `loop` or of a `whileLoop`'s condition owns one reference. Operands of a
/// `yield` that leaves a conditional or a sequential loop's body and the carried operands of a `forLoop` or `whileLoop` give their reference away;
/// every other operand is only looked at (`unshare` takes it). Loops hand a carried array's reference to their body's argument, and its last one to their result.
public struct Loop: Hashable, Sendable {
    public var axes: Int
    /// How its axes are cut over the ranks.
    public var distribution: Distribution
    public var yields: [Yield]
    /// Where each yield was written, once fusion has made one loop of several; else the node says it: see `Node.yieldPlaces`.
    public var places = Places()

    public enum Yield: Hashable, Sendable {
        case element
        case reduction(ReductionOperator)
    }

    public init(axes: Int, _ distribution: Distribution, yields: [Yield]) {
        self.axes = axes
        self.distribution = distribution
        self.yields = yields
    }
}

import Language

/// What a node does: the one list of operations. `(…) -> …` gives operands and results; `OperationTable.swift` has a row for each.
public enum Operation: Hashable, Sendable {
    // MARK: Numbers
    /// () -> T
    case constant(Constant)
    /// (T, ...) -> T or bool. A `local` operand makes a `local` result.
    case scalar(ScalarOperator)
    /// (S) -> T, by C's rules for numbers; a float to an integer is cut towards zero and saturates, NaN gives 0.
    case convert(ElementType)
    /// () -> T: a program parameter by its place in `Module.parameters`.
    case parameter(Int)
    /// () -> bool: whether the user gave that parameter on the command line.
    case parameterGiven(Int)
    /// () -> text
    case text(String)
    /// (numbers or texts…, one for each hole) -> text
    case compose([PrintPiece])
    /// (text, text) -> bool
    case sameText
    /// () -> local i64
    case rank
    /// () -> i64
    case ranks
    /// () -> f64, from rank 0's clock.
    case clock

    // MARK: Control, with values carried (no phi)
    /// (bool) -> yielded; regions: then, else.
    case conditional
    /// (lower, upper, step, carried…) -> carried; region: (index, carried…) yields carried.
    case forLoop
    /// (carried…) -> carried; regions: condition (carried…) yields bool; body (carried…) yields carried.
    case whileLoop
    /// (values…): ends a region.
    case yield

    // MARK: Data parallelism
    /// (lower, upper, step for each axis; then the extent of the divided axis, if any) -> one result for each yield.
    /// The region takes the indices and yields the contributions: see `Loop`. In the local stage the ranges are this rank's own,
    /// and each reduction's origin and leaf rows follow: see `Loop`.
    case loop(Loop)
    /// (array, index for each axis) -> number. Global and distributed; the divided axis is read where it is owned.
    case element(Bounds)
    /// (scattered array, index for each axis) -> number: an element at a constant distance from where it is asked for. Distributed:
    /// the array comes from an `exchange` that is wide enough.
    case neighbour(Neighbour)
    /// (base, lower/upper/step…, extents of the axes that are cut…) -> array like base; the region takes the indices and yields (index for each axis of
    /// base…, value) or (index…, value, bool): the base with those elements replaced, of the latter those for which the bool is true.
    /// `bounds`: whether the written indices are checked.
    case update(axes: Int, Distribution, Bounds)
    /// (keys…, number or row, bool) -> array whose first axes count keys: the value at the keys if the bool is true, the identity of the
    /// one reduction that it is yielded to elsewhere. Stands in the body of that reduction's loop, and is gone in the local stage. Keys are
    /// checked where the bool is true.
    case keyedContribution
    /// (numbers…) -> array of rank 1.
    case assemble
    /// (scattered array) -> local array: this rank's block. Its extents are local values made by `owned`.
    /// Local stage: the same pointer; the reference that the result owns was made by a `retain` of the operand before it.
    case ownBlock
    /// (extent) -> (local i64, local i64): the first index of this rank's block of an axis that is cut over the ranks as they are numbered
    /// along a direction, and the one after its last.
    case owned(Direction)
    /// () -> (local i64, i64): this rank's number along a direction of the grid, and how many there are.
    case gridPlace(Direction)

    /// (arrays and numbers…) -> arrays, then the i64 extents that are known only when it has run: the result types' dimensions name
    /// those results. See `ArrayOperation`.
    case array(ArrayOperation)

    // MARK: Communication
    /// (value) -> the value in its new placement. Only `allreduce` takes several: (parts…) -> (values…), in one message.
    /// A minloc or maxloc is two operands and two results, (value, index), wherever a part goes. `scatter` of a replicated array
    /// is a slice of it and gone in the local stage. Array results are new, with one reference.
    case collective(Collective)
    /// (scattered arrays…) -> the same arrays, of whose neighbouring rows every rank now has copies, a `Halo` for each. Distributed and
    /// local; in the local stage without results: the copies lie around the block in the array's own memory.
    case exchange([Halo])
    /// (scattered arrays…): an exchange that goes on until `finishExchange`. Local; until then nothing communicates, and nothing but the
    /// loop that finishes it uses the arrays.
    case startExchange([Halo])
    /// (the same arrays): waits for what `startExchange` began. Local.
    case finishExchange
    /// (part…) -> local…: what this rank's contributions come to (for `show`); `op.arity` operands and results.
    case fold

    // MARK: The outside world; these keep their order. Files and people see an array's axes as they are written.
    /// (path, detail, then for each axis its extent or -1 for "as the file says"…) -> (array, extents…: the true ones, i64, as written).
    /// The array's type may name those results as its dimensions.
    case loadFile(StorageOrder)
    /// (array, path, detail)
    case saveFile(StorageOrder)
    /// (for each axis its extent or -1…) -> (array, extents…: the true ones, i64, as written): an array argument of a library's function,
    /// by its place among the arguments. The array's type may name those results as its dimensions.
    case argument(Int, StorageOrder)
    /// (value): a result of a library's function, by its place among them.
    case result(Int, StorageOrder)
    /// (real, imaginary): one complex number, for what shows or saves it; of arrays that is the array operation `interleave`.
    case pair(ElementType)
    /// (numbers or texts…, one for each hole)
    case print([PrintPiece])
    /// (value) or, for a part, (what `fold` gave of it, the part): a header `name: f64[/16]` made from the value's type, its
    /// extents' numbers and the last operand's placement, then a line a rank.
    /// `isOwn`: shown as each rank's own, though it is the same on all.
    case show(name: String, StorageOrder, isOwn: Bool)
    /// (value): what a variable of the program has from here on, for a debugger.
    case named(String, variable: Int)
    /// (bool, then the message's holes…)
    case assertion([PrintPiece])
    /// (expected i64, actual i64): two extents must agree; `what` tells the user which.
    case checkExtent(what: String)
    /// (extents…) of an array that is to be made: none may be negative, nor their product more than `Shape.mostElements`.
    case checkShape

    // MARK: The local stage
    /// () -> array with one reference, its elements unset: dimensions from its type, the divided axis cut to this rank's block.
    case allocate
    /// (array): one more, one fewer reference. The last one frees it. `release` also frees a part (one owner, never retained; a minloc
    /// part through its first result). Both ignore what a rank does not hold of a `root` array.
    case retain, release
    /// (array) -> array: takes the operand's reference and gives an array with the same elements and no other reference, to be written:
    /// the operand itself when that was its only reference, else a copy.
    case unshare
    /// (array) -> array: takes the operand's reference and gives an array like it with no other reference, its elements unset: the
    /// operand's own memory when that was its only reference. The loop after it may still read the operand, each element before it
    /// writes that of the result.
    case reuse
    /// (inner spans…, then the divided extent if any) -> i64: rows of the outermost axis in a leaf of the reduction tree.
    case leafRows(divided: Bool)
    /// (extent) -> i64: the side of a tile along an axis that is cut over a direction of the grid.
    case tileSide
    /// (extent of the columns) -> local i64: how far apart rows lie in what a rank holds of an array that is cut over a grid.
    case pitch
    /// (array, linear index into what this rank holds) -> number
    case read
    /// (array, linear index, number)
    case write
    /// (arrays…, linear index, numbers…): combines a contribution into an element, of a row reduction's accumulators: as many as the
    /// operator's contributions have numbers.
    case accumulate(ReductionOperator)
    /// (index, extent, axis is `axis`): fails with the place unless 0 <= index < extent.
    case checkIndex(axis: Int)
    /// (count, rows, arrays…, buffers…) -> (the buffers, parts…): several sweeps of a stencil at once; see `Sweeps`.
    case sweeps(Sweeps)
    /// (bool): what the loop that follows would have to check is in range if the bool is true; else the region, which holds that loop's
    /// checks, finds the first that fails, if there is one.
    case checkAhead
}

/// Whether an index must be checked at run time.
public enum Bounds: Hashable, Sendable {
    case proved
    /// The order of the array's axes, which a failure names as they are written.
    case checked(StorageOrder)
}

/// Text and holes of `print` and `assert`; a hole takes the next operand.
public enum PrintPiece: Hashable, Sendable {
    case text(String)
    /// `style` is "shortest", "fixed" or "scientific"; see TypedTree.PrintFormat.
    case hole(style: HoleStyle, digits: Int, width: Int)
    public enum HoleStyle: String, Hashable, Sendable { case shortest, fixed, scientific }
}

import IR
import Language

// Ranges: this rank's indices of one that is cut, and where the leaves of reductions begin.

extension RankLowering {
    func i64(_ number: Int) throws -> Value {
        if let value = known.numbers[number] { return value }
        let value = try builder.i64(number)
        learn(value, .i64(number))
        return value
    }

    func isConstant(_ value: Value, _ number: Int) -> Bool { known.constants[value] == .i64(number) }

    /// The space of a loop with the ranges that are divided cut to this rank's block. Indices that nobody owns, below 0 or above the
    /// extent, go to the first and the last rank: there the check of what they read fails.
    func cut(_ space: IterationSpace) throws -> IterationSpace {
        var own = space
        for cut in space.cuts {
            let block = try block(cut.extent, cut.axis, of: space.distribution)
            let range = space.ranges[cut.axis]
            let direction = space.distribution.direction(axis: cut.axis)
            own.ranges[cut.axis].lower = try first(of: range, from: try begin(of: block, for: range, direction))
            own.ranges[cut.axis].upper =
                range.upper == cut.extent ? block.end : try end(of: block, for: range, direction)
        }
        return own
    }

    /// This rank's number, and how many there are.
    private func place(_ direction: Direction) throws -> (rank: Value, ranks: Value) {
        if direction == .all { return (try builder.append(.rank)[0], try builder.append(.ranks)[0]) }
        let place = try builder.append(.gridPlace(direction))
        return (place[0], place[1])
    }

    /// Where this rank's block ends, if the range does not end before; on the last rank, where the range does.
    private func end(of block: Block, for range: IterationSpace.Range, _ direction: Direction) throws
        -> Value
    {
        let place = try place(direction)
        let last = try builder.scalar(.subtract, place.ranks, try i64(1))
        let isLast = try builder.scalar(.equal, place.rank, last)
        let end = try builder.scalar(.min, range.upper, block.end)
        return try builder.scalar(.select, isLast, range.upper, end)
    }

    /// Where this rank's block begins; on the first rank, where the range does if that is earlier.
    private func begin(of block: Block, for range: IterationSpace.Range, _ direction: Direction) throws
        -> Value
    {
        if case .integer(let lower, _)? = known.constants[range.lower], lower >= 0 { return block.begin }
        let isFirst = try builder.scalar(.equal, try place(direction).rank, try i64(0))
        let earlier = try builder.scalar(.min, range.lower, block.begin)
        return try builder.scalar(.select, isFirst, earlier, block.begin)
    }

    /// The first index of the range that is not below `begin`.
    private func first(of range: IterationSpace.Range, from begin: Value) throws -> Value {
        if isConstant(range.step, 1) {
            return isConstant(range.lower, 0) ? begin : try builder.scalar(.max, range.lower, begin)
        }
        // lower + max(0, ceil((begin - lower) / step)) · step
        let gap = try builder.scalar(.subtract, begin, range.lower)
        let rounded = try builder.scalar(.subtract, try builder.scalar(.add, gap, range.step), try i64(1))
        let steps = try builder.scalar(.max, try builder.scalar(.floorDivide, rounded, range.step), try i64(0))
        return try builder.scalar(.add, range.lower, try builder.scalar(.multiply, steps, range.step))
    }

    /// (origin, leaf rows) of a loop's reductions.
    func leaves(of space: IterationSpace) throws -> [Value] {
        guard let outer = space.ranges.first else { throw fault("a reduction over no range") }
        if space.distribution.isGrid { return [try i64(0)] + (try builder.append(.tileSide, [space.extents[0]])) }
        let zero = try i64(0)
        let spans = try space.ranges.dropFirst().map { range in
            let span =
                isConstant(range.lower, 0) ? range.upper : try builder.scalar(.subtract, range.upper, range.lower)
            return try builder.scalar(.max, span, zero)
        }
        let isDivided = space.distribution.isDivided
        let rows = try builder.append(.leafRows(divided: isDivided), spans + space.extents)
        return [isDivided ? zero : outer.lower] + rows
    }
}

import IR
import Language

// Ranges: this rank's indices of a divided one, and where the leaves of reductions begin.

extension Localiser {
    func i64(_ number: Int) throws -> Value {
        if let value = known.numbers[number] { return value }
        let value = try builder.i64(number)
        learn(value, .i64(number))
        return value
    }

    func isConstant(_ value: Value, _ number: Int) -> Bool { known.constants[value] == .i64(number) }

    /// The space of a loop with the divided range cut to this rank's block.
    func cut(_ space: IterationSpace) throws -> IterationSpace {
        guard let divided = space.divided else { return space }
        let block = try block(divided.extent)
        let range = space.ranges[divided.axis]
        var own = space
        own.ranges[divided.axis].lower = try first(of: range, from: block.begin)
        if range.upper == divided.extent {
            own.ranges[divided.axis].upper = block.end
        } else {
            own.ranges[divided.axis].upper = try builder.scalar(.min, range.upper, block.end)
        }
        return own
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
        let zero = try i64(0)
        let spans = try space.ranges.dropFirst().map { range in
            let span =
                isConstant(range.lower, 0) ? range.upper : try builder.scalar(.subtract, range.upper, range.lower)
            return try builder.scalar(.max, span, zero)
        }
        let extent = space.divided.map { [$0.extent] } ?? []
        let rows = try builder.append(.leafRows(divided: space.divided != nil), spans + extent)
        return [space.divided == nil ? outer.lower : zero] + rows
    }
}

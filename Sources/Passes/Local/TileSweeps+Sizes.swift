import IR
import Language

// How many sweeps a block has: reckoned when the program runs, from what all ranks know.

extension SweepTiler {
    /// Sweeps of a block, at most: an array gets as many times the rows that a sweep needs as margin.
    static let mostSweeps = 16
    /// A block of fewer is not worth its while, and a loop might be left with one sweep.
    static let fewestSweeps = 3
    /// A rank has so many times the rows that it does for its neighbours.
    private static let leastShare = 4

    /// What is known before the blocks of a loop that counts.
    struct Plan {
        /// The rows that are done at a time, the blocks, the sweeps that each has, and how many of the first have one more.
        var rows, blocks, sweeps, more: Value
    }

    /// Blocks of as many sweeps each, or one more, at least 2.
    mutating func plan(_ range: IterationSpace.Range, _ sweep: SweepLoop) throws -> Plan {
        let (zero, one) = (try i64(0), try i64(1))
        let (most, rows) = try most(sweep)
        let all = try builder.scalar(.max, zero, try builder.scalar(.subtract, range.upper, range.lower))
        let isTiled = try builder.scalar(
            .and, try builder.scalar(.less, zero, most), try builder.scalar(.less, one, all))
        let divisor = try builder.scalar(.max, one, most)
        let full = try builder.scalar(
            .floorDivide, try builder.scalar(.add, all, try builder.scalar(.subtract, divisor, one)), divisor)
        let blocks = try builder.scalar(.select, isTiled, full, zero)
        let parts = try builder.scalar(.max, one, blocks)
        let sweeps = try builder.scalar(.floorDivide, all, parts)
        let more = try builder.scalar(.subtract, all, try builder.scalar(.multiply, sweeps, parts))
        return Plan(rows: rows, blocks: blocks, sweeps: sweeps, more: more)
    }

    /// That block of the plan, of a loop that counts from `lower`.
    mutating func block(
        _ number: Value, of plan: Plan, from lower: Value, _ arguments: [Value]
    ) throws -> SweepBlock {
        let isLonger = try builder.scalar(.less, number, plan.more)
        let longer = try builder.scalar(.add, plan.sweeps, try i64(1))
        let done = try builder.scalar(
            .add, try builder.scalar(.multiply, number, plan.sweeps), try builder.scalar(.min, number, plan.more))
        return SweepBlock(
            arguments: arguments, count: try builder.scalar(.select, isLonger, longer, plan.sweeps), rows: plan.rows,
            first: try builder.scalar(.add, lower, done))
    }

    /// How many sweeps a block may have, 0 if none should be made; and how many rows are done at a time: a run of leaves that holds all
    /// that a row needs on one side.
    mutating func most(_ sweep: SweepLoop) throws -> (sweeps: Value, rows: Value) {
        let type = builder.module.type(sweep.source)
        let (zero, one, ranks) = (try i64(0), try i64(1), try builder.append(.ranks)[0])
        var rowBytes = try i64((sweep.previous == nil ? 2 : 3) * (type.element?.byteSize ?? 8))
        for extent in type.dimensions.dropFirst() {
            rowBytes = try builder.scalar(.multiply, rowBytes, try builder.scalar(.max, extent, one))
        }
        let leaf = try builder.append(
            .leafRows(divided: true), Array(type.dimensions.dropFirst()) + [type.dimensions[0]])[0]
        let reach = max(sweep.halo.low, sweep.halo.high)
        let powerOfTwo = 1 << (Int.bitWidth - (reach - 1).leadingZeroBitCount)
        let rows = try builder.scalar(.max, leaf, try i64(powerOfTwo))
        let cache = try i64(inFlightBytes)
        let inFlight = try builder.scalar(.max, one, try builder.scalar(.multiply, rows, rowBytes))
        let fitting = try builder.scalar(.floorDivide, cache, inFlight)
        let own = try builder.scalar(.floorDivide, type.dimensions[0], ranks)
        let few = try builder.scalar(
            .floorDivide, own, try i64(Self.leastShare * (sweep.halo.low + sweep.halo.high)))
        let most = try builder.scalar(
            .min, try i64(Self.mostSweeps), try builder.scalar(.min, fitting, few))
        let isLarge = try builder.scalar(.less, cache, try builder.scalar(.multiply, own, rowBytes))
        let isWorthIt = try builder.scalar(.or, isLarge, try builder.scalar(.less, one, ranks))
        let isEnough = try builder.scalar(.lessEqual, try i64(Self.fewestSweeps), most)
        return (try builder.scalar(.select, try builder.scalar(.and, isWorthIt, isEnough), most, zero), rows)
    }
}

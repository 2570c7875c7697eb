import IR
import Language

/// Does several sweeps of a stencil in one visit to memory and with one exchange.
///
///     %u2, %r2 = for (%s in 0..%n …) with (%u = %u0, %r = %r0) {      %u1, %r1 = for (%block in 0..%blocks …) with (%u = %u0, %r = %r0) {
///         %v = allocate                                                   exchange(16 16) %u
///         exchange(1 1) %u                                                %a = allocate
///         %p = loop (…) { … read %u … write %v … }                        %b = reuse %u
///         release %u                                           →          %v, %w, %p = sweeps(1 1) 16 %count, … %u, %a, %b with … { loop … }
///         %r' = allreduce %p; release %p                                  release %w
///         yield %v, %r'                                                   %r' = allreduce %p; release %p
///     }                                                                   yield %v, %r'
///                                                                     }
///                                                                     %u2, %r2 = for (%s in %rest..%n …) with (%u = %u1, %r = %r1) { as before }
///
/// How many sweeps a block has is found out when the program runs, alike on all ranks: what is in flight must fit the cache, and the
/// rows around a rank's block that are done for nothing else must be few. Where it does not pay off there are no blocks, and the old
/// loop does all sweeps. What else the body does with numbers runs once for each sweep after the block, in a loop of its own.
enum TileSweeps: Transformation {
    static let summary = "Do several sweeps of a stencil in one visit to memory, with one exchange."

    static func run(_ module: inout Module) throws {
        var tiler = SweepTiler(builder: Builder(extending: module), constants: module.integerConstants)
        let body = try tiler.visited(module.body)
        module = tiler.builder.module
        module.body = body
    }
}

private struct SweepTiler {
    /// Sweeps of a block, at most: as many rows of margin times the halo's width does an array get.
    private static let mostSweeps = 16
    /// Below that a block is not worth its while, and might have one sweep.
    private static let fewestSweeps = 3
    /// Bytes in flight: most of a second-level cache of 1 MiB.
    private static let cacheBytes = 768 << 10
    /// A rank has so many times the rows that it does for its neighbours.
    private static let leastShare = 4

    var builder: Builder
    let constants: [Value: Int]
    /// This rank's block of each divided extent.
    var blocks: [Value: (begin: Value, end: Value)] = [:]

    mutating func visited(_ region: Region) throws -> Region {
        let outer = blocks
        defer { blocks = outer }
        var result = region
        result.nodes = []
        for var node in region.nodes {
            if node.operation == .owned { blocks[node.extent] = (node.results[0], node.results[1]) }
            if let sweep = SweepLoop(node, in: builder.module), isOverAllRows(sweep.loop),
                sweep.index == nil || constants[node.range.step] == 1
            {
                result.nodes += try tiled(sweep)
                continue
            }
            for index in node.regions.indices { node.regions[index] = try visited(node.regions[index]) }
            result.nodes.append(node)
        }
        return result
    }

    private func isOverAllRows(_ loop: Node) -> Bool {
        guard let cut = IterationSpace(of: loop)?.outermostCut, let block = blocks[cut.extent] else { return false }
        return cut.range.lower == block.begin && cut.range.upper == block.end && constants[cut.range.step] == 1
    }

    // MARK: How many

    /// What is reckoned before the blocks.
    private struct Plan {
        /// The rows of a band, the blocks, the sweeps that each has, and how many of the first have one more.
        var rows, blocks, sweeps, more: Value
    }

    private mutating func i64(_ number: Int) throws -> Value { try builder.i64(number) }

    /// How many sweeps a block may have, 0 if none should be made; and the rows of a band.
    private mutating func most(_ sweep: SweepLoop) throws -> (sweeps: Value, rows: Value) {
        let type = builder.module.type(sweep.source)
        guard let element = type.element else { throw IRFault("sweeps over texts", at: sweep.node.span) }
        let (zero, one, ranks) = (try i64(0), try i64(1), try builder.append(.ranks)[0])
        var rowBytes = try i64(2 * element.byteSize)
        for extent in type.dimensions.dropFirst() {
            rowBytes = try builder.scalar(.multiply, rowBytes, try builder.scalar(.max, extent, one))
        }
        let leaf = try builder.append(
            .leafRows(divided: true), Array(type.dimensions.dropFirst()) + [type.dimensions[0]])[0]
        let reach = max(sweep.halo.low, sweep.halo.high)
        let rows = try builder.scalar(.max, leaf, try i64(1 << (Int.bitWidth - (reach - 1).leadingZeroBitCount)))
        let cache = try i64(Self.cacheBytes)
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

    /// Blocks of as many sweeps each, or one more, at least 2.
    private mutating func plan(_ range: IterationSpace.Range, _ sweep: SweepLoop) throws -> Plan {
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

    // MARK: The blocks

    private mutating func tiled(_ sweep: SweepLoop) throws -> [Node] {
        let node = sweep.node
        builder.span = node.span
        _ = builder.beginRegion()
        let plan = try plan(node.range, sweep)
        let (zero, one) = (try i64(0), try i64(1))
        let types = sweep.arguments.map(builder.module.type)
        let arguments = builder.beginRegion([.scalar(.i64)] + types)
        let isLonger = try builder.scalar(.less, arguments[0], plan.more)
        let count = try builder.scalar(
            .select, isLonger, try builder.scalar(.add, plan.sweeps, one), plan.sweeps)
        let done = try builder.scalar(
            .add, try builder.scalar(.multiply, arguments[0], plan.sweeps),
            try builder.scalar(.min, arguments[0], plan.more))
        let first = try builder.scalar(.add, node.range.lower, done)
        let yielded = try block(sweep, Array(arguments.dropFirst()), count, plan.rows, first)
        var body = try builder.endRegion(yielding: yielded)
        body.arguments = arguments
        let made = try builder.append(
            .forLoop, [zero, plan.blocks, one] + node.carried, regions: [body],
            types: node.results.map(builder.module.type))
        let isTiled = try builder.scalar(.less, zero, plan.blocks)
        var old = node
        let lower = try builder.scalar(.select, isTiled, node.range.upper, node.range.lower)
        old.operands = [lower, node.range.upper, node.range.step] + made
        return try builder.endRegion().nodes.dropLast() + [old]
    }

    /// One block of sweeps, the first of which has the index `first`: what is carried on.
    private mutating func block(
        _ sweep: SweepLoop, _ arguments: [Value], _ count: Value, _ rows: Value, _ first: Value
    ) throws -> [Value] {
        var names = Substitution()
        names.replace(sweep.arguments, by: arguments)
        let source = arguments[sweep.sourceSlot]
        if let slot = sweep.beforeSlot { try builder.append(.release, [arguments[slot]]) }
        let made = try sweeps(sweep, source, count, rows, &names)
        names.replace(sweep.target, by: made[0])
        names.replace(sweep.source, by: made[1])
        if sweep.beforeSlot == nil { try builder.append(.release, [made[1]]) }
        let totals = try totals(sweep, Array(made.dropFirst(2)))
        var results = sweep.body.yielded
        let numbers = try rest(sweep, arguments, totals, count, first, &names)
        for slot in results.indices { results[slot] = numbers[slot] ?? names[results[slot]] }
        return results
    }

    /// The sweeps of a block: the last array, the one before it, parts.
    private mutating func sweeps(
        _ sweep: SweepLoop, _ source: Value, _ count: Value, _ rows: Value, _ names: inout Substitution
    ) throws -> [Value] {
        let type = builder.module.type(source)
        let most = Self.mostSweeps
        let wide = Halo(low: most * sweep.halo.low, high: most * sweep.halo.high, wraps: sweep.halo.wraps)
        builder.span = sweep.exchange.span
        try builder.append(.exchange([wide]), [source])
        builder.span = sweep.loop.span
        let first = try builder.append(.allocate, types: [type])[0]
        let second = try builder.append(.reuse, [source])[0]
        let buffers = builder.beginRegion([type, type])
        var inner = names
        inner.replace([sweep.source, sweep.target], by: buffers)
        let loop = builder.clone(sweep.loop, &inner)
        try builder.append(loop)
        var body = try builder.endRegion(yielding: loop.results)
        body.arguments = buffers
        let sweeps = Sweeps(halo: sweep.halo, most: most, reducesEach: sweep.reducesEach)
        return try builder.append(.sweeps(sweeps), [count, rows, source, first, second], regions: [body])
    }

    /// What the parts come to on all ranks.
    private mutating func totals(_ sweep: SweepLoop, _ parts: [Value]) throws -> [Value] {
        guard let allreduce = sweep.allreduce, !parts.isEmpty else { return [] }
        builder.span = allreduce.span
        let totals = try builder.append(.collective(.allreduce), parts)
        for part in parts { try builder.append(.release, [part]) }
        return totals
    }

    /// Runs what else the body does once for each sweep; gives the carried numbers by their slots.
    private mutating func rest(
        _ sweep: SweepLoop, _ arguments: [Value], _ totals: [Value], _ count: Value, _ first: Value,
        _ names: inout Substitution
    ) throws -> [Int: Value] {
        var results: [Int: Value] = [:]
        if let allreduce = sweep.allreduce, !sweep.reducesEach { names.replace(allreduce.results, by: totals) }
        let slots = sweep.restSlots
        if slots.isEmpty, sweep.rest.isEmpty { return results }
        let each = try assembled(sweep, totals)
        let (zero, one) = (try i64(0), try i64(1))
        let inner = builder.beginRegion([.scalar(.i64)] + slots.map { builder.module.type(arguments[$0]) })
        var own = names
        own.replace(slots.map { sweep.arguments[$0] }, by: Array(inner.dropFirst()))
        if let index = sweep.index { own.replace(index, by: try builder.scalar(.add, first, inner[0])) }
        for (result, array) in zip(sweep.allreduce?.results ?? [], each) {
            own.replace(result, by: try builder.append(.read, [array, inner[0]])[0])
        }
        for node in sweep.rest {
            builder.span = node.span
            try builder.append(builder.clone(node, &own))
        }
        var body = try builder.endRegion(yielding: slots.map { own[sweep.body.yielded[$0]] })
        body.arguments = inner
        let made = try builder.append(
            .forLoop, [zero, count, one] + slots.map { arguments[$0] }, regions: [body],
            types: slots.map { builder.module.type(arguments[$0]) })
        for (slot, value) in zip(slots, made) { results[slot] = value }
        for array in each { try builder.append(.release, [array]) }
        return results
    }

    /// For each result of the `allreduce` an array of what it is after each sweep.
    private mutating func assembled(_ sweep: SweepLoop, _ totals: [Value]) throws -> [Value] {
        guard sweep.reducesEach, let allreduce = sweep.allreduce else { return [] }
        let extent = try i64(Self.mostSweeps)
        let kinds = allreduce.results.count
        return try allreduce.results.enumerated().map { place, result in
            let element = builder.module.type(result).element ?? .f64
            let numbers = stride(from: place, to: totals.count, by: kinds).map { totals[$0] }
            return try builder.append(
                .assemble, numbers, types: [.array(element, dimensions: [extent], .replicated)])[0]
        }
    }
}

import IR
import Language

/// Does several sweeps of a stencil in one visit to memory and with one exchange.
///
///     %u2, %r2 = for (%s in 0..%n …) with (%u = %u0, %r = %r0) {      %u1, %r1 = for (%block in 0..%blocks …) with (%u = %u0, %r = %r0) {
///         %v = allocate                                                   exchange(16 16) %u
///         exchange(1 1) %u                                                %a = allocate
///         %p = loop (…) { … read %u … write %v … }                        %b = reuse %u
///         release %u                                           →          %v, %w, %p = sweeps(1 1) 16 %count, %rows, %u, %a, %b with … { loop … }
///         %r' = allreduce %p; release %p                                  release %w
///         yield %v, %r'                                                   %r' = allreduce %p; release %p
///     }                                                                   yield %v, %r'
///                                                                     }
///                                                                     %u2, %r2 = for (%s in %rest..%n …) with (%u = %u1, %r = %r1) { as before }
///
/// How many sweeps a block has is found out when the program runs, alike on all ranks: what is in flight must fit the cache, and the
/// rows around a rank's block that are done for nothing else must be few. Where it does not pay off there are no blocks, and the old
/// loop does all sweeps. What else the body does with numbers runs once for each sweep after the block, in a loop of its own; then
/// the parts of all sweeps go in one message.
///
/// A `while` becomes a loop over blocks, too. Its test may end it in the middle of one: the array before the block is kept, and the
/// block done once more with as many sweeps as the test wants. Blocks begin short and double.
enum TileSweeps: Transformation {
    static let summary = "Do several sweeps of a stencil in one visit to memory, with one exchange."

    static func run(_ module: inout Module) throws { try run(&module, cacheBytes: Pipeline.Options().cacheBytes) }

    static func run(_ module: inout Module, cacheBytes: Int) throws {
        var tiler = SweepTiler(module, cacheBytes: cacheBytes)
        let body = try tiler.visited(module.body)
        module = tiler.builder.module
        module.body = body
    }
}

struct SweepTiler {
    var builder: Builder
    let constants: [Value: Int]
    /// The widest halos that arrays get.
    let halos: [Value: Halo]
    /// How much may be in flight: most of the cache.
    let inFlightBytes: Int
    /// This rank's block of each divided extent.
    private var ownBlocks: [Value: (begin: Value, end: Value)] = [:]

    init(_ module: Module, cacheBytes: Int) {
        inFlightBytes = cacheBytes / 4 * 3
        builder = Builder(extending: module)
        constants = module.integerConstants
        var halos: [Value: Halo] = [:]
        module.body.forEachNode { node in
            guard case .exchange(let own) = node.operation else { return }
            for (array, halo) in zip(node.arrays, own) { halos[array, default: halo].formUnion(halo) }
        }
        self.halos = halos
    }

    mutating func visited(_ region: Region) throws -> Region {
        let outer = ownBlocks
        defer { ownBlocks = outer }
        var result = region
        result.nodes = []
        for var node in region.nodes {
            if node.operation == .owned(.all) { ownBlocks[node.extent] = (node.results[0], node.results[1]) }
            if let sweep = SweepLoop(node, in: builder.module, constants), isOverAllRows(sweep.loop), wrapsAlike(sweep)
            {
                if sweep.condition != nil {
                    result.nodes += try tiledWhile(sweep)
                    continue
                } else if constants[node.range.step] == 1 {
                    result.nodes += try tiledFor(sweep)
                    continue
                }
            }
            for index in node.regions.indices { node.regions[index] = try visited(node.regions[index]) }
            result.nodes.append(node)
        }
        return result
    }

    private func isOverAllRows(_ loop: Node) -> Bool {
        guard let cut = IterationSpace(of: loop)?.outermostCut, let block = ownBlocks[cut.extent] else { return false }
        return cut.range.lower == block.begin && cut.range.upper == block.end && constants[cut.range.step] == 1
    }

    /// Whether the rows around the blocks of all arrays are those at the other end, or those of none.
    private func wrapsAlike(_ sweep: SweepLoop) -> Bool {
        sweep.others.allSatisfy { halos[$0].map { $0.wraps == sweep.halo.wraps } ?? true }
    }

    // MARK: Loops that count

    private mutating func tiledFor(_ sweep: SweepLoop) throws -> [Node] {
        let node = sweep.node
        builder.span = node.span
        _ = builder.beginRegion()
        let plan = try plan(node.range, sweep)
        try exchangeOthers(sweep, if: try builder.scalar(.less, try i64(0), plan.blocks))
        let (zero, one) = (try i64(0), try i64(1))
        let arguments = builder.beginRegion([.scalar(.i64)] + sweep.arguments.map(builder.module.type))
        let block = try self.block(arguments[0], of: plan, from: node.range.lower, Array(arguments.dropFirst()))
        var body = try builder.endRegion(yielding: try sweepsOfFor(sweep, block))
        body.arguments = arguments
        builder.span = node.span
        let made = try builder.append(
            .forLoop, [zero, plan.blocks, one] + node.carried, regions: [body],
            types: node.results.map(builder.module.type))
        var old = node
        let isTiled = try builder.scalar(.less, zero, plan.blocks)
        let lower = try builder.scalar(.select, isTiled, node.range.upper, node.range.lower)
        old.operands = [lower, node.range.upper, node.range.step] + made
        return try builder.endRegion().nodes.dropLast() + [old]
    }

    /// A block of a loop that counts: what is carried on.
    private mutating func sweepsOfFor(_ sweep: SweepLoop, _ block: SweepBlock) throws -> [Value] {
        if let slot = sweep.beforeSlot, sweep.previous == nil {
            try builder.append(.release, [block.arguments[slot]])
        }
        let sources = sources(sweep, block)
        try exchange(sweep, sources)
        builder.span = sweep.loop.span
        var buffers = try builder.append(.allocate, types: [builder.module.type(sources[0])])
        for source in sources.reversed() { buffers += try builder.append(.reuse, [source]) }
        let made = try sweeps(sweep, block, count: block.count, into: buffers)
        for spare in made.buffers.dropFirst(sweep.beforeSlot == nil ? 1 : 2) { try builder.append(.release, [spare]) }
        let totals = try totals(sweep, made.parts)
        let numbers = try rest(sweep, block, totals).numbers
        return sweep.arguments.indices.map { slot in
            if slot == sweep.sourceSlot { return made.buffers[0] }
            return slot == sweep.beforeSlot ? made.buffers[1] : numbers[slot]
        }
    }

    // MARK: Loops that test

    private mutating func tiledWhile(_ sweep: SweepLoop) throws -> [Node] {
        let node = sweep.node
        guard let test = sweep.condition else { return [node] }
        builder.span = node.span
        _ = builder.beginRegion()
        let (most, rows) = try most(sweep)
        let (zero, start) = (try i64(0), try i64(Self.fewestSweeps))
        let types = sweep.arguments.map(builder.module.type)
        let isTiled = try builder.scalar(.less, zero, most)
        try exchangeOthers(sweep, if: isTiled)
        var condition = Region(arguments: builder.beginRegion(types + [.scalar(.i64)]), nodes: [])
        let goesOn = try self.test(test, condition.arguments)
        condition.nodes = try builder.endRegion(
            yielding: [try builder.scalar(.and, goesOn, isTiled)]).nodes
        let arguments = builder.beginRegion(types + [.scalar(.i64)])
        let count = try builder.scalar(.min, most, arguments[types.count])
        let block = SweepBlock(arguments: Array(arguments.dropLast()), count: count, rows: rows, first: zero)
        let longer = try builder.scalar(.min, most, try builder.scalar(.add, count, count))
        var body = try builder.endRegion(yielding: try sweepsOfWhile(sweep, block) + [longer])
        body.arguments = arguments
        builder.span = node.span
        let made = try builder.append(
            .whileLoop, node.carried + [start], regions: [condition, body],
            types: node.results.map(builder.module.type) + [.scalar(.i64)])
        var old = node
        old.operands = Array(made.dropLast())
        return try builder.endRegion().nodes.dropLast() + [old]
    }

    /// A block of a loop that tests: what is carried on.
    private mutating func sweepsOfWhile(_ sweep: SweepLoop, _ block: SweepBlock) throws -> [Value] {
        let source = block.arguments[sweep.sourceSlot]
        try exchange(sweep, [source])
        builder.span = sweep.loop.span
        let buffers = try (0..<2).flatMap { _ in
            try builder.append(.allocate, types: [builder.module.type(source)])
        }
        let made = try sweeps(sweep, block, count: block.count, into: buffers)
        let totals = try totals(sweep, made.parts)
        let (numbers, done) = try rest(sweep, block, totals)
        builder.span = sweep.loop.span
        let isShort = try builder.scalar(.less, done, block.count)
        let again = try builder.scalar(.select, isShort, done, try i64(0))
        let ended = try sweeps(sweep, block, count: again, into: made.buffers.reversed(), reduces: false).buffers
        for spare in [ended[1], source] { try builder.append(.release, [spare]) }
        return sweep.arguments.indices.map { $0 == sweep.sourceSlot ? ended[0] : numbers[$0] }
    }
}

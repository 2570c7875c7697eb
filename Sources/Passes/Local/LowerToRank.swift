import IR
import Language

/// Distributed → local: what each rank does with what it holds.
///
///     %y: f64[/%n] = loop [i in 0..%n by 1 of %n] { %x = element proved %a, i; …; yield %z } (element)
///
/// becomes
///
///     %b, %e = owned %n
///     %y: f64[/%n] = allocate
///     loop [i in %b..%e by 1 of %n] { %l = i - %b; %x = read %a, %l; …; write %y, %l, %z; yield } ()
///     release %a                                                          (LowerToRank+References.swift)
///
/// * The divided range of a loop is cut to this rank's block (LowerToRank+Ranges.swift).
/// * Elements are read and written at row-major positions of what this rank holds (LowerToRank+Indices.swift); checks become nodes.
/// * Reductions learn where their leaves lie; rows are accumulated in place (LowerToRank+Loops.swift).
/// * An update writes into the base when nobody else needs the old one, else into a copy.
public struct LowerToRank: Sendable {
    public init() {}

    public func run(_ module: Module) throws -> Module {
        let module = module.withHalosInPlace()
        let rewriter = RankLowering(module)
        let body = try rewriter.region(module.body, arguments: module.body.arguments) { $0 }
        var result = rewriter.builder.module
        result.body = body
        result.stage = .local
        try References(result).insert(into: &result.body)
        return result
    }
}

/// The state of one rewriting. Values keep their names: a loop's element result is what `allocate` gives.
final class RankLowering {
    var builder: Builder
    /// The extents along which something is divided, each with the directions in which it is.
    let dividedExtents: [Value: Set<Direction>]
    var known = Known()
    let dependences: IndexDependences
    /// The results of an inner loop that are one row of a reduction: where their elements go instead.
    var rows: [Value: Row] = [:]
    /// Where what a `keyedContribution` gives goes: to every reduction that it is the last contribution to.
    var keyedContributions: [Value: [Row]] = [:]

    /// A contribution to an array reduction: an array, or as many as its operator combines, with an accumulator each.
    struct Row {
        var accumulators: [Value]
        var op: ReductionOperator
        /// The arrays or, where there are keys, the numbers or arrays that go to their element.
        var values: [Value]
        /// The element of the accumulators' first axes that the row belongs to.
        var keys: [Value] = []
        /// Whether it belongs anywhere; nil: always.
        var condition: Value?
    }

    /// What is known inside a region, forgotten at its end.
    struct Known {
        var constants = ScopedTable<Value, Constant>()
        var numbers = ScopedTable<Int, Value>()
        var blocks = ScopedTable<CutExtent, Block>()
        var positions = ScopedTable<Position, Value>()
        /// Loop indices that run from 0 to before this value.
        var uppers = ScopedTable<Value, Value>()
        /// Pairs (index, extent) whose check has passed.
        var checked = ScopedTable<[Value], Bool>()

        mutating func nest() {
            constants.nest()
            numbers.nest()
            blocks.nest()
            positions.nest()
            uppers.nest()
            checked.nest()
        }
    }

    /// An extent, and over which ranks it is cut.
    struct CutExtent: Hashable {
        var extent: Value
        var direction: Direction
    }

    /// This rank's share of a divided extent.
    struct Block {
        var begin, end: Value
    }

    init(_ module: Module) {
        dependences = IndexDependences(module)
        var local = module
        local.stage = .local
        builder = Builder(extending: local)
        var extents: [Value: Set<Direction>] = [:]
        func note(_ cuts: [Value], _ distribution: Distribution) {
            for (axis, extent) in zip(distribution.dividedAxes, cuts) {
                extents[extent, default: []].insert(distribution.direction(axis: axis))
            }
        }
        for type in module.types { note(type.dividedExtents, type.placement.distribution) }
        module.body.forEachNode { node in
            if let space = IterationSpace(of: node) { note(space.extents, space.distribution) }
        }
        dividedExtents = extents
    }

    func type(_ value: Value) -> IRType { builder.module.type(value) }

    func fault(_ message: String) -> IRFault { IRFault(message, at: builder.span) }

    /// A body, rewritten; `yielding` makes the new yield's operands of the old one's, and may append nodes before it.
    func region(
        _ region: Region, arguments: [Value], yielding: ([Value]) throws -> [Value]
    ) throws -> Region {
        let outer = known
        defer { known = outer }
        known.nest()
        _ = builder.beginRegion()
        for argument in arguments { try learn(argument) }
        for node in region.nodes.dropLast() {
            builder.span = node.span
            try rewrite(node)
            if case .constant(let constant) = node.operation { learn(node.results[0], constant) }
            for result in node.results { try learn(result) }
        }
        builder.span = region.nodes.last?.span ?? builder.span
        var result = try builder.endRegion(yielding: try yielding(region.yielded))
        result.arguments = arguments
        return result
    }

    func learn(_ value: Value, _ constant: Constant) {
        known.constants[value] = constant
        if case .integer(let number, .i64) = constant { known.numbers[Int(number)] = value }
    }

    /// Finds this rank's block as soon as an extent that is divided is known.
    private func learn(_ value: Value) throws {
        for direction in Direction.allCases where dividedExtents[value]?.contains(direction) == true {
            let cut = CutExtent(extent: value, direction: direction)
            guard known.blocks[cut] == nil else { continue }
            let owned = try builder.append(.owned(direction), [value])
            known.blocks[cut] = Block(begin: owned[0], end: owned[1])
        }
    }

    /// This rank's share of an axis of that extent that is cut like an axis of a distribution.
    func block(_ extent: Value, _ axis: Int, of distribution: Distribution) throws -> Block {
        let cut = CutExtent(extent: extent, direction: distribution.direction(axis: axis))
        guard let block = known.blocks[cut] else { throw fault("%\(extent.id) is divided but no block is known") }
        return block
    }

    private func rewrite(_ node: Node) throws {
        if case .loop(let loop) = node.operation { return try self.loop(loop, node) }
        if case .update(_, _, let bounds) = node.operation { return try update(bounds, node) }
        if case .element(let bounds) = node.operation { return try element(bounds, node) }
        if case .neighbour(let read) = node.operation { return try neighbour(read, node) }
        if node.operation == .keyedContribution { return try keyedContribution(node) }
        if node.operation == .collective(.scatter), type(node.values[0]).placement == .replicated {
            return try slice(node)
        }
        var copy = node
        copy.regions = try node.regions.map { body in
            try region(body, arguments: body.arguments) { $0 }
        }
        try builder.append(copy)
    }
}

import IR
import Language

/// Lets rims travel while a loop computes what does not need them.
///
///     exchange(1 1) %u                                     %v = allocate
///     %v = allocate                                        startExchange(1 1) %u
///     loop (%i in %a..%b …) divided 0 of %n { … }    →     loop (%i in %a..%b …) divided 0 of %n inside %lo..%hi { … } then {
///                                                              finishExchange %u
///                                                          }
///
/// The rows inside lie so far from the ends of this rank's block that all they read is in it; %lo and %hi are rounded to begins of
/// leaves, so that reductions keep their order. The loop is the first node that uses the arrays. One that checks indices keeps its
/// order, so that the first index to fail is reported.
enum OverlapHalos: Transformation {
    static let summary = "Let halos travel while the inside of a block is computed."

    static func run(_ module: inout Module) throws {
        var overlapper = Overlapper(builder: Builder(extending: module), constants: module.integerConstants)
        let body = try overlapper.visited(module.body)
        module = overlapper.builder.module
        module.body = body
    }
}

private struct Overlapper {
    var builder: Builder
    let constants: [Value: Int]
    /// This rank's block of each divided extent.
    var blocks: [Value: (begin: Value, end: Value)] = [:]

    mutating func visited(_ region: Region) throws -> Region {
        let outer = blocks
        defer { blocks = outer }
        var result = region
        result.nodes = []
        var waiting: Node?
        for var node in region.nodes {
            if node.operation == .owned(.all) { blocks[node.extent] = (node.results[0], node.results[1]) }
            for index in node.regions.indices { node.regions[index] = try visited(node.regions[index]) }
            if let exchange = waiting, !canPass(node, exchange) {
                result.nodes += try overlapped(&node, exchange) ?? [exchange]
                waiting = nil
            }
            if case .exchange = node.operation {
                waiting = node
            } else {
                result.nodes.append(node)
            }
        }
        return result
    }

    /// Whether an exchange may as well begin behind the node.
    private func canPass(_ node: Node, _ exchange: Node) -> Bool {
        node.operation != .yield && !node.mentions(exchange.arrays)
            && node.effects(in: builder.module).isDisjoint(with: [.communicates, .times])
    }

    /// Makes the node a loop that finishes the exchange; gives what stands before it. nil: it cannot be one.
    private mutating func overlapped(_ node: inout Node, _ exchange: Node) throws -> [Node]? {
        guard case .exchange(let halos) = exchange.operation, case .loop = node.operation,
            let space = IterationSpace(of: node), let cut = space.outermostCut, let block = blocks[cut.extent],
            constants[cut.range.step] == 1,
            node.effects(in: builder.module).isDisjoint(with: [.ordered, .checks, .communicates]),
            exchange.arrays.allSatisfy({ builder.module.type($0).dividedExtents == [cut.extent] })
        else { return nil }
        builder.span = node.span
        _ = builder.beginRegion()
        let widest = halos.reduce(into: Halo(low: 0, high: 0, wraps: false)) { $0.formUnion($1) }
        node.operands += try inside(cut.range, of: block, widest, leafRows: node.leaves?.rows)
        let nodes = try builder.endRegion().nodes.dropLast()
        let finish = Node(.finishExchange, exchange.arrays, results: [], exchange.span)
        node.regions.append(Region(nodes: [finish, Node(.yield, [], results: [], exchange.span)]))
        return nodes + [Node(.startExchange(halos), exchange.arrays, results: [], exchange.span)]
    }

    /// lower <= lo <= hi <= upper, unless the range is empty, as are then lo..hi, lower..lo and hi..upper.
    private mutating func inside(
        _ range: IterationSpace.Range, of block: (begin: Value, end: Value), _ halo: Halo, leafRows: Value?
    ) throws -> [Value] {
        var first = try builder.scalar(.add, block.begin, try builder.i64(halo.low))
        var last = try builder.scalar(
            .min, range.upper, try builder.scalar(.subtract, block.end, builder.i64(halo.high)))
        if let leafRows {
            // A power of two: -rows is the mask of its multiples.
            let mask = try builder.scalar(.negate, leafRows)
            let reach = try builder.scalar(.subtract, leafRows, try builder.i64(1))
            first = try builder.scalar(.bitAnd, try builder.scalar(.add, first, reach), mask)
            last = try builder.scalar(.bitAnd, last, mask)
        }
        let lower = try builder.scalar(.min, try builder.scalar(.max, range.lower, first), range.upper)
        return [lower, try builder.scalar(.max, lower, last)]
    }
}

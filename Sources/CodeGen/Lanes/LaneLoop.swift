import IR
import LLVMSupport
import Language

/// Loops inside a vector body that run once for all lanes: what they carry and what they reduce to is a vector.
extension Emitter {
    func emitTogether(_ node: Node) throws {
        switch node.operation {
        case .forLoop: try emitForLoop(node)
        case .whileLoop: try emitWhileInLanes(node)
        case .loop(let loop): try emitLaneLoop(loop, node)
        default: throw CodeGenFault("not a loop: \(node.operation)")
        }
    }

    private func emitLaneLoop(_ loop: Loop, _ node: Node) throws {
        guard let space = IterationSpace(of: node) else { throw CodeGenFault("a loop without a space") }
        let reductions = try LaneReduction.all(self, loop, node)
        let first = try uniform(space.ranges[0].lower)
        let isEmpty = builder.compare(.sge, first, try uniform(space.ranges[0].upper))
        for reduction in reductions { try reduction.start(first: first, isEmpty: isEmpty) }
        try LaneLoop(self, space, node.regions[0], reductions).emit()
        for reduction in reductions { try reduction.finish() }
    }
}

/// Writes the blocks of a loop inside a vector body. All lanes are at the same index; the fixed order gives the contributions of
/// neighbouring indices to eight ways in turn, each of which is a vector here.
///
///     %s = loop (%j) … yields sum { yield x[i, j] }
/// →   for %j by 8 { way0 += x[i.., j]; …; way7 += x[i.., j + 7] }; the rest; %s = ((way0 + way1) + …)
private struct LaneLoop {
    let emitter: Emitter
    let ranges: [IterationSpace.Range]
    let body: Region
    let reductions: [LaneReduction]
    /// Reads whose elements stand side by side for neighbouring indices.
    let readsInRow: Set<Value>
    /// Whether the body is short enough to be written for eight indices.
    let isShort: Bool

    private var builder: LLVMBuilder { emitter.builder }
    private func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

    init(_ emitter: Emitter, _ space: IterationSpace, _ body: Region, _ reductions: [LaneReduction]) {
        self.emitter = emitter
        self.body = body
        self.reductions = reductions
        ranges = space.ranges
        isShort = body.nodes.count <= 16 && body.nodes.allSatisfy(\.regions.isEmpty)
        let index = body.arguments[space.ranges.count - 1]
        readsInRow = isShort ? LaneAnalysis.readsInRow(body, along: index, emitter.source) : []
    }

    func emit() throws { try emitAxis([]) }

    private func emitAxis(_ outer: [LLVMValue]) throws {
        let range = ranges[outer.count]
        let (lower, upper) = (try emitter.uniform(range.lower), try emitter.uniform(range.upper))
        if outer.count + 1 < ranges.count {
            try emitter.counted(lower, upper, try emitter.uniform(range.step)) { try emitAxis(outer + [$0]) }
        } else if isShort, !readsInRow.isEmpty || reductions.contains(where: \.isOrdered) {
            try emitByEight(outer, lower, upper)
        } else {
            try emitter.counted(lower, upper, i64(1)) { index in
                let way = builder.binary(.and, builder.binary(.sub, index, lower), i64(Lanes.count - 1))
                try emitBody(outer + [index], way: way)
            }
        }
    }

    private func emitByEight(_ outer: [LLVMValue], _ lower: LLVMValue, _ upper: LLVMValue) throws {
        let last = builder.binary(.sub, upper, i64(Lanes.count - 1))
        let rest = try emitter.counted(lower, last, i64(Lanes.count)) { start in
            try emitter.within {
                $0.tile = Tile(reads: readsInRow)
            } _: {
                for way in 0..<Lanes.count {
                    emitter.context.tile?.column = way
                    try emitBody(outer + [builder.binary(.add, start, i64(way))], way: i64(way))
                }
            }
        }
        try emitRest(outer, rest, upper, way: 0)
    }

    /// At most seven indices more.
    private func emitRest(_ outer: [LLVMValue], _ rest: LLVMValue, _ upper: LLVMValue, way: Int) throws {
        guard way < Lanes.count - 1 else { return }
        let index = builder.binary(.add, rest, i64(way))
        try emitter.when(builder.compare(.slt, index, upper)) {
            try emitBody(outer + [index], way: i64(way))
            try emitRest(outer, rest, upper, way: way + 1)
        }
    }

    private func emitBody(_ indices: [LLVMValue], way: LLVMValue) throws {
        var contributions = try emitter.emit(body, indices.map(Operand.uniform))[...]
        for reduction in reductions {
            try reduction.add(contributions.prefix(reduction.op.arity).map(emitter.widened), way: way)
            contributions = contributions.dropFirst(reduction.op.arity)
        }
    }
}

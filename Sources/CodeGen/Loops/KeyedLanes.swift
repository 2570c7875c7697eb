import IR
import LLVMSupport
import Language

/// Lanes that accumulate at keys of their own. Where their order is free and there are few keys, each lane has a table of its own: lanes
/// that mean the same element need not wait for each other.
///
///     h[key] += 1 for eight lanes   →   h0[key0] += 1; h1[key1] += 1; …; after the loop h0 += h1, h0 += h2, …
struct KeyedLanes {
    /// How many indices the loop's outermost axis has.
    let length: LLVMValue

    /// Whether eight lanes at once accumulate at keys: elements that do not follow from the loop's index alone.
    init?(_ loop: Loop, _ body: Region, _ plans: LaneAnalysis.Plans, length: LLVMValue) {
        guard plans.otherwise != nil || plans.whenShort != nil else { return nil }
        let accumulators = Set(body.arguments.dropFirst(loop.axes))
        let isKeyed = body.nodes.contains { node in
            if case .accumulate = node.operation { accumulators.contains(node.operands[0]) } else { false }
        }
        guard isKeyed else { return nil }
        self.length = length
    }

    /// Elements of all tables of 8 bytes a number, which together fill half of a first cache.
    private static let mostKeys = 256

    /// How many tables there are: one for each lane, or one where it would be too large, or its emptying take longer than the loop.
    func tables(_ emitter: Emitter, _ count: LLVMValue) throws -> LLVMValue {
        let builder = emitter.builder
        let isSmall = builder.compare(.sle, count, emitter.i64(Self.mostKeys))
        let many = builder.binary(.mul, count, emitter.i64(4 * Lanes.count))
        let paysOff = builder.binary(.and, isSmall, builder.compare(.sle, many, length))
        return builder.select(paysOff, emitter.i64(Lanes.count), emitter.i64(1))
    }
}

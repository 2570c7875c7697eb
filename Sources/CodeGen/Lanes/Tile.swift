import IR
import LLVMSupport
import Language

/// Reads of a square of elements, 8 lanes by 8 neighbouring indices of a loop inside: what a lane reads stands side by side, what
/// lanes read for one index does not. The rows are loaded as they stand and transposed in registers.
struct Tile {
    /// The reads that are done so, by their results.
    let reads: Set<Value>
    /// The index that the body is being written for.
    var column = 0
    /// What came of each read, for all eight indices.
    var columns: [Value: [LLVMValue]] = [:]

    init(reads: Set<Value>) { self.reads = reads }
}

extension Emitter {
    /// What the lanes read at base + lane * stride when the read is part of a tile whose rows all lanes may load; else nil.
    func readTile(_ node: Node, _ element: ElementType, _ array: LLVMValue, _ index: Operand) throws -> LLVMValue? {
        let result = node.results[0]
        guard let tile = context.tile, tile.reads.contains(result), lanes?.mask == nil,
            case .strided(let base, let stride) = index
        else {
            return nil
        }
        if tile.column == 0 {
            let type = try memoryType(element)
            let rows = try (0..<Lanes.count).map { lane in
                let start = builder.binary(.add, base, builder.binary(.mul, stride, i64(lane)))
                let address = builder.element(type, array, start)
                if lanes?.fetches == .squares { try prefetch(address) }
                return builder.load(type.vector(Lanes.count), address, alignment: element.byteSize)
            }
            context.tile?.columns[result] = transposed(rows)
        }
        guard let column = context.tile?.columns[result]?[tile.column] else { return nil }
        return element == .bool ? builder.cast(.truncate, column, to: llvm.integer(1).vector(Lanes.count)) : column
    }

    func prefetch(_ address: LLVMValue) throws {
        let ahead = builder.element(llvm.integer(8), address, i64(Lanes.fetchDistance))
        let (toRead, keep, data) = (i32(0), i32(3), i32(1))
        try builder.intrinsic("llvm.prefetch", [ahead.type], [ahead, toRead, keep, data])
    }

    /// Eight rows to eight columns in three steps: pairs of elements, of pairs, of quads.
    private func transposed(_ rows: [LLVMValue]) -> [LLVMValue] {
        var columns = rows
        for (parity, pick) in [[0, 8, 2, 10, 4, 12, 6, 14], [1, 9, 3, 11, 5, 13, 7, 15]].enumerated() {
            let pairs = (0..<4).map { builder.shuffle(rows[2 * $0], rows[2 * $0 + 1], pick) }
            for (number, cut) in Self.halves.enumerated() {
                let above = builder.shuffle(pairs[0], pairs[1], cut)
                let below = builder.shuffle(pairs[2], pairs[3], cut)
                columns[parity + 2 * number] = builder.shuffle(above, below, Self.halves[0])
                columns[parity + 2 * number + 4] = builder.shuffle(above, below, Self.halves[1])
            }
        }
        return columns
    }

    /// Every other pair of two vectors.
    private static let halves = [[0, 1, 4, 5, 8, 9, 12, 13], [2, 3, 6, 7, 10, 11, 14, 15]]
}

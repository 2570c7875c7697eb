import IR
import LLVMSupport
import Language

/// Halo exchanges, and the room that arrays have for what they bring.
extension Emitter {
    /// `function(count, halos)`, a `pdl_halo` for each array: { data, extent, row_bytes, low, high, wraps }.
    func emitExchange(_ function: String, _ halos: [Halo], _ node: Node) throws {
        let word = llvm.integer(64)
        let words = 6
        let table = slot(word.array(words * halos.count))
        for (index, (halo, array)) in zip(halos, node.operands).enumerated() {
            let extents = try extents(of: array)
            let values = [
                try uniform(array), extents[0], try rowBytes(of: array), i64(halo.low), i64(halo.high),
                i64(halo.wraps ? 1 : 0),
            ]
            for (position, value) in values.enumerated() {
                builder.store(value, builder.element(word, table, i64(words * index + position)))
            }
        }
        callRuntime(function, [i64(halos.count), table])
    }

    /// The bytes of one row of an array that is divided along its first axis.
    func rowBytes(of array: Value) throws -> LLVMValue {
        try product(try extents(of: array).dropFirst() + [i64(try element(array).byteSize)])
    }
}

extension Module {
    /// Of all halos, in rows on one side.
    var widestHalo: Int {
        var widest = 0
        body.forEachNode { node in
            switch node.operation {
            case .exchange(let halos), .startExchange(let halos):
                for halo in halos { widest = max(widest, halo.low, halo.high) }
            default: break
            }
        }
        return widest
    }
}

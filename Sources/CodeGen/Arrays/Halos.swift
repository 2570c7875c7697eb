import IR
import LLVMSupport
import Language

/// Halo exchanges.
extension Emitter {
    func emitExchange(_ node: Node) throws {
        switch node.operation {
        case .exchange(let halos): try emitExchange("pdl_exchange", halos, node)
        case .startExchange(let halos): try emitExchange("pdl_exchange_start", halos, node)
        case .finishExchange: callRuntime("pdl_exchange_finish", [])
        default: throw CodeGenFault("not an exchange: \(node.operation)")
        }
    }

    /// `function(count, halos)`, a `pdl_halo` for each array.
    private func emitExchange(_ function: String, _ halos: [Halo], _ node: Node) throws {
        let row = type(RuntimeABI.halo)
        let table = slot(row.array(halos.count))
        for (index, (halo, array)) in zip(halos, node.arrays).enumerated() {
            let address = builder.element(row, table, i64(index))
            let fields =
                [
                    ("data", try uniform(array)), ("extent", try uniform(dividedExtent(of: array))),
                    ("row_bytes", try rowBytes(of: array)),
                    ("low", i64(halo.low)), ("high", i64(halo.high)), ("wraps", i64(halo.wraps ? 1 : 0)),
                ] + (try acrossFields(halo.columns, array))
            for (name, value) in fields { builder.store(value, field(name, of: RuntimeABI.halo, at: address)) }
        }
        callRuntime(function, [i64(halos.count), table])
    }

    /// What a `pdl_halo` says of the columns of an array over a grid; zeros for others.
    private func acrossFields(_ side: Halo.Side?, _ array: Value) throws -> [(String, LLVMValue)] {
        let extents = source.type(array).dividedExtents
        let columns = extents.count > 1 ? try uniform(extents[1]) : i64(-1)
        let own = side ?? Halo.Side(low: 0, high: 0, wraps: false)
        return [
            ("columns", columns), ("across_low", i64(own.low)), ("across_high", i64(own.high)),
            ("across_wraps", i64(own.wraps ? 1 : 0)),
        ]
    }

    /// The bytes of all that lies at one index of the axis along which an array is cut.
    func rowBytes(of array: Value) throws -> LLVMValue {
        try product(try wholeExtents(of: array) + [i64(try element(array).byteSize)])
    }
}

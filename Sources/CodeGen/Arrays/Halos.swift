import IR
import LLVMSupport
import Language

/// Halo exchanges.
extension Emitter {
    /// `function(count, halos)`, a `pdl_halo` for each array.
    func emitExchange(_ function: String, _ halos: [Halo], _ node: Node) throws {
        let row = type(RuntimeABI.halo)
        let table = slot(row.array(halos.count))
        for (index, (halo, array)) in zip(halos, node.arrays).enumerated() {
            let address = builder.element(row, table, i64(index))
            let fields = [
                ("data", try uniform(array)), ("extent", try uniform(dividedExtent(of: array))),
                ("row_bytes", try rowBytes(of: array)),
                ("low", i64(halo.low)), ("high", i64(halo.high)), ("wraps", i64(halo.wraps ? 1 : 0)),
            ]
            for (name, value) in fields { builder.store(value, field(name, of: RuntimeABI.halo, at: address)) }
        }
        callRuntime(function, [i64(halos.count), table])
    }

    /// The bytes of all that lies at one index of the axis along which an array is cut.
    func rowBytes(of array: Value) throws -> LLVMValue {
        try product(try wholeExtents(of: array) + [i64(try element(array).byteSize)])
    }
}

import IR
import LLVMSupport
import Language

/// What the runtime is told of an array, a `pdl_array`: its axes as they are stored for operations on whole arrays, as they are written for
/// files and people.
struct ArrayDescription {
    var element: ElementType
    var extents: [LLVMValue] = []
    var cuts: [Distribution.Cut] = []
    var placement: Placement
    var data: LLVMValue
    /// Of a result: rows around this rank's block that there must be room for.
    var margin = 0

    init(_ element: ElementType, _ placement: Placement, _ data: LLVMValue) {
        (self.element, self.placement, self.data) = (element, placement, data)
    }
}

extension Emitter {
    var arrayDescriptor: LLVMType { type(RuntimeABI.array) }

    /// The address of a description.
    func describe(_ array: ArrayDescription) -> LLVMValue {
        let address = slot(arrayDescriptor)
        describe(array, at: address)
        return address
    }

    func describe(_ array: ArrayDescription, at address: LLVMValue) {
        let extents = field("extents", of: RuntimeABI.array, at: address)
        for (axis, extent) in array.extents.enumerated() {
            builder.store(extent, builder.element(llvm.integer(64), extents, i64(axis)))
        }
        let cuts = field("cuts", of: RuntimeABI.array, at: address)
        for (axis, cut) in array.cuts.enumerated() {
            builder.store(code(of: cut), builder.element(llvm.integer(8), cuts, i64(axis)))
        }
        let fields = [
            ("data", array.data), ("element", code(of: array.element)), ("axes", i32(array.extents.count)),
            ("placement", code(of: array.placement)), ("margin", i64(array.margin)),
        ]
        for (name, value) in fields { builder.store(value, field(name, of: RuntimeABI.array, at: address)) }
    }

    /// An array, or a number, with its axes in the order in which they are written.
    func writtenDescription(of value: Value, _ order: StorageOrder) throws -> ArrayDescription {
        let type = source.type(value)
        var description = ArrayDescription(try element(value), type.placement, try data(of: value))
        description.extents = order.written(try extents(of: value))
        description.cuts = writtenCuts(of: type, order)
        return description
    }

    func writtenCuts(of type: IRType, _ order: StorageOrder) -> [Distribution.Cut] {
        order.written(type.dimensions.indices.map { type.placement.distribution[$0] })
    }
}

import IR
import LLVMSupport
import Language

/// Memory for an array of nodes: how the runtime has an array reduction whose contributions have several numbers, of which the
/// program has an array each.
struct NodeArray {
    let emitter: Emitter
    let elements: [ElementType]
    let count: LLVMValue
    let address: LLVMValue

    private var builder: LLVMBuilder { emitter.builder }

    init(_ emitter: Emitter, _ elements: [ElementType], _ count: LLVMValue) throws {
        self.emitter = emitter
        self.elements = elements
        self.count = count
        let bytes = try emitter.product([count, emitter.i64(emitter.nodeSize(elements))])
        address = emitter.allocate(bytes: bytes)
    }

    func free() { emitter.callRuntime("pdl_release", [address]) }

    /// Makes nodes of an array for each of their numbers.
    func join(_ arrays: [LLVMValue]) throws {
        try eachNode { index, node in
            let numbers = try zip(elements, arrays).map { try emitter.load($0, $1, index) }
            try emitter.storeNode(numbers, elements, node)
        }
    }

    /// Makes an array of some of the nodes' numbers each; nil: of all.
    func split(into arrays: [LLVMValue], of components: [Int]? = nil) throws {
        try eachNode { index, node in
            let numbers = try emitter.loadNode(elements, node)
            for (array, component) in zip(arrays, components ?? Array(elements.indices)) {
                try emitter.store(numbers[component], elements[component], array, index)
            }
        }
    }

    private func eachNode(_ body: (_ index: LLVMValue, _ node: LLVMValue) throws -> Void) throws {
        let type = try emitter.nodeType(elements)
        try emitter.counted(emitter.i64(0), count, emitter.i64(1)) { index in
            try body(index, builder.element(type, address, index))
        }
    }
}

import CNumerics
import IR
import LLVMSupport
import Language

/// What arrays are made of: extents, memory, this rank's share.
extension Emitter {
    func emitArray(_ node: Node) throws {
        switch node.operation {
        case .allocate: define(node, [try allocate(node.results[0])])
        case .retain: callRuntime("pdl_retain", [try uniform(node.array)])
        case .release: try emitRelease(node.array)
        case .owned(let direction):
            let extent = try uniform(node.extent)
            define(node, [blockBegin(extent, direction, after: 0), blockBegin(extent, direction, after: 1)])
        case .gridPlace(let direction): define(node, [rank(direction), ranks(direction)])
        case .tileSide: define(node, [callPureRuntime("pdl_grid_tile", [try uniform(node.extent)])])
        case .pitch: define(node, [pitch(try uniform(node.extent))])
        case .ownBlock:
            // The same memory under another type.
            define(node, [try uniform(node.array)])
        case .unshare: try emitUnshare(node)
        case .reuse: try emitReuse(node)
        case .leafRows(let divided): define(node, [try leafRows(divided: divided, node)])
        case .assemble: try emitAssemble(node)
        default: throw CodeGenFault("not an operation on arrays: \(node.operation)")
        }
    }

    private func emitRelease(_ value: Value) throws {
        if case .part(let part) = try operand(value) {
            // A pair is one part, freed through its first component.
            if part.component == 0 { callRuntime("pdl_part_free", [part.address]) }
        } else {
            callRuntime("pdl_release", [try uniform(value)])
        }
    }

    /// The array itself when nobody else refers to it (or this rank holds nothing of it), else a copy.
    private func emitUnshare(_ node: Node) throws {
        sameMemory[node.results[0]] = node.array
        let array = try uniform(node.array)
        let place = slot(llvm.pointer)
        builder.store(array, place)
        let isUnique = callRuntime("pdl_is_unique", [array])
        let isShared = builder.binary(
            .and, builder.compare(.eq, isUnique, isUnique.type.null),
            builder.compare(.ne, array, llvm.pointer.null))
        try when(isShared) {
            let element = try element(node.array)
            let own = try ownExtents(of: node.array)
            let copy = try allocate(node.results[0])
            try copyBytes(to: copy, from: array, try product(own + [i64(element.byteSize)]))
            callRuntime("pdl_release", [array])
            builder.store(copy, place)
        }
        define(node, [builder.load(llvm.pointer, place)])
    }

    /// The array's memory when nobody else refers to it, else new memory.
    private func emitReuse(_ node: Node) throws {
        sameMemory[node.results[0]] = node.array
        let array = try uniform(node.array)
        let place = slot(llvm.pointer)
        builder.store(array, place)
        let isUnique = callRuntime("pdl_is_unique", [array])
        try when(builder.compare(.eq, isUnique, isUnique.type.null)) {
            let fresh = try allocate(node.results[0])
            callRuntime("pdl_release", [array])
            builder.store(fresh, place)
        }
        define(node, [builder.load(llvm.pointer, place)])
    }

    func copyBytes(to target: LLVMValue, from source: LLVMValue, _ bytes: LLVMValue) throws {
        let isVolatile = llvm.integer(1).constant(0)
        try builder.intrinsic(
            "llvm.memcpy", [llvm.pointer, llvm.pointer, bytes.type], [target, source, bytes, isVolatile])
    }

    private func emitAssemble(_ node: Node) throws {
        let element = try element(node.results[0])
        let array = allocate(bytes: i64(node.values.count * element.byteSize))
        for (index, operand) in node.values.enumerated() {
            try store(try uniform(operand), element, array, i64(index))
        }
        define(node, [array])
    }

    /// pdl_leaf_rows(product of the spans, divided extent or -1); a number when that is known now.
    private func leafRows(divided: Bool, _ node: Node) throws -> LLVMValue {
        if node.spans.isEmpty, !divided {
            let rows = pdl_leaf_rows(1, -1)
            note(node.results[0], is: Int(rows))
            return i64(Int(rows))
        }
        let spans = node.spans
        var inner = i64(1)
        for span in spans {
            let length = try builder.intrinsic("llvm.smax", [inner.type], [try uniform(span), i64(0)])
            inner = builder.binary(.mul, inner, length)
        }
        let extent = divided ? try uniform(node.extent) : i64(-1)
        return callPureRuntime("pdl_leaf_rows", [inner, extent])
    }

    // MARK: Extents

    var rank: LLVMValue { callPureRuntime("pdl_rank", []) }
    var ranks: LLVMValue { callPureRuntime("pdl_ranks", []) }

    /// This rank's number along a direction, and how many there are.
    private func rank(_ direction: Direction) -> LLVMValue {
        direction == .all ? rank : callPureRuntime("pdl_grid_rank", [code(of: direction)])
    }
    private func ranks(_ direction: Direction) -> LLVMValue {
        direction == .all ? ranks : callPureRuntime("pdl_grid_ranks", [code(of: direction)])
    }

    /// Where the block of this rank (or of the one after it) begins.
    private func blockBegin(_ extent: LLVMValue, _ direction: Direction, after: Int) -> LLVMValue {
        let own = rank(direction)
        let rank = after == 0 ? own : builder.binary(.add, own, i64(after))
        let function = direction == .all ? "pdl_block_begin" : "pdl_grid_begin"
        return callPureRuntime(function, [extent, ranks(direction), rank])
    }

    func blockLength(_ extent: LLVMValue, _ direction: Direction) -> LLVMValue {
        builder.binary(.sub, blockBegin(extent, direction, after: 1), blockBegin(extent, direction, after: 0))
    }

    /// How far apart the rows of an array that is cut over a grid lie.
    private func pitch(_ columns: LLVMValue) -> LLVMValue {
        builder.binary(.add, blockLength(columns, .columns), i64(2 * units.margins.grid))
    }

    /// The whole array's extents.
    func extents(of value: Value) throws -> [LLVMValue] { try source.type(value).dimensions.map(uniform) }

    /// The extents of what this rank holds, as it lies in memory: rows of an array that is cut over a grid with what is between them.
    func ownExtents(of value: Value) throws -> [LLVMValue] {
        var own = try extents(of: value)
        let distribution = source.type(value).placement.distribution
        for axis in distribution.dividedAxes {
            let direction = distribution.direction(axis: axis)
            own[axis] = direction == .columns ? pitch(own[axis]) : blockLength(own[axis], direction)
        }
        return own
    }

    /// The extents of the axes that every rank has whole.
    func wholeExtents(of value: Value) throws -> [LLVMValue] {
        let distribution = source.type(value).placement.distribution
        return try extents(of: value).enumerated().filter { distribution.isWhole(axis: $0.offset) }.map(\.element)
    }

    /// The extent of the axis along which an array is cut.
    func dividedExtent(of value: Value) throws -> Value {
        guard let extent = source.type(value).dividedExtents.first else {
            throw CodeGenFault("%\(value.id) is not divided")
        }
        return extent
    }

    /// How many elements the extents make; a negative extent counts as 0. More than fit in an i64: the greatest.
    func product(_ extents: [LLVMValue]) throws -> LLVMValue {
        var count = i64(1)
        var overflows = llvm.integer(1).constant(0)
        for extent in extents {
            let length = try builder.intrinsic("llvm.smax", [count.type], [extent, i64(0)])
            let checked = try builder.intrinsic("llvm.smul.with.overflow", [count.type], [count, length])
            count = builder.field(of: checked, 0)
            overflows = builder.binary(.or, overflows, builder.field(of: checked, 1))
        }
        return builder.select(overflows, i64(Int.max), count)
    }

    /// Memory for elements of these extents.
    func allocate(_ element: ElementType, _ extents: [LLVMValue]) throws -> LLVMValue {
        allocate(bytes: try product(extents + [i64(element.byteSize)]))
    }

    func allocate(bytes: LLVMValue) -> LLVMValue { allocate("pdl_allocate", [bytes]) }

    /// Of all arrays, in bytes.
    static let arrayAlignment = 64

    private func allocate(_ name: String, _ arguments: [LLVMValue]) -> LLVMValue {
        let function = runtimeFunction(name, arguments, ["nounwind"])
        llvm.returnsFreshMemory(function.address, alignment: Self.arrayAlignment)
        return builder.call(function, arguments)
    }

    /// Memory for what this rank holds of an array; root arrays are NULL but on rank 0.
    func allocate(_ value: Value) throws -> LLVMValue {
        if source.type(value).placement.distribution.isGrid, units.margins.grid > 0 {
            return try allocateOverGrid(value)
        }
        let (bytes, margin) = try room(for: value)
        if let margin { return allocate("pdl_allocate_block", [bytes, margin]) }
        if let index = units.results[value] { return callRuntime("pdl_result_take", [i64(index), bytes]) }
        guard source.type(value).placement == .root else { return allocate(bytes: bytes) }
        let slot = slot(llvm.pointer)
        builder.store(llvm.pointer.null, slot)
        when(builder.compare(.eq, rank, i64(0))) { builder.store(allocate(bytes: bytes), slot) }
        return builder.load(llvm.pointer, slot)
    }

    /// The bytes of what a rank holds of an array, and of the margin on either side if it has one.
    func room(for value: Value) throws -> (bytes: LLVMValue, margin: LLVMValue?) {
        let bytes = try product(try ownExtents(of: value) + [i64(try element(value).byteSize)])
        let rows = units.margins.rows(around: value)
        return (bytes, rows > 0 ? try product([i64(rows), try rowBytes(of: value)]) : nil)
    }

    /// With as many rows and columns around the block on every side.
    private func allocateOverGrid(_ value: Value) throws -> LLVMValue {
        let own = try ownExtents(of: value)
        let cell = try wholeExtents(of: value) + [i64(try element(value).byteSize)]
        let bytes = try product(Array(own.prefix(2)) + cell)
        let around = builder.binary(.mul, i64(units.margins.grid), builder.binary(.add, own[1], i64(1)))
        return allocate("pdl_allocate_block", [bytes, try product([around] + cell)])
    }

    /// i64 values in a row on the stack.
    func stackArray(_ values: [LLVMValue]) -> LLVMValue {
        let array = slot(llvm.integer(64).array(max(1, values.count)))
        for (index, value) in values.enumerated() {
            builder.store(value, builder.element(llvm.integer(64), array, i64(index)))
        }
        return array
    }

    // MARK: One element

    func load(_ element: ElementType, _ array: LLVMValue, _ index: LLVMValue) throws -> LLVMValue {
        let type = try memoryType(element)
        let value = builder.load(type, builder.element(type, array, index))
        return element == .bool ? builder.cast(.truncate, value, to: llvm.integer(1)) : value
    }

    func store(_ value: LLVMValue, _ element: ElementType, _ array: LLVMValue, _ index: LLVMValue) throws {
        let type = try memoryType(element)
        builder.store(inMemory(value, element), builder.element(type, array, index))
    }

    /// A number or vector as memory has it: bools become bytes.
    func inMemory(_ value: LLVMValue, _ element: ElementType) -> LLVMValue {
        guard element == .bool else { return value }
        return builder.cast(.zeroExtend, value, to: llvm.integer(8).like(value.type))
    }

    /// The address of a number, for the runtime.
    func spill(_ value: LLVMValue, _ element: ElementType) throws -> LLVMValue {
        let place = slot(try memoryType(element))
        builder.store(inMemory(value, element), place)
        return place
    }
}

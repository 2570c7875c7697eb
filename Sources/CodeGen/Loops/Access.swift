import IR
import LLVMSupport
import Language

/// Reading and writing elements, of one index or of a vector of them.
extension Emitter {
    func emitAccess(_ node: Node) throws {
        switch node.operation {
        case .read: try emitRead(node)
        case .write: try emitWrite(node)
        case .accumulate(let op): try emitAccumulate(op, node)
        case .checkIndex(let axis): try emitCheckIndex(axis, node)
        default: throw CodeGenFault("not an access: \(node.operation)")
        }
    }

    private func emitRead(_ node: Node) throws {
        let element = try element(node.array)
        let array = try uniform(node.array)
        let index = try operand(node.index)
        if case .uniform(let number) = index, lanes?.mayBeEmpty != true {
            return define(node, [try load(element, array, number)])
        }
        if lanes?.fetches == .vectors, case .linear(let base) = index {
            try prefetch(builder.element(try memoryType(element), array, base))
        }
        let column = try readTile(node, element, array, index)
        let isBroken = lanes?.mask == nil && context.brokenRows.contains(node.index)
        let loaded =
            try column
            ?? (isBroken ? loadBrokenRow(element, array, index) : loadLanes(element, array, index))
        define(node.results[0], .varying(loaded))
    }

    private func emitWrite(_ node: Node) throws {
        let element = try element(node.array)
        let array = try uniform(node.array)
        let index = try operand(node.index)
        let value = try operand(node.value)
        if lanes == nil {
            return try store(try uniform(node.value), element, array, try uniform(node.index))
        }
        try storeLanes(widened(value), element, array, index)
    }

    /// Operands: the arrays, the index, a number for each array.
    private func emitAccumulate(_ op: ReductionOperator, _ node: Node) throws {
        let elements = try node.arrays.map(element)
        let arrays = try node.arrays.map(uniform)
        let index = try operand(node.index)
        let values = try node.values.map(operand)
        let row = Accumulators(op: op, elements: elements, arrays: arrays)
        if lanes == nil { return try combine(values.map(\.value), into: row, at: try uniform(node.index)) }
        guard case .linear = index else { return try accumulateInTurn(row, index, values) }
        let old = try zip(elements, arrays).map { try loadLanes($0, $1, index) }
        let new = try combine(op, elements, old, values.map(widened))
        for (place, value) in new.enumerated() { try storeLanes(value, elements[place], arrays[place], index) }
    }

    /// The arrays that contributions are combined into, one for each number of them.
    private struct Accumulators {
        let op: ReductionOperator
        let elements: [ElementType]
        let arrays: [LLVMValue]
    }

    private func combine(_ contribution: [LLVMValue], into row: Accumulators, at index: LLVMValue) throws {
        let old = try zip(row.elements, row.arrays).map { try load($0, $1, index) }
        let new = try combine(row.op, row.elements, old, contribution)
        for (place, value) in new.enumerated() { try store(value, row.elements[place], row.arrays[place], index) }
    }

    /// Lanes may mean the same element: lower lanes come first.
    private func accumulateInTurn(_ row: Accumulators, _ index: Operand, _ values: [Operand]) throws {
        let indices = widened(index)
        func add(_ lane: LLVMValue) throws {
            var place = builder.lane(indices, lane)
            if let table { place = builder.binary(.add, place, builder.binary(.mul, lane, table)) }
            let contribution = values.map { $0.shape == .uniform ? $0.value : builder.lane(widened($0), lane) }
            try combine(contribution, into: row, at: place)
        }
        let table = laneTables[row.arrays[0]]
        for lane in (0..<Lanes.count).map(i64) {
            if let mask = lanes?.mask {
                try when(builder.lane(mask, lane)) { try add(lane) }
            } else {
                try add(lane)
            }
        }
    }

    // MARK: Lanes

    private var allLanes: LLVMValue { .vector(Array(repeating: llvm.integer(1).constant(1), count: Lanes.count)) }

    private func addresses(_ type: LLVMType, _ array: LLVMValue, _ index: Operand) -> LLVMValue {
        builder.element(type, array, widened(index))
    }

    /// Elements side by side by one load, others one by one. Under a condition, lanes that are not at work read nothing; at the
    /// ends of a range, where some lane is at work, they read what lies beside it, if need be the slack around the array: processors
    /// fetch ahead of plain loads only. Nothing is asked for ahead here: for elements in a row processors do it better.
    private func loadLanes(_ element: ElementType, _ array: LLVMValue, _ index: Operand) throws -> LLVMValue {
        let type = try memoryType(element)
        let vector = type.vector(Lanes.count)
        let loaded: LLVMValue
        if case .linear(let base) = index {
            let address = builder.element(type, array, base)
            if let lanes, lanes.mayBeEmpty || units.hasForeignArrays, let mask = lanes.mask {
                let alignment = i32(element.byteSize)
                loaded = try builder.intrinsic(
                    "llvm.masked.load", [vector, llvm.pointer], [address, alignment, mask, vector.null])
            } else {
                loaded = builder.load(vector, address, alignment: element.byteSize)
            }
        } else {
            let addresses = addresses(type, array, index)
            loaded = try builder.intrinsic(
                "llvm.masked.gather", [vector, addresses.type],
                [addresses, i32(element.byteSize), lanes?.mask ?? allLanes, vector.null])
        }
        guard element == .bool else { return loaded }
        return builder.cast(.truncate, loaded, to: llvm.integer(1).vector(Lanes.count))
    }

    /// Elements that most often stand side by side, or are one: what a processor gathers takes long.
    private func loadBrokenRow(_ element: ElementType, _ array: LLVMValue, _ index: Operand) throws -> LLVMValue {
        let indices = widened(index)
        let first = builder.lane(indices, i64(0))
        let firsts = builder.splat(first, Lanes.count)
        let loaded = slot(try type(element).vector(Lanes.count))
        func differ(from others: LLVMValue) -> LLVMValue { any(builder.compare(.ne, indices, others)) }
        try when(differ(from: builder.binary(.add, firsts, laneNumbers))) {
            try when(differ(from: firsts)) {
                builder.store(try loadLanes(element, array, index), loaded)
            } otherwise: {
                builder.store(builder.splat(try load(element, array, first), Lanes.count), loaded)
            }
        } otherwise: {
            builder.store(try loadLanes(element, array, .linear(first)), loaded)
        }
        return builder.load(try type(element).vector(Lanes.count), loaded)
    }

    private func storeLanes(
        _ value: LLVMValue, _ element: ElementType, _ array: LLVMValue, _ index: Operand
    ) throws {
        let type = try memoryType(element)
        let value = inMemory(value, element)
        let alignment = i32(element.byteSize)
        guard case .linear(let base) = index else {
            let addresses = addresses(type, array, index)
            try builder.intrinsic(
                "llvm.masked.scatter", [value.type, addresses.type],
                [value, addresses, alignment, lanes?.mask ?? allLanes])
            return
        }
        let address = builder.element(type, array, base)
        if let mask = lanes?.mask {
            try builder.intrinsic("llvm.masked.store", [value.type, llvm.pointer], [value, address, alignment, mask])
        } else if let isStreaming = lanes?.isStreaming, element != .bool {
            stream(value, address, element, where: isStreaming)
        } else {
            builder.store(value, address, alignment: element.byteSize)
        }
    }

    // MARK: Bounds

    private func emitCheckIndex(_ axis: Int, _ node: Node) throws {
        let extent = try operand(node.extent)
        let index = try operand(node.index)
        let place = place(of: node)
        func report(_ index: LLVMValue, _ extent: LLVMValue) {
            callNoReturn("pdl_fail_index", [place, index, extent, i64(axis)])
        }
        switch (index, extent) {
        case (.uniform(let index), .uniform(let extent)):
            try fail(where: builder.compare(.uge, index, extent)) { _ in report(index, extent) }
        case (.linear(let base), .uniform(let extent)) where lanes?.mask == nil:
            let isFirstBad = builder.compare(.uge, base, extent)
            let last = builder.binary(.add, base, i64(Lanes.count - 1))
            let isBad = builder.binary(.or, isFirstBad, builder.compare(.uge, last, extent))
            try fail(where: isBad) { _ in report(builder.select(isFirstBad, base, extent), extent) }
        default:
            let indices = widened(index)
            let extents = widened(extent)
            try fail(where: builder.compare(.uge, indices, extents)) { failing in
                let lane = try failing.map(firstLane) ?? i64(0)
                report(builder.lane(indices, lane), builder.lane(extents, lane))
            }
        }
    }
}

import IR
import Language
import TypedTree

extension Lowering {
    /// An operation on whole arrays, as they are stored: extents that are known only when it has run are further results.
    func arrayOperation(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ type: ValueType
    ) throws -> Lowered {
        let span = builder.span
        var values = try operands.map { try value(expression($0)) }
        builder.span = span
        if operation.kind == .slice { try testSlice(operation, Array(values.dropFirst()), type) }
        let order = operands[0].storageOrder
        let result = type.leaves.first??.storageOrder ?? .plain
        switch operation.kind {
        case .transpose
        where operation.stored(order, result).attributes == Array(operation.attributes.indices)
            && operands[0].type.array?.placement.stored == type.array?.placement.stored:
            return .value(values[0])
        case .slice: values = [values[0]] + order.stored(triples(values.dropFirst())).joined()
        case .reshape: values[0] = try reordered(values[0], from: order, to: .plain)
        case .matmul where result != .plain:
            // The transposed product: its rows are divided.
            values = [values[1], try reordered(values[0], from: .plain, to: result)]
        default: break
        }
        return try made(operation.stored(order, result), values, type)
    }

    /// lower, upper, step of each axis
    private func triples(_ bounds: ArraySlice<Value>) -> [[Value]] {
        stride(from: bounds.startIndex, to: bounds.endIndex, by: 3).map { Array(bounds[$0..<$0 + 3]) }
    }

    private func made(_ operation: ArrayOperation, _ operands: [Value], _ type: ValueType) throws -> Lowered {
        var found: [Value] = []
        var arrays: [Value] = []
        for leaf in type.leaves {
            guard let leaf = leaf?.stored else { throw fault("an array operation that gives text") }
            // First what is known: nothing may be computed from an extent that the operation itself will find.
            let known = try leaf.shape.map { try self.value(of: $0) }
            let dimensions = zip(leaf.shape, known).map { size, known -> Value in
                if let known { return known }
                let extent = builder.newValue(.scalar(.i64, leaf.placement == .local ? .local : .replicated))
                found.append(extent)
                learn([size], [extent])
                return extent
            }
            arrays.append(builder.newValue(.array(leaf.element, dimensions: dimensions, leaf.placement)))
        }
        try builder.append(Node(.array(operation), operands, results: arrays + found, builder.span))
        var results = arrays[...]
        guard let lowered = Lowered(&results, as: type) else { throw fault("an array operation without a result") }
        return lowered
    }

    /// The axes that stay; what counts down is a whole axis reversed.
    private func testSlice(_ operation: ArrayOperation, _ bounds: [Value], _ type: ValueType) throws {
        guard let type = type.array else { throw fault("a slice that is no array") }
        let cuts = operation.attributes.indices.filter { operation.attributes[$0] == 1 }.map { axis in
            (lower: bounds[3 * axis], upper: bounds[3 * axis + 1], step: bounds[3 * axis + 2])
        }
        if cuts.contains(where: { integers[$0.step].map { $0 < 0 } ?? false }) { return }
        _ = try extents(of: type, over: cuts)
    }
}

extension ArrayOperation {
    /// The operation on arrays as they are stored: that of the first operand, and that of the result.
    fileprivate func stored(_ order: StorageOrder, _ result: StorageOrder) -> ArrayOperation {
        switch kind {
        case .transpose:
            ArrayOperation(kind, result.stored(attributes).map { order.stored(axis: $0) })
        case .slice: ArrayOperation(kind, order.stored(attributes) + [order.first])
        case .concat: ArrayOperation(kind, [order.stored(axis: attributes[0]), attributes[1]])
        case .sort, .argsort, .fft, .ifft, .rfft, .irfft: ArrayOperation(kind, [order.stored(axis: attributes[0])])
        case .scan, .exscan: ArrayOperation(kind, [attributes[0], order.stored(axis: attributes[1])])
        default: self
        }
    }
}

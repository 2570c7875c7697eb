import IR
import Language

// Where an element lies in what this rank holds.

/// Arrays of one shape and placement have an element of the same indices at the same position.
struct Position: Hashable {
    var indices: [Value]
    var dimensions: [Value]
    var distribution: Distribution
}

extension RankLowering {
    /// The row-major position of an element in the box that this rank holds: ((i - begin)·m + j)·k + l where the first axis is cut,
    /// ((i - begin)·pitch + j - begin)·k + l where the first two are. Only the last term changes with the innermost index, by one.
    func position(of indices: [Value], in array: Value) throws -> Value {
        let type = type(array)
        let key = Position(indices: indices, dimensions: type.dimensions, distribution: type.placement.distribution)
        if let position = known.positions[key] { return position }
        guard indices.count == type.dimensions.count else { throw fault("an element of another rank") }
        var position: Value?
        for (axis, index) in indices.enumerated() {
            let inside = try inside(index, axis, key)
            if let outer = position {
                let rows = try builder.scalar(.multiply, outer, stride(axis, key))
                position = try builder.scalar(.add, rows, inside)
            } else {
                position = inside
            }
        }
        guard let position else { throw fault("an element of a number") }
        known.positions[key] = position
        return position
    }

    /// How far an index is from the first one that this rank holds.
    private func inside(_ index: Value, _ axis: Int, _ array: Position) throws -> Value {
        switch array.distribution[axis] {
        case .whole: index
        case .block:
            try builder.scalar(
                .subtract, index, try block(array.dimensions[axis], axis, of: array.distribution).begin)
        }
    }

    /// How far apart the elements of neighbouring indices of the axis before this one lie, in elements of this one.
    private func stride(_ axis: Int, _ array: Position) throws -> Value {
        switch array.distribution[axis] {
        case .whole: array.dimensions[axis]
        case .block: try builder.append(.pitch, [array.dimensions[axis]])[0]
        }
    }

    func element(_ bounds: Bounds, _ node: Node) throws {
        let array = node.array
        let indices = node.indices
        if case .checked(let order) = bounds { try check(indices, in: array, order) }
        let position = try position(of: indices, in: array)
        try builder.append(Node(.read, [array, position], results: node.results, node.span))
    }

    /// Checks every index that is not a loop's over the whole axis, or checked here already. `endless`: the axes, as they
    /// are written, along which every index is right.
    func check(_ indices: [Value], in array: Value, _ order: StorageOrder = .plain, endless: [Int] = []) throws {
        let extents = order.written(type(array).dimensions)
        for (axis, (index, extent)) in zip(order.written(indices), extents).enumerated()
        where known.uppers[index] != extent && !endless.contains(axis)
            && known.checked[[index, extent]] == nil
        {
            known.checked[[index, extent]] = true
            try builder.append(.checkIndex(axis: axis), [index, extent])
        }
    }
}

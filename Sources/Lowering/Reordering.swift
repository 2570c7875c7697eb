import IR
import Language

extension Lowering {
    /// The same array with its axes stored in another order: where it is divided, a transposition sends its elements to new owners.
    func reordered(_ value: Value, from order: StorageOrder, to other: StorageOrder) throws -> Value {
        guard order != other, let element = type(of: value).element else { return value }
        let type = type(of: value)
        let axes = order.transposition(to: other, rank: type.dimensions.count)
        let extents = axes.map { type.dimensions[$0] }
        if type.placement == .root { return try reorderedOnRoot(value, axes, extents) }
        return try one(
            .array(ArrayOperation(.transpose, axes)), [value],
            types: [.array(element, dimensions: extents, type.placement)])
    }

    /// Operations on whole arrays are not of rank 0 alone, loops may be.
    private func reorderedOnRoot(_ value: Value, _ axes: [Int], _ extents: [Value]) throws -> Value {
        let space = try space(over: extents, .root)
        let body = try points(of: space) { indices in
            let places = axes.indices.map { axis in indices[axes.firstIndex(of: axis) ?? axis] }
            return [try self.builder.element(value, places, .proved)]
        }
        guard let result = try builder.loop(space, [.element], body).first else {
            throw fault("a loop without a result")
        }
        return result
    }
}

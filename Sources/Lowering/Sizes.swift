import IR
import Language
import Semantics

// Extents: sizes of the type, which the compiler reasons with, and the i64 values that stand for them when the program runs.

extension Lowering {
    /// From now on these values stand for these sizes, where none did before.
    func learn(_ shape: [Size], _ extents: [Value]) {
        for (size, extent) in zip(shape, extents) where scope.sizes[size] == nil && size.constant == nil {
            scope.sizes[size] = extent
        }
    }

    /// The value that stands for a size; nil when nothing does yet.
    func value(of size: Size) throws -> Value? {
        if let constant = size.constant { return try i64(constant) }
        if let value = scope.sizes[size] { return value }
        guard let value = try polynomial(size) else { return nil }
        scope.sizes[size] = value
        return value
    }

    /// Computes a size from values that stand for its atoms.
    private func polynomial(_ size: Size) throws -> Value? {
        let atoms = Set(size.terms.keys.joined())
        guard size != atoms.first.map(Size.init), atoms.allSatisfy({ scope.sizes[Size($0)] != nil }) else { return nil }
        var sum: Value?
        for (monomial, coefficient) in size.terms.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var product = try i64(coefficient)
            for atom in monomial {
                guard let factor = scope.sizes[Size(atom)] else { return nil }
                product = try builder.scalar(.multiply, product, factor)
            }
            sum = try sum.map { try builder.scalar(.add, $0, product) } ?? product
        }
        return sum
    }

    /// The extents of a type's arrays: the values that stand for its sizes, else those that `fallback` knows.
    func extents(of type: ArrayType, _ fallback: () throws -> [Value] = { [] }) throws -> [Value] {
        var found: [Value?] = []
        for size in type.shape { found.append(try value(of: size)) }
        if found.contains(nil) {
            let known = try fallback()
            guard known.count == type.rank else { throw fault("nothing is known of the extents of \(type)") }
            found = zip(found, known).map { $0 ?? $1 }
        }
        let extents = found.compactMap { $0 }
        learn(type.shape, extents)
        return extents
    }

    /// The extents of an array, axis by axis as it is written.
    func extents(of array: Value, _ order: StorageOrder) -> [Value] { order.written(type(of: array).dimensions) }

    func irType(_ type: ArrayType) throws -> IRType {
        .array(
            type.element, dimensions: type.storageOrder.stored(try extents(of: type)), type.placement.stored)
    }

    /// How many indices `lower ..< upper by step` has; never negative.
    func count(_ lower: Value, _ upper: Value, _ step: Value) throws -> Value {
        let one = try i64(1)
        let zero = try i64(0)
        if lower == zero, step == one { return upper }
        var span = try builder.scalar(.subtract, upper, lower)
        if step != one {
            let rounded = try builder.scalar(.add, span, try builder.scalar(.subtract, step, one))
            span = try builder.scalar(.floorDivide, rounded, step)
        }
        return try builder.scalar(.max, span, zero)
    }
}

import IR
import Language
import TypedTree

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

    /// The extents of an array over ranges, tested: what the compiler does not know may be negative or too much.
    func extents(of type: ArrayType, over ranges: [(lower: Value, upper: Value, step: Value)]) throws -> [Value] {
        if scope.shapes.contains(type.shape) { return try extents(of: type) { try ranges.map { try count($0) } } }
        let counts = try ranges.map { try count($0) }
        try test(type.shape, counts)
        return try extents(of: type) { counts }
    }

    /// Fails where there can be no array of these extents; from here on there is one.
    func test(_ shape: [Size], _ extents: [Value]) throws {
        // A size that is known to be 0 may stand for less.
        let known = zip(shape, extents).compactMap { size, extent in
            integers[extent] ?? size.constant.flatMap { $0 > 0 ? $0 : nil }
        }
        if known.count == shape.count, case .count = Shape.verdict(known) { return }
        if scope.shapes.contains(shape) { return }
        try builder.append(.checkShape, extents)
        noteShape(shape)
    }

    /// There is an array of this shape.
    func noteShape(_ shape: [Size]) {
        scope.shapes.insert(shape)
        for size in shape { scope.shapes.insert([size]) }
    }

    /// How many indices `lower ..< upper by step` has; negative where it ends before it begins.
    private func count(_ range: (lower: Value, upper: Value, step: Value)) throws -> Value {
        if let lower = integers[range.lower], let upper = integers[range.upper], range.step == (try i64(1)) {
            return try i64(upper &- lower)
        }
        let span = try range.lower == i64(0) ? range.upper : builder.scalar(.subtract, range.upper, range.lower)
        let one = try i64(1)
        if range.step == one { return span }
        let rounded = try builder.scalar(.add, span, try builder.scalar(.subtract, range.step, one))
        return try builder.scalar(.floorDivide, rounded, range.step)
    }
}

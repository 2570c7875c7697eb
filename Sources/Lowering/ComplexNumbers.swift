import IR
import Language
import TypedTree

// Complex numbers are two values each. What shows, saves and loads them has them in one piece.

extension Lowering {
    /// The value as people and files have it.
    func inOnePiece(_ value: TypedExpression) throws -> Value {
        let lowered = try expression(value)
        guard value.type.complexElement != nil, let parts = lowered.values else { return try self.value(lowered) }
        return try inOnePiece(parts, value.type)
    }

    /// The real and imaginary parts together.
    func inOnePiece(_ parts: [Value], _ type: ValueType) throws -> Value {
        guard let element = type.complexElement, parts.count == 2 else {
            throw fault("a complex number of other parts")
        }
        let array = self.type(of: parts[0])
        guard !array.isScalar else { return try one(.pair(element), parts) }
        let whole = builder.newValue(.array(element, dimensions: array.dimensions, array.placement))
        try builder.append(Node(.array(ArrayOperation(.interleave)), parts, results: [whole], builder.span))
        return whole
    }

    /// An array of complex numbers that has been loaded.
    func taken(apart whole: Value, _ part: ElementType) throws -> Lowered {
        let type = self.type(of: whole)
        let parts = [0, 1].map { _ in
            builder.newValue(.array(part, dimensions: type.dimensions, type.placement))
        }
        try builder.append(Node(.array(ArrayOperation(.separate)), [whole], results: parts, builder.span))
        return .tuple(parts.map(Lowered.value))
    }
}

extension TypedExpression {
    /// How the arrays that it is made of lie in memory.
    var leafOrder: StorageOrder { type.leaves.first??.storageOrder ?? .plain }
}

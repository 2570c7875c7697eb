import IR
import Language
import Semantics

extension Lowering {
    /// An operation on whole arrays: extents that are known only when it has run are further results.
    func arrayOperation(
        _ operation: ArrayOperation, _ operands: [TypedExpression], _ type: ValueType
    ) throws -> Lowered {
        let span = builder.span
        let values = try operands.map { try value(expression($0)) }
        builder.span = span
        var found: [Value] = []
        var arrays: [Value] = []
        for leaf in type.leaves {
            guard let leaf else { throw fault("an array operation that gives text") }
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
        try builder.append(Node(.array(operation), values, results: arrays + found, span))
        var results = arrays[...]
        guard let lowered = Lowered(&results, as: type) else { throw fault("an array operation without a result") }
        return lowered
    }
}

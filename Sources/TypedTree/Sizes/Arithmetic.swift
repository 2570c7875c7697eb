import Language
import Source

// Integers that the compiler reckons with, as expressions.

package func integer(_ value: Int, _ span: Span) -> TypedExpression {
    TypedExpression(.constant(.i64(value)), .i64, span)
}

package func arithmetic(_ op: ScalarOperator, _ a: TypedExpression, _ b: TypedExpression, _ span: Span)
    -> TypedExpression
{
    TypedExpression(.apply(op, [a, b]), .scalar(.i64, [a, b].placement), span)
}

/// Whether something holds of two integers, or of two such tests.
package func test(_ op: ScalarOperator, _ a: TypedExpression, _ b: TypedExpression, _ span: Span) -> TypedExpression {
    TypedExpression(.apply(op, [a, b]), .scalar(.bool, [a, b].placement), span)
}

/// From how far away a halo brings a few rows that one statement writes; the owners of those farther away are asked for them.
package let farthestHalo = 16

/// The type of an array's extents: those of a rank's own array are its own.
package func extentType(_ type: ArrayType) -> ValueType {
    .scalar(.i64, type.placement == .local ? .local : .replicated)
}

/// What a place says, in a line that fits a message.
package func sourceText(_ span: Span) -> String {
    let text = span.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.count <= 40 ? text : "\(text.prefix(37))..."
}

extension [TypedExpression] {
    /// Where a number lives that is computed from these: each rank has its own if it has so of one of them.
    package var placement: Placement {
        let placements = map { $0.type.array?.placement ?? .replicated }
        if placements.contains(.local) { return .local }
        return placements.contains(.root) ? .root : .replicated
    }
}

extension ValueType {
    /// Whether it is an integer that an extent may be: the same on all ranks, or each rank's own for its own arrays.
    package var canBeSize: Bool { self == .i64 || self == .scalar(.i64, .local) }
}

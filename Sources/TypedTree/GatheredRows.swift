import Language
import Source

/// Elements (rows) of an array that other ranks hold, `count` of them along its divided axis: their owners are asked for them.
package func gathered(
    _ array: TypedExpression, _ index: TypedExpression, count: TypedExpression, _ span: Span
) -> TypedExpression {
    guard let type = array.type.array, let own = index.type.array else { return array }
    let plan = TypedExpression(
        .arrayOperation(ArrayOperation(.gatherPlan), [index, count]), .array(ArrayType(.i64, [Size(1)], .local)), span)
    return TypedExpression(
        .arrayOperation(ArrayOperation(.gather), [array, index, plan]),
        .array(ArrayType(type.element, own.shape + type.shape.dropFirst(), own.placement)), span)
}

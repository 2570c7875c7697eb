import Language
import Source

/// The axes of an array in another order, read where they lie: axis k of the result is axis `order[k]`. `ranges`: one over each axis.
package func reordered(
    _ array: TypedExpression, _ order: [Int], _ ranges: [Domain.Range], _ span: Span
) -> TypedExpression {
    guard let type = array.type.array else { return array }
    var domain = Domain(ranges: order.map { ranges[$0] })
    var result = ArrayType(type.element, order.map { type.shape[$0] }, type.placement)
    if let divided = type.placement.dividedAxis, let place = order.firstIndex(of: divided) {
        domain.divided = (place, ranges[divided].upper)
        result.placement = .scattered(axis: place)
    }
    let isLocal = type.placement == .local
    let element = TypedExpression(
        .element(array, ranges.map { $0.index.read(at: span) }, .proved),
        .scalar(type.element, isLocal ? .local : .replicated), span)
    return TypedExpression(.comprehension(domain, element), .array(result), span)
}

/// The order that puts one axis first, as it is stored where it is divided, and the one that puts it back.
package func ordersAround(_ axis: Int, rank: Int) -> (there: [Int], back: [Int]) {
    let there = [axis] + (0..<rank).filter { $0 != axis }
    return (there, (0..<rank).map { axis in there.firstIndex(of: axis) ?? 0 })
}

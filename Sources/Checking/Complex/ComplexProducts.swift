import Language
import Source
import TypedTree

// `a @ b` of complex matrices: four products of their parts, two where one is real.

extension Checker {
    func complexMatrixProduct(
        _ left: TypedExpression, _ right: TypedExpression, _ element: ElementType, _ span: Span
    ) -> TypedExpression {
        named(left) { left in
            // What every rank needs of the right one is collected once.
            self.named(self.areBothInRows(left, right) ? self.onEveryRank(right, span) : right) { right in
                let (a, b) = (self.parts(left, element), self.parts(right, element))
                let products = a.map { x in b.map { self.product(x, $0, span) } }
                if a.count == 1 { return self.complex(products[0][0], products[0][1], span) }
                if b.count == 1 { return self.complex(products[0][0], products[1][0], span) }
                func joined(_ op: ScalarOperator, _ x: TypedExpression, _ y: TypedExpression) -> TypedExpression {
                    self.elementwise(op, [x, y], result: element.part ?? .f64, "@", span)
                }
                return self.complex(
                    joined(.subtract, products[0][0], products[1][1]), joined(.add, products[0][1], products[1][0]),
                    span)
            }
        }
    }

    private func areBothInRows(_ left: TypedExpression, _ right: TypedExpression) -> Bool {
        [left, right].allSatisfy { arrayType(of: $0)?.placement == .scattered(.rows) }
    }

    /// Both parts, or the one of what is real, in the type of the result's.
    private func parts(_ value: TypedExpression, _ element: ElementType) -> [TypedExpression] {
        let parts = value.type.components == nil ? [value] : components(value)
        return parts.map { convert($0, toElement: element.part ?? .f64) }
    }
}

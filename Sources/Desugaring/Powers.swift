import Language
import Source
import TypedTree

// Powers become products:
//
//     y = x ** 6          square = x * x;  y = square * (square * square)

extension Desugaring {
    /// `base ** exponent` by repeated squaring, on numbers or on whole arrays.
    func power(_ base: TypedExpression, _ exponent: Int, _ span: Span) -> TypedExpression {
        var statements: [TypedStatement] = []
        func named(_ value: TypedExpression, _ name: String) -> TypedExpression {
            let variable = newVariable(name, value.type)
            statements.append(TypedStatement(kind: .binding(variable, value), span: value.span))
            return variable.read(at: value.span)
        }
        func multiply(_ a: TypedExpression, _ b: TypedExpression) -> TypedExpression {
            TypedExpression(.apply(.multiply, [a, b]), base.type, span)
        }
        var square = base.isNamed ? base : named(base, "once")
        var product: TypedExpression?
        var rest = exponent
        while rest > 1 {
            if rest & 1 == 1 { product = product.map { multiply($0, square) } ?? square }
            rest >>= 1
            square = multiply(square, square)
            // Needed by the next square and perhaps by the product: it gets a name.
            if rest > 1 { square = named(square, "square") }
        }
        let result = product.map { multiply($0, square) } ?? square
        if statements.isEmpty { return result }
        return TypedExpression(.block(TypedBlock(statements, result)), result.type, span)
    }
}

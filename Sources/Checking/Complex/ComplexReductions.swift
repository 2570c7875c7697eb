import Language
import Source
import Syntax
import TypedTree

// Reductions of complex numbers: a sum is that of each part; a product is one by the program's own operator, z * w.

extension Checker {
    /// The complex value whose parts are reduced, each by itself; nil where the value is reduced as a whole. A product gets its operator.
    func partwise(_ request: inout ReductionRequest, _ value: TypedExpression) -> TypedExpression? {
        guard let element = value.type.complexElement, case .builtin(let spec) = request.combiner else { return nil }
        switch (spec.op, spec.result) {
        case (.sum, .value): return value
        case (.product, .value):
            request.combiner = .user(product(at: request.span), identity: Expression(.integer("1"), request.span))
            return nil
        case (.min, _), (.max, _), (.minloc, _), (.maxloc, _):
            return report(.complexOrder(request.name, element, at: value.span))
        default: return report(.badReduction(request.name, value.type, at: value.span))
        }
    }

    /// `(z, w) => z * w`
    private func product(at span: Span) -> FunctionValue {
        let names = ["z", "w"].map { Name($0, span) }
        let factors = names.map { Expression(.name($0.text), span) }
        let body = Expression(.binary(.multiply, factors[0], factors[1]), span)
        return FunctionValue(body: .lambda(names, body, scopes: [Scope()]), id: "product", span: span)
    }
}

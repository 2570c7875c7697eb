import Language
import Source
import TypedTree

// What is done to an array of records is done to the array of each field.

extension Checker {
    /// An operation on arrays, field by field where the first of them is of tuples or records. Of others that are compounds, which are
    /// made alike, it takes the same field; any other is the same for all fields. Each is evaluated once.
    func fieldwise(
        _ builtin: Builtin, _ values: [TypedExpression], _ span: Span,
        _ operation: ([TypedExpression]) -> TypedExpression
    ) -> TypedExpression {
        guard let first = values.first, first.type.components != nil else { return operation(values) }
        for value in values where value.type.components != nil {
            guard arrayType(of: value) != nil else {
                return report(.notReducible(builtin.name, value.type, at: value.span))
            }
            guard commonType(first.type.element(.replicated), value.type.element(.replicated)) != nil else {
                return report(.badOperands(builtin.name, first.type, value.type, at: span))
            }
        }
        return ofRecords(first.type) { bindingAll(values[...], []) { self.fields(of: $0, span, operation) } }
    }

    /// Errors in there name the type of the records, not that of a field.
    func ofRecords(_ type: ValueType, _ check: () -> TypedExpression) -> TypedExpression {
        let outer = context.records
        context.records = type
        defer { context.records = outer }
        return check()
    }

    private func fields(
        of values: [TypedExpression], _ span: Span, _ operation: ([TypedExpression]) -> TypedExpression
    ) -> TypedExpression {
        guard let type = values.first?.type, let count = type.components?.count else { return operation(values) }
        var results: [TypedExpression] = []
        for position in 0..<count {
            let operands = values.map { $0.type.components == nil ? $0 : component($0, position) }
            let result = fields(of: operands, span, operation)
            // What is wrong with one field is told once.
            if result.type == .error { return result }
            results.append(result)
        }
        return compound(of: results, like: type, span)
    }

    /// Gives a name to each value but arithmetic on sizes.
    private func bindingAll(
        _ values: ArraySlice<TypedExpression>, _ named: [TypedExpression],
        _ use: ([TypedExpression]) -> TypedExpression
    ) -> TypedExpression {
        guard let value = values.first else { return use(named) }
        if sizes.knownSize(of: value) != nil { return bindingAll(values.dropFirst(), named + [value], use) }
        return bindingOnce(value) { self.bindingAll(values.dropFirst(), named + [$0], use) }
    }
}

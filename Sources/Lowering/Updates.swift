import IR
import Language
import TypedTree

extension Lowering {
    /// `v[i, j] = E for …`: v is now the array that differs from the old one in those elements.
    func update(
        _ variable: Variable, _ indices: [Subscripted], _ value: TypedExpression, _ condition: TypedExpression?,
        _ domain: Domain
    ) throws {
        let span = builder.span
        guard case .value(let base)? = scope.variables[variable] else { throw fault("`\(variable.name)` is no array") }
        let ranges = domain.distribution.storageOrder.stored(try domain.ranges.map { try range($0) })
        let space = try space(over: ranges, domain)
        let order = variable.type.storageOrder
        var bounds = IR.Bounds.proved
        let body = try points(of: space) { points in
            for (range, index) in zip(ranges, points) { self.scope.variables[range.variable] = .value(index) }
            let places = try indices.map { subscripted in
                guard case .index(let index, let check) = subscripted else {
                    throw self.fault("a range is assigned to")
                }
                if check == .checked { bounds = .checked(order) }
                return try self.number(index)
            }
            let stored = order.stored(places)
            guard let condition else { return stored + [try self.number(value)] }
            let test = try self.number(condition)
            let counted = try self.region { _ in [try self.number(value)] }
            let skipped = try self.region { _ in [try self.constant(.zero(value.type.array?.element ?? .f64))] }
            return stored + (try self.builder.conditional(test, counted, skipped)) + [test]
        }
        builder.span = span
        scope.variables[variable] = .value(try builder.update(base, space, bounds, body))
    }
}

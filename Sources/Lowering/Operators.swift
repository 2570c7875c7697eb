import IR
import TypedTree

extension Lowering {
    /// Puts an operator of the program's own into the module's table. Nothing that is known outside is known in its bodies.
    func define(_ definition: TypedOperator) throws {
        builder.span = definition.span
        let outer = scope
        defer { scope = outer }
        scope = Scope()
        let identity = try region { _ in try self.leaves(definition.identity) }
        let types = identity.yielded.map { type(of: $0) }
        let combination = try region(types + types) { arguments in
            self.scope.variables[definition.left] = try self.rebuilt(
                Array(arguments.prefix(types.count)), as: definition.type)
            self.scope.variables[definition.right] = try self.rebuilt(
                Array(arguments.suffix(types.count)), as: definition.type)
            return try self.leaves(definition.combination)
        }
        builder.define(OperatorDefinition(name: definition.name, identity: identity, combination: combination))
    }

    private func leaves(_ expression: TypedExpression) throws -> [Value] {
        guard let values = try self.expression(expression).values else { throw fault("an operator combines parts") }
        return values
    }
}

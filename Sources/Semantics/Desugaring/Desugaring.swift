import Language
import Source

/// Writes a checked program in the core of the language, which is what the lowering takes: `TypedProgram` says of each construct whether it is
/// gone then. The interpreter plays the program as it was before, so a construct that is written out wrongly shows as a difference.
public func desugar(_ program: TypedProgram) -> TypedProgram {
    let desugaring = Desugaring(program.variables)
    return desugaring.core(of: program)
}

/// A function of a library in the core of the language.
public func desugar(_ function: LibraryFunction) -> LibraryFunction {
    var function = function
    let desugaring = Desugaring(function.program.variables)
    function.call = desugaring.rewrite(function.call)
    function.program = desugaring.core(of: function.program)
    return function
}

/// The state of one desugaring. A construct is an extension in a file of its own.
final class Desugaring: TypedRewriter {
    private var variables: VariableSupply

    init(_ variables: VariableSupply) { self.variables = variables }

    func core(of program: TypedProgram) -> TypedProgram {
        var core = program
        core.parameters = program.parameters.map { parameter in
            var parameter = parameter
            parameter.defaultValue = rewrite(parameter.defaultValue)
            return parameter
        }
        core.functions = program.functions.map { function in
            var function = function
            function.body = rewrite(function.body)
            return function
        }
        core.operators = program.operators.map { definition in
            var definition = definition
            definition.identity = rewrite(definition.identity)
            definition.combination = rewrite(definition.combination)
            return definition
        }
        core.body = rewrite(program.body)
        core.variables = variables
        return core
    }

    func rewrite(_ expression: TypedExpression) -> TypedExpression { expression.rewritten(by: self) }

    func rewrite(_ statement: TypedStatement) -> [TypedStatement] {
        switch statement.kind {
        case .forLoop(_, _, _, _, let body) where body.contains(where: \.mayExit),
            .whileLoop(_, let body) where body.contains(where: \.mayExit):
            withoutExits(statement).map { $0.rewritten(by: self) }
        default: [statement.rewritten(by: self)]
        }
    }

    func newVariable(_ name: String, _ type: ValueType) -> Variable { variables.variable(name, type) }
}

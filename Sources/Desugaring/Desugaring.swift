import Language
import Source
import TypedTree

/// Writes a checked program in the core of the language, which is what the lowering takes: `TypedProgram` says of each construct whether it is
/// gone then. The interpreter plays the program as it was before, so a construct that is written out wrongly shows as a difference.
public func desugar(_ program: TypedProgram) -> TypedProgram {
    Desugaring(program).core(of: program)
}

/// A function of a library in the core of the language.
public func desugar(_ function: LibraryFunction) -> LibraryFunction {
    var function = function
    let desugaring = Desugaring(function.program)
    function.call = desugaring.rewrite(function.call)
    function.program = desugaring.core(of: function.program)
    return function
}

/// The state of one desugaring. A construct is an extension in a file of its own.
final class Desugaring: TypedRewriter {
    private var variables: VariableSupply
    var sizes: SizeKnowledge
    /// What is to be evaluated before the statement that is being written out.
    var before: [TypedStatement] = []

    init(_ program: TypedProgram) { (variables, sizes) = (program.variables, program.sizes) }

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
        (core.variables, core.sizes) = (variables, sizes)
        return core
    }

    func rewrite(_ expression: TypedExpression) -> TypedExpression {
        let core = expression.rewritten(by: self)
        if case .power(let base, let exponent) = core.kind { return power(base, exponent, core.span) }
        return core
    }

    func rewrite(_ statement: TypedStatement) -> [TypedStatement] {
        switch statement.kind {
        case .forLoop(_, _, _, _, let body) where body.contains(where: \.mayExit),
            .whileLoop(_, let body) where body.contains(where: \.mayExit):
            withoutExits(statement).map { $0.rewritten(by: self) }
        case .update(_, let indices, _, _, _) where indices.contains(where: \.isRange):
            pointwise(statement).map { $0.rewritten(by: self) }
        default: [statement.rewritten(by: self)]
        }
    }

    /// A range with an index of its own.
    func newRange(
        _ name: String, _ lower: TypedExpression, _ upper: TypedExpression, _ step: TypedExpression
    ) -> Domain.Range {
        let index = newVariable(name, .scalar(.i64, [lower, upper].placement))
        let (first, end) = (sizes.size(of: lower), sizes.size(of: upper))
        sizes.bound(index, from: first, to: end - Size(1), lower.span)
        return Domain.Range(index: index, lower: lower, upper: upper, step: step)
    }

    func extent(_ array: TypedExpression, _ axis: Int) -> TypedExpression { sizes.extent(array, axis, array.span) }

    func newVariable(_ name: String, _ type: ValueType) -> Variable { variables.variable(name, type) }
}

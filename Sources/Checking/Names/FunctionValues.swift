import Language
import Source
import Syntax
import TypedTree

/// A function passed to a function or named by a `let`: `x => E`, or the name of one. It is known when the program is checked, never at run time.
struct FunctionValue {
    enum Body {
        case declared(FunctionDeclaration)
        case builtin(Builtin)
        /// The scopes that it was written in: it sees their names.
        case lambda([Name], Expression, scopes: [Scope])
    }
    var body: Body
    /// Tells function values apart in the key of a specialisation.
    var id: String
    var span: Span
}

extension Checker {
    /// The function that an argument names, nil when it is a value like any other.
    func functionValue(_ written: Expression) -> FunctionValue? {
        switch written.kind {
        case .parenthesized(let inner): return functionValue(inner)
        case .lambda(let parameters, let body):
            lambdaCount += 1
            return FunctionValue(
                body: .lambda(parameters, body, scopes: scopes), id: "lambda \(lambdaCount)", span: written.span)
        case .name(let name):
            switch meaning(of: name, at: written.span) {
            case .bound(let binding): return binding.function
            case .function(let declaration):
                let id = "fn \(name) of \(declaration.name.span.file.path)"
                return FunctionValue(body: .declared(declaration), id: id, span: written.span)
            case .builtin(let builtin):
                return FunctionValue(body: .builtin(builtin), id: "builtin \(name)", span: written.span)
            case .record, nil: return nil
            }
        default: return nil
        }
    }

    /// A call of a parameter that stands for a function.
    func call(_ function: FunctionValue, _ arguments: [Argument], _ nameSpan: Span, _ span: Span) -> TypedExpression {
        switch function.body {
        case .declared(let declaration): return userCall(declaration, arguments, nameSpan, span)
        case .builtin(let builtin): return builtinCall(builtin, arguments, false, nil, span)
        case .lambda(let parameters, let body, let captured):
            if let argument = arguments.first(where: { $0.label != nil || $0.generator != nil }) {
                return report(.misplacedGenerator("this function", at: argument.value.span))
            }
            guard arguments.count == parameters.count else {
                return report(
                    .wrongArgumentCount(
                        "this function", expected: "\(parameters.count)", got: arguments.count, at: span))
            }
            let values = arguments.map { expressionOrView($0.value) }
            if values.contains(where: { $0.type == .error }) { return error(span) }
            return applied(parameters, body, captured, values, span)
        }
    }

    /// The body of a lambda in place of its call, the arguments under the parameters' names.
    private func applied(
        _ parameters: [Name], _ body: Expression, _ captured: [Scope], _ values: [TypedExpression], _ span: Span
    ) -> TypedExpression {
        let caller = scopes
        scopes = captured + [Scope()]
        context.callChain.append(("=>", span))
        defer {
            scopes = caller
            context.callChain.removeLast()
        }
        let bindings = bindArguments(parameters, values)
        let result = expression(body)
        guard !bindings.isEmpty, result.type != .error else { return result }
        return TypedExpression(.block(TypedBlock(bindings, result)), result.type, span)
    }

    /// Gives values the names of parameters, for a body that stands in place of the call.
    func bindArguments(_ parameters: [Name], _ values: [TypedExpression]) -> [TypedStatement] {
        var bindings: [TypedStatement] = []
        for (name, value) in zip(parameters, values) {
            if value.type.components != nil {
                let (statements, named) = value.isNamed ? ([], value) : dissolved(value, named: name.text)
                bindings += statements
                bind(name, Binding(meaning: .compound(named), span: name.span))
            } else if case .view(let array, let view) = value.kind, !array.isNamed || view.fill?.isNamed == false {
                bindings += bindView(name, array, view, name.span)
            } else if value.isNamed || value.isView {
                bind(name, Binding(meaning: .alias(value), span: name.span))
            } else {
                let variable = bindVariable(name, value.type, size: sizes.knownSize(of: value))
                bindings.append(TypedStatement(kind: .binding(variable, value), span: name.span))
            }
        }
        return bindings
    }
}

import Language
import Source
import Syntax
import TypedTree

/// What a function was specialised for: its name and the types of its arguments, sizes included.
struct SpecialisationKey: Hashable {
    var name: String
    /// The path of the file that declares it.
    var file: String
    var arguments: [Argument]
    var isElement: Bool
    /// Whether ranks may differ in what they do where it is called: see `Context.ranksDiffer`.
    var ranksDiffer: Bool
    /// Whether it depends on a condition that it is called.
    var isUnderCondition: Bool

    enum Argument: Hashable {
        case value(ValueType)
        case view(ValueType, [Edge?], fill: ValueType?)
        case function(String)
    }
}

/// An argument of a call: a value, a view of one, or a function that the body is specialised for.
enum Actual {
    case value(TypedExpression)
    case view(TypedExpression, View)
    case function(FunctionValue)

    /// A value, or a view where `of` is one.
    init(of argument: TypedExpression) {
        if case .view(let array, let view) = argument.kind {
            self = .view(array, view)
        } else {
            self = .value(argument)
        }
    }

    /// What the call passes: of a view the array, and what stands around it.
    var values: [TypedExpression] {
        switch self {
        case .value(let value): [value]
        case .view(let array, let view): [array] + (view.fill.map { [$0] } ?? [])
        case .function: []
        }
    }
    var key: SpecialisationKey.Argument {
        switch self {
        case .value(let value): .value(value.type)
        case .view(let array, let view): .view(array.type, view.edges, fill: view.fill?.type)
        case .function(let function): .function(function.id)
        }
    }
}

/// A specialised function: its place in the typed program, or nil while its body is being checked.
struct Specialisation {
    var index: Int?
    var result: ValueType
    /// Where the result is a view: the array, or the pair of it and what stands around it, is what the function gives then.
    var edges: [Edge?]?
    var communication: (what: String, span: Span)?
    var parameters: [Variable] = []
    /// Ids of the size atoms made while its body was checked: they mean something else at each call.
    var atoms: Range<Int> = 0..<0
}

extension Checker {
    func call(
        _ callee: Expression, _ arguments: [Argument], _ isLocal: Bool, _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        guard case .name(let name) = callee.kind else {
            if !isLocal, let function = functionValue(callee) { return call(function, arguments, callee.span, span) }
            return report(.notAFunction(sourceText(callee.span), at: callee.span))
        }
        let meaning = meaning(of: name, at: callee.span)
        if case .builtin(let builtin) = meaning { return builtinCall(builtin, arguments, isLocal, expecting, span) }
        if case .bound(let binding) = meaning, binding.function == nil {
            return report(.notAFunction(name, at: callee.span, defined: binding.span))
        }
        if isLocal, meaning != nil { return report(.localNeedsReduction(name, at: span)) }
        switch meaning {
        case .function(let declaration): return userCall(declaration, arguments, callee.span, span)
        case .record: return construct(Name(name, callee.span), arguments, span)
        case .bound(let binding):
            return binding.function.map { call($0, arguments, callee.span, span) } ?? error(span)
        case .builtin, nil:
            let nearest = nearestName(to: name, at: callee.span)
            return report(.unknownFunction(name, at: callee.span, nearest: nearest))
        }
    }

    /// `x |> f` and `x |> f(y)`: x becomes the first argument.
    func pipe(_ left: Expression, _ right: Expression, _ span: Span) -> TypedExpression {
        let argument = Argument(left)
        switch right.kind {
        case .name: return call(right, [argument], false, nil, span)
        case .call(let callee, let arguments, let isLocal):
            return call(callee, [argument] + arguments, isLocal, nil, span)
        default:
            if let function = functionValue(right) { return call(function, [argument], right.span, span) }
            return report(.notAFunction(sourceText(right.span), at: right.span))
        }
    }

    func userCall(
        _ declaration: FunctionDeclaration, _ arguments: [Argument], _ nameSpan: Span, _ span: Span
    ) -> TypedExpression {
        let name = declaration.name.text
        for argument in arguments {
            if let label = argument.label { return report(.unknownLabel(label.text, name, at: label.span)) }
            if let generator = argument.generator { return report(.misplacedGenerator(name, at: generator.span)) }
        }
        guard arguments.count == declaration.parameters.count else {
            return report(
                .wrongArgumentCount(
                    name, expected: "\(declaration.parameters.count)", got: arguments.count, at: span,
                    declared: declaration.name.span))
        }
        let actuals = zip(arguments, declaration.parameters).map { argument, parameter -> Actual in
            if parameter.type == nil, let function = functionValue(argument.value) { return .function(function) }
            guard parameter.type == nil else {
                return .value(expression(argument.value, expecting: parameter.type?.literalElement))
            }
            return Actual(of: expressionOrView(argument.value))
        }
        return specialisedCall(declaration, actuals, nameSpan, span)
    }

    /// A call with checked arguments: fits them to the parameters' types and specialises the body for what they are.
    func specialisedCall(
        _ declaration: FunctionDeclaration, _ actuals: [Actual], _ nameSpan: Span, _ span: Span
    ) -> TypedExpression {
        let name = declaration.name.text
        var actuals = actuals
        for (position, parameter) in declaration.parameters.enumerated() {
            guard let type = parameter.type, case .value(let value) = actuals[position] else { continue }
            actuals[position] = .value(fit(value, to: type, parameter.name.text))
        }
        let values = actuals.flatMap(\.values)
        if values.contains(where: { $0.type == .error }) { return error(span) }
        if let inPlace = calledInElement(declaration, actuals, nameSpan, span) { return inPlace }
        let key = SpecialisationKey(
            name: name, file: declaration.name.span.file.path, arguments: actuals.map(\.key),
            isElement: context.isElement, ranksDiffer: context.ranksDiffer, isUnderCondition: context.isUnderCondition)
        if specialisations[key] == nil { specialise(declaration, key, actuals, span) }
        guard let specialisation = specialisations[key] else { return error(span) }
        guard let index = specialisation.index else {
            if specialisation.result == .error { return error(span) }
            return report(.recursion(name, at: nameSpan))
        }
        if let communication = specialisation.communication {
            requireUniform("`\(name)`, which calls \(communication.what),", span)
        }
        let result = instantiate(specialisation.result, of: specialisation, values)
        let call = TypedExpression(.call(index, values), result, span)
        guard let edges = specialisation.edges else { return call }
        guard edges.contains(.padded) else { return TypedExpression(.view(call, View(edges)), result, span) }
        let (array, fill) = (component(call, 0), component(call, 1))
        return TypedExpression(.view(array, View(edges, fill: fill)), array.type, span)
    }

    /// A function's result type as the caller sees it: sizes that are parameters become the arguments', others new unknowns.
    private func instantiate(
        _ type: ValueType, of specialisation: Specialisation, _ values: [TypedExpression]
    ) -> ValueType {
        var replacements: [Size.Atom: Size] = [:]
        for (parameter, value) in zip(specialisation.parameters, values) where parameter.type.canBeSize {
            guard let atom = sizes.variables[parameter]?.atom else { continue }
            replacements[atom] = sizes.size(of: value)
        }
        func replace(_ atom: Size.Atom) -> Size {
            guard specialisation.atoms.contains(atom.id) else { return Size(atom) }
            if let known = replacements[atom] { return known }
            let fresh = Size(sizes.newAtom(atom.name))
            replacements[atom] = fresh
            return fresh
        }
        return type.mappingLeaves { array in
            // What becomes too long is a size of its own, as any that the compiler does not know.
            let shape = array.shape.map { $0.substituting(replace) ?? Size(sizes.newAtom("\($0)")) }
            return ArrayType(array.element, shape, array.placement)
        }
    }

    /// Widens a number's type to the parameter's, and checks element, rank and placement; sizes are checked in the body.
    func fit(_ value: TypedExpression, to written: TypeExpression, _ name: String) -> TypedExpression {
        if let compound = fitCompound(value, to: written, name) { return compound }
        guard let wanted = written.pattern else {
            let type = type(written, unknownSize: { size, _ in Size(self.sizes.newAtom(size.text)) })
            return type == nil ? error(value.span) : value
        }
        let value = redirected(value, to: wanted.placement)
        guard let have = value.type.array else {
            return value.type.components == nil
                ? value : report(.argumentMismatch(name, value.type, written, at: value.span))
        }
        func mismatch() -> TypedExpression { report(.argumentMismatch(name, value.type, written, at: value.span)) }
        guard have.rank == wanted.rank, have.element.widens(to: wanted.element) else { return mismatch() }
        let widened = convert(value, toElement: wanted.element)
        switch (have.placement, wanted.placement) {
        case (let a, let b) where a == b: return widened
        case (.replicated, .scattered), (.replicated, .local), (.replicated, .root):
            return TypedExpression(
                .place(widened), .array(ArrayType(wanted.element, have.shape, wanted.placement)), value.span)
        case (.part, _): return report(.partUsed(value.type, "passed as \(written.span.text)", at: value.span))
        // A number that differs between ranks may go wherever a number may: the body is specialised for it.
        case (.local, .replicated) where have.isScalar && context.ranksDiffer: return widened
        default: return mismatch()
        }
    }

    private func specialise(
        _ declaration: FunctionDeclaration, _ key: SpecialisationKey, _ actuals: [Actual], _ span: Span
    ) {
        specialisations[key] = Specialisation(index: nil, result: .void)
        let (firstAtom, errors) = (sizes.atomCount, mistakes)
        let saved = (context, scopes)
        context = bodyContext(of: declaration, key, actuals, span)
        scopes = [visibleGlobals(of: declaration), Scope()]
        defer { (context, scopes) = saved }

        let (parameters, parts) = bindParameters(declaration, actuals)
        let bindings =
            parts
            + bindSizes(declaration) { name in
                parameters.first { $0.name == name.text }?.read(at: name.span)
            }
        let (body, function, result) = typedBody(declaration, key, errors)
        let place = declaration.name.span
        guard mistakes == errors, !function.returned.contains(.error), let result else {
            if mistakes == errors, !function.returned.contains(.error) {
                report(.branchMismatch(function.returned[0], function.returned.last ?? .void, at: place))
            }
            specialisations[key] = Specialisation(index: nil, result: .error)
            return
        }
        functions.append(
            TypedFunction(declaration.name.text, parameters, result, body: bindings + body, at: place))
        specialisations[key] = Specialisation(
            index: functions.count - 1, result: result, edges: function.returnedEdges,
            communication: function.communication, parameters: parameters, atoms: firstAtom..<sizes.atomCount)
    }

    /// Where a function's body stands that is called from here.
    private func bodyContext(
        of declaration: FunctionDeclaration, _ key: SpecialisationKey, _ actuals: [Actual], _ span: Span
    ) -> Context {
        var body = Context()
        body.calledWhereRanksDiffer = key.ranksDiffer || actuals.contains { $0.values.contains { $0.type.isLocal } }
        body.isUnderCondition = key.isUnderCondition
        body.callChain = context.callChain + [(declaration.name.text, span)]
        return body
    }

    /// The body, all of whose `return`s give one type; nil where they cannot. `errors`: the mistakes before it.
    private func typedBody(
        _ declaration: FunctionDeclaration, _ key: SpecialisationKey, _ errors: Int
    ) -> (body: [TypedStatement], function: FunctionContext, result: ValueType?) {
        var (body, function) = functionBody(declaration, key)
        if function.divergentReturn != nil, mistakes == errors, mayPart(function) {
            // Once more, with variables and indices of each rank's own.
            context.calledWhereRanksDiffer = true
            (body, function) = functionBody(declaration, key, ranksPart: true)
        }
        if let declared = function.declaredResult { return (body, function, declared) }
        let result = joinedResult(function.returned)
        guard mistakes == errors, let result, function.returned.contains(where: { $0 != result }) else {
            return (body, function, result)
        }
        let common = placed(result, key)
        return (returning(common, body), function, common)
    }

    /// A result as the callers of a specialisation see it: each rank's own where they may differ.
    private func placed(_ result: ValueType, _ key: SpecialisationKey) -> ValueType {
        guard key.ranksDiffer else { return result }
        return result.mappingLeaves { $0.placement == .replicated ? $0.with(placement: .local) : $0 }
    }

    /// The statements with every value that they return widened to the type.
    private func returning(_ type: ValueType, _ statements: [TypedStatement]) -> [TypedStatement] {
        statements.map { statement in
            var statement = statement
            switch statement.kind {
            case .returnValue(let value?):
                statement.kind = .returnValue(convert(value, to: type, for: "the result"))
            case .conditional(let condition, let then, let otherwise):
                statement.kind = .conditional(condition, returning(type, then), returning(type, otherwise))
            case .forLoop(let index, let lower, let upper, let step, let body):
                statement.kind = .forLoop(index, lower: lower, upper: upper, step: step, returning(type, body))
            case .whileLoop(let condition, let body):
                statement.kind = .whileLoop(condition, returning(type, body))
            default: break
            }
            return statement
        }
    }

    /// Binds the parameters; those that are functions are known here and take no place in the typed function. The statements take
    /// tuples and records apart.
    private func bindParameters(
        _ declaration: FunctionDeclaration, _ actuals: [Actual]
    ) -> (parameters: [Variable], parts: [TypedStatement]) {
        var parts: [TypedStatement] = []
        let parameters = zip(declaration.parameters, actuals).flatMap { parameter, actual -> [Variable] in
            let name = parameter.name
            switch actual {
            case .value(let value) where value.type.components != nil:
                let variable = newVariable(name.text, value.type)
                let read = TypedExpression(.variable(variable), variable.type, name.span)
                let (statements, value) = dissolved(read, named: name.text)
                parts += statements
                bind(name, Binding(meaning: .compound(value), span: name.span))
                return [variable]
            case .value(let value): return [bindVariable(name, value.type)]
            case .view(let array, var view):
                let passed = actual.values.map { newVariable(name.text, $0.type) }
                let read = passed.map { variable in
                    let read = TypedExpression(.variable(variable), variable.type, name.span)
                    if variable.type.components == nil { return read }
                    let (statements, value) = dissolved(read, named: name.text)
                    parts += statements
                    return value
                }
                view.fill = view.fill.map { _ in read[1] }
                let typed = TypedExpression(.view(read[0], view), array.type, name.span)
                bind(name, Binding(meaning: .alias(typed), span: name.span))
                return passed
            case .function(let function):
                bind(name, Binding(meaning: .function(function), span: name.span))
                return []
            }
        }
        return (parameters, parts)
    }

    /// Names that a function body sees: of the program's own functions its parameters and what never changes at its top level.
    func visibleGlobals(of declaration: FunctionDeclaration) -> Scope {
        guard declaration.name.span.file.path == file.path else { return Scope() }
        return scopes[0].withoutVariables
    }

    /// Whether some ranks may return before others: where nothing communicates, and no result is promised that all have.
    private func mayPart(_ function: FunctionContext) -> Bool {
        guard let (span, divergence) = function.divergentReturn else { return true }
        if let communication = function.communication {
            report(.divergentReturn(communication.what, at: span, divergence, communication.span))
            return false
        }
        guard let declared = function.declaredResult, let leaves = declared.dataLeaves,
            !leaves.allSatisfy({ $0.placement == .local })
        else { return true }
        report(.divergentChoice(declared, at: span, divergence.origin))
        return false
    }

    private func functionBody(
        _ declaration: FunctionDeclaration, _ key: SpecialisationKey, ranksPart: Bool = false
    ) -> (statements: [TypedStatement], function: FunctionContext) {
        let declared = declaration.result.flatMap { type($0) }.map { placed($0, key) }
        let function = FunctionContext(isElement: key.isElement, declaredResult: declared, ranksPart: ranksPart)
        context.function = function
        let body = inNewScope { () -> [TypedStatement] in
            switch declaration.body {
            case .expression(let value):
                return returnStatement(value, value.span)
            case .block(let block):
                let typed = statements(block.statements)
                if let result = declared, result != .void, !endsInReturn(typed) {
                    report(.missingReturn(declaration.name.text, at: declaration.name.span))
                } else if declared == nil, function.returned.contains(where: { $0 != .void }), !endsInReturn(typed) {
                    report(.missingReturn(declaration.name.text, at: declaration.name.span))
                }
                return typed
            }
        }
        return (body, function)
    }

    private func endsInReturn(_ statements: [TypedStatement]) -> Bool {
        switch statements.last?.kind {
        case .returnValue: true
        case .conditional(_, let then, let otherwise): endsInReturn(then) && endsInReturn(otherwise)
        default: false
        }
    }

    private func joinedResult(_ returned: [ValueType]) -> ValueType? {
        guard var result = returned.first else { return .void }
        for type in returned.dropFirst() {
            guard let joined = commonType(result, type) else { return nil }
            result = joined
        }
        return result
    }
}

import Language
import Source
import Syntax
import TypedTree

/// Both ends and the step of a range.
typealias TypedRange = (lower: TypedExpression, upper: TypedExpression, step: TypedExpression)

extension Checker {
    func statements(_ statements: [Statement]) -> [TypedStatement] {
        let depth = context.divergence.count
        var ways = 0
        defer {
            context.divergence.removeLast(context.divergence.count - depth)
            for _ in 0..<ways { leave() }
        }
        var typed: [TypedStatement] = []
        for statement in statements {
            guard statement.mayExit else {
                typed += self.statement(statement)
                if statement.mayReturn { context.isUnderCondition = true }
                continue
            }
            let (exiting, communication) = notingCommunication { self.statement(statement) }
            typed += exiting
            for exit in exiting { noteExit(exit, communication) }
            // What follows will be the other way of what has been, one deeper.
            guard enter(statement.span) else { break }
            ways += 1
        }
        return typed
    }

    /// The statements of a block, in a scope of their own.
    func block(_ block: Block) -> [TypedStatement] {
        inNewScope { statements(block.statements) }
    }

    private func statement(_ statement: Statement) -> [TypedStatement] {
        guard enter(statement.span) else { return [] }
        defer { leave() }
        let span = statement.span
        switch statement.kind {
        case .param(let name, let type, let value):
            parameter(name, type, value, span)
            return []
        case .function(let declaration): return declared(at: declaration.name.span)
        case .record(let name, _): return declared(at: name.span) { _ = recordType(name) }
        case .importFile: return declared(at: span)
        case .binding(let isVariable, let pattern, let type, let value):
            return binding(isVariable, pattern, type, value, span)
        case .assignment(let target, let op, let value): return assignment(target, op, value, span)
        case .regionAssignment where statement.isInOrder: return assignmentInOrder(statement)
        case .regionAssignment(let target, let subscripts, let op, let value, let generator):
            return regionAssignment(target, subscripts, op, RegionSource(written: value, generator: generator), span)
        case .forLoop(let name, .range(let range, _), let body):
            return repeating(statement) { forLoop(name, range, body, span) }
        case .forLoop(let name, .elements(let array), let body):
            return repeating(statement) { elementLoop(name, array, body, span) }
        case .whileLoop(let condition, let body):
            return repeating(statement) { whileLoop(condition, body, span) }
        case .expecting(let expectations, let loop):
            noteContract(expectations, of: loop?.span, span)
            return loop.map { self.statement($0) } ?? []
        case .conditional(let condition, let then, let otherwise):
            return conditional(condition, then, otherwise, span)
        case .returnValue(let value): return returnStatement(value, span)
        case .breakLoop: return exit(.breakLoop, span)
        case .continueLoop: return exit(.continueLoop, span)
        case .print(let parts): return printing(parts, span)
        case .show(let value): return show(value, span)
        case .assertion(let condition, let message): return assertion(condition, message, span)
        case .expression(let value): return expressionStatement(value, span)
        case .invalid: return []
        }
    }

    private func conditional(
        _ condition: Expression, _ then: Block, _ otherwise: Block?, _ span: Span
    ) -> [TypedStatement] {
        let condition = self.condition(condition)
        return underCondition(condition, "this condition") {
            let kind = TypedStatement.Kind.conditional(condition, block(then), otherwise.map { block($0) } ?? [])
            return [TypedStatement(kind: kind, span: span)]
        }
    }

    /// What stands at the top level alone and was declared before everything else.
    private func declared(at span: Span, _ check: () -> Void = {}) -> [TypedStatement] {
        if scopes.count > 1 { report(.nestedFunction(at: span)) } else { check() }
        return []
    }

    // MARK: Parameters

    private func parameter(_ name: Name, _ type: TypeExpression, _ value: Expression?, _ span: Span) {
        guard scopes.count == 1, context.function == nil else {
            report(.misplacedParameter(at: span))
            return
        }
        guard let type = parameterType(type) else {
            _ = unbound(.name(name))
            return
        }
        var defaultValue: TypedExpression?
        if let value {
            let typed = expression(value, expecting: type.array?.element)
            defaultValue = convert(typed, to: type, for: "the default of `\(name.text)`")
            if case .error? = defaultValue?.type { defaultValue = nil }
        }
        let variable = bindVariable(name, type)
        parameters.append(
            ProgramParameter(variable, default: defaultValue, documentation: trailingComment(span), at: span))
    }

    /// The type of a `param`: a number, or `string`.
    private func parameterType(_ type: TypeExpression) -> ValueType? {
        guard case .named(let name, let dimensions) = type.kind, dimensions.isEmpty else {
            report(.parameterNotScalar(at: type.span))
            return nil
        }
        if name.text == "string" { return .string }
        guard let element = ElementType(rawValue: name.text) else {
            report(.unknownType(name.text, at: name.span))
            return nil
        }
        if element.isComplex {
            report(.notYetSupported("a parameter that is a complex number", at: name.span))
            return nil
        }
        return .scalar(element)
    }

    /// The comment that ends the line of a `param`: its documentation.
    private func trailingComment(_ span: Span) -> String? {
        let line = span.file.line(span.file.position(of: span.end).line)
        guard let hash = line.lastIndex(of: "#"), !line[hash...].contains("\"") else { return nil }
        let text = line[line.index(after: hash)...].drop { $0 == "#" || $0 == " " }
        return text.isEmpty ? nil : String(text)
    }

    // MARK: Bindings

    private func binding(
        _ isVariable: Bool, _ pattern: Pattern, _ annotation: TypeExpression?, _ value: Expression, _ span: Span
    ) -> [TypedStatement] {
        if let arguments = loadArguments(value) { return load(pattern, annotation, arguments, isVariable, span) }
        if !isVariable, annotation == nil, case .name(let name) = pattern, let function = functionValue(value) {
            bind(name, Binding(meaning: .function(function), span: name.span))
            return []
        }
        var declared: ValueType?
        if let annotation {
            guard let type = self.type(annotation) else { return unbound(pattern, annotation) }
            declared = type
        }
        var typed: TypedExpression
        if !isVariable, annotation == nil, case .name(let name) = pattern {
            typed = expressionOrView(value)
            if case .view(let base, let view) = typed.kind { return bindView(name, base, view, span) }
        } else {
            typed = expression(value, expecting: declared?.literalElement)
        }
        if let declared { typed = convert(typed, to: declared, for: "this binding") }
        if isVariable, typed.type.isPart {
            typed = report(.partVariable(typed.type, at: span))
        }
        if isVariable { typed = ownPlacement(typed) }
        switch pattern {
        case .name(let name):
            if typed.type == .void { typed = report(.noValue(at: value.span)) }
            if typed.type.components != nil { return compoundBinding(name, typed, isVariable, span) }
            let size = typed.type.canBeSize ? sizes.knownSize(of: typed) : nil
            let variable = bindVariable(
                name, typed.type, isAssignable: isVariable, size: size, localOrigin: localOrigin(typed))
            if !isVariable { noteConstant(variable, typed) }
            noteOrigin(variable, typed)
            return [TypedStatement(kind: .binding(variable, typed), span: span)]
        case .tuple(let parts, let patternSpan):
            return tupleBinding(parts, patternSpan, typed, isVariable, span)
        }
    }

    /// A `var` made where ranks differ is each rank's own from the start, so that each may change it.
    private func ownPlacement(_ value: TypedExpression) -> TypedExpression {
        context.ranksDiffer ? placedLocally(value) : value
    }

    /// Each rank's own copy of what is replicated in a value.
    func placedLocally(_ value: TypedExpression) -> TypedExpression {
        guard value.type.dataLeaves?.contains(where: { $0.placement == .replicated }) == true else { return value }
        return leafwise(value) { leaf in
            guard let type = leaf.type.array, type.placement == .replicated else { return leaf }
            return TypedExpression(.place(leaf), .array(type.with(placement: .local)), leaf.span)
        }
    }

    // MARK: Ranges and conditions

    /// Binds an index that runs from `lower` to before `upper`.
    func indexVariable(_ name: Name, _ type: ValueType, _ lower: TypedExpression, _ upper: TypedExpression) -> Variable
    {
        let (first, end) = (sizes.size(of: lower), sizes.size(of: upper))
        noteRange(first, end)
        let atom = sizes.newAtom(name.text)
        sizes.bounds[atom] = IndexBounds(lower: first, last: end - Size(1), span: lower.span.joined(upper.span))
        let variable = bindVariable(name, type, size: Size(atom))
        sizes.variables[variable] = Size(atom)
        return variable
    }

    /// Both ends and the step of a range, as i64. `mayDescend`: the step may be negative.
    func range(_ range: RangeExpression, mayDescend: Bool = false) -> TypedRange {
        let lower = index(range.lower)
        let upper = index(range.upper)
        guard let written = range.step else { return (lower, upper, integer(1, range.span)) }
        let step = index(written)
        if step.type == .error { return (lower, upper, integer(1, range.span)) }
        if mayDescend, let value = sizes.knownSize(of: step)?.constant, (-Shape.mostElements..<0).contains(value) {
            return (lower, upper, integer(value, range.span))
        }
        return (lower, upper, constantStep(step, at: written.span) == nil ? integer(1, range.span) : step)
    }

    /// An integer number, as i64.
    func index(_ written: Expression) -> TypedExpression {
        let typed = expression(written, expecting: .i64)
        guard typed.type != .error else { return typed }
        guard let type = typed.type.array, type.isScalar, type.element.isInteger else {
            if case .tuple(let parts) = written.kind { return report(.tupleOfIntegers(parts, at: written.span)) }
            return report(.notAnInteger(typed.type, at: written.span, isQuotient: typed.isQuotientOfIntegers))
        }
        if type.placement.isPart { return report(.partUsed(typed.type, "used as an integer", at: written.span)) }
        return convert(typed, toElement: .i64)
    }

    func condition(_ written: Expression) -> TypedExpression {
        let typed = expression(written)
        guard typed.type != .error else { return typed }
        guard let type = typed.type.array, type.isScalar, type.element == .bool else {
            return report(.notACondition(typed.type, at: written.span))
        }
        if type.placement.isPart || type.placement == .root {
            return report(.misplacedCondition(typed.type, at: written.span))
        }
        return typed
    }

    /// Checks what runs under a condition or trip count, noting it when it differs between ranks.
    func diverging<Result>(_ condition: TypedExpression, _ what: String, _ body: () -> Result) -> Result {
        guard condition.type.array?.placement == .local, context.localBlock == nil else { return body() }
        context.divergence.append(Divergence(what: what, span: condition.span, origin: localOrigin(condition)))
        defer { context.divergence.removeLast() }
        return body()
    }

    /// Where a value became different between ranks: the first local name in it, and where that got its value.
    func localOrigin(_ expression: TypedExpression) -> (name: String, span: Span)? {
        guard expression.type.array?.placement == .local else { return nil }
        var found: (name: String, span: Span)?
        expression.walk { inner in
            guard found == nil else { return }
            if case .rank = inner.kind { found = ("rank()", inner.span) }
            if case .variable(let variable) = inner.kind, inner.type.array?.placement == .local {
                let binding = lookUp(variable.name)
                // A value without a name of the program's own is called by its text.
                let name = binding == nil ? sourceText(inner.span) : variable.name
                found = binding?.localOrigin ?? (name, binding?.span ?? inner.span)
            }
        }
        return found ?? (sourceText(expression.span), expression.span)
    }

    /// What is checked, and what communicates in it.
    func notingCommunication<Result>(_ body: () -> Result) -> (Result, (what: String, span: Span)?) {
        let outer = context.communication
        context.communication = nil
        defer { context.communication = context.communication ?? outer }
        return (body(), context.communication)
    }

    /// What communicates must not depend on a condition that differs between ranks.
    func requireUniform(
        _ communication: (what: String, span: Span)?, under condition: TypedExpression, _ what: String
    ) {
        guard let communication, condition.type.isLocal, context.localBlock == nil else { return }
        let divergence = Divergence(what: what, span: condition.span, origin: localOrigin(condition))
        report(.divergentCommunication(communication.what, at: communication.span, divergence))
    }

    /// Every rank must come here: no rank-varying condition around, not inside `local { }`, not for each element.
    func requireUniform(_ what: String, _ span: Span) {
        if let divergence = context.divergence.last {
            // Once for each condition: what else communicates under it is the same mistake.
            if !divergence.isReported { report(.divergentCommunication(what, at: span, divergence)) }
            context.divergence[context.divergence.count - 1].isReported = true
        } else if let block = context.localBlock {
            report(.communicationInLocal(what, at: span, block))
        } else if context.isElement {
            report(.communicationInElement(what, at: span, domain: context.domains.last?.ranges.first?.lower.span))
        }
        context.communication = (what, span)
        if let function = context.function, function.communication == nil { function.communication = (what, span) }
    }
}

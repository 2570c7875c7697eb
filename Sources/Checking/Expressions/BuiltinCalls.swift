import Language
import Source
import Syntax
import TypedTree

extension Checker {
    func builtinCall(
        _ builtin: Builtin, _ arguments: [Argument], _ isLocal: Bool, _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        if builtin.meaning.isOfAllRanks,
            let once = madeOnce(arguments, { builtinCall(builtin, arguments, isLocal, expecting, span) })
        {
            return once
        }
        if case .reduction(let spec) = builtin.meaning {
            let request = ReductionRequest(
                name: builtin.name, combiner: .builtin(spec), isLocal: isLocal, span: span)
            return extreme(request, arguments, expecting) ?? reduction(request, arguments)
        }
        if case .keyedReduction(let spec) = builtin.meaning { return keyed(builtin, spec, arguments, isLocal, span) }
        if case .collective(.reduce) = builtin.meaning, arguments.count > 1 || isLocal {
            return userReduction(builtin, arguments, isLocal, span)
        }
        if isLocal { return report(.localNeedsReduction(builtin.name, at: span)) }
        switch builtin.meaning {
        case .prelude(let text, let along, let lifts):
            let function = PreludeFunction(name: builtin.name, text: text, along: along, lifts: lifts)
            return preludeCall(function, arguments, span)
        case .query(.size): return sizeQuery(arguments, span)
        case .collective(.scatter): return scatter(arguments, span)
        case .redistribution: return redistribute(builtin, arguments, span)
        case .view(let edge): return view(edge, builtin, arguments, span)
        case .transform(let kind, let axes): return transform(kind, axes, builtin, arguments, span)
        case .arrayOperation(let kind) where kind == .scan || kind == .exscan:
            return scan(kind, builtin, arguments, span)
        case .arrayOperation(let kind): return arrayOperation(kind, builtin, arguments, span)
        default: return plainCall(builtin, arguments, expecting, span)
        }
    }

    /// A builtin whose arguments are values.
    private func plainCall(
        _ builtin: Builtin, _ arguments: [Argument], _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        guard arePlain(arguments, builtin) else { return error(span) }
        switch builtin.meaning {
        case .elementwise(let op, _) where op == .select: return choice(builtin, arguments, expecting, span)
        case .elementwise(let op, let accepts):
            guard let values = values(builtin, arguments, op.arity, expecting, span) else { return error(span) }
            return primitive(builtin, op, accepts, values, span)
        case .conversion(let kind): return conversion(builtin, kind, arguments, span)
        case .collective(let collective): return self.collective(collective, arguments, span)
        case .generator(let generator): return generatorCall(builtin, generator, arguments, expecting, span)
        case .query(let query): return self.query(builtin, query, arguments, span)
        case .file: return report(.misplacedFile(builtin.name, at: span))
        case .reduction, .keyedReduction, .prelude, .arrayOperation, .redistribution, .view, .transform:
            return error(span)
        }
    }

    /// Whether they are values, without labels.
    private func arePlain(_ arguments: [Argument], _ builtin: Builtin) -> Bool {
        for argument in arguments {
            if let label = argument.label {
                report(.unknownLabel(label.text, builtin.name, at: label.span))
                return false
            }
            if let generator = argument.generator {
                report(.misplacedGenerator(builtin.name, at: generator.span))
                return false
            }
        }
        return true
    }

    /// The typed arguments when there are as many as wanted.
    private func values(
        _ builtin: Builtin, _ arguments: [Argument], _ count: Int, _ expecting: ElementType? = nil, _ span: Span
    ) -> [TypedExpression]? {
        guard arguments.count == count else {
            report(.wrongArgumentCount(builtin.name, expected: "\(count)", got: arguments.count, at: span))
            return nil
        }
        let typed = together(arguments.map(\.value), expecting: expecting)
        return typed.contains { $0.type == .error } ? nil : typed
    }

    // MARK: Numbers

    private func primitive(
        _ builtin: Builtin, _ op: ScalarOperator, _ accepts: Builtin.Operands, _ typed: [TypedExpression], _ span: Span
    ) -> TypedExpression {
        if typed.contains(where: { $0.type.complexElement != nil }) {
            return complexFunction(builtin.name, typed, span)
        }
        var element: ElementType?
        for value in typed {
            guard let own = value.type.array?.element, own.isNumeric,
                let joined = element.map({ $0 == own ? $0 : ElementType.join($0, own) }) ?? own
            else { return report(.badOperand(builtin.name, value.type, at: value.span)) }
            element = joined
        }
        guard var element else { return error(span) }
        if accepts == .floats, element.isInteger { element = .f64 }
        if accepts == .integers, !element.isInteger {
            return report(.badOperand(builtin.name, typed[0].type, at: span))
        }
        let operands = typed.map { convert($0, toElement: element) }
        return elementwise(op, operands, result: op.isPredicate ? .bool : element, builtin.name, span)
    }

    /// `where(c, a, b)`
    private func choice(_ builtin: Builtin, _ arguments: [Argument], _ expecting: ElementType?, _ span: Span)
        -> TypedExpression
    {
        guard arguments.count == 3 else {
            return report(.wrongArgumentCount(builtin.name, expected: "3", got: arguments.count, at: span))
        }
        let condition = expression(arguments[0].value)
        let ways = together(arguments.dropFirst().map(\.value), expecting: expecting)
        let (first, second) = (asComplex(ways[0], beside: ways[1]), asComplex(ways[1], beside: ways[0]))
        if [condition, first, second].contains(where: { $0.type == .error }) { return error(span) }
        guard condition.type.array?.element == .bool else {
            return report(.notACondition(condition.type, at: condition.span))
        }
        guard (first.type.components == nil) == (second.type.components == nil) else {
            return report(.branchMismatch(first.type, second.type, at: span))
        }
        return fieldwise(builtin, [first, second, condition], span) { choice(builtin, $0[2], $0[0], $0[1], span) }
    }

    private func choice(
        _ builtin: Builtin, _ condition: TypedExpression, _ first: TypedExpression, _ second: TypedExpression,
        _ span: Span
    ) -> TypedExpression {
        guard let a = first.type.array?.element, let b = second.type.array?.element,
            let element = a == b ? a : ElementType.join(a, b)
        else { return report(.branchMismatch(first.type, second.type, at: span)) }
        return elementwise(
            .select, [condition, convert(first, toElement: element), convert(second, toElement: element)],
            result: element, builtin.name, span)
    }

    private func conversion(_ builtin: Builtin, _ kind: Builtin.Conversion, _ arguments: [Argument], _ span: Span)
        -> TypedExpression
    {
        var hint: ElementType?
        if case .to(let element) = kind, element != .bool, let first = arguments.first, isLiteral(first.value) {
            hint = element.part ?? element
        }
        if kind.isComplex, arguments.count > 2 {
            return report(.wrongArgumentCount(builtin.name, expected: "1 or 2", got: arguments.count, at: span))
        }
        let wanted = if case .like = kind { 2 } else { kind.isComplex && arguments.count == 2 ? 2 : 1 }
        guard let values = values(builtin, arguments, wanted, hint, span) else { return error(span) }
        if kind.isComplex || values.contains(where: { $0.type.complexElement != nil }) {
            return complexConversion(builtin, kind, values, span)
        }
        for value in values where value.type.array == nil {
            return report(.badOperand(builtin.name, value.type, at: value.span))
        }
        let types = values.compactMap(\.type.array?.element)
        switch kind {
        case .to(let element): return converted(values[0], to: element, span)
        case .toFloat: return converted(values[0], to: types[0] == .f32 ? .f32 : .f64, span)
        case .like: return converted(values[0], to: types[1], span)
        case .toComplex: return error(span)
        }
    }

    /// A written conversion, which may narrow.
    func converted(_ value: TypedExpression, to element: ElementType, _ span: Span) -> TypedExpression {
        guard let type = value.type.array else { return error(span) }
        if type.element == element {
            var value = value
            value.span = span
            return value
        }
        if type.placement.isPart {
            guard type.element.widens(to: element) else {
                return report(.partUsed(value.type, "converted", at: value.span))
            }
        }
        if element == .bool {
            let zero = TypedExpression(.constant(.zero(type.element)), .scalar(type.element), span)
            return elementwise(.notEqual, [value, zero], result: .bool, "bool", span)
        }
        return TypedExpression(.convert(value), .array(type.with(element: element)), span)
    }

    // MARK: Queries

    private func sizeQuery(_ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard let first = arguments.first, first.label == nil, first.generator == nil, arguments.count <= 2 else {
            return report(.wrongArgumentCount("size", expected: "1", got: arguments.count, at: span))
        }
        var whole = expressionOrView(first.value)
        guard whole.type != .error else { return whole }
        if case .view(let array, _) = whole.kind { whole = array }
        let array = whole.type.record?.isArray == true ? firstLeaf(whole) : whole
        guard let type = array.type.array, !type.isScalar else {
            return report(.notReducible("size", array.type, at: array.span))
        }
        if let argument = arguments.dropFirst().first {
            guard let axis = axis(argument, "size") else { return error(span) }
            guard type.shape.indices.contains(axis) else { return report(.badAxis(axis, array.type, at: span)) }
            return TypedExpression(.extent(array, axis: axis), extentType(type), span)
        }
        return bindingOnce(array) { array in
            let extents = type.shape.indices.map { TypedExpression(.extent(array, axis: $0), extentType(type), span) }
            return extents.dropFirst().reduce(extents[0]) {
                TypedExpression(.apply(.multiply, [$0, $1]), extentType(type), span)
            }
        }
    }

    private func query(_ builtin: Builtin, _ query: Builtin.Query, _ arguments: [Argument], _ span: Span)
        -> TypedExpression
    {
        guard values(builtin, arguments, 0, nil, span) != nil else { return error(span) }
        switch query {
        case .rank: return TypedExpression(.rank, .scalar(.i64, .local), span)
        case .ranks: return TypedExpression(.ranks, .i64, span)
        case .clock:
            requireUniform("clock", span)
            return TypedExpression(.clock, .f64, span)
        case .size: return error(span)
        }
    }

    /// The k of `axis: k`; nil, reported, when the argument is something else.
    func axis(_ argument: Argument, _ name: String) -> Int? {
        guard argument.label?.text == "axis", case .integer(let digits) = argument.value.kind, let axis = Int(digits)
        else {
            let label = argument.label?.text ?? sourceText(argument.value.span)
            report(.unknownLabel(label, name, at: argument.value.span))
            return nil
        }
        return axis
    }

    // MARK: Functions written in PDL

    /// A builtin written in PDL: of a whole array, or `along` one of its axes; `lifts` where it is one of numbers.
    private struct PreludeFunction {
        var name, text: String
        var along: String?
        var lifts: Bool
    }

    private func preludeCall(
        _ function: PreludeFunction, _ written: [Argument], _ span: Span
    ) -> TypedExpression {
        let (name, lifts) = (function.name, function.lifts)
        guard let (written, keeps) = takeKeep(written, name) else { return error(span) }
        var (entry, text, arguments) = (name, function.text, written)
        var reducedAxis: Int?
        if let along = function.along, let last = written.last, last.label?.text == "axis",
            case .integer(let axis) = last.value.kind
        {
            (entry, text) = ("\(name)(axis: \(axis))", along.split(separator: "AXIS").joined(separator: axis))
            arguments.removeLast()
            reducedAxis = Int(axis)
        }
        guard let declaration = preludeDeclaration(entry, text) else { return report(.badPrelude(name, at: span)) }
        guard arguments.count == declaration.parameters.count else {
            return report(
                .wrongArgumentCount(name, expected: "\(declaration.parameters.count)", got: arguments.count, at: span))
        }
        for argument in arguments {
            if let label = argument.label { return report(.unknownLabel(label.text, name, at: label.span)) }
        }
        let typed = preludeArguments(arguments, of: declaration, takingTypes: !lifts, span)
        if typed.contains(where: { $0.type == .error }) { return error(span) }
        if lifts, typed.contains(where: { $0.type.array?.isScalar == false }) {
            return liftedCall(declaration, typed, span)
        }
        let call = {
            self.complexCall(name, along: reducedAxis, typed, span)
                ?? self.specialisedCall(declaration, typed.map(Actual.value), span, span)
        }
        // What all ranks compute of a divided array together they compute once, not for each element.
        let isOfAll = typed.contains { arrayType(of: $0)?.placement.isDivided == true }
        let result = (isOfAll ? movedOut(typed, call) : nil) ?? call()
        return keeps ? keepingAxis(reducedAxis ?? 0, of: result, span) : result
    }

    /// The typed arguments of a builtin written in PDL. As in every operation, a literal takes the type of what stands beside it,
    /// where the builtin is `takingTypes` and declares none.
    private func preludeArguments(
        _ arguments: [Argument], of declaration: FunctionDeclaration, takingTypes: Bool, _ span: Span
    ) -> [TypedExpression] {
        let areAlike = zip(arguments, declaration.parameters).map { argument, parameter in
            takingTypes && argument.generator == nil && parameter.type == nil
        }
        var alike = together(zip(arguments, areAlike).filter(\.1).map(\.0.value), expecting: nil)[...]
        return zip(arguments, areAlike).map { argument, isAlike in
            if isAlike { return alike.removeFirst() }
            guard let generator = argument.generator else { return expression(argument.value) }
            return comprehension(argument.value, generator, nil, span)
        }
    }

    /// The declaration of a builtin written in PDL, parsed once.
    func preludeDeclaration(_ name: String, _ text: String) -> FunctionDeclaration? {
        if let known = preludeDeclarations[name] { return known }
        let (program, diagnostics) = parse(SourceFile(path: SourceFile.preludePath, text, isOfLanguage: true))
        guard diagnostics.isEmpty, case .function(var declaration)? = program.statements.first?.kind else { return nil }
        // Specialisations are known by this name.
        declaration.name.text = name
        preludeDeclarations[name] = declaration
        return declaration
    }
}

extension Builtin.Meaning {
    /// Whether all ranks do it together, with whole arrays.
    fileprivate var isOfAllRanks: Bool {
        switch self {
        case .arrayOperation, .keyedReduction, .redistribution, .collective: true
        default: false
        }
    }
}

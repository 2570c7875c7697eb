import Language
import Source
import Syntax
import TypedTree

/// Checks what a file exports as a library: every function whose parameters' types are written. The file itself has been checked.
///
/// - Returns: the functions in the order of the file when there is no error, and everything there is to say in source order.
public func checkLibrary(
    _ program: Program, file: SourceFile, importer: @escaping Importer = { _, _ in nil }
) -> (functions: [LibraryFunction]?, diagnostics: [Diagnostic]) {
    var functions: [LibraryFunction] = []
    var diagnostics: [Diagnostic] = []
    for statement in program.statements {
        guard case .function(let declaration) = statement.kind, declaration.parameters.allSatisfy({ $0.type != nil })
        else { continue }
        let checker = Checker(file, importer)
        if reservedNames.contains(declaration.name.text) {
            diagnostics.append(.reservedInLibrary(declaration.name.text, at: declaration.name.span))
        }
        checker.declareLibrary(program.statements)
        if let function = checker.libraryFunction(declaration, statement.span, file) { functions.append(function) }
        for remark in checker.diagnostics where !diagnostics.contains(where: { $0.isSame(as: remark) }) {
            diagnostics.append(remark)
        }
    }
    if functions.isEmpty, diagnostics.isEmpty { diagnostics = [.emptyLibrary(at: Span(file, 0, 0))] }
    let failed = diagnostics.contains { $0.severity == .error }
    return (failed ? nil : functions, diagnostics.sorted { $0.span.start < $1.span.start })
}

/// What every library has beside the file's functions.
private let reservedNames: Set<String> = ["open", "message", "free", "close"]

extension Diagnostic {
    fileprivate func isSame(as other: Diagnostic) -> Bool {
        span.coincides(with: other.span) && message == other.message
    }
}

extension Checker {
    /// What a library has of its file: functions, records, imports, and the `param`s that have a default. Other names of its top level are
    /// known by name only.
    fileprivate func declareLibrary(_ statements: [Statement]) {
        declareFunctions(in: statements)
        for statement in statements {
            switch statement.kind {
            case .param(_, _, .some), .record, .importFile: _ = self.statements([statement])
            case .param(let name, _, nil): namesOfProgram[name.text] = name.span
            case .binding(_, let pattern, _, _): for name in pattern.names { namesOfProgram[name.text] = name.span }
            default: break
            }
        }
    }

    fileprivate func libraryFunction(
        _ declaration: FunctionDeclaration, _ span: Span, _ file: SourceFile
    ) -> LibraryFunction? {
        let name = declaration.name
        let defaults = parameters
        var named: [String: Variable] = [:]
        var arguments: [LibraryFunction.Argument] = []
        for parameter in declaration.parameters {
            guard let argument = argument(parameter, &named) else { return nil }
            arguments.append(argument)
        }
        let values = arguments.map { argument in
            let variable = TypedExpression(.variable(argument.variable), argument.variable.type, name.span)
            return argument.extents.isEmpty && argument.type.placement != .replicated
                ? TypedExpression(.place(variable), .array(argument.type), name.span) : variable
        }
        let call = specialisedCall(declaration, values.map { .value($0) }, name.span, name.span)
        guard requireExportable(call, declaration) else { return nil }
        let body = [TypedStatement(kind: .expression(call), span: span)]
        diagnostics += UniformityCheck.faults(in: body, functions) + GridCheck.faults(in: body, functions)
        let numbers = arguments.filter(\.extents.isEmpty).map {
            ProgramParameter($0.variable, default: nil, documentation: nil, at: name.span)
        }
        return LibraryFunction(
            (name.text, declaration.signature, declaration.documentation), arguments: arguments, call: call,
            program: program([], parameters: numbers + defaults), at: span)
    }

    /// A parameter as the caller gives it; `named`: the names of sizes that the parameters before it have bound.
    private func argument(_ parameter: Parameter, _ named: inout [String: Variable]) -> LibraryFunction.Argument? {
        guard let written = parameter.type else { return nil }
        guard let pattern = written.pattern, !pattern.element.isComplex, !pattern.placement.isPart,
            pattern.rank == 0 || pattern.placement != .local, !pattern.placement.distribution.isGrid
        else {
            // Of a type that does not exist that is said first.
            if type(written, unknownSize: { name, _ in Size(self.sizes.newAtom(name.text)) }) != nil {
                report(.notAnArgument(parameter.name.text, written.span.text, at: written.span))
            }
            return nil
        }
        if pattern.rank == 0 {
            let variable = newVariable(parameter.name.text, .scalar(pattern.element))
            if variable.type.canBeSize { giveSize(nil, to: variable, parameter.name.span) }
            let type = ArrayType(pattern.element, [], pattern.placement)
            return LibraryFunction.Argument(variable: variable, type: type, extents: [])
        }
        var extents: [LoadExtent] = []
        let shape = written.dimensions.map { size(of: $0, &extents, &named) }
        let type = ArrayType(pattern.element, shape, pattern.placement)
        let variable = newVariable(parameter.name.text, .array(type))
        return LibraryFunction.Argument(variable: variable, type: type, extents: extents)
    }

    /// The size of an axis: a name stands for one size wherever it stands. What else is written there the function checks itself.
    private func size(
        of dimension: Dimension, _ extents: inout [LoadExtent], _ named: inout [String: Variable]
    ) -> Size {
        var name = "_"
        if case .name(let text) = dimension.size.kind { name = text }
        if let known = named[name], let size = sizes.variables[known] {
            extents.append(.equals(TypedExpression(.variable(known), .i64, dimension.span)))
            return size
        }
        let variable = newVariable(name, .i64)
        giveSize(nil, to: variable, dimension.span)
        extents.append(.binds(variable))
        if name != "_" { named[name] = variable }
        return sizes.variables[variable] ?? Size(sizes.newAtom(name))
    }

    private func requireExportable(_ call: TypedExpression, _ declaration: FunctionDeclaration) -> Bool {
        if call.type == .error { return false }
        if call.type == .void { return true }
        if case .view = call.kind {
            report(.notAResult(declaration.name.text, "a view", at: declaration.name.span))
            return false
        }
        guard let leaves = call.type.dataLeaves,
            leaves.allSatisfy({ !$0.placement.isPart && !$0.placement.distribution.isGrid })
        else {
            report(
                .notAResult(
                    declaration.name.text, "\(call.type)", at: declaration.result?.span ?? declaration.name.span))
            return false
        }
        return true
    }
}

extension FunctionDeclaration {
    /// `psum(a: f64[/n]) -> f64`
    public var signature: String {
        let parameters = parameters.map { parameter in
            parameter.name.text + (parameter.type.map { ": \($0.span.text)" } ?? "")
        }
        let result = result.map { " -> \($0.span.text)" } ?? ""
        return "\(name.text)(\(parameters.joined(separator: ", ")))\(result)"
    }
}

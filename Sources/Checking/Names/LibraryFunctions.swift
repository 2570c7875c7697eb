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
        var arguments = LibraryArguments()
        var values: [TypedExpression] = []
        for parameter in declaration.parameters {
            guard let value = argument(parameter, &arguments) else { return nil }
            values.append(value)
        }
        let call = specialisedCall(declaration, values.map { .value($0) }, name.span, name.span)
        guard requireExportable(call, declaration) else { return nil }
        let body = [TypedStatement(kind: .expression(call), span: span)]
        diagnostics += UniformityCheck.faults(in: body, functions) + GridCheck.faults(in: body, functions)
        let numbers = arguments.all.filter(\.extents.isEmpty).map {
            ProgramParameter($0.variable, default: nil, documentation: nil, at: name.span)
        }
        let parameters = zip(declaration.parameters, values).map { LibraryFunction.Parameter($0.name.text, $1.type) }
        return LibraryFunction(
            (name.text, declaration.signature, declaration.documentation), takes: (parameters, arguments.all),
            call: call,
            program: program([], parameters: numbers + defaults), at: span)
    }

    private func requireExportable(_ call: TypedExpression, _ declaration: FunctionDeclaration) -> Bool {
        if call.type == .error { return false }
        if call.type == .void { return true }
        if case .view = call.kind {
            report(.notAResult(declaration.name.text, "a view", at: declaration.name.span))
            return false
        }
        if let leaves = call.type.dataLeaves, leaves.allSatisfy({ !$0.placement.distribution.isGrid }) { return true }
        report(
            .notAResult(declaration.name.text, "\(call.type)", at: declaration.result?.span ?? declaration.name.span))
        return false
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

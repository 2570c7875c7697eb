import Source
import Syntax

/// Finds out what the names of a file stand for, by the rules of the checker (`Checking/Names`), of any tree that the parser gives.
struct NameResolver {
    let file: SourceFile
    var names = Names()
    /// The declarations that a name may mean, innermost block last.
    var scopes: [[String: Int]] = [[:]]
    /// Functions and records of this file and of what it imports: names of theirs are known everywhere.
    private var globals: [String: Int] = [:]
    /// Up to where what is declared now is visible.
    private var endOfScope: Int

    /// `imported`: the top level statements of the files that it imports.
    static func names(of program: Program, in file: SourceFile, imported: [Statement]) -> Names {
        var resolver = NameResolver(file: file, endOfScope: file.text.count + 1)
        for statement in imported { resolver.declareGlobal(statement) }
        for statement in program.statements { resolver.declareGlobal(statement) }
        for statement in program.statements { resolver.statement(statement) }
        // A function's body sees what the program declares, wherever it stands.
        for case .function(let function) in program.statements.map(\.kind) { resolver.body(of: function) }
        resolver.names.occurrences.sort { $0.name.span.start < $1.name.span.start }
        return resolver.names
    }

    private init(file: SourceFile, endOfScope: Int) {
        self.file = file
        self.endOfScope = endOfScope
    }

    // MARK: Declaring

    private mutating func declareGlobal(_ statement: Statement) {
        switch statement.kind {
        case .function(let function):
            globals[function.name.text] = add(
                .function, function.name, statement.span, documentation: function.documentation,
                head: "fn \(function.signature)")
        case .record(let name, let fields):
            let head = "record \(name.text) { \(fields.map(\.written).joined(separator: ", ")) }"
            globals[name.text] = add(.record, name, statement.span, head: head)
            for field in fields {
                let index = add(.field, field.name, field.name.span.joined(field.type?.span ?? field.name.span))
                names.declarations[index].record = name
                names.declarations[index].head = field.written
            }
        default: break
        }
    }

    /// Lists a declaration; its name stands in the text, unless it is another file's.
    private mutating func add(
        _ kind: Declaration.Kind, _ name: Name, _ whole: Span, documentation: String? = nil, head: String? = nil
    ) -> Int {
        let index = names.declarations.count
        names.declarations.append(
            Declaration(
                kind: kind, name: name, whole: whole, visible: whole.end..<max(whole.end, endOfScope),
                documentation: documentation, head: head))
        if name.span.file === file {
            names.occurrences.append(Occurrence(name: name, role: .declares, declaration: index))
        }
        return index
    }

    /// Binds a name in the innermost block.
    mutating func bind(_ kind: Declaration.Kind, _ name: Name, _ whole: Span, visibleFrom start: Int? = nil) {
        guard name.text != "_" else { return }
        let index = add(kind, name, whole)
        if let start { names.declarations[index].visible = start..<max(start, endOfScope) }
        scopes[scopes.count - 1][name.text] = index
    }

    mutating func bind(_ pattern: Pattern, isVariable: Bool, _ whole: Span) {
        switch pattern {
        case .name(let name): bind(isVariable ? .variable : .constant, name, whole)
        case .tuple(let parts, _): for part in parts { bind(part, isVariable: isVariable, whole) }
        }
    }

    mutating func inNewScope(to end: Int, _ body: (inout NameResolver) -> Void) {
        let outer = endOfScope
        endOfScope = end
        scopes.append([:])
        body(&self)
        scopes.removeLast()
        endOfScope = outer
    }

    // MARK: Using

    func lookUp(_ name: String) -> Int? {
        for scope in scopes.reversed() { if let index = scope[name] { return index } }
        return globals[name]
    }

    mutating func use(_ name: Name, _ role: Occurrence.Role = .reads) {
        // An operator that is an argument is a name by its symbol.
        guard let first = name.text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return }
        names.occurrences.append(Occurrence(name: name, role: role, declaration: lookUp(name.text)))
    }

    // MARK: Functions

    private mutating func body(of function: FunctionDeclaration) {
        let end = bodySpan(of: function).end
        names.functions.append(function.name.span.end..<max(function.name.span.end, end))
        let program = scopes[0]
        scopes[0] = program.filter { names.declarations[$0.value].kind != .variable }
        defer { scopes[0] = program }
        inNewScope(to: end + 1) { resolver in
            for parameter in function.parameters {
                let whole = parameter.name.span.joined(parameter.type?.span ?? parameter.name.span)
                resolver.bind(.parameter, parameter.name, whole)
                resolver.names.declarations[resolver.names.declarations.count - 1].head = parameter.written
            }
            let parameters = Set(function.parameters.map(\.name.text))
            for parameter in function.parameters {
                if let type = parameter.type { resolver.parameterType(type, except: parameters) }
            }
            if let result = function.result { resolver.type(result) }
            switch function.body {
            case .expression(let value): resolver.expression(value)
            case .block(let block): resolver.block(block)
            }
        }
    }

    private func bodySpan(of function: FunctionDeclaration) -> Span {
        switch function.body {
        case .expression(let value): value.span
        case .block(let block): block.span
        }
    }

    /// A size that is a name, and no parameter's, is bound by the call.
    private mutating func parameterType(_ written: TypeExpression, except parameters: Set<String>) {
        guard let dimensions = written.writtenDimensions else { return type(written) }
        type(written, dimensions: false)
        for dimension in dimensions {
            if case .name(let text) = dimension.size.kind, scopes[scopes.count - 1][text] == nil {
                bind(.size, Name(text, dimension.size.span), dimension.span)
            } else {
                expression(dimension.size)
            }
        }
    }
}

extension TypeExpression {
    /// The dimensions of an array type, through `part`, `local` and `root`; nil for a tuple.
    var writtenDimensions: [Dimension]? {
        switch kind {
        case .named(_, let dimensions): dimensions
        case .part(_, let inner), .local(let inner), .root(let inner): inner.writtenDimensions
        case .tuple: nil
        }
    }
}

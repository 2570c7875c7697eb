import HashTreeCollections
import Language
import Source
import Syntax
import TypedTree

/// The names of one block. Lambdas keep copies, which cost nothing.
struct Scope {
    var bindings: TreeDictionary<String, Binding> = [:]
    private var hidesVariables = false

    func binding(_ name: String) -> Binding? {
        guard let binding = bindings[name], !(hidesVariables && binding.isAssignable) else { return nil }
        return binding
    }

    /// What a function body sees of the top level: parameters of the program and what never changes.
    var withoutVariables: Scope {
        var scope = self
        scope.hidesVariables = true
        return scope
    }
}

/// What a name stands for.
struct Binding {
    enum Meaning {
        case variable(Variable)
        /// An expression put in place of the name: the element `v` of `for v in x`.
        case alias(TypedExpression)
        /// A tuple or record, as a tuple of variables: each of its numbers and arrays is a variable of its own.
        case compound(TypedExpression)
        /// A parameter that a function was passed for, or a `let` of one.
        case function(FunctionValue)
    }
    var meaning: Meaning
    var isAssignable = false
    var span: Span
    /// Where a `local` value became local.
    var localOrigin: (name: String, span: Span)?

    /// nil: a function.
    var type: ValueType? {
        switch meaning {
        case .variable(let variable): variable.type
        case .alias(let value), .compound(let value): value.type
        case .function: nil
        }
    }
    var function: FunctionValue? { if case .function(let function) = meaning { function } else { nil } }
}

extension Checker {
    func lookUp(_ name: String) -> Binding? {
        for scope in scopes.reversed() {
            if let binding = scope.binding(name) { return binding }
        }
        return nil
    }

    /// Binds a name in the innermost scope; a second binding in one scope is an error, shadowing an outer one is not.
    func bind(_ name: Name, _ binding: Binding) {
        if let earlier = scopes[scopes.count - 1].bindings[name.text], name.text != "_" {
            report(.redefinedName(name.text, at: name.span, earlier: earlier.span))
        }
        scopes[scopes.count - 1].bindings[name.text] = binding
        if let type = binding.type { observations?.note(type, at: name.span) }
    }

    /// Binds a new variable of the type, with a size when it is an integer that never changes.
    @discardableResult
    func bindVariable(
        _ name: Name, _ type: ValueType, isAssignable: Bool = false, size: Size? = nil,
        localOrigin: (name: String, span: Span)? = nil
    ) -> Variable {
        let variable = newVariable(name.text, type)
        if !isAssignable, type.canBeSize { giveSize(size, to: variable, name.span) }
        bind(
            name,
            Binding(
                meaning: .variable(variable), isAssignable: isAssignable, span: name.span, localOrigin: localOrigin))
        context.domains.last?.bodyVariables.insert(variable)
        return variable
    }

    /// What a binding with an error makes: nothing, but its names are known, so that nobody hears of them again.
    func unbound(_ pattern: Pattern, _ type: TypeExpression? = nil) -> [TypedStatement] {
        let sizes = (type?.sizeNames ?? []).filter { lookUp($0.text) == nil }
        for name in pattern.names + sizes { _ = bindVariable(name, .error) }
        return []
    }

    /// Notes the value of an integer that never changes; without one the variable is an atom of its own.
    func giveSize(_ size: Size?, to variable: Variable, _ origin: Span) {
        let atom = sizes.newAtom(variable.name)
        sizes.variables[variable] = size ?? Size(atom)
        if size == nil { sizes.expressions[atom] = TypedExpression(.variable(variable), variable.type, origin) }
    }

    func inNewScope<Result>(_ body: () -> Result) -> Result {
        scopes.append(Scope())
        defer { scopes.removeLast() }
        return body()
    }

    /// The name visible there that is nearest to a misspelt one, if any is near. Where nearly all names are unknown nobody is helped by
    /// the nearest.
    func nearestName(to name: String, at span: Span) -> String? {
        guard mistakes < 100 else { return nil }
        var candidates: Set<String> = ["true", "false", "pi", "inf", "nan"]
        for module in visibleModules(from: span.file.path) { candidates.formUnion(module.functions.keys) }
        for scope in scopes { candidates.formUnion(scope.bindings.keys.filter { scope.binding($0) != nil }) }
        for builtin in Builtins.all { candidates.insert(builtin.name) }
        return nearest(to: name, among: candidates)
    }

    /// The nearest of some names, if any is near. Long names are made, not written.
    func nearest(to name: String, among candidates: some Collection<String>) -> String? {
        let limit = max(1, name.count / 3)
        guard name.count <= 64 else { return nil }
        return
            candidates
            .map { (distance: editDistance($0, name), name: $0) }
            .filter { $0.distance <= limit && $0.distance < name.count }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }
}

/// Levenshtein's distance with transpositions of neighbours counted once (optimal string alignment).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8)
    let b = Array(b.utf8)
    if abs(a.count - b.count) > 3 { return .max }
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 0..<a.count {
        for j in 0..<b.count {
            let substituted = rows[i][j] + (a[i] == b[j] ? 0 : 1)
            rows[i + 1][j + 1] = min(substituted, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                rows[i + 1][j + 1] = min(rows[i + 1][j + 1], rows[i - 1][j - 1] + 1)
            }
        }
    }
    return rows[a.count][b.count]
}

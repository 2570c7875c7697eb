import Language
import Source
import Syntax

// What a name stands for is decided by the file that it is written in: what the blocks around bind comes first, then the functions and
// records of that file, then those of the files that it imports, then the builtins. So a program's own names hide those of the language
// and the library, which go on meaning what they were written with.

/// What a file declares at its top level, and the paths of the files that it imports.
struct Module {
    var functions: [String: FunctionDeclaration] = [:]
    var records: [String: RecordDeclaration] = [:]
    var imports: [(path: String, span: Span)] = []

    /// Where it declares a function or record of that name.
    func declaration(of name: String) -> Span? { functions[name]?.name.span ?? records[name]?.name.span }
    var names: [String] { Array(functions.keys) + records.keys }
}

/// What a name stands for.
enum Meaning {
    case bound(Binding)
    case function(FunctionDeclaration)
    case record
    case builtin(Builtin)

    /// Whether the program, or a library, gives it to the name.
    var isOwn: Bool { builtin == nil }
    var builtin: Builtin? { if case .builtin(let builtin) = self { builtin } else { nil } }
}

extension Checker {
    /// What a name stands for where it is written; nil: nothing.
    func meaning(of name: String, at span: Span) -> Meaning? {
        if let binding = lookUp(name) { return .bound(binding) }
        if let module = module(declaring: name, at: span) {
            return module.functions[name].map { .function($0) } ?? .record
        }
        return Builtins.named(name).map { .builtin($0) }
    }

    /// The record that a name stands for where it is written.
    func record(_ name: Name) -> RecordDeclaration? { module(declaring: name.text, at: name.span)?.records[name.text] }

    private func module(declaring name: String, at span: Span) -> Module? {
        visibleModules(from: span.file.path).first { $0.declaration(of: name) != nil }
    }

    /// The module of a file, then what it imports, directly or not.
    func visibleModules(from path: String) -> [Module] {
        var (paths, next) = ([path], 0)
        var visible: [Module] = []
        while next < paths.count {
            if let module = modules[paths[next]] {
                visible.append(module)
                for path in module.imports.map(\.path) where !paths.contains(path) { paths.append(path) }
            }
            next += 1
        }
        return visible
    }

    // MARK: Declarations

    func declareFunctions(in statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .importFile(let path): importFile(path, at: statement.span)
            case .record(let name, let fields): declareRecord(name, fields)
            case .function(let declaration):
                let name = declaration.name
                let path = name.span.file.path
                if let earlier = modules[path]?.declaration(of: name.text) {
                    report(.redefinedName(name.text, at: name.span, earlier: earlier))
                }
                modules[path, default: Module()].functions[name.text] = declaration
            default: break
            }
        }
    }

    /// Two files that the program imports must not mean different things by one name, unless the program hides both.
    func requireUnambiguousImports() {
        guard let own = modules[file.path] else { return }
        var known: [String: Span] = [:]
        for (path, span) in own.imports {
            for module in visibleModules(from: path) {
                for name in module.names where own.declaration(of: name) == nil {
                    guard let declaration = module.declaration(of: name) else { continue }
                    if let earlier = known[name], !earlier.coincides(with: declaration) {
                        report(.ambiguousImport(name, at: span, declaration, earlier: earlier))
                    }
                    known[name] = declaration
                }
            }
        }
    }
}

import IR
import Passes
import Source
import Syntax
import TypedTree

/// The forms that a program takes on its way from text to machine code; `pdlc emit --stage` shows each.
public enum Form: String, CaseIterable, Sendable {
    case tokens, ast, typed, core, global, distributed, local, llvm
    case optimisedLLVM = "llvm-opt"
    case assembly = "asm"
    /// The distributed IR as a drawing, in Graphviz's language.
    case graph
}

extension Compilation {
    /// The program in one of its forms, as text for people.
    public func text(of form: Form) throws -> String {
        switch form {
        case .tokens:
            let (tokens, mistakes) = tokenize(file)
            guard mistakes.isEmpty else { throw ProgramErrors(mistakes) }
            return tokens.map { token in
                let (line, column) = file.position(of: token.start)
                return "\(line):\(column) \(token.kind) \(Span(file, token.start, token.end).text.debugDescription)\n"
            }.joined()
        case .ast:
            // A program with mistakes in its meaning still has a tree.
            let (tree, mistakes) = parse(file)
            guard !mistakes.contains(where: { $0.severity == .error }) else { throw ProgramErrors(mistakes) }
            return tree.dump()
        case .typed: return try typed().dump()
        case .core: return try desugared().dump()
        case .global: return Printer.print(try last(of: .global))
        case .distributed: return Printer.print(try last(of: .distributed))
        case .local: return Printer.print(try local())
        case .llvm: return try code().llvm
        case .optimisedLLVM: return try code().optimisedLLVM()
        case .assembly: return try code().assembly()
        case .graph: return Graph(try last(of: .distributed)).dot
        }
    }

    /// The IR after the named pass, as text.
    public func text(after pass: String) throws -> String {
        let isKnown = Pipeline.passes.contains { $0.name == pass }
        let steps = try steps(to: isKnown ? .pass(pass) : .end)
        guard let step = steps.last(where: { $0.name == pass }) else {
            throw UsageError("there is no pass \(pass); the passes are: \(steps.map(\.name).joined(separator: ", "))")
        }
        return Printer.print(step.module)
    }

    /// The last distributed IR and the last local one, by one run of the passes.
    func distributedAndLocal() throws -> (distributed: Module, local: Module) {
        var module = try global().renumbered()
        var distributed = module
        try Pipeline.run(&module, options.pipeline) { _, after in
            if after.stage == .distributed { distributed = after }
        }
        return (distributed, module)
    }

    /// The last IR of a stage.
    func last(of stage: Stage) throws -> Module {
        guard let step = try steps(to: .stage(stage)).last(where: { $0.module.stage == stage }) else {
            throw CompilerFault("no pass leads to the \(stage.rawValue) stage")
        }
        return step.module
    }
}

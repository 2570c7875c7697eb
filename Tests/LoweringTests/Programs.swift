import Checking
import Desugaring
import IR
import Lowering
import Passes
import Source
import Syntax
import Testing

/// The way of a program from its text to each stage of the IR, verified at each.
struct Program {
    let global: Module
    let distributed: Module
    let local: Module

    init(_ text: String) throws {
        let file = SourceFile(path: "test.pdl", text)
        let (tree, syntaxErrors) = parse(file)
        let (typed, errors) = check(tree, file: file)
        if let first = (syntaxErrors + errors).first { throw first }
        global = try lower(desugar(try #require(typed)))
        try Verifier.verify(global)
        distributed = try Distribute().run(global)
        try Verifier.verify(distributed)
        local = try LowerToRank().run(distributed)
        try Verifier.verify(local)
    }
}

extension Module {
    /// All nodes, those in bodies too.
    var nodes: [Node] {
        var found: [Node] = []
        body.forEachNode { found.append($0) }
        return found
    }

    func count(_ matches: (Operation) -> Bool) -> Int { nodes.count { matches($0.operation) } }

    func count(_ operation: Operation) -> Int { count { $0 == operation } }
}

extension Module {
    var loops: [Node] { nodes.filter { if case .loop = $0.operation { true } else { false } } }
}

extension IR.Operation {
    var isReduction: Bool { if case .loop(let loop) = self { loop.hasReduction } else { false } }
}

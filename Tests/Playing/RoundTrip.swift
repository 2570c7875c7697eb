import Compiler
import IR
import Source

/// Names the passes after which the IR's text reads back as something else.
public func roundTripProblems(_ steps: [Compilation.Step]) -> [String] {
    steps.filter { step in
        let again = try? IRParser.parse(SourceFile(path: "after \(step.name)", Printer.print(step.module)))
        return again != step.module
    }.map { "the IR after \($0.name) is not what its print reads back as" }
}

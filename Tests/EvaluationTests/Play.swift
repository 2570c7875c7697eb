import Checking
import Evaluation
import Source
import Syntax
import Testing

/// What a program did.
struct Run: Equatable {
    var status: Int32
    var output: String
    var errors: String
}

/// Checks a program and plays it.
func play(
    _ text: String, ranks: Int = 1, _ arguments: [String] = [], at location: SourceLocation = #_sourceLocation
) throws -> Run {
    let file = SourceFile(path: "test.pdl", text)
    let (tree, syntax) = parse(file)
    let (program, semantics) = check(tree, file: file)
    for diagnostic in syntax + semantics where diagnostic.severity == .error {
        Issue.record(
            "\(diagnostic.span.line):\(diagnostic.span.column): \(diagnostic.message)", sourceLocation: location)
    }
    let typed = try #require(program, sourceLocation: location)
    var run = Run(status: 0, output: "", errors: "")
    let interpreter = Interpreter(
        program: typed, ranks: ranks, arguments: arguments, output: { run.output += $0 }, errors: { run.errors += $0 })
    run.status = try interpreter.run()
    return run
}

/// What a program prints that does not fail.
func output(
    _ text: String, ranks: Int = 1, _ arguments: [String] = [], at location: SourceLocation = #_sourceLocation
) throws -> String {
    let run = try play(text, ranks: ranks, arguments, at: location)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)", sourceLocation: location)
    return run.output
}

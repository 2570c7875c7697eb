import IR
import Language
import Source
import Testing

@testable import Passes

/// What a test says of a module: properties, not dumps.
struct Shape {
    let module: Module

    /// How many nodes, at any depth, the predicate accepts.
    func count(_ accept: (Operation) -> Bool) -> Int {
        var count = 0
        module.body.forEachNode { count += accept($0.operation) ? 1 : 0 }
        return count
    }

    /// How many nodes of the outermost region the predicate accepts.
    func outer(_ accept: (Operation) -> Bool) -> Int { module.body.nodes.count { accept($0.operation) } }

    var loops: Int { count { if case .loop = $0 { true } else { false } } }
    var allreduces: Int { count { $0 == .collective(.allreduce) } }
    var nodes: Int { count { _ in true } }

    func scalars(_ op: ScalarOperator) -> Int { count { $0 == .scalar(op) } }

    /// The yields of the outermost region's loops, in order.
    var yields: [[Loop.Yield]] {
        module.body.nodes.compactMap { if case .loop(let loop) = $0.operation { loop.yields } else { nil } }
    }
}

/// Parses, verifies, runs one transformation, verifies again and checks that the text form reads back.
func transform(_ type: any Transformation.Type, _ text: String, _ stage: Stage = .global) throws -> Shape {
    var module = try parsed(text, stage)
    try type.run(&module)
    module = module.renumbered()
    let faults = Verifier.faults(in: module).map(\.description)
    #expect(faults == [], "\(Printer.print(module))")
    #expect(try IRParser.parse(SourceFile(path: "after.ir", Printer.print(module))) == module)
    return Shape(module: module)
}

/// `%n`, `%0` … of every test: zero, one, an extent and a file's array of that extent stand in front of the text.
func parsed(_ text: String, _ stage: Stage = .global) throws -> Module {
    let around = """
        \(stage.rawValue) module
        parameter "n": i64 default "16"
        %1000: i64 = constant i64 0
        %1001: i64 = constant i64 1
        %1002: i64 = parameter 0
        %1003: text = text "x.npy"
        %1004: f64[/%1002], %1005: i64 = load %1003, %1003, %1002

        """
    let names = ["%zero": "%1000", "%one": "%1001", "%n": "%1002", "%x": "%1004", "%path": "%1003"]
    var body = text
    for (name, id) in names { body = body.replacing(name, with: id) }
    let module = try IRParser.parse(SourceFile(path: "test.ir", around + body + "\nyield\n"))
    #expect(Verifier.faults(in: module).map(\.description) == [], "\(body)")
    return module
}

/// A divided loop over 0..n that yields what `body` computes of its index `%i`.
func loop(_ results: String, _ yields: String, index: String, _ body: String) -> String {
    """
    \(results) = loop (\(index): i64 in %zero..%n by %one) divided 0 of %n yields \(yields) {
    \(body)
    }
    """
}

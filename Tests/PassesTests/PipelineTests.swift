import IR
import Language
import Testing

@testable import Passes

@Suite struct PipelineTests {
    private static func reduce(_ base: Int, _ op: String = "+") -> String {
        loop(
            "%\(base): f64", "reduction(\(op))", index: "%\(base + 1)",
            "%\(base + 2): f64 = element %x[%\(base + 1)]\nyield %\(base + 2)") + "\n"
    }

    /// mean = sum(x) / n; variance = sum((x - mean) ** 2) / n; min(x); max(x)
    private static let stats = """
        \(reduce(10))
        %1: f64 = convert f64 %n
        %2: f64 = divide %10, %1
        \(loop("%20: f64", "reduction(+)", index: "%21", """
            %22: f64 = element %x[%21]
            %23: f64 = subtract %22, %2
            %24: f64 = multiply %23, %23
            yield %24
            """))
        %3: f64 = divide %20, %1
        \(reduce(30, "min"))
        \(reduce(40, "max"))
        print ("mean ", shortest 0 0, " variance ", shortest 0 0, shortest 0 0, shortest 0 0) %2, %3, %30, %40

        """

    @Test func statisticsTakeTwoPassesAndTwoMessages() throws {
        var module = try parsed(Self.stats)
        try Pipeline.run(&module, to: .stage(.distributed))
        let shape = Shape(module: module)
        #expect(module.stage == .distributed)
        #expect(shape.allreduces == 2)
        #expect(shape.yields == [[.reduction(.sum), .reduction(.min), .reduction(.max)], [.reduction(.sum)]])
    }

    @Test(arguments: [true, false])
    func everyPassLeavesAModuleThatReadsBack(_ optimise: Bool) throws {
        var module = try parsed(Self.stats)
        var names: [String] = []
        try Pipeline.run(&module, Pipeline.Options(optimise: optimise)) { pass, module in
            names.append(pass.name)
            let text = Printer.print(module)
            let read = try? IRParser.parse(.init(path: pass.name, text))
            #expect(read == module, "\(pass.name)")
        }
        #expect(module.stage == .local)
        #expect(names == Pipeline.passes.filter { optimise || $0.isEssential }.map(\.name))
    }

    @Test func thePassAtFaultIsNamed() throws {
        var module = try parsed("print (shortest 0 0) %n")
        module.body.nodes.removeFirst(3)
        let fault = #expect(throws: IRFault.self) { try Pipeline.run(&module) }
        #expect(fault?.message.contains("the lowering") == true)
        #expect(throws: IRFault.self) { try Pipeline.run(&module, to: .pass("no-such-pass")) }
    }

    @Test func passesAreNamedForTheirTypes() {
        #expect(Pipeline.passes.contains { $0.name == "merge-reductions" })
        for pass in Pipeline.passes { #expect(pass.summary.hasSuffix(".")) }
    }
}

import CodeGen
import IR
import Source
import Testing

@testable import Compiler

@Suite struct CompilationTests {
    private func compilation(_ text: String) -> Compilation {
        Compilation(SourceFile(path: "test.pdl", text + "\n"))
    }

    @Test(arguments: Form.allCases) func everyFormHasText(form: Form) throws {
        let text = try compilation("let a = scatter(f64(arange(16)))\nprint \"{sum(a)}\"").text(of: form)
        #expect(!text.isEmpty)
    }

    @Test func stagesFollowEachOther() throws {
        let stages = try compilation("print \"{sum(scatter(arange(16)))}\"").steps().map(\.module.stage)
        #expect(stages.first == .global)
        #expect(stages.last == .local)
        #expect(stages.contains(.distributed))
    }

    @Test func aTreeNeedsOnlyReadableText() throws {
        let mistaken = compilation("print \"{nowhere}\"")
        #expect(try !mistaken.text(of: .ast).isEmpty)
        #expect(throws: ProgramErrors.self) { try mistaken.text(of: .typed) }
        #expect(throws: ProgramErrors.self) { try compilation("let = 3").text(of: .ast) }
    }

    @Test(arguments: [("haswell", 192 << 10), ("znver4", 768 << 10), ("sapphirerapids", 1536 << 10)])
    func sweepsFollowTheProcessorsCache(processor: String, inFlight: Int) throws {
        let sweeps = """
            param n: i64 = 600
            var u = scatter([f64(i * j) for i in 0..n, j in 0..n])
            for s in 0..20 {
                let z = padded(u, 0.0)
                u = [z[i-1, j] + z[i+1, j] + z[i, j-1] + z[i, j+1] for i in 0..n, j in 0..n]
            }
            print "{sum(u)}"

            """
        var options = Compilation.Options()
        options.target = try #require(Target.processor(processor))
        let local = try Compilation(SourceFile(path: "test.pdl", sweeps), options: options).local()
        #expect(Printer.print(local).contains("constant i64 \(inFlight)"))
    }

    @Test func anExecutableIsNamedForItsProgram() {
        #expect(Compilation(SourceFile(path: "samples/psum.pdl", "")).executableName == "psum")
        #expect(Compilation(SourceFile(path: "program", "")).executableName == "program.out")
    }
}

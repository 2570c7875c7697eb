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

    @Test func anExecutableIsNamedForItsProgram() {
        #expect(Compilation(SourceFile(path: "samples/psum.pdl", "")).executableName == "psum")
        #expect(Compilation(SourceFile(path: "program", "")).executableName == "program.out")
    }
}

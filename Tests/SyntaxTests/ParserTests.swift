import Source
import Testing

@testable import Syntax

@Suite struct ParserTests {
    @Test(arguments: Inputs.programs.map(\.path))
    func programsParse(path: String) throws {
        let file = try #require(Inputs.programs.first { $0.path == path })
        let (_, diagnostics) = parse(file)
        #expect(diagnostics.isEmpty, "\(diagnostics.map { "\($0.span.line):\($0.span.column) \($0.message)" })")
    }
}

import Testing

@testable import Compiler

@Suite struct PagesTests {
    @Test(arguments: [BuiltinsPage.text, LibraryPage.text])
    func everyRowSaysWhatItIs(page: String) {
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count > 30)
        for row in rows { #expect(!row.hasSuffix("` |  |"), "\(row)") }
    }

    @Test func barsAreWrittenSoThatTablesStand() {
        #expect(BuiltinsPage.row("a | b", "one\ntwo | three") == "| `a \\| b` | one two \\| three |\n")
    }
}

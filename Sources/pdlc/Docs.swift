import ArgumentParser
import Compiler

/// Writes the pages that are made from tables and sources, for `make docs`.
struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print docs/builtins.md, docs/library.md, or the words of the language as JSON.", shouldDisplay: false
    )

    enum Page: String, ExpressibleByArgument { case builtins, library, words }

    @Argument(help: "builtins, library or words.")
    var page = Page.builtins

    func run() {
        switch page {
        case .builtins: print(BuiltinsPage.text, terminator: "")
        case .library: print(LibraryPage.text, terminator: "")
        case .words: print(Words.json)
        }
    }
}

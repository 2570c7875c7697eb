import ArgumentParser
import Compiler

/// Writes the pages that are made from tables and sources, for `make docs`.
struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print docs/builtins.md or docs/library.md.", shouldDisplay: false)

    enum Page: String, ExpressibleByArgument { case builtins, library }

    @Argument(help: "builtins or library.")
    var page = Page.builtins

    func run() {
        switch page {
        case .builtins: print(BuiltinsPage.text, terminator: "")
        case .library: print(LibraryPage.text, terminator: "")
        }
    }
}

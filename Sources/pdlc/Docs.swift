import ArgumentParser
import Compiler
import LanguageServer

/// Writes the pages and highlighters that are made from tables and sources, for `make docs`.
struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a page or a highlighter, made from the compiler's tables.",
        shouldDisplay: false)

    enum Page: String, ExpressibleByArgument, CaseIterable {
        case builtins, library, textmate, pygments, codemirror
    }

    @Argument(help: "What to print.")
    var page = Page.builtins

    func run() {
        print(text, terminator: "")
    }

    private var text: String {
        switch page {
        case .builtins: BuiltinsPage.text
        case .library: LibraryPage.text
        case .textmate: TextMateGrammar.text
        case .pygments: PygmentsLexer.text
        case .codemirror: CodeMirrorMode.text
        }
    }
}

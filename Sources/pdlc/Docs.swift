import ArgumentParser
import Compiler

/// Writes the page of builtins from their table, for `make docs`.
struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print docs/builtins.md.", shouldDisplay: false)

    func run() { print(BuiltinsPage.text, terminator: "") }
}

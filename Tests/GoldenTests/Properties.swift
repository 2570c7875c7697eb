import IR
import Source

extension Region {
    /// How often the IR's text has an operation's word: `allreduce`, `loop`.
    func count(of word: String, in module: Module) -> Int {
        var count = 0
        forEachNode { node in
            // The operation stands behind the results, with its own line's bodies cut off.
            let line = Printer.print(node, in: module).prefix { $0 != "\n" }
            let operation = line.split(separator: " = ", maxSplits: 1).last ?? line
            if operation.split(whereSeparator: { !($0.isLetter || $0 == "_") }).first == word[...] { count += 1 }
        }
        return count
    }
}

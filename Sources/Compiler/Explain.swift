import IR
import Language
import Source
import TypedTree

/// Everything that a program sends, on the lines that send it: read off the distributed IR after all passes.
public struct Explanation {
    struct Entry {
        var span: Span
        var cost: Cost
        /// The loops around it, as the user sees them, outermost first.
        var loops: [String]
    }

    private(set) var entries: [Entry] = []
    private var dependences: [String] = []
    private let checks: [IndexCheck]
    /// The halo exchanges that go on while a loop runs, and that loop.
    private let overlapped: [(exchange: Span, loop: Span)]
    /// What loops send that do several sweeps at once.
    private var tiled: TiledMessages?
    /// Sizes that are known, and P, the number of ranks.
    let known: [String: Int]
    /// The names of sizes that loads bind, by line.
    private let loaded: [Int: [String]]

    /// The names of sizes that may be given: parameters, and what loads bind.
    public let sizeNames: Set<String>

    /// `values`: what is given for parameters of the program, whose own values are taken else; and P, the number of ranks.
    public init(_ compilation: Compilation, values: [String: Int] = [:]) throws {
        let program = try compilation.typed()
        let (module, local) = try compilation.distributedAndLocal()
        checks = IndexCheck.all(in: local)
        overlapped = Self.overlapped(in: local)
        var known: [String: Int] = [:]
        for parameter in program.parameters {
            if case .constant(.integer(let value, _)) = parameter.defaultValue?.kind {
                known[parameter.variable.name] = Int(value)
            }
        }
        known.merge(values) { $1 }
        self.known = known
        let loaded = Self.loadedSizes(program.body)
        self.loaded = loaded
        sizeNames = Set(program.parameters.map(\.variable.name)).union(loaded.values.joined())
        if self.known["P"] != 1 {
            let sizes = { Sizes($0, names: loaded, known: known) }
            tiled = TiledMessages(local, sizes)
            collect(module.body, module, sizes(module), [])
        }
        try compilation.global().body.forEachNode { node in
            if node.operation == .rank { dependences.append("rank() on line \(node.span.line)") }
            if node.operation == .ranks { dependences.append("ranks() on line \(node.span.line)") }
        }
    }

    /// The sizes of one of the program's modules.
    func sizes(of module: Module) -> Sizes { Sizes(module, names: loaded, known: known) }

    /// The size names that loads bind, by line.
    private static func loadedSizes(_ statements: [TypedStatement]) -> [Int: [String]] {
        var names: [Int: [String]] = [:]
        for statement in statements {
            guard case .load(_, _, let extents) = statement.kind else { continue }
            names[statement.span.line] = extents.map { extent in
                switch extent {
                case .binds(let variable): variable.name
                case .equals(let expression): expression.span.text
                }
            }
        }
        return names
    }

    private mutating func collect(
        _ region: Region, _ module: Module, _ sizes: Sizes, _ loops: [String], in loop: Node? = nil
    ) {
        for node in region.nodes {
            if var cost = Cost(of: node, in: module, sizes) {
                let carried = WrittenReductions.carried(by: node, in: region)
                if carried.count > 1 { cost.remarks.append(Self.merger(of: carried)) }
                if case .exchange = node.operation,
                    let loop = overlapped.first(where: { $0.exchange.coincides(with: node.span) })?.loop
                {
                    cost.remarks.append("overlapped: travels while line \(loop.line) computes what does not need it")
                }
                tiled?.add(to: &cost, of: node, in: loop)
                entries.append(Entry(span: node.span, cost: cost, loops: loops))
            }
            let inner: [String] =
                switch node.bodies {
                case .counted, .tested: loops + ["each round of the loop of line \(node.span.line)"]
                case .ways: loops + ["if line \(node.span.line) says so"]
                case .none, .fallback, .points, .writes, .swept: loops
                }
            for body in node.regions { collect(body, module, sizes, inner, in: node) }
        }
    }

    private static func overlapped(in local: Module) -> [(exchange: Span, loop: Span)] {
        var loops: [(exchange: Span, loop: Span)] = []
        local.body.forEachNode { node in
            guard node.inside != nil, let finish = node.regions[1].nodes.first else { return }
            loops.append((finish.span, node.span))
        }
        return loops
    }

    /// Which values share a message, and why they may.
    private static func merger(of values: [Span]) -> String {
        let places = values.map { "`\($0.text)` (line \($0.line))" }.joined(separator: ", ")
        return "one message for \(places): none of them needs another's result"
    }

    /// For people.
    public func text() -> String {
        var text = entries.isEmpty ? "\(known["P"] == 1 ? "One rank sends nothing" : "Nothing is sent").\n" : ""
        for entry in entries.sorted(by: { $0.span.line < $1.span.line }) {
            let source = String(entry.span.file.line(entry.span.line).drop { $0 == " " })
            text += "\(entry.span.file.path):\(entry.span.line): \(source)\n"
            let cost = entry.cost
            text += "  \(cost.operatorName): class \(cost.costClass) (\(Self.classes[cost.costClass]))\n"
            for loop in entry.loops { text += "  \(loop)\n" }
            for message in cost.allMessages { text += "  \(message.text(known))\n" }
            for remark in cost.remarks { text += "  \(remark)\n" }
        }
        if entries.contains(where: { $0.cost.allMessages.contains(where: \.mayRepeat) }) { text += Self.aboutParts }
        if known["P"] != 1 {
            text += "Every run begins with \(Message.start.map { $0.text(known) }.joined(separator: "; ")).\n"
        }
        text += checks.isEmpty ? "No index is checked at run time.\n" : "Indices are checked at run time:\n"
        for check in checks { text += "  \(check.text)\n" }
        text +=
            dependences.isEmpty
            ? "The results do not depend on the number of ranks.\n"
            : "The results may depend on the number of ranks: the program asks for \(dependences.joined(separator: ", ")).\n"
        return text
    }

    private static let aboutParts = """
        A part travels as nodes of its reduction tree, each with its place, so that the result has the same bits on any number of
        ranks. Up to 16 ranks one MPI_Allgather carries them; more ranks use MPI_Allreduce with an operator that merges nodes.
        A record has room for 8 nodes of a part at first. Where a rank has more, the call is made again with more room, which is kept.

        """

    private static let classes = ["nothing", "neighbours", "log P", "volume"]
}

import IR
import Language
import Semantics
import Source

/// Everything that a program sends, on the lines that send it: read off the distributed IR after all passes.
public struct Explanation {
    private struct Entry {
        var span: Span
        var cost: Cost
        /// The loops around it, as the user sees them, outermost first.
        var loops: [String]
    }

    private let file: SourceFile
    private var entries: [Entry] = []
    private var dependences: [String] = []
    private var defaults: [String: Int] = [:]

    public init(_ compilation: Compilation) throws {
        file = compilation.file
        let program = try compilation.typed()
        let module = try compilation.last(of: .distributed)
        for parameter in program.parameters {
            if case .constant(.integer(let value, _)) = parameter.defaultValue?.kind {
                defaults[parameter.variable.name] = Int(value)
            }
        }
        collect(module.body, module, Sizes(module, names: Self.loadedSizes(program.body)), [])
        try compilation.global().body.forEachNode { node in
            switch node.operation {
            case .rank: dependences.append("rank() on line \(node.span.line)")
            case .ranks: dependences.append("ranks() on line \(node.span.line)")
            default: break
            }
        }
    }

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

    private mutating func collect(_ region: Region, _ module: Module, _ sizes: Sizes, _ loops: [String]) {
        for node in region.nodes {
            if var cost = Cost(of: node, in: module, sizes) {
                cost.remarks += Self.mergers(of: node, in: region)
                entries.append(Entry(span: node.span, cost: cost, loops: loops))
            }
            let inner: [String] =
                switch node.operation {
                case .forLoop: loops + ["each round of the loop of line \(node.span.line)"]
                case .whileLoop: loops + ["each round of the loop of line \(node.span.line)"]
                case .conditional: loops + ["if line \(node.span.line) says so"]
                default: loops
                }
            for body in node.regions { collect(body, module, sizes, inner) }
        }
    }

    /// Which values share a message, where several do.
    private static func mergers(of node: Node, in region: Region) -> [String] {
        guard node.operation == .collective(.allreduce), node.operands.count > 1 else { return [] }
        let described = node.operands.map { part -> String in
            guard let loop = region.nodes.first(where: { $0.results.contains(part) }),
                let position = loop.results.firstIndex(of: part), case .loop(let shape) = loop.operation,
                let yield = shape.reduction(at: position)
            else { return "a part" }
            let source = loop.contribution(at: position)?.span ?? loop.span
            return "\(yield.word) of `\(source.text)` (line \(source.line))"
        }
        return ["one message for \(described.joined(separator: ", ")): none of them needs another's result"]
    }

    /// For people. `values`: sizes that were given, and P, the number of ranks.
    public func text(values: [String: Int]) -> String {
        let known = defaults.merging(values) { $1 }
        var text = entries.isEmpty ? "Nothing is sent.\n" : ""
        for entry in entries {
            let source = String(file.line(entry.span.line).drop { $0 == " " })
            text += "\(file.path):\(entry.span.line): \(source)\n"
            let cost = entry.cost
            text += "  \(cost.operatorName): \(cost.call), class \(cost.costClass) (\(Self.classes[cost.costClass]))\n"
            for loop in entry.loops { text += "  \(loop)\n" }
            text +=
                "  bytes a rank: \(Self.line(cost.bytes, known)); messages a rank: \(Self.line(cost.messages, known))\n"
            for remark in cost.remarks { text += "  \(remark)\n" }
        }
        text +=
            dependences.isEmpty
            ? "The results do not depend on the number of ranks.\n"
            : "The results may depend on the number of ranks: the program asks for \(dependences.joined(separator: ", ")).\n"
        return text
    }

    private static let classes = ["nothing", "neighbours", "log P", "volume"]

    private static func line(_ formula: Formula, _ known: [String: Int]) -> String {
        let text = "\(formula)"
        guard let value = formula.value(known) else { return text }
        let number = String(Int(value.rounded(.up)))
        return number == text ? text : "\(text) = \(number)"
    }
}

extension Loop {
    /// The operator of the reduction whose result stands at a position.
    fileprivate func reduction(at position: Int) -> ReductionOperator? {
        var next = 0
        for yield in yields {
            let arity = if case .reduction(let op) = yield { op.arity } else { 1 }
            if position < next + arity, case .reduction(let op) = yield { return op }
            next += arity
        }
        return nil
    }
}

extension Node {
    /// What makes the value that a loop's body yields for a result.
    fileprivate func contribution(at position: Int) -> Node? {
        guard let body = regions.first, body.yielded.indices.contains(position) else { return nil }
        return body.nodes.first { $0.results.contains(body.yielded[position]) }
    }
}

extension ReductionOperator {
    /// The builtin that reduces with it.
    fileprivate var word: String {
        switch self {
        case .sum: "sum"
        case .product: "prod"
        case .and: "all"
        case .or: "any"
        default: rawValue
        }
    }
}

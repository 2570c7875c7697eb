import IR
import Language

/// The dataflow of a program as a drawing in Graphviz's language: a box for each operation on data, communication in colour, a frame
/// around each loop and condition.
struct Graph {
    private let module: Module
    private var lines: [String] = []
    /// The box in which a value is made; none for plain numbers.
    private var boxes: [Value: String] = [:]
    private var count = 0

    init(_ module: Module) {
        self.module = module
        draw(module.body, indent: "    ")
    }

    /// `dot -Tsvg` draws it.
    var dot: String {
        """
        digraph program {
            node [shape=box, style=filled, fillcolor=white, fontname="monospace"];
            edge [fontname="monospace", fontsize=10];
        \(lines.joined(separator: "\n"))
        }

        """
    }

    private mutating func draw(_ region: Region, indent: String) {
        for node in region.nodes {
            switch node.operation {
            case .constant, .yield, .text, .parameterGiven, .checkShape: continue
            case .conditional where isParameter(node): box(node, indent)
            case .forLoop, .whileLoop, .conditional:
                count += 1
                lines.append("\(indent)subgraph cluster_\(count) {")
                lines.append("\(indent)    label=\(quoted("\(word(node)), line \(node.span.line)")); color=gray;")
                let before = count
                for body in node.regions { draw(body, indent: indent + "    ") }
                // What a loop gives is made in it: by the box of what its body yields, or by the frame's own empty box.
                for (position, result) in node.results.enumerated() {
                    let yielded = node.regions.last?.yielded ?? []
                    boxes[result] = yielded.indices.contains(position) ? boxes[yielded[position]] : nil
                }
                if count == before { lines.append("\(indent)    empty_\(count) [style=invis];") }
                lines.append("\(indent)}")
            default: box(node, indent)
            }
        }
    }

    private mutating func box(_ node: Node, _ indent: String) {
        count += 1
        let name = "n\(count)"
        let label = "\(word(node))\\n\(node.span.line): \(escaped(firstLine(node)))"
        lines.append("\(indent)\(name) [label=\"\(label)\"\(color(node).map { ", fillcolor=\($0)" } ?? "")];")
        var sources: Set<String> = []
        for value in node.freeValues(in: module).sorted() {
            guard let source = boxes[value], sources.insert(source).inserted else { continue }
            let type = module.type(value)
            lines.append("\(indent)\(source) -> \(name) [label=\(quoted(placement(type)))];")
        }
        for result in node.results { boxes[result] = name }
    }

    /// Whether it chooses between what the command line says and the default.
    private func isParameter(_ node: Node) -> Bool {
        node.regions.first?.nodes.contains { if case .parameter = $0.operation { true } else { false } } ?? false
    }

    private func word(_ node: Node) -> String {
        switch node.operation {
        case .conditional where isParameter(node): "parameter"
        case .collective(let collective): collective.rawValue
        case .loop(let loop):
            (loop.distribution.isDivided ? "divided loop" : "loop")
                + loop.yields.map { if case .reduction(let op) = $0 { " \(op.symbol)" } else { "" } }.joined()
        default:
            // The word behind the results.
            String(
                Printer.print(node, in: module).split(separator: " = ", maxSplits: node.results.isEmpty ? 0 : 1).last?
                    .prefix { $0.isLetter } ?? "")
        }
    }

    private func color(_ node: Node) -> String? {
        switch Cost(of: node, in: module, Sizes(module, names: [:]))?.costClass {
        case 1: "lightyellow"
        case 2: "orange"
        case 3: "tomato"
        default: nil
        }
    }

    private func placement(_ type: IRType) -> String {
        switch type.placement {
        case .replicated: type.isScalar ? "" : "replicated"
        case .scattered: "scattered"
        case .part(let op): "part(\(op.symbol))"
        case .local: "local"
        case .root: "root"
        }
    }

    private func firstLine(_ node: Node) -> String {
        String(node.span.file.line(node.span.line).drop { $0 == " " })
    }

    private func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private func escaped(_ text: String) -> String {
        text.flatMap { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.map(String.init).joined()
    }
}

import IR
import Language

/// The dataflow of a program as a drawing in Graphviz's language: a box for each source line that handles data, communication in colour,
/// a frame around each loop and condition.
///
/// Before: `%5 = loop divided …`, `%6 = allreduce %5` of the line `let s = sum(x)`. After: one box "4: let s = sum(x)", orange, "allreduce".
struct Graph {
    /// A source line within a frame.
    private struct Place: Hashable {
        var frame: Int
        var line: Int
    }

    private struct Box {
        var text: String
        /// What it sends, in the words of `explain`.
        var messages: [String] = []
        /// 0 sends nothing.
        var costClass = 0
    }

    private struct Arrow: Hashable {
        var from: Place
        var to: Place
    }

    private let module: Module
    private let sizes: Sizes
    private var lines: [String] = []
    private var boxes: [Place: Box] = [:]
    /// The boxes of the frame that is drawn, in the order of their first operations.
    private var order: [Place] = []
    /// The box in which a value is made; none for parameters and plain numbers.
    private var makers: [Value: Place] = [:]
    /// The arrows in their order, and where the arrays lie that travel along them.
    private var arrows: [Arrow] = []
    private var placements: [Arrow: [String]] = [:]
    /// All boxes in the order of the program, one below the other.
    private var column: [Place] = []
    private var frames = 0

    init(_ module: Module) {
        self.module = module
        sizes = Sizes(module, names: [:])
        draw(module.body, frame: 0, indent: "    ")
        for (upper, lower) in zip(column, column.dropFirst()) {
            lines.append("    \(name(upper)) -> \(name(lower)) [style=invis];")
        }
        for arrow in arrows {
            let label = placements[arrow, default: []].joined(separator: ", ")
            lines.append(
                "    \(name(arrow.from)) -> \(name(arrow.to))\(label.isEmpty ? "" : " [label=\(quoted(label))]");")
        }
    }

    /// `dot -Tsvg` draws it, at most as wide as a page.
    var dot: String {
        """
        digraph program {
            size="7.5,1000";
            node [shape=box, style=filled, fillcolor=white, fontname="monospace", fontsize=10];
            edge [fontname="monospace", fontsize=9];
        \(lines.joined(separator: "\n"))
            subgraph cluster_legend {
                label="what it sends"; color=gray;
                legend_1 [label="to neighbours", fillcolor=\(Self.colors[1])];
                legend_2 [label="log P messages", fillcolor=\(Self.colors[2])];
                legend_3 [label="the array", fillcolor=\(Self.colors[3])];
                legend_1 -> legend_2 -> legend_3 [style=invis];
            }
        }

        """
    }

    /// By cost class.
    private static let colors = ["white", "lightyellow", "orange", "tomato"]
    private static let widest = 44

    // MARK: Boxes

    private mutating func draw(_ region: Region, frame: Int, indent: String) {
        let outer = order
        order = []
        var inner: [String] = []
        for node in region.nodes {
            if isHidden(node) { continue }
            switch node.bodies {
            case .counted, .tested, .ways: inner += framed(node, indent)
            case .none, .fallback, .points, .writes, .swept: place(node, frame)
            }
        }
        lines += order.map { box($0, indent) } + inner
        order = outer
    }

    /// A loop or condition as a frame around its lines.
    private mutating func framed(_ node: Node, _ indent: String) -> [String] {
        frames += 1
        let frame = frames
        let outer = lines
        lines = []
        for body in node.regions {
            // What a loop carries comes from around it at first.
            if !node.carried.isEmpty {
                for (argument, value) in zip(body.arguments.suffix(node.carried.count), node.carried) {
                    makers[argument] = makers[value]
                }
            }
            draw(body, frame: frame, indent: indent + "    ")
        }
        // What a loop gives is made in it.
        let yielded = node.regions.last?.yielded ?? []
        for (result, value) in zip(node.results, yielded) { makers[result] = makers[value] }
        let content = lines.isEmpty ? ["\(indent)    empty_\(frame) [style=invis];"] : lines
        lines = outer
        let label = "\(node.span.line): \(text(of: node))"
        return ["\(indent)subgraph cluster_\(frame) {", "\(indent)    label=\(quoted(label)); color=gray;"] + content
            + ["\(indent)}"]
    }

    /// Adds an operation to the box of its line.
    private mutating func place(_ node: Node, _ frame: Int) {
        let place = Place(frame: frame, line: node.span.line)
        if boxes[place] == nil {
            order.append(place)
            column.append(place)
        }
        var box = boxes[place] ?? Box(text: text(of: node))
        if let cost = Cost(of: node, in: module, sizes) {
            if !box.messages.contains(cost.operatorName) { box.messages.append(cost.operatorName) }
            box.costClass = max(box.costClass, cost.costClass)
        }
        boxes[place] = box
        for value in node.freeValues(in: module).sorted() {
            guard let maker = makers[value], maker != place else { continue }
            add(Arrow(from: maker, to: place), placement(module.type(value)))
        }
        for result in node.results { makers[result] = place }
    }

    private mutating func add(_ arrow: Arrow, _ placement: String) {
        if placements[arrow] == nil {
            arrows.append(arrow)
            placements[arrow] = []
        }
        if !placement.isEmpty, placements[arrow]?.contains(placement) == false { placements[arrow]?.append(placement) }
    }

    private func box(_ place: Place, _ indent: String) -> String {
        guard let box = boxes[place] else { return "" }
        let label = (["\(place.line): \(box.text)"] + box.messages).map(escaped).joined(separator: "\\n")
        let color = box.costClass > 0 ? ", fillcolor=\(Self.colors[box.costClass])" : ""
        return "\(indent)\(name(place)) [label=\"\(label)\"\(color)];"
    }

    private func name(_ place: Place) -> String { "line_\(place.line)" + (place.frame > 0 ? "_\(place.frame)" : "") }

    /// Whether it chooses between what the command line says and the default.
    /// What is said where it is used, or shows nothing.
    private func isHidden(_ node: Node) -> Bool {
        if case .constant = node.operation { return true }
        if case .text = node.operation { return true }
        if case .parameterGiven = node.operation { return true }
        return node.operation == .yield || node.operation == .checkShape || node.bodies == .ways && isParameter(node)
    }

    private func isParameter(_ node: Node) -> Bool {
        node.regions.first?.nodes.contains { if case .parameter = $0.operation { true } else { false } } ?? false
    }

    // MARK: Words

    private func placement(_ type: IRType) -> String {
        switch type.placement {
        case .replicated: type.isScalar ? "" : "replicated"
        case .scattered: "scattered"
        case .part(let op): "part(\(op.symbol))"
        case .local: type.isScalar ? "" : "local"
        case .root: "root"
        }
    }

    /// The line without its comment, cut to what a page has room for.
    private func text(of node: Node) -> String {
        var text = node.span.file.line(node.span.line).drop { $0 == " " }
        if let comment = text.lastIndex(of: "#"), !text[comment...].contains("\"") { text = text[..<comment] }
        while text.last == " " || text.last == "{" { text.removeLast() }
        return text.count > Self.widest ? text.prefix(Self.widest - 1) + "…" : String(text)
    }

    private func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private func escaped(_ text: String) -> String {
        text.flatMap { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.map(String.init).joined()
    }
}

import IR
import Source

/// What a loop sends where it does several sweeps at once (`TileSweeps`), read off the local IR.
struct TiledMessages {
    /// By the place of the operation that sends it sweep by sweep.
    private var tiled: [(place: Span, messages: [Message], remark: String)] = []

    init(_ local: Module, _ sizes: (Module) -> Sizes) {
        let sizes = sizes(local)
        local.body.forEachNode { node in
            for body in node.regions {
                guard let sweeps = body.nodes.first(where: { $0.bodies == .swept }) else { continue }
                for inner in body.nodes { note(inner, sweeps, local, sizes) }
            }
        }
    }

    private mutating func note(_ node: Node, _ sweeps: Node, _ local: Module, _ sizes: Sizes) {
        guard case .sweeps(let kind) = sweeps.operation, let cost = Cost(of: node, in: local, sizes) else { return }
        let several = "up to \(kind.most) sweeps of line \(sweeps.span.line)"
        switch node.operation {
        case .exchange:
            let remark =
                "tiled: \(several) follow one such exchange, of \(cost.remarks[0].replacing("rows: ", with: "")), "
                + "where that pays off"
            tiled.append((node.span, cost.messages, remark))
        case .collective(.allreduce):
            let what = kind.reducesEach ? "the parts of \(several) travel in one message" : "of \(several) the last one alone"
            tiled.append((node.span, kind.reducesEach ? cost.messages : [], "tiled: \(what), where that pays off"))
        default: break
        }
    }

    /// Adds to what an operation sends sweep by sweep what it sends otherwise.
    func add(to cost: inout Cost, of node: Node) {
        for (place, messages, remark) in tiled where place.coincides(with: node.span) {
            cost.tiled += messages
            cost.remarks.append(remark)
        }
    }
}

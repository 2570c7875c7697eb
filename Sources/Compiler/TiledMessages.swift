import IR
import Source

/// What a loop sends where it does several sweeps at once (`TileSweeps`), read off the local IR.
struct TiledMessages {
    /// What takes the place of an operation in the body of a loop.
    private struct Entry {
        let loop, place: Span
        let messages: [Message]
        let remark: String
    }

    private var entries: [Entry] = []

    init(_ local: Module, _ sizes: (Module) -> Sizes) {
        let sizes = sizes(local)
        local.body.forEachNode { loop in
            for body in loop.regions {
                guard let sweeps = body.nodes.first(where: { $0.bodies == .swept }) else { continue }
                for node in body.nodes {
                    guard let cost = Cost(of: node, in: local, sizes) else { continue }
                    note(cost, of: node, loop.span, sweeps)
                }
            }
        }
    }

    private mutating func note(_ cost: Cost, of node: Node, _ loop: Span, _ sweeps: Node) {
        guard case .sweeps(let kind) = sweeps.operation else { return }
        let several = "up to \(kind.most) sweeps of line \(sweeps.span.line)"
        var messages = cost.messages
        let what: String
        switch node.sent {
        case .halos:
            let rows = cost.remarks[0].replacing("rows: ", with: "")
            what = "\(several) follow one such exchange, of \(rows)"
        case .collective(.allreduce) where kind.reducesEach:
            what = "the parts of \(several) travel in one message"
        case .collective(.allreduce):
            messages = []
            what = "of \(several) the last one alone"
        case .nothing, .clock, .collective, .array, .loadedFile, .savedFile, .shownLines: return
        }
        entries.append(
            Entry(loop: loop, place: node.span, messages: messages, remark: "tiled: \(what), where that pays off"))
    }

    /// Adds to what an operation in a loop sends sweep by sweep what it sends otherwise.
    func add(to cost: inout Cost, of node: Node, in loop: Node?) {
        guard let loop else { return }
        let entry = entries.first { $0.loop.coincides(with: loop.span) && $0.place.coincides(with: node.span) }
        guard let entry else { return }
        cost.tiled += entry.messages
        cost.remarks.append(entry.remark)
    }
}

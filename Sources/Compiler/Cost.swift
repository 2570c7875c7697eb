import IR
import Language

/// What one operation of the distributed IR sends.
struct Cost {
    /// The language's word for it: `allreduce`.
    var operatorName: String
    /// 0 sends nothing, 1 goes to neighbours, 2 costs log P, 3 moves volume.
    var costClass: Int
    /// In the order in which they are sent.
    var messages: [Message]
    /// What is sent instead where several sweeps are done at once.
    var tiled: [Message] = []
    var remarks: [String] = []
    var allMessages: [Message] { messages + tiled }

    /// nil: the operation sends nothing.
    init?(of node: Node, in module: Module, _ sizes: Sizes) {
        let value = node.operands.first.map { module.type($0) }
        switch node.sent {
        case .nothing: return nil
        case .collective(let collective):
            guard let value else { return nil }
            self.init(collective, node, value, module, sizes)
        case .array(let operation):
            self.init(operation, node, module, sizes)
        case .halos(let halos): self.init(halos, node, module, sizes)
        case .clock:
            self.init(
                "clock()", 2, [Message(kind: .bcast, bytes: .exactly(.number(8)))],
                ["every rank takes rank 0's clock, so that all of them have one value"])
        case .loadedFile(let order):
            guard let array = node.results.first.map({ module.type($0) }) else { return nil }
            let kind = sizes.text(of: node.path).flatMap(FileKind.init(path:))
            self.init(loading: array, from: kind, sizes)
            addExchange(of: array, order, kind, sizes)
        case .savedFile(let order):
            guard let value else { return nil }
            let kind = sizes.text(of: node.path).flatMap(FileKind.init(path:))
            self.init(saving: value, in: kind, sizes)
            addExchange(of: value, order, kind, sizes)
        case .shownLines:
            self.init(
                "show", 3, [.allgather(8), Message(kind: .gather, bytes: .exactly(.symbol("(text of the lines)")))],
                ["rank 0 collects and prints a line of every rank"])
        }
    }

    init(_ operatorName: String, _ costClass: Int, _ messages: [Message], _ remarks: [String] = []) {
        (self.operatorName, self.costClass) = (operatorName, costClass)
        (self.messages, self.remarks) = (messages, remarks)
    }

    private init?(_ collective: Collective, _ node: Node, _ value: IRType, _ module: Module, _ sizes: Sizes) {
        // A slice of what every rank holds already.
        if collective == .scatter && value.placement != .root { return nil }
        let whole = Amount.exactly(sizes.bytes(of: value))
        let messages: [Message] =
            switch collective {
            case .scatter: [Message(kind: .scatter, bytes: whole)]
            case .gather: [Message(kind: .gather, bytes: whole)]
            case .allgather: [Message(kind: .allgather, bytes: whole)]
            case .bcast: [Message(kind: .bcast, bytes: whole)]
            case .reduce: PartMessages(node, module, sizes).messages(collecting: .gather)
            case .allreduce: PartMessages(node, module, sizes).messages(collecting: .allgather)
            case .reduceScatter: PartMessages(node, module, sizes).messages(collecting: nil)
            }
        self.init(collective.rawValue, collective.costClass, messages)
    }
}

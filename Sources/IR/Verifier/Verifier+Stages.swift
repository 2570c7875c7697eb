import Language

/// Every operation belongs to its stages.
extension Verifier {
    mutating func checkStage(_ node: Node) {
        if !node.operation.stages.contains(module.stage) {
            return fault("no operation of the \(module.stage.rawValue) stage", node)
        }
        if case .loop(let loop) = node.operation, module.stage == .local, loop.yields.contains(.element) {
            fault("a loop of the local stage writes its elements", node)
        }
        if case .neighbour(let read) = node.operation, module.stage == .distributed,
            halos[node.operands[0]]?.serves(read) != true
        {
            fault("a neighbour's element that no exchange has brought", node)
        }
    }
}

extension Operation {
    /// Whether it computes numbers from numbers, the same on every rank.
    var isOfNumbers: Bool {
        switch self {
        case .constant, .scalar, .convert, .conditional, .forLoop, .whileLoop, .yield: true
        default: false
        }
    }

    /// Where the operation may stand.
    var stages: Set<Stage> {
        switch self {
        case .element, .neighbour, .update, .keyedContribution: [.global, .distributed]
        case .exchange: [.distributed, .local]
        case .allocate, .retain, .release, .unshare, .reuse, .leafRows, .read, .write, .accumulate, .checkIndex,
            .checkAhead, .startExchange, .finishExchange:
            [.local]
        case .constant, .scalar, .convert, .parameter, .parameterGiven, .text, .compose, .rank, .ranks, .clock,
            .conditional,
            .forLoop, .whileLoop, .yield, .loop, .assemble, .array, .ownBlock, .owned, .collective, .fold, .loadFile,
            .saveFile, .argument, .result, .print, .show, .assertion, .checkExtent, .checkShape:
            Set(Stage.allCases)
        }
    }
}

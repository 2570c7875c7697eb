import Language

/// What all ranks have together has one size, and is made, cut and sent alike: nothing that says how is `local` or known on
/// rank 0 alone. With the rule that nothing communicates where ranks part (`Verifier.swift`), collectives match in order, type and count.
extension Verifier {
    /// Extents of arrays that are not a rank's own.
    mutating func checkExtents(of value: Value, _ node: Node?) {
        guard module.types.indices.contains(value.id), module.type(value).placement != .local else { return }
        for extent in module.type(value).dimensions where isVisible(extent) && !isShared(extent) {
            faults.append(
                IRFault("%\(value.id) has the extent %\(extent.id), which not all ranks know alike", at: node?.span))
        }
    }

    mutating func checkSharedUpdate(_ node: Node) {
        guard module.stage != .local, node.results.contains(where: { isTogether($0) }) else { return }
        requireShared(IterationSpace(of: node)?.operands ?? [], "an update runs over", node)
        let rank = module.type(node.base).dimensions.count
        let yielded = node.regions.first?.yielded ?? []
        let indices = (yielded.prefix(rank) + yielded.dropFirst(rank + 1)).filter(isKnown)
        requireShared(Array(indices), "an update writes at", node)
    }

    mutating func checkSharedOperands(_ operation: ArrayOperation, _ node: Node) {
        let meets = node.operands.contains { module.type($0).placement.isDivided }
        guard meets, operation.kind != .gather, !operation.isInspector else { return }
        requireShared(node.operands, "an operation on a divided array takes", node)
    }

    mutating func checkSharedExtents(_ node: Node) { requireShared(node.extents, "a file is read by", node) }

    mutating func checkArgument(_ node: Node) { requireShared(node.extents, "an argument is asked for", node) }

    mutating func checkSaved(_ node: Node) {
        if module.type(node.value).placement == .local || module.type(node.path).placement == .local {
            fault("a rank's own value is saved", node)
        }
    }

    mutating func checkChosenText(_ node: Node) {
        if !isShared(node.condition), node.results.contains(where: { module.type($0) == .text }) {
            fault("a text that differs between ranks", node)
        }
    }

    mutating func requireShared(_ values: [Value], _ what: String, _ node: Node) {
        guard let value = values.first(where: { !isShared($0) }) else { return }
        fault("\(what) %\(value.id), which not all ranks know alike", node)
    }

    private func isKnown(_ value: Value) -> Bool { module.types.indices.contains(value.id) }

    private func isShared(_ value: Value) -> Bool {
        let placement = module.type(value).placement
        return placement != .local && placement != .root
    }

    private func isTogether(_ value: Value) -> Bool { isKnown(value) && module.type(value).placement != .local }
}

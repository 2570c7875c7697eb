/// Every operation belongs to its stages.
extension Verifier {
    mutating func checkStage(_ node: Node) {
        if !node.operation.row.stages.contains(Stages(module.stage)) {
            fault("no operation of the \(module.stage.rawValue) stage", node)
        }
    }

    /// What a neighbour's element is read of is there.
    mutating func checkHalo(_ read: Neighbour, _ node: Node) {
        if module.stage == .distributed, halos[node.array]?.serves(read) != true {
            fault("a neighbour's element that no exchange has brought", node)
        }
    }
}

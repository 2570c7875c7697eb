import IR

// Which loops tell the runtime how far they have come: those that no other loop is around, and that run loops over arrays or communicate. What
// counts numbers one by one would notice a call in each turn; it also is over soon.

extension Module {
    /// The loops, by `Node.loopKey`.
    var reportingLoops: Set<Value> {
        var found: Set<Value> = []
        func visit(_ region: Region) {
            for node in region.nodes {
                if let key = node.loopKey, node.regions.contains(where: \.worksOnArrays) { found.insert(key) }
                if node.bodies == .ways { node.regions.forEach(visit) }
            }
        }
        visit(body)
        return found
    }

    /// The loops that neither run loops over arrays nor communicate, if no such loop is around them.
    var loopsOverNumbers: Set<Value> {
        var found: Set<Value> = []
        func visit(_ region: Region) {
            for node in region.nodes {
                let isOverNumbers = !node.regions.contains(where: \.worksOnArrays)
                if let key = node.loopKey, isOverNumbers {
                    found.insert(key)
                } else if node.loopKey != nil || node.bodies == .ways {
                    node.regions.forEach(visit)
                }
            }
        }
        visit(body)
        return found
    }
}

extension Region {
    fileprivate var worksOnArrays: Bool {
        nodes.contains { node in
            if case .loop = node.operation { return true }
            return node.regions.isEmpty ? node.takesTime : node.regions.contains(where: \.worksOnArrays)
        }
    }
}

extension Node {
    /// A value that only this loop defines: the index, or what decides about the next turn.
    var loopKey: Value? {
        switch bodies {
        case .counted: regions[0].arguments.first
        case .tested: regions[0].nodes.first?.results.first ?? regions[0].arguments.first
        case .none, .ways, .fallback, .points, .writes, .swept: nil
        }
    }
}

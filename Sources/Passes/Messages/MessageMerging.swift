import IR

/// Makes one node of several of a kind that communicate, in every region.
///
/// The later one moves up with what it needs, unless that depends on the earlier one's result; or the earlier one moves down,
/// unless its result is needed before.
enum MessageMerging {
    private static let candidateLimit = 8

    static func run(_ module: inout Module, where isCandidate: (Node) -> Bool) {
        var body = module.body
        body.rewriteRegions { region in
            region.nodes = merge(region.nodes, in: module, where: isCandidate)
        }
        module.body = body
    }

    private static func merge(_ nodes: [Node], in module: Module, where isCandidate: (Node) -> Bool) -> [Node] {
        let messages = nodes.indices.filter { isCandidate(nodes[$0]) }
        guard messages.count > 1 else { return nodes }
        var schedule = RegionSchedule(nodes, in: module)
        var kept: [Int] = []
        for later in messages {
            var isGone = false
            for earlier in kept.reversed().prefix(candidateLimit) {
                let needed = schedule.items[later].free
                if schedule.mayMoveUp(later, before: earlier),
                    let chain = schedule.moves(toKnow: needed, before: earlier)
                {
                    schedule.move(chain, before: earlier)
                    schedule.merge(later, into: earlier, as: merged(earlier, later, schedule), module)
                    isGone = true
                    break
                }
                if schedule.mayMoveDown(earlier, to: later) {
                    schedule.merge(earlier, into: later, as: merged(earlier, later, schedule), module)
                    kept.removeAll { $0 == earlier }
                }
            }
            if !isGone { kept.append(later) }
        }
        return schedule.nodes
    }

    private static func merged(_ earlier: Int, _ later: Int, _ schedule: RegionSchedule) -> Node {
        var node = schedule.items[earlier].node
        let other = schedule.items[later].node
        if case .exchange(let halos) = node.operation, case .exchange(let more) = other.operation {
            node.operation = .exchange(halos + more)
        }
        node.operands += other.operands
        node.results += other.results
        node.absorbOrigins(of: other)
        return node
    }
}

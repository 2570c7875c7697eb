import IR

/// Sends several reductions in one message.
///
///     %a: f64 = allreduce %p               %a: f64, %b: f64 = allreduce %p, %q
///     %b: f64 = allreduce %q          →
///
/// The later one moves up with what it needs, unless that depends on the earlier one's result; or the earlier one moves down,
/// unless its result is needed before.
enum MergeReductions: Transformation {
    static let summary = "Send independent allreduces as one message."

    static func run(_ module: inout Module) {
        var body = module.body
        body.rewriteRegions { region in
            region.nodes = merge(region.nodes, in: module)
        }
        module.body = body
    }

    private static let candidateLimit = 8

    private static func merge(_ nodes: [Node], in module: Module) -> [Node] {
        let reductions = nodes.indices.filter { nodes[$0].operation == .collective(.allreduce) }
        guard reductions.count > 1 else { return nodes }
        var schedule = RegionSchedule(nodes, in: module)
        var kept: [Int] = []
        for later in reductions {
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
        node.operands += other.operands
        node.results += other.results
        node.absorbOrigins(of: other)
        return node
    }
}

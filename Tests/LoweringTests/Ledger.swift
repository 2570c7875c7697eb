import IR

/// Follows the references that each region owns, in the order in which it runs.
struct Ledger {
    let module: Module
    var mistakes: [String] = []

    init(module: Module) { self.module = module }

    /// `borrowed` by regions around are not in the account, unless retained here.
    mutating func check(_ region: Region, owning: [Value], givesAway: Bool) {
        var account: [Value: Int] = [:]
        for value in owning where isCounted(value) { account[value, default: 0] += 1 }
        func take(_ value: Value, _ what: String) {
            guard isCounted(value) else { return }
            account[value, default: 0] -= 1
            if account[value, default: 0] < 0 { mistakes.append("%\(value.id) is not owned at \(what)") }
        }
        for node in region.nodes {
            for value in node.operands where account[value] == 0 {
                mistakes.append("%\(value.id) is used after its last reference is gone")
            }
            switch node.operation {
            case .retain: account[node.operands[0], default: 0] += 1
            case .release: take(node.operands[0], "release")
            case .forLoop: for value in node.operands.dropFirst(3) { take(value, "for") }
            case .whileLoop, .unshare, .reuse, .ownBlock:
                for value in node.operands { take(value, "\(node.operation)") }
            case .yield where givesAway: for value in node.operands { take(value, "yield") }
            default: break
            }
            for (index, body) in node.regions.enumerated() { check(body, of: node, index) }
            for result in node.results where isCounted(result) { account[result, default: 0] += 1 }
            // A minloc part is one object, owned by its first result.
            if case .loop(let loop) = node.operation {
                for second in loop.secondResults(node) { account[second] = nil }
            }
        }
        for (value, count) in account where count != 0 { mistakes.append("%\(value.id) ends with \(count)") }
    }

    private mutating func check(_ body: Region, of node: Node, _ index: Int) {
        switch node.operation {
        case .conditional: check(body, owning: [], givesAway: true)
        case .forLoop: check(body, owning: body.arguments, givesAway: true)
        case .whileLoop: check(body, owning: index == 0 ? [] : body.arguments, givesAway: index == 1)
        default: check(body, owning: [], givesAway: false)
        }
    }

    private func isCounted(_ value: Value) -> Bool {
        let type = module.type(value)
        return type.element != nil && (!type.isScalar || type.placement.isPart)
    }
}

extension Loop {
    /// The index parts of minloc and maxloc.
    fileprivate func secondResults(_ node: Node) -> [Value] {
        var position = 0
        return yields.compactMap { yield in
            defer { position += yield.arity }
            return yield.arity == 2 ? node.results[position + 1] : nil
        }
    }
}

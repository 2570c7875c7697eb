/// Local stage: every reference is given away or released once, and nothing is used afterwards (see `Loop`, "references").
///
///     %a: f64[%n] = allocate           %a owns a reference
///     %b: f64[%n] = unshare %a         %b owns it; %a must not be used any more
///     release %b                       nobody does
///
/// A region answers for what it defines. What is defined around it is only borrowed: it may be used, but to give it away takes a
/// `retain` in the region. The loop, or the sweeps, behind a `reuse` may still read what that took.
struct OwnershipCheck {
    let module: Module
    /// What is wrong, with the node that does it.
    var mistakes: [(message: String, node: Node)] = []
    /// By id: whether a value may own a reference.
    private let isOwned: [Bool]

    init(_ module: Module) {
        self.module = module
        isOwned = module.types.map(\.isOwned)
    }

    /// The references of a region.
    private struct Account {
        /// 0: the region has no reference of the value.
        var counts: [Value: Int] = [:]
        /// What the region answers for; the rest is borrowed, and stays when what was retained of it here has been given away.
        var own: Set<Value> = []
        /// What the next loop may still read though it is gone.
        var lent: [Value] = []

        mutating func add(_ value: Value) {
            counts[value] = 1
            own.insert(value)
        }
    }

    /// `owned`: the region's arguments that come with a reference. `givesAway`: whether its `yield` hands references on.
    mutating func check(_ region: Region, owned: [Value] = [], givesAway: Bool = false) {
        var account = Account()
        for value in owned where isOwned[value.id] { account.add(value) }
        for node in region.nodes {
            if let value = node.operands.first(where: { isGone($0, account) }) { useAfter(value, node) }
            move(node, givesAway, &account)
            if !node.regions.isEmpty { checkBodies(of: node, &account) }
            for result in module.ownedResults(of: node) { account.add(result) }
        }
        guard let last = region.nodes.last else { return }
        for (value, count) in account.counts.sorted(by: { $0.key < $1.key }) where count > 0 {
            mistakes.append(("%\(value.id) is neither given away nor released", last))
        }
    }

    private func isGone(_ value: Value, _ account: Account) -> Bool {
        isOwned[value.id] && account.counts[value] == 0 && account.own.contains(value) && !account.lent.contains(value)
    }

    private mutating func useAfter(_ value: Value, _ node: Node) {
        mistakes.append(("%\(value.id) is used after its last reference is gone", node))
    }

    /// The references that the node itself makes and takes.
    private mutating func move(_ node: Node, _ givesAway: Bool, _ account: inout Account) {
        if node.operation == .retain { account.counts[node.array, default: 0] += 1 }
        let given = node.operation == .yield && givesAway ? node.values : node.taken
        for value in given where isOwned[value.id] {
            if account.counts[value, default: 0] == 0 {
                mistakes.append(("%\(value.id) is given away or released without a reference", node))
            } else {
                account.counts[value, default: 0] -= 1
            }
        }
        if node.operation == .reuse { account.lent += given }
    }

    /// What is gone is not used in bodies either.
    private mutating func checkBodies(of node: Node, _ account: inout Account) {
        for (index, body) in node.regions.enumerated() {
            if let value = body.firstUse(where: { isGone($0, account) }) { useAfter(value, node) }
            switch node.bodies {
            case .ways, .swept: check(body, givesAway: true)
            case .counted: check(body, owned: body.arguments, givesAway: true)
            case .tested where index == 1: check(body, owned: body.arguments, givesAway: true)
            case .none, .fallback, .tested, .points, .writes: check(body)
            }
        }
        if node.bodies == .swept { account.lent = [] }
        if case .points = node.bodies { account.lent = [] }
    }
}

extension Verifier {
    mutating func checkReferences(in region: Region) {
        var check = OwnershipCheck(module)
        check.check(region)
        for mistake in check.mistakes { fault(mistake.message, mistake.node) }
    }
}

extension Region {
    fileprivate func firstUse(where isWanted: (Value) -> Bool) -> Value? {
        for node in nodes {
            if let used = node.operands.first(where: isWanted) { return used }
            for region in node.regions {
                if let used = region.firstUse(where: isWanted) { return used }
            }
        }
        return nil
    }
}

extension Module {
    /// The results of a node that own a reference (local stage). A part of several numbers is one object, owned by its first result.
    public func ownedResults(of node: Node) -> [Value] {
        guard case .loop(let loop) = node.operation else { return node.results.filter { type($0).isOwned } }
        var position = 0
        return loop.yields.flatMap { yield in
            defer { position += yield.arity }
            let own = node.results[position..<position + yield.arity]
            return type(own[position]).placement.isPart ? Array(own.prefix(1)) : own.filter { type($0).isOwned }
        }
    }
}

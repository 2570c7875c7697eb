import IR

/// The nodes of one region, to be put into another order without breaking a dependence: what fusion of loops and merging of
/// messages share.
///
/// Every node stands at a position; moving it gives it another one, and the nodes are put in order at the end. Nodes that have an
/// effect never move.
struct RegionSchedule {
    struct Item {
        var node: Node
        /// The values from outside that it needs.
        var free: Set<Value>
        var effects: Effects
        fileprivate var position: Position
        /// Whether it was merged into another.
        var isGone = false
    }

    /// The place among the region's original nodes, then the place among those that were moved in front of that one.
    struct Position: Comparable {
        var slot: Int
        var rank: Int
        static func < (a: Position, b: Position) -> Bool { (a.slot, a.rank) < (b.slot, b.rank) }
    }

    private(set) var items: [Item]
    private var definers: [Value: Int] = [:]
    private var users: [Value: Set<Int>] = [:]
    /// How many nodes with an effect, checks and readings of the clock stand before each slot.
    private var effectsBefore: [Int] = [0]
    private var checksBefore: [Int] = [0]
    private var clocksBefore: [Int] = [0]
    private var moves = 0

    init(_ nodes: [Node], in module: Module) {
        items = nodes.enumerated().map { slot, node in
            Item(
                node: node, free: node.freeValues(in: module), effects: node.effects(in: module),
                position: Position(slot: slot, rank: .max))
        }
        for (index, item) in items.enumerated() {
            for result in item.node.results { definers[result] = index }
            for value in item.free { users[value, default: []].insert(index) }
            effectsBefore.append(effectsBefore[index] + (item.effects.contains(.ordered) ? 1 : 0))
            checksBefore.append(checksBefore[index] + (item.effects.contains(.checks) ? 1 : 0))
            clocksBefore.append(clocksBefore[index] + (item.effects.contains(.times) ? 1 : 0))
        }
    }

    /// The nodes in their new order.
    var nodes: [Node] {
        items.filter { !$0.isGone }.sorted { $0.position < $1.position }.map(\.node)
    }

    // MARK: Questions

    /// The nodes that must move in front of `target` so that `values` are known there; nil when that cannot be.
    func moves(toKnow values: some Sequence<Value>, before target: Int) -> [Int]? {
        var chain: Set<Int> = []
        var pending = Array(values)
        while let value = pending.popLast() {
            guard let definer = definers[value], !(items[definer].position < items[target].position),
                !chain.contains(definer)
            else { continue }
            guard definer != target, chain.count < 64, mayMoveUp(definer, before: target) else { return nil }
            chain.insert(definer)
            pending += items[definer].free
        }
        if !chain.isEmpty, items[target].position.rank != .max { return nil }
        return chain.sorted { items[$0].position < items[$1].position }
    }

    /// Whether the effects that stand between let the node run in front of `target`, the data permitting.
    func mayMoveUp(_ index: Int, before target: Int) -> Bool {
        let (from, to) = (items[target].position.slot, items[index].position.slot)
        guard mayCross(index, from, to) else { return false }
        return !items[index].effects.contains(.readsElements) || checksBefore[to] == checksBefore[from]
    }

    /// Whether the node may run before or after what stands between the two slots.
    private func mayCross(_ index: Int, _ from: Int, _ to: Int) -> Bool {
        let item = items[index]
        if item.effects.contains(.ordered) { return false }
        if item.effects.contains(.mayFail), effectsBefore[to] > effectsBefore[from] { return false }
        return !item.node.takesTime || clocksBefore[to] == clocksBefore[from]
    }

    /// Whether the node may run at the place of `target`, which stands later: no one between needs its results.
    func mayMoveDown(_ index: Int, to target: Int) -> Bool {
        let item = items[index]
        guard mayCross(index, item.position.slot, items[target].position.slot) else { return false }
        return item.node.results.allSatisfy { result in
            users[result, default: []].allSatisfy { user in
                user == target || !(items[user].position < items[target].position)
            }
        }
    }

    // MARK: Changes

    /// Moves the nodes, in the order given, in front of `target`.
    mutating func move(_ chain: [Int], before target: Int) {
        for index in chain {
            items[index].position = Position(slot: items[target].position.slot, rank: moves)
            moves += 1
        }
    }

    /// `node` stands for both items from now on, at the place of the second.
    mutating func merge(_ gone: Int, into kept: Int, as node: Node, _ module: Module) {
        for index in [gone, kept] {
            for value in items[index].free { users[value]?.remove(index) }
        }
        items[gone].isGone = true
        items[kept].node = node
        items[kept].effects.formUnion(items[gone].effects)
        items[kept].free = node.freeValues(in: module)
        for value in items[kept].free { users[value, default: []].insert(kept) }
        for result in node.results { definers[result] = kept }
    }
}

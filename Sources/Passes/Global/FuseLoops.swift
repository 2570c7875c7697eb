import IR

/// Makes one loop of loops over the same indices.
///
///     %a: f64[/%n] = loop (%i in 0..%n) yields element { … yield %x }
///     %s: f64 = loop (%j in 0..%n) yields reduction(+) { %y = element %a[%j]; … yield %y }
///     →
///     %a: f64[/%n], %s: f64 = loop (%i in 0..%n) yields element, reduction(+) { … yield %x, %x }
///
/// A loop joins an earlier one over the same space when it reads what that one makes only at its own indices (the value is then
/// at hand), or reads an array that the earlier one reads too (and nothing that it makes). The later loop moves up or the earlier one down; what has an effect stays where it is. An array that no
/// one else reads loses its place in memory with the next `RemoveDeadCode`.
enum FuseLoops: Transformation {
    static let summary = "Make single loops of elementwise chains, reductions and neighbours over the same indices."

    static func run(_ module: inout Module) {
        var body = module.body
        body.rewriteRegions { region in
            region.nodes = fuse(region.nodes, in: module)
        }
        module.body = body
    }

    /// How many earlier loops over the same space are tried, and how many results a fused loop may have.
    private static let candidateLimit = 8
    private static let yieldLimit = 32

    private static func fuse(_ nodes: [Node], in module: Module) -> [Node] {
        var schedule = RegionSchedule(nodes, in: module)
        var loops: [IterationSpace: [Int]] = [:]
        for later in nodes.indices {
            guard case .loop = nodes[later].operation, let space = IterationSpace(of: nodes[later]) else { continue }
            var earlier = loops[space, default: []].suffix(candidateLimit)
            var isGone = false
            for candidate in inOrderOfPreference(earlier, for: later, schedule) {
                switch fuse(candidate, later, &schedule, module) {
                case .up: isGone = true
                case .down: earlier.removeAll { $0 == candidate }
                case nil: continue
                }
                if isGone { break }
            }
            if !isGone { earlier.append(later) }
            loops[space] = Array(earlier)
        }
        return schedule.nodes
    }

    /// Whether one pass over the data saves reading something twice. Else one loop would only keep more arrays alive at once.
    private static func shareArrays(
        _ first: RegionSchedule.Item, _ second: RegionSchedule.Item, _ module: Module
    ) -> Bool {
        second.free.contains { value in
            !module.type(value).isScalar && (first.free.contains(value) || first.node.results.contains(value))
        }
    }

    /// Loops that make what this one reads come first, then the earliest: it is the one that least depends on others.
    private static func inOrderOfPreference(
        _ earlier: ArraySlice<Int>, for later: Int, _ schedule: RegionSchedule
    ) -> [Int] {
        let free = schedule.items[later].free
        let feeds = { (loop: Int) in schedule.items[loop].node.results.contains(where: free.contains) }
        return earlier.filter(feeds) + earlier.filter { !feeds($0) }
    }

    private enum Direction { case up, down }

    /// Fuses two loops if that may be; where the fused loop then stands.
    private static func fuse(
        _ earlier: Int, _ later: Int, _ schedule: inout RegionSchedule, _ module: Module
    ) -> Direction? {
        let (first, second) = (schedule.items[earlier], schedule.items[later])
        guard shareArrays(first, second, module), let fused = LoopPair(first.node, second.node, module)?.fused(),
            case .loop(let loop) = fused.operation, loop.yields.count <= yieldLimit
        else { return nil }
        let needed = second.free.subtracting(first.node.results)
        if schedule.mayMoveUp(later, before: earlier), let chain = schedule.moves(toKnow: needed, before: earlier) {
            schedule.move(chain, before: earlier)
            schedule.merge(later, into: earlier, as: fused, module)
            return .up
        }
        if schedule.mayMoveDown(earlier, to: later) {
            schedule.merge(earlier, into: later, as: fused, module)
            return .down
        }
        return nil
    }
}

/// Two loops over one space, and the one that does the work of both.
private struct LoopPair {
    let first, second: Node
    let module: Module
    /// The first loop's arrays that the second reads, and the value that is at hand for each.
    private let produced: [Value: Value]

    /// nil when the second needs a result of the first other than as an element at its own indices.
    init?(_ first: Node, _ second: Node, _ module: Module) {
        self.first = first
        self.second = second
        self.module = module
        // What rank 0 alone computes is not computed with what all do.
        guard case .loop(let loop) = first.operation, first.isOnRoot(module) == second.isOnRoot(module) else {
            return nil
        }
        produced = Dictionary(
            uniqueKeysWithValues: loop.elementYields.map { (first.results[$0], first.regions[0].yielded[$0]) })
        let results = Set(first.results)
        let body = second.regions[0]
        guard !second.operands.contains(where: results.contains), onlyOwnElements(body, body.arguments, results) else {
            return nil
        }
    }

    private func onlyOwnElements(_ region: Region, _ indices: [Value], _ results: Set<Value>) -> Bool {
        region.nodes.allSatisfy { node in
            isOwnElement(node, indices)
                || !node.operands.contains(where: results.contains)
                    && node.regions.allSatisfy { onlyOwnElements($0, indices, results) }
        }
    }

    /// An element at the loop's own indices that the first loop has just computed.
    private func isOwnElement(_ node: Node, _ indices: [Value]) -> Bool {
        guard case .element = node.operation, let value = produced[node.array] else { return false }
        return node.indices == indices
            && module.type(value).flows(into: module.type(node.results[0]))
    }

    func fused() -> Node? {
        guard case .loop(var loop) = first.operation, case .loop(let other) = second.operation else { return nil }
        let indices = first.regions[0].arguments
        var substitution = Substitution()
        let inside = withoutOwnElements(second.regions[0], second.regions[0].arguments, &substitution)
        substitution.replace(second.regions[0].arguments, by: indices)
        var body = inside
        substitution.apply(to: &body)
        loop.yields += other.yields
        loop.places = Places(first.yieldPlaces + second.yieldPlaces)
        let nodes = first.regions[0].nodes.dropLast() + body.nodes.dropLast()
        let yield = Node(
            .yield, first.regions[0].yielded + body.yielded, results: [], first.span)
        var fused = Node(
            .loop(loop), first.operands, regions: [Region(arguments: indices, nodes: nodes + [yield])],
            results: first.results + second.results, first.span)
        fused.absorbOrigins(of: second)
        fused.merged.spans += first.merged.spans
        return fused
    }

    private func withoutOwnElements(
        _ region: Region, _ indices: [Value], _ substitution: inout Substitution
    ) -> Region {
        var result = region
        result.nodes = []
        for var node in region.nodes {
            if isOwnElement(node, indices), let value = produced[node.array] {
                substitution.replace(node.results, by: [value])
                continue
            }
            for index in node.regions.indices {
                node.regions[index] = withoutOwnElements(node.regions[index], indices, &substitution)
            }
            result.nodes.append(node)
        }
        return result
    }
}

extension Loop {
    /// The results that are arrays over the loop's indices, by their places among the results.
    var elementYields: [Int] {
        var places: [Int] = []
        var place = 0
        for yield in yields {
            if yield == .element { places.append(place) }
            place += yield.arity
        }
        return places
    }
}

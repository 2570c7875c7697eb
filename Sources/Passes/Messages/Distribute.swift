import IR
import Language

/// Global → distributed: makes the combination of every divided reduction explicit.
///
///     %s: f64 = loop [i in 0..%n by 1 of %n] { … yield %x } (reduction +)
///
/// becomes
///
///     %p: part(+) f64 = loop [i in 0..%n by 1 of %n] { … yield %x } (reduction +)
///     %s: f64 = collective allreduce %p
///
/// One message for all the reductions of a loop. Reads at an offset along a divided axis get their halo exchanges (HaloPlacement.swift).
/// What else communicates is explicit already.
public struct Distribute: Sendable {
    public init() {}

    public func run(_ module: Module) throws -> Module {
        var module = module
        var body = module.body
        body.rewriteRegions { region in
            region.nodes = region.nodes.flatMap { combined($0, in: &module) }
        }
        module.body = body
        module.stage = .distributed
        return HaloPlacement(module).placed()
    }

    /// The loop with parts for results, and the allreduce that gives the old results; any other node as it is.
    private func combined(_ node: Node, in module: inout Module) -> [Node] {
        guard case .loop(let loop) = node.operation, loop.distribution.isDivided else { return [node] }
        var distributed = node
        var parts: [Value] = []
        var totals: [Value] = []
        var position = 0
        var first: Int?
        for (index, yield) in loop.yields.enumerated() {
            let results = position..<position + yield.arity
            position += yield.arity
            guard case .reduction(let op) = yield else { continue }
            for result in results where !module.type(node.results[result]).placement.isPart {
                let part = module.newValue(module.type(node.results[result]).with(placement: .part(op)))
                totals.append(node.results[result])
                parts.append(part)
                distributed.results[result] = part
                first = first ?? index
            }
        }
        if parts.isEmpty { return [node] }
        // The message stands where the first reduction that it carries was written.
        let place = first.map { node.yieldPlaces[$0] } ?? node.span
        var total = Node(.collective(.allreduce), parts, results: totals, place)
        total.merged = node.merged
        return [distributed, total]
    }
}

import IR
import Language

/// Builds an array where it will lie, instead of whole on every rank.
///
///     %a: f64[%n] = loop (%i in 0..%n) yields element { … }           %b: f64[/%n] = loop (%i in 0..%n) divided 0 of %n
///     %b: f64[/%n] = scatter %a                                    →      yields element { … }
///
/// When the whole array has other uses too, it stays, and the body runs once more for the scattered one, if it is short.
enum PlaceScatteredLoops: Transformation {
    static let summary = "Build scattered arrays in place instead of cutting up whole ones."

    static func run(_ module: inout Module) {
        let uses = module.useCounts()
        var substitution = Substitution()
        var body = module.body
        body.rewriteRegions { region in
            place(in: &region, uses, &module, &substitution)
        }
        module.body = body
        module.apply(substitution)
    }

    private static func place(
        in region: inout Region, _ uses: [Int], _ module: inout Module, _ substitution: inout Substitution
    ) {
        var makers: [Value: Int] = [:]
        var nodes: [Node] = []
        for node in region.nodes {
            guard node.operation == .collective(.scatter), let maker = makers[node.values[0]] else {
                for value in node.results where node.makesWholeArrays && !node.isOnRoot(module) {
                    makers[value] = nodes.count
                }
                nodes.append(node)
                continue
            }
            let array = node.values[0]
            if nodes[maker].results == [array], uses[array.id] == 1 {
                nodes[maker] = divided(nodes[maker], result: node.results[0], module)
            } else if let only = nodes[maker].making(array), uses[array.id] == 1 || only.isShort {
                var copy = divided(module.clone(only), result: node.results[0], module)
                copy.absorbOrigins(of: node)
                nodes.append(copy)
            } else {
                nodes.append(node)
            }
        }
        region.nodes = nodes
    }

    /// The loop over this rank's share of the result.
    private static func divided(_ node: Node, result: Value, _ module: Module) -> Node {
        guard case .loop(var loop) = node.operation, let space = IterationSpace(of: node) else { return node }
        loop.distribution = module.type(result).placement.distribution
        let extents = loop.distribution.dividedAxes.map { space.ranges[$0].upper }
        var node = node
        node.operation = .loop(loop)
        node.operands = IterationSpace(space.ranges, loop.distribution, of: extents).operands
        node.results = [result]
        return node
    }
}

extension Node {
    fileprivate var makesWholeArrays: Bool {
        guard case .loop(let loop) = operation else { return false }
        return !loop.distribution.isDivided && loop.axes > 0
    }

    /// The loop with that array as its only result; nil when the array is no array of elements.
    fileprivate func making(_ array: Value) -> Node? {
        guard case .loop(var loop) = operation,
            let place = loop.elementYields.first(where: { results[$0] == array }),
            let yield = loop.yieldIndex(ofResult: place)
        else { return nil }
        var node = self
        loop.yields = [.element]
        loop.places = Places([yieldPlaces[yield]])
        node.operation = .loop(loop)
        node.results = [array]
        if let last = node.regions[0].nodes.indices.last {
            node.regions[0].nodes[last].operands = [regions[0].yielded[place]]
        }
        return node
    }

    /// Whether computing it twice is nothing to speak of.
    fileprivate var isShort: Bool {
        regions.allSatisfy { $0.nodes.count <= 16 && $0.nodes.allSatisfy(\.regions.isEmpty) }
    }
}

extension Module {
    fileprivate mutating func clone(_ node: Node) -> Node {
        var substitution = Substitution()
        return clone(node, &substitution)
    }
}

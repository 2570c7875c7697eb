import IR

/// Puts in the halo exchanges: one for each array that is read at offsets along its divided axis, wide enough for all of these reads.
///
///     %v: f64[/%n] = loop (%i in …) … { %x = neighbour(-1) %u[%j]; … }
///
/// becomes
///
///     %e: f64[/%n] = exchange(1 0) %u
///     %v: f64[/%n] = loop (%i in …) … { %x = neighbour(-1) %e[%j]; … }
///
/// An array never changes, so one exchange serves all that follow it. It stands before the first reader, outside of sequential loops
/// around that one in which the array is not made anew, but never outside a condition that the reader depends on.
struct HaloPlacement {
    private var module: Module
    /// What all reads of an array need together.
    private let halos: [Value: Halo]

    init(_ module: Module) {
        self.module = module
        var halos: [Value: Halo] = [:]
        module.body.forEachNode { node in
            guard case .neighbour(let read) = node.operation else { return }
            halos[node.array, default: Halo(for: read)].formUnion(Halo(for: read))
        }
        self.halos = halos
    }

    consuming func placed() -> Module {
        if halos.isEmpty { return module }
        var body = module.body
        place(in: &body, [:])
        module.body = body
        return module
    }

    /// `exchanged`: what stands for the arrays whose exchange has been made.
    private mutating func place(in region: inout Region, _ exchanged: [Value: Value]) {
        var exchanged = exchanged
        var nodes: [Node] = []
        for var node in region.nodes {
            for (array, reader) in needs(of: node).sorted(by: { $0.key < $1.key }) where exchanged[array] == nil {
                guard let halo = halos[array] else { continue }
                let result = module.newValue(module.type(array))
                nodes.append(Node(.exchange([halo]), [array], results: [result], reader.span))
                exchanged[array] = result
            }
            if node.isDataParallel {
                for index in node.regions.indices {
                    node.regions[index].rewriteNodes { inner in
                        guard case .neighbour = inner.operation, let array = exchanged[inner.array] else {
                            return
                        }
                        inner.array = array
                    }
                }
            } else {
                for index in node.regions.indices { place(in: &node.regions[index], exchanged) }
            }
            nodes.append(node)
        }
        region.nodes = nodes
    }

    /// The arrays from outside that a node surely reads at offsets if it runs, each with its first reader.
    private func needs(of node: Node) -> [Value: Node] {
        var found: [Value: Node] = [:]
        switch node.bodies {
        case .points, .writes:
            for region in node.regions {
                region.forEachNode { inner in
                    guard case .neighbour = inner.operation, found[inner.array] == nil else { return }
                    found[inner.array] = inner
                }
            }
        case .counted, .tested:
            for inner in node.regions.flatMap(\.nodes) { found.merge(needs(of: inner)) { first, _ in first } }
            node.forEachDefinition { found[$0] = nil }
        case .none, .ways, .fallback, .swept: break
        }
        return found
    }
}

extension Node {
    fileprivate var isDataParallel: Bool {
        switch bodies {
        case .points, .writes: true
        case .none, .ways, .fallback, .counted, .tested, .swept: false
        }
    }
}

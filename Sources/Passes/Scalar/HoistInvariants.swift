import IR

/// Moves out of a body what is the same each time it runs.
///
///     for (%t: i64 in …) with (%x: f64[/%n] = %x0) {       %a: f64[/%n] = loop (…) … { … exp … }
///         %a: f64[/%n] = loop (…) … { … exp … }       →    for (%t: i64 in …) with (%x: f64[/%n] = %x0) {
///         …                                                    …
///     }                                                    }
///
/// Sequential loops, whole data-parallel loops inside them, and numbers inside data-parallel loops. The body may run not at
/// all, so only what cannot fail is moved, and nothing that communicates but inspectors, which are there to be run once (a loop with
/// messages in its body is entered by all ranks or by none); reads of elements only when no check stands before them.
/// A body that reads the clock keeps its loops: they are what it times.
/// Constants leave conditionals too.
enum HoistInvariants: Transformation {
    static let summary = "Move what does not change out of loops."

    static func run(_ module: inout Module) {
        var hoister = Hoister(module: module)
        hoister.visit(&module.body, depth: 0)
    }
}

private struct Hoister {
    let module: Module
    /// By id: how many bodies a value's definition stands in.
    private var depths: [Int]

    init(module: Module) {
        self.module = module
        depths = Array(repeating: 0, count: module.types.count)
    }

    mutating func visit(_ region: inout Region, depth: Int) {
        for argument in region.arguments { depths[argument.id] = depth }
        var result: [Node] = []
        for var node in region.nodes {
            for index in node.regions.indices { visit(&node.regions[index], depth: depth + 1) }
            let hoisted = hoist(from: &node, depth: depth)
            for other in hoisted {
                for value in other.results { depths[value.id] = depth }
            }
            for value in node.results { depths[value.id] = depth }
            result += hoisted
            result.append(node)
        }
        region.nodes = result
    }

    /// Takes the invariant nodes out of the bodies of a node that stands at that depth.
    private mutating func hoist(from node: inout Node, depth: Int) -> [Node] {
        var hoisted: [Node] = []
        let mayRunOften = node.runsBodiesOften
        let isTimed = node.effects(in: module).contains(.times)
        var sawCheck = false
        for index in node.regions.indices {
            var kept: [Node] = []
            for inner in node.regions[index].nodes {
                let effects = inner.effects(in: module)
                let isSafe =
                    (effects.isSpeculable || inner.isInspector) && !(sawCheck && effects.contains(.readsElements))
                    && !(isTimed && inner.takesTime)
                if inner.operation != .yield, isSafe, mayRunOften || inner.isConstant,
                    inner.freeValues(in: module).allSatisfy({ depths[$0.id] <= depth })
                {
                    for result in inner.results { depths[result.id] = depth }
                    hoisted.append(inner)
                } else {
                    sawCheck = sawCheck || effects.contains(.checks)
                    kept.append(inner)
                }
            }
            node.regions[index].nodes = kept
        }
        return hoisted
    }
}

extension Node {
    fileprivate var runsBodiesOften: Bool {
        switch bodies {
        case .counted, .tested, .points, .writes, .swept: true
        case .none, .ways, .fallback: false
        }
    }

    fileprivate var isInspector: Bool {
        if case .array(let operation) = operation { operation.isInspector } else { false }
    }

    fileprivate var isConstant: Bool { if case .constant = operation { true } else { false } }
}

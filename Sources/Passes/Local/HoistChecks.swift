import IR
import Language

/// Tests once, before a loop, that the indices which its body checks stay in range, so that the body need not look.
///
///     loop (%i in %a..%b) {              %ok = … 0 <= %a - 1 and %b - 2 < %n, or %a >= %b …
///         %k = subtract %i, %one         checkAhead %ok { loop (%i in %a..%b) { %k = …; checkIndex 0 %k, %n } }
///         checkIndex 0 %k, %n       →    loop (%i in %a..%b) {
///         read %x[%k]                        read %x[%k]
///     }                                  }
///
/// The test may be stricter than the checks (`IndexRanges`). Where it fails, `checkAhead` runs the checks alone, in the order of the loop, and
/// reports the first that fails as the loop would have done. It may find none: an index that a condition protects. Checks of what
/// only the data knows, `x[idx[i]]`, stay.
enum HoistChecks: Transformation {
    static let summary = "Test before a loop that its indices stay in range."

    static func run(_ module: inout Module) throws {
        var hoister = Hoister(builder: Builder(extending: module), constants: module.integerConstants)
        let body = try hoister.visited(module.body)
        module = hoister.builder.module
        module.body = body
    }
}

private struct Hoister {
    var builder: Builder
    let constants: [Value: Int]

    mutating func visited(_ region: Region) throws -> Region {
        var result = region
        result.nodes = []
        for var node in region.nodes {
            if node.isPlainLoop, node.hasChecks { result.nodes += try ahead(of: &node) }
            for index in node.regions.indices { node.regions[index] = try visited(node.regions[index]) }
            result.nodes.append(node)
        }
        return result
    }

    /// Takes out of the loop the checks that can be tested before it; gives the nodes that do.
    private mutating func ahead(of loop: inout Node) throws -> [Node] {
        builder.span = loop.span
        _ = builder.beginRegion()
        var tests = CheckTests(ranges: IndexRanges(builder.handedOver(), inside: loop, constants: constants))
        try tests.visit(loop)
        builder = tests.ranges.builder.handedOver()
        var test: Value?
        for own in tests.tests.compactMap({ $0 }) { test = try test.map { try builder.scalar(.and, $0, own) } ?? own }
        var nodes = try builder.endRegion().nodes
        guard let test else { return [] }
        nodes[nodes.count - 1] = Node(.checkAhead, [test], regions: [checksAlone(of: loop)], results: [], loop.span)
        var moved = tests.tests.map { $0 != nil }[...]
        loop.removeNodes { $0.isCheck && (moved.popFirst() ?? false) }
        return nodes
    }

    /// The loop without what it leaves behind: only its failures show.
    private mutating func checksAlone(of loop: Node) -> Region {
        var loop = loop
        if case .loop(var shape) = loop.operation, let space = IterationSpace(of: loop) {
            shape.yields = []
            loop.operation = .loop(shape)
            loop.operands = space.operands
            loop.results = []
            let last = loop.regions[0].nodes.count - 1
            loop.regions[0].nodes[last].operands = []
            loop.regions[0].arguments = Array(loop.regions[0].arguments.prefix(shape.axes))
        }
        var own: Set<Value> = []
        loop.forEachDefinition { own.insert($0) }
        loop.removeNodes { node in !node.written.isEmpty && own.isDisjoint(with: node.written) }
        return Region(nodes: [builder.clone(loop), Node(.yield, [], results: [], loop.span)])
    }
}

/// The test of every check in a loop, in the order of the text; nil where there is none.
private struct CheckTests {
    var ranges: IndexRanges
    var tests: [Value?] = []

    mutating func visit(_ node: Node) throws {
        if node.isCheck { return tests.append(try ranges.isInside(node.index, extent: node.extent)) }
        switch node.bodies {
        case .ways:
            for (region, truth) in zip(node.regions, [true, false]) {
                let outer = ranges.scope
                try ranges.assume(node.condition, is: truth)
                try visit(region)
                ranges.scope = outer
            }
        case .points, .counted:
            let outer = ranges.scope
            try ranges.enter(node)
            try visit(node.regions[0])
            ranges.scope = outer
        case .none, .fallback, .tested, .writes, .swept:
            for region in node.regions { try visit(region) }
        }
    }

    private mutating func visit(_ region: Region) throws {
        for node in region.nodes { try visit(node) }
    }
}

extension Node {
    fileprivate var isCheck: Bool { if case .checkIndex = operation { true } else { false } }

    fileprivate var hasChecks: Bool {
        regions.contains { region in region.nodes.contains { $0.isCheck || $0.hasChecks } }
    }

    /// A data-parallel loop, or a sequential one that computes numbers and does nothing else: it may be run twice.
    fileprivate var isPlainLoop: Bool {
        switch bodies {
        case .points: true
        case .counted: regions[0].nodes.allSatisfy(\.isRepeatable)
        case .none, .ways, .fallback, .tested, .writes, .swept: false
        }
    }

    /// Asked of every node inside, in the order of the text.
    fileprivate mutating func removeNodes(where isUnwanted: (Node) -> Bool) {
        for index in regions.indices {
            var kept: [Node] = []
            for var node in regions[index].nodes where !isUnwanted(node) {
                node.removeNodes(where: isUnwanted)
                kept.append(node)
            }
            regions[index].nodes = kept
        }
    }
}

import IR
import Language

/// Computes the elements of an array where they are read, when they are a short formula of their indices.
///
///     %a: f64[/%n] = loop (%i in 0..%n) … yields element {          …
///         %x: f64 = convert f64 %i
///         yield %x
///     }                                                        →
///     %s: f64 = loop (%j in 0..%n) … yields reduction(+) {          %s: f64 = loop (%j in 0..%n) … yields reduction(+) {
///         %y: f64 = element %a[%j]                                      %y: f64 = convert f64 %j
///         yield %y                                                      yield %y
///     }                                                             }
///
/// `zeros_like`, `arange` and the like then cost no memory; an array that is also needed whole is made for that alone.
enum InlineFormulas: Transformation {
    static let summary = "Compute elements that are short formulas of their indices where they are read."

    static func run(_ module: inout Module) {
        var inliner = Inliner(module: module)
        let body = inliner.inlined(module.body)
        module = inliner.module
        module.body = body
        module.apply(inliner.substitution)
    }
}

/// What an element is, as nodes that compute it from the indices.
private struct Formula {
    var indices: [Value]
    var nodes: [Node]
    var value: Value

    private static let lengthLimit = 6

    /// nil when the value takes more than a few simple operations, or reads an array.
    init?(of value: Value, in body: Region) {
        indices = body.arguments
        nodes = []
        self.value = value
        var needed: Set<Value> = [value]
        for node in body.nodes.reversed() where node.results.contains(where: needed.contains) {
            guard node.isLight, nodes.count < Formula.lengthLimit else { return nil }
            nodes.append(node)
            needed.formUnion(node.operands)
        }
        nodes.reverse()
    }
}

private struct Inliner {
    var module: Module
    var substitution = Substitution()
    private var formulas: [Value: Formula] = [:]

    init(module: Module) { self.module = module }

    mutating func inlined(_ region: Region) -> Region {
        var result = region
        result.nodes = []
        for var node in region.nodes {
            if let (nodes, value) = expansion(of: node) {
                result.nodes += nodes
                substitution.replace(node.results, by: [value])
                continue
            }
            for index in node.regions.indices { node.regions[index] = inlined(node.regions[index]) }
            remember(node)
            result.nodes.append(node)
        }
        return result
    }

    private mutating func remember(_ node: Node) {
        guard case .loop(let loop) = node.operation else { return }
        for place in loop.elementYields {
            // What was inlined into this body stands under other names now.
            var body = node.regions[0]
            substitution.apply(to: &body)
            formulas[node.results[place]] = Formula(of: body.yielded[place], in: body)
        }
    }

    /// The nodes that compute what an `element` reads; nil when that is no formula, or the index must be checked.
    private mutating func expansion(of node: Node) -> ([Node], Value)? {
        guard node.operation == .element(.proved), let formula = formulas[node.array],
            zip(node.indices, formula.indices).allSatisfy({ module.type($0) == module.type($1) })
        else { return nil }
        var names = Substitution()
        names.replace(formula.indices, by: node.indices)
        let nodes = formula.nodes.map { original in
            var copy = module.clone(original, &names)
            copy.span = node.span
            return copy
        }
        let value = names[formula.value]
        return module.type(value).flows(into: module.type(node.results[0])) ? (nodes, value) : nil
    }
}

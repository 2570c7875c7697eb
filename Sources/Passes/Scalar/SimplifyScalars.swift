import IR
import Language

/// Computes what is known and drops what changes nothing.
///
///     %2: i64 = add %0, %1         →    %2: i64 = constant i64 5        where %0 is 2 and %1 is 3
///     %3: f64 = multiply %x, %one  →    %x
///     %4 = if %true { … } else { … }  → the first body
///     %5 = for (… in %0..%0 …)     →    what it begins with
///     checkAhead %true { … }       →    nothing
///
/// Floats are computed as the program would (`ConstantFolding`); x + 0.0 stays, because -0.0 + 0.0 is 0.0.
enum SimplifyScalars: Transformation {
    static let summary = "Compute what is known at compile time and drop operations that change nothing."

    static func run(_ module: inout Module) {
        var simplifier = Simplifier(types: module.types)
        let nodes = simplifier.simplified(module.body.nodes)
        module.body.nodes = nodes
        module.apply(simplifier.substitution)
    }
}

private struct Simplifier {
    let types: [IRType]
    var substitution = Substitution()
    private var constants: [Value: Constant] = [:]

    init(types: [IRType]) { self.types = types }

    mutating func simplified(_ nodes: [Node]) -> [Node] {
        var result: [Node] = []
        for node in nodes { add(node, to: &result) }
        return result
    }

    private mutating func add(_ node: Node, to result: inout [Node]) {
        var node = node
        for index in node.operands.indices { node.operands[index] = substitution[node.operands[index]] }
        if let body = chosenBody(of: node) {
            result += simplified(Array(body.nodes.dropLast()))
            substitution.replace(node.results, by: body.yielded)
            return
        }
        for index in node.regions.indices {
            node.regions[index].nodes = simplified(node.regions[index].nodes)
        }
        if node.operation == .checkAhead, constants[node.condition] == .bool(true) { return }
        if node.operation == .checkShape, isPossible(node.extents) { return }
        if let same = unchanged(node) {
            substitution.replace(node.results, by: same)
            return
        }
        if let constant = folded(node) {
            node.operation = .constant(constant)
            node.operands = []
        }
        if case .constant(let constant) = node.operation, let value = node.results.first {
            constants[value] = constant
        }
        result.append(node)
    }

    /// Whether the extents are known, and those of an array.
    private func isPossible(_ extents: [Value]) -> Bool {
        let known = extents.compactMap { value in
            if case .integer(let extent, _) = constants[value] { Int(extent) } else { nil }
        }
        guard known.count == extents.count, case .count = Shape.verdict(known) else { return false }
        return true
    }

    /// The body that a conditional on a known condition runs.
    private func chosenBody(of node: Node) -> Region? {
        guard node.operation == .conditional, node.regions.count == 2,
            case .bool(let truth) = constants[node.condition]
        else { return nil }
        return node.regions[truth ? 0 : 1]
    }

    private func folded(_ node: Node) -> Constant? {
        let operands = node.operands.compactMap { constants[$0] }
        guard !operands.isEmpty, operands.count == node.operands.count else { return nil }
        if case .scalar(let op) = node.operation { return ConstantFolding.fold(op, operands) }
        if case .convert(let target) = node.operation { return ConstantFolding.convert(operands[0], to: target) }
        return nil
    }

    /// The values that the node's results are, when it computes nothing.
    private func unchanged(_ node: Node) -> [Value]? {
        if case .scalar(let op) = node.operation { return unchangedOperand(op, node.values).map { [$0] } }
        if case .convert(let target) = node.operation {
            return types[node.value.id].element == target ? [node.value] : nil
        }
        guard node.bodies == .counted, case .integer(let lower, _) = constants[node.range.lower],
            case .integer(let upper, _) = constants[node.range.upper], lower >= upper
        else { return nil }
        return node.carried
    }

    private func unchangedOperand(_ op: ScalarOperator, _ x: [Value]) -> Value? {
        let known = x.map { constants[$0] }
        func isNumber(_ index: Int, _ number: Int) -> Bool { known[index]?.isNumber(number) ?? false }
        let isInteger = x.first.flatMap { types[$0.id].element?.isInteger } ?? false
        switch op {
        case .add where isInteger && isNumber(1, 0): return x[0]
        case .add where isInteger && isNumber(0, 0): return x[1]
        case .subtract where isInteger && isNumber(1, 0): return x[0]
        case .multiply where isNumber(1, 1): return x[0]
        case .multiply where isNumber(0, 1): return x[1]
        case .divide where isNumber(1, 1), .floorDivide where isInteger && isNumber(1, 1): return x[0]
        case .and where known[1] == .bool(true), .or where known[1] == .bool(false): return x[0]
        case .and where x[0] == x[1], .or where x[0] == x[1]: return x[0]
        case .and where known[0] == .bool(true), .or where known[0] == .bool(false): return x[1]
        case .select:
            if case .bool(let truth) = known[0] { return x[truth ? 1 : 2] }
            return x[1] == x[2] ? x[1] : nil
        case .min where isInteger && x[0] == x[1], .max where isInteger && x[0] == x[1]: return x[0]
        default: return nil
        }
    }
}

import IR
import Language

/// Whether a loop's body can run on 8 neighbours of the innermost index at once.
///
/// It can when what it writes or accumulates into are different elements for different lanes. Conditions are no hindrance: both
/// sides run, each on its own lanes. A loop inside runs for one lane after the other (`SerialLanes.swift`), which pays when the
/// rest of the body calls math functions.
struct LaneAnalysis {
    fileprivate let module: Module
    fileprivate var shapes: [Value: Shape]
    fileprivate var callsMath = false
    fileprivate var hasLoop = false

    static func canUseLanes(_ body: Region, innermost: Value, _ module: Module) -> Bool {
        var analysis = LaneAnalysis(module: module, shapes: [innermost: .linear])
        return analysis.accepts(body, isMasked: false) && (!analysis.hasLoop || analysis.callsMath)
    }

    /// What is defined outside the body is the same on all lanes.
    private func shape(_ value: Value) -> Shape { shapes[value] ?? .uniform }

    private mutating func accepts(_ region: Region, isMasked: Bool) -> Bool {
        region.nodes.allSatisfy { accepts($0, isMasked: isMasked) }
    }

    private mutating func accepts(_ node: Node, isMasked: Bool) -> Bool {
        let operands = node.operands.map(shape)
        switch node.operation {
        case .constant, .rank, .ranks, .yield, .checkIndex: return true
        case .scalar(let op):
            let element = module.type(node.operands[op == .select ? 1 : 0]).element ?? .bool
            shapes[node.results[0]] = Shape.of(op, element, operands)
            if element.isFloat, MathFunction(op) != nil { callsMath = true }
            return true
        case .convert(let element):
            shapes[node.results[0]] = operands[0] == .linear && element != .i64 ? .varying : operands[0]
            return true
        case .read:
            shapes[node.results[0]] = operands[1] == .uniform && !isMasked ? .uniform : .varying
            return true
        case .leafRows: return operands.allSatisfy { $0 == .uniform }
        case .write: return operands[1] != .uniform
        case .accumulate: return operands[1] == .linear
        case .conditional:
            let accepted = accepts(node.regions[0], isMasked: true) && accepts(node.regions[1], isMasked: true)
            for result in node.results { shapes[result] = .varying }
            return accepted && node.results.allSatisfy { module.type($0).isScalar }
        case .loop, .forLoop, .whileLoop:
            hasLoop = true
            for result in node.results { shapes[result] = .varying }
            return node.results.allSatisfy { module.type($0).isScalar }
        default: return false
        }
    }
}

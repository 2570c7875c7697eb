import IR
import Language

/// Whether a loop's body can run on 8 neighbours of the innermost index at once.
///
/// It can when what it writes or accumulates into are different elements for different lanes. Conditions are no hindrance: both
/// sides run, each on its own lanes. A loop inside runs for one lane after the other (`SerialLanes.swift`), which pays when the
/// rest of the body calls math functions. Where several things may fail, the lanes that failed are run again one by one to find the
/// first failure (`LoopNest.emitChunk`); so no failure may stand behind what changes an array.
struct LaneAnalysis {
    fileprivate let module: Module
    fileprivate var shapes: [Value: Shape]
    fileprivate var callsMath = false
    fileprivate var hasLoop = false
    fileprivate var writes = false
    fileprivate var failsAfterWrite = false
    private var failures = 0

    static func canUseLanes(_ body: Region, innermost: Value, _ module: Module) -> Bool {
        var analysis = LaneAnalysis(module: module, shapes: [innermost: .linear])
        return analysis.accepts(body, isMasked: false) && (!analysis.hasLoop || analysis.callsMath)
            && !(analysis.failsAfterWrite && analysis.failures > 1)
    }

    /// Whether lanes may fail at different places of the body.
    static func hasSeveralFailures(_ body: Region, _ module: Module) -> Bool {
        var analysis = LaneAnalysis(module: module, shapes: [:])
        _ = analysis.accepts(body, isMasked: false)
        return analysis.failures > 1
    }

    private mutating func noteFailure() {
        failures += 1
        if writes { failsAfterWrite = true }
    }

    /// What is defined outside the body is the same on all lanes.
    private func shape(_ value: Value) -> Shape { shapes[value] ?? .uniform }

    private mutating func accepts(_ region: Region, isMasked: Bool) -> Bool {
        region.nodes.allSatisfy { accepts($0, isMasked: isMasked) }
    }

    private mutating func accepts(_ node: Node, isMasked: Bool) -> Bool {
        let operands = node.operands.map(shape)
        switch node.operation {
        case .constant, .rank, .ranks, .yield: return true
        case .checkIndex:
            noteFailure()
            return true
        case .scalar(let op):
            let element = module.type(node.operands[op == .select ? 1 : 0]).element ?? .bool
            shapes[node.results[0]] = Shape.of(op, element, operands)
            if element.isFloat, MathFunction(op) != nil { callsMath = true }
            if op.canFail(element) { noteFailure() }
            return true
        case .convert(let element):
            shapes[node.results[0]] = operands[0] == .linear && element != .i64 ? .varying : operands[0]
            return true
        case .read:
            shapes[node.results[0]] = operands[1] == .uniform && !isMasked ? .uniform : .varying
            return true
        case .leafRows: return operands.allSatisfy { $0 == .uniform }
        case .write:
            writes = true
            return operands[1] != .uniform
        case .accumulate:
            writes = true
            return operands[1] == .linear
        case .conditional:
            let accepted = accepts(node.regions[0], isMasked: true) && accepts(node.regions[1], isMasked: true)
            for result in node.results { shapes[result] = .varying }
            return accepted && node.results.allSatisfy { module.type($0).isScalar }
        case .loop, .forLoop, .whileLoop, .checkAhead:
            hasLoop = true
            for result in node.results { shapes[result] = .varying }
            for region in node.regions {
                region.forEachNode { if $0.effects(in: module).contains(.mayFail) || $0.isCheck { noteFailure() } }
            }
            return node.results.allSatisfy { module.type($0).isScalar }
        default: return false
        }
    }
}

extension Node {
    fileprivate var isCheck: Bool { if case .checkIndex = operation { true } else { false } }
}

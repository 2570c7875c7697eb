import Language

/// What running a node can do beyond computing its results: what passes may do with it follows.
///
/// | a node that | may be merged | deleted | hoisted out of a body | moved over an effect |
/// | --- | --- | --- | --- | --- |
/// | is pure | yes | yes | yes | yes |
/// | reads elements | yes | yes | yes | not up over a check: the check may be what proves the index |
/// | communicates | yes | yes | only if the body surely runs; never into or out of a conditional | yes |
/// | may fail | yes | no | no | no |
/// | has an effect | no | no | no | no |
/// | touches memory | no | no | no | no |
public struct Effects: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Reads elements of arrays: safe where its checks have passed.
    public static let readsElements = Effects(rawValue: 1)
    public static let communicates = Effects(rawValue: 2)
    /// A check of its own, a division of integers, or a loop that may not end.
    public static let mayFail = Effects(rawValue: 4)
    /// Shows outside, or stops the program unless a condition holds: keeps its place among its like.
    public static let ordered = Effects(rawValue: 8)
    /// A check on which later reads may rely.
    public static let checks = Effects(rawValue: 16)
    /// Reads or writes storage (local stage): keeps its place.
    public static let touchesMemory = Effects(rawValue: 32)
    /// Reads the clock: loops and messages are not moved over it, or it would time something else.
    public static let times = Effects(rawValue: 64)

    /// Whether equal nodes have equal results, so that one may stand for both.
    public var isMergeable: Bool { isDisjoint(with: [.ordered, .touchesMemory]) }
    /// Whether an unused node may go.
    public var isDeletable: Bool { isDisjoint(with: [.ordered, .mayFail, .touchesMemory]) }
    /// Whether it may run where it might not have run: only time is lost.
    public var isSpeculable: Bool { isSubset(of: [.readsElements]) }
}

extension Node {
    /// The effects of the node and of what its bodies do.
    public func effects(in module: Module) -> Effects {
        var effects = ownEffects(in: module)
        if !module.operators.isEmpty, combinesByFailing(in: module) { effects.formUnion(.mayFail) }
        for region in regions {
            for node in region.nodes { effects.formUnion(node.effects(in: module)) }
        }
        return effects
    }

    /// Whether an operator of the program's own that the node combines by can fail.
    private func combinesByFailing(in module: Module) -> Bool {
        var used: [Int] = []
        func note(_ op: ReductionOperator) { if case .user(let op) = op { used.append(op.id) } }
        switch operation {
        case .loop(let loop):
            for case .reduction(let op) in loop.yields { note(op) }
        case .accumulate(let op): note(op)
        case .collective, .fold:
            for operand in operands { if case .part(let op) = module.type(operand).placement { note(op) } }
        case .array(let operation) where [.scan, .exscan].contains(operation.kind):
            used.append(operation.attributes[0] - ReductionOperator.builtin.count)
        default: break
        }
        return used.contains { id in
            module.operators.indices.contains(id)
                && module.operators[id].combination.nodes.contains { $0.effects(in: module).contains(.mayFail) }
        }
    }

    /// Whether it is worth timing: a loop, a message or an operation on whole arrays.
    public var takesTime: Bool {
        switch operation {
        case .collective, .exchange, .startExchange, .finishExchange, .array: true
        default: !regions.isEmpty
        }
    }

    private func ownEffects(in module: Module) -> Effects {
        // Arrays and parts of the local stage are owned: each result is released once.
        if module.stage == .local, results.contains(where: { module.type($0).isOwned }) {
            return [.touchesMemory, operationEffects(in: module)]
        }
        return operationEffects(in: module)
    }

    private func operationEffects(in module: Module) -> Effects {
        switch operation {
        // Arrays are made after the test of their extents.
        case .loop(let loop) where loop.yields.contains(.element): .readsElements
        case .constant, .convert, .parameter, .parameterGiven, .text, .rank, .ranks, .conditional, .forLoop, .yield,
            .loop, .assemble, .ownBlock, .owned, .leafRows, .fold, .checkAhead:
            []
        case .scalar(let op):
            op.canFail(operands.first.flatMap { module.type($0).element } ?? .f64) ? .mayFail : []
        case .keyedContribution: .mayFail
        // It may never end.
        case .whileLoop: .mayFail
        case .element(.proved), .update(_, _, .proved): .readsElements
        case .element(.checked), .update(_, _, .checked): [.readsElements, .mayFail]
        case .neighbour(let read): read.bounds == .proved ? .readsElements : [.readsElements, .mayFail]
        case .exchange: module.stage == .local ? [.communicates, .touchesMemory] : .communicates
        case .startExchange, .finishExchange: [.communicates, .touchesMemory]
        case .collective(.scatter): module.scatterEffects(operands)
        case .collective: .communicates
        case .array(let operation): module.arrayEffects(operation, operands)
        // Two readings differ.
        case .clock: [.communicates, .ordered, .times]
        case .print, .show, .loadFile, .saveFile: [.communicates, .ordered]
        // The caller may have cut them otherwise.
        case .argument:
            results.contains { module.type($0).placement.dividedAxis != nil } ? [.communicates, .ordered] : .ordered
        case .result:
            operands.contains { module.type($0).placement.dividedAxis != nil } ? [.communicates, .ordered] : .ordered
        case .compose: .ordered
        case .assertion, .checkExtent, .checkIndex: [.ordered, .checks]
        case .checkShape: [.mayFail, .checks]
        case .allocate, .retain, .release, .unshare, .reuse, .read, .write, .accumulate: .touchesMemory
        }
    }
}

extension Module {
    /// Ranks meet over what is divided; what one rank holds whole it works on alone.
    fileprivate func arrayEffects(_ operation: ArrayOperation, _ operands: [Value]) -> Effects {
        let meets = operation.isInspector || operands.contains { type($0).placement.dividedAxis != nil }
        return [meets ? .communicates : [], operation.canFail ? .mayFail : []]
    }

    /// Scattering a replicated array is taking a slice; only from rank 0 does it send.
    fileprivate func scatterEffects(_ operands: [Value]) -> Effects {
        operands.contains { type($0).placement == .root } ? .communicates : []
    }
}

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
        let ofParts = operands.compactMap { value -> Int? in
            if case .part(.user(let op)) = module.type(value).placement { op.id } else { nil }
        }
        return (operation.row.userOperators + ofParts).contains { id in
            module.operators.indices.contains(id)
                && module.operators[id].combination.nodes.contains { $0.effects(in: module).contains(.mayFail) }
        }
    }

    /// Whether it is worth timing: a loop, a message or an operation on whole arrays.
    public var takesTime: Bool { !regions.isEmpty || operation.row.takesTime }

    private func ownEffects(in module: Module) -> Effects {
        // Arrays and parts of the local stage are owned: each result is released once.
        if module.stage == .local, results.contains(where: { module.type($0).isOwned }) {
            return [.touchesMemory, operationEffects(in: module)]
        }
        return operationEffects(in: module)
    }

    private func operationEffects(in module: Module) -> Effects {
        switch operation.row.effects {
        case .always(let effects): effects
        case .depends(let rule): rule(self, module)
        }
    }

    /// An argument or result of a library's function: the caller may have cut a divided array otherwise.
    func crossesTheBorder(with arrays: [Value], in module: Module) -> Effects {
        arrays.contains { module.type($0).placement.isDivided } ? [.communicates, .ordered] : .ordered
    }

    /// Integer division may fail.
    func divisionEffects(in module: Module) -> Effects {
        guard case .scalar(let op) = operation else { return [] }
        return op.canFail(operands.first.flatMap { module.type($0).element } ?? .f64) ? .mayFail : []
    }
}

extension Module {
    /// Ranks meet over what is divided; what one rank holds whole it works on alone.
    func arrayEffects(_ operation: ArrayOperation, _ operands: [Value]) -> Effects {
        let isShared = !operation.staysOnRanks && operands.contains { type($0).placement.isDivided }
        let meets = operation.isInspector || isShared
        return [meets ? .communicates : [], operation.canFail ? .mayFail : []]
    }

    /// Scattering a replicated array is taking a slice; only from rank 0 does it send.
    func scatterEffects(_ operands: [Value]) -> Effects {
        operands.contains { type($0).placement == .root } ? .communicates : []
    }
}

import IR
import Language

// Whether a row of a sweep is the same on whichever rank it is done.

extension Node {
    /// Whether it is a loop over all rows of divided arrays, the first of which it reads and the second of which it writes, that comes to
    /// the same on all ranks.
    func isSweep(over arrays: [Value], _ halo: Halo, _ module: Module) -> Bool {
        let type = module.type(arrays[0])
        guard case .loop(let loop) = operation, regions.count == 1, let space = IterationSpace(of: self),
            let cut = space.outermostCut, halo.low + halo.high > 0, type == module.type(arrays[1]),
            arrays.allSatisfy({
                module.type($0).dimensions.first == cut.extent && module.type($0).dividedExtents == [cut.extent]
            }),
            effects(in: module).isDisjoint(with: [.ordered, .checks, .communicates]),
            loop.yields.allSatisfy(\.isOfNumbers), results.allSatisfy({ module.type($0).isScalar })
        else { return false }
        let body = regions[0]
        return body.isSameOnAllRanks(arrays: arrays, module)
            && (!halo.wraps || body.usesOnlyAsPlace(body.arguments[0], module))
    }

    /// Whether a turn of the loop may fail; to divide by what is at least 1 does not.
    func mayFail(in module: Module, _ constants: [Value: Int]) -> Bool {
        var positive: Set<Value> = []
        var fails = false
        for body in regions {
            body.forEachNode { node in
                if node.operation == .scalar(.max),
                    node.values.contains(where: { constants[$0].map { $0 > 0 } ?? false })
                {
                    positive.formUnion(node.results)
                }
                if [.scalar(.floorDivide), .scalar(.modulo)].contains(node.operation) {
                    let divisor = node.values[1]
                    if positive.contains(divisor) || constants[divisor].map({ $0 >= 1 }) ?? false { return }
                }
                let failsItself = node.regions.isEmpty || node.bodies == .tested
                fails = fails || failsItself && node.effects(in: module).contains(.mayFail)
            }
        }
        return fails
    }

    /// Whether the node uses a value as the place of an element, or to find one.
    fileprivate func isPlace(_ value: Value, _ module: Module) -> Bool {
        if case .scalar = operation { return results.allSatisfy { module.type($0) == .scalar(.i64, .local) } }
        if operation == .read { return value == index }
        return operation == .write && value == index && value != self.value
    }
}

extension Loop.Yield {
    /// Whether it combines numbers by one of the language's operators.
    fileprivate var isOfNumbers: Bool {
        guard case .reduction(let op) = self else { return false }
        return op.arity == 1 && !op.isUser
    }
}

extension Region {
    /// Whether values that differ from rank to rank say only where elements lie, and divided arrays are none but these.
    fileprivate func isSameOnAllRanks(arrays: [Value], _ module: Module) -> Bool {
        nodes.allSatisfy { node in
            let isKnown = node.operands.allSatisfy { value in
                let placement = module.type(value).placement
                return placement == .replicated || placement == .local || arrays.contains(value)
            }
            return isKnown
                && node.operands.allSatisfy { module.type($0).placement != .local || node.isPlace($0, module) }
                && node.regions.allSatisfy { $0.isSameOnAllRanks(arrays: arrays, module) }
        }
    }

    /// Whether a row says only where elements of divided arrays lie: then one beyond the ends of a periodic array is as good as the row at
    /// the other end.
    fileprivate func usesOnlyAsPlace(_ row: Value, _ module: Module) -> Bool {
        var places: Set<Value> = [row]
        var isUsedOtherwise = false
        forEachNode { node in
            guard !places.isDisjoint(with: node.operands) else { return }
            if [.scalar(.add), .scalar(.subtract), .scalar(.multiply)].contains(node.operation) {
                places.formUnion(node.results)
                return
            }
            let reads = node.operation == .read && module.type(node.array).placement.isDivided
            let writes = node.operation == .write && !places.contains(node.value)
            isUsedOtherwise = isUsedOtherwise || !(reads || writes)
        }
        return !isUsedOtherwise
    }
}

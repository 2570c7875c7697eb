import Language

/// Operands, bodies and result types fit the operation.
extension Verifier {
    mutating func checkTypes(_ node: Node) {
        do {
            let declared = node.results.map(module.type)
            if let inferred = try inference.resultTypes(of: node) {
                guard inferred.count == declared.count else {
                    return fault("\(inferred.count) results expected, not \(declared.count)", node)
                }
                for (a, b) in zip(inferred, declared) where !a.flows(into: b) && !isTotal(a, b, node) {
                    fault("a result should be \(shown(a)), not \(shown(b))", node)
                }
            } else if !declaredTypesFit(node, declared) {
                fault("the declared type does not fit", node)
            }
        } catch {
            return fault(error.message, node)
        }
        checkBodies(node)
        checkDivision(node)
        if !effectOperandsFit(node) { fault("the operands do not fit", node) }
    }

    /// What is divided is so along its first axis.
    private mutating func checkDivision(_ node: Node) {
        let isFirst = node.results.allSatisfy { (module.type($0).placement.dividedAxis ?? 0) == 0 }
        if !isFirst || IterationSpace(of: node)?.divided.map({ $0.axis != 0 }) == true {
            fault("what is divided is so along another axis than its first", node)
        }
    }

    private func shown(_ type: IRType) -> String {
        "\(type.placement) \(type.element?.rawValue ?? "text") of rank \(type.dimensions.count)"
    }

    /// In the global stage a divided reduction may be the total already.
    private func isTotal(_ inferred: IRType, _ declared: IRType, _ node: Node) -> Bool {
        guard module.stage == .global, case .loop = node.operation, inferred.placement.isPart else { return false }
        return inferred.with(placement: .replicated).flows(into: declared)
    }

    // MARK: Declared types

    private func declaredTypesFit(_ node: Node, _ results: [IRType]) -> Bool {
        guard let result = results.first, let element = result.element else { return false }
        let operands = node.operands.map(module.type)
        switch node.operation {
        case .allocate: return operands.isEmpty && results.count == 1
        case .assemble:
            return results.count == 1 && !result.dimensions.isEmpty && operands.allSatisfy(\.isScalar)
                && operands.allSatisfy { $0.element == element }
                && IRType.scalar(element, inference.join(node.operands)).flows(
                    into: .scalar(element, result.placement))
        case .ownBlock:
            guard let base = operands.first, base.placement.dividedAxis != nil else { return false }
            return results.count == 1 && base.with(placement: .local).flows(into: result)
        case .loadFile:
            let rank = result.dimensions.count
            return operands.first == .text && operands.count == 1 + rank
                && operands.dropFirst().allSatisfy { $0 == .scalar(.i64) }
                && results.dropFirst().count == rank && results.dropFirst().allSatisfy { $0 == .scalar(.i64) }
        case .argument:
            let (rank, extents) = (result.dimensions.count, results.dropFirst())
            // A rank's own array has extents of its own.
            let extent = IRType.scalar(.i64, result.placement == .local ? .local : .replicated)
            return operands.count == rank && operands.allSatisfy { $0 == .scalar(.i64) }
                && extents.count == rank && extents.allSatisfy { $0 == extent }
        case .keyedContribution:
            guard results.count == 1, operands.count >= 3, let value = operands.dropLast().last else { return false }
            let keys = operands.dropLast(2)
            return keys.allSatisfy { $0.element == .i64 && $0.isScalar } && value.element == element
                && operands.last?.element == .bool && result.dimensions.count == value.dimensions.count + keys.count
        case .array:
            // Arrays first, then the extents that they name.
            let arrays = results.prefix { !$0.isScalar }
            // A rank's own array has an extent of its own.
            let placement: Placement = arrays.first?.placement == .local ? .local : .replicated
            return !arrays.isEmpty && results.dropFirst(arrays.count).allSatisfy { $0 == .scalar(.i64, placement) }
        default: return false
        }
    }

    // MARK: Bodies

    private mutating func checkBodies(_ node: Node) {
        let regions = node.regions
        switch node.operation {
        case .conditional:
            let results = node.results
            if !regions.allSatisfy({ $0.arguments.isEmpty && flow($0.yielded, into: results) }) {
                fault("the ways do not yield the results", node)
            }
        case .checkAhead:
            if regions.count != 1 || !regions[0].arguments.isEmpty || !regions[0].yielded.isEmpty {
                fault("checks ahead of a loop have one body that yields nothing", node)
            }
        case .forLoop: checkForLoop(node)
        case .whileLoop: checkWhileLoop(node)
        case .loop(let loop):
            guard let space = IterationSpace(of: node), let body = regions.first, regions.count <= 2 else { return }
            let count = space.operands.count + (node.inside == nil ? 0 : 2)
            let expectsLeaves = module.stage == .local && loop.hasReduction
            if node.operands.count != count + (expectsLeaves ? 2 : 0) {
                fault(
                    "a loop has its ranges, its extent and, in the local stage, its leaves and what lies inside as operands",
                    node)
            }
            checkIndices(node, space, body.arguments.prefix(space.ranges.count))
        case .update: checkUpdate(node)
        default:
            if !regions.isEmpty { fault("an operation without bodies has some", node) }
        }
    }

    private func flow(_ values: some Collection<Value>, into targets: some Collection<Value>) -> Bool {
        values.count == targets.count
            && zip(values, targets).allSatisfy { module.type($0).flows(into: module.type($1)) }
    }

    private mutating func checkForLoop(_ node: Node) {
        let arguments = node.regions[0].arguments
        let index = IRType.scalar(.i64, inference.join(Array(node.operands.prefix(3))))
        if !index.flows(into: module.type(arguments[0])) || !module.type(arguments[0]).isScalar {
            fault("the index of a for loop is not what its range makes it", node)
        }
        checkCarried(node, arguments.dropFirst(), node.operands.dropFirst(3))
        if !flow(node.regions[0].yielded, into: arguments.dropFirst()) {
            fault("the body does not yield what is carried", node)
        }
        checkVarying(node, arguments.dropFirst(), inference.join(Array(node.operands.prefix(3))) == .local)
    }

    private mutating func checkWhileLoop(_ node: Node) {
        let (condition, body) = (node.regions[0], node.regions[1])
        checkCarried(node, body.arguments[...], node.operands[...])
        if !flow(body.yielded, into: body.arguments) || !flow(body.arguments, into: condition.arguments)
            || !flow(condition.arguments, into: body.arguments)
        {
            fault("the bodies do not take and yield what is carried", node)
        }
        let test = condition.yielded.map(module.type)
        guard test.count == 1, test[0].element == .bool, test[0].isScalar else {
            return fault("the condition of a while loop yields one bool", node)
        }
        checkVarying(node, body.arguments[...], test[0].placement == .local)
    }

    private mutating func checkCarried(_ node: Node, _ arguments: ArraySlice<Value>, _ initial: ArraySlice<Value>) {
        if !flow(initial, into: arguments) { fault("what is carried does not begin as it goes on", node) }
    }

    /// A loop that runs a different number of times on each rank leaves different values behind.
    private mutating func checkVarying(_ node: Node, _ arguments: ArraySlice<Value>, _ varies: Bool) {
        if varies, !arguments.allSatisfy({ module.type($0).placement == .local }) {
            fault("a loop whose trip count is local carries what is not", node)
        }
    }

    private mutating func checkIndices(_ node: Node, _ space: IterationSpace, _ indices: ArraySlice<Value>) {
        let inferred = inference.indexTypes(space)
        if indices.count != inferred.count
            || !zip(inferred, indices).allSatisfy({ $0.flows(into: module.type($1)) })
        {
            fault("the indices are not what the ranges make them", node)
        }
    }

    private mutating func checkUpdate(_ node: Node) {
        guard let space = IterationSpace(of: node), let body = node.regions.first, node.regions.count == 1,
            node.operands.count == 1 + space.operands.count
        else { return fault("an update has a base, its ranges and one body", node) }
        checkIndices(node, space, body.arguments[...])
        let base = module.type(node.operands[0])
        let yielded = body.yielded.map(module.type)
        let rank = base.dimensions.count
        let types = [ElementType?](repeating: .i64, count: rank) + [base.element, .bool]
        if ![rank + 1, rank + 2].contains(yielded.count)
            || !zip(yielded, types).allSatisfy({ $0.isScalar && $0.element == $1 })
        {
            fault("an update's body yields an index for each axis, then the value, then whether it is written", node)
        }
    }

    // MARK: Operations without results

    private func effectOperandsFit(_ node: Node) -> Bool {
        let types = node.operands.map(module.type)
        func numbers(_ types: some Collection<IRType>, _ element: ElementType? = nil) -> Bool {
            types.allSatisfy { $0.element != nil && $0.isScalar && (element == nil || $0.element == element) }
        }
        func fillHoles(_ types: ArraySlice<IRType>) -> Bool {
            types.allSatisfy { $0 == .text || $0.element != nil && !$0.placement.isPart }
        }
        func isArray(_ index: Int) -> Bool { types.indices.contains(index) && !types[index].isScalar }
        switch node.operation {
        case .print(let pieces): return types.count == pieces.holeCount && fillHoles(types[...])
        case .assertion(let pieces):
            return types.count == 1 + pieces.holeCount && numbers(types.prefix(1), .bool)
                && fillHoles(types.dropFirst())
        case .show:
            guard types.first?.element != nil else { return false }
            return types.count == 1
                ? !types[0].placement.isPart
                : types.count == 2 && !types[0].placement.isPart && types[1].placement.isPart
        case .saveFile: return types.count == 2 && types[0].element != nil && types[1] == .text
        case .result: return types.count == 1 && types[0].element != nil && !types[0].placement.isPart
        case .checkAhead: return types.count == 1 && numbers(types, .bool)
        case .checkShape: return !types.isEmpty && numbers(types, .i64)
        case .checkExtent, .checkIndex: return types.count == 2 && numbers(types, .i64)
        case .retain, .release: return types.count == 1 && types[0].element != nil
        case .accumulate(let op):
            let (arrays, values) = (types.prefix(op.arity), types.suffix(op.arity))
            return types.count == 2 * op.arity + 1 && arrays.indices.allSatisfy(isArray)
                && types[op.arity].element == .i64 && numbers(values)
                && zip(arrays, values).allSatisfy { $0.element == $1.element }
        case .write:
            return types.count == 3 && isArray(0) && types[1].element == .i64
                && numbers(types.dropFirst()) && types[2].element == types[0].element
        default: return true
        }
    }
}

extension [PrintPiece] {
    /// How many operands the text takes.
    public var holeCount: Int {
        reduce(0) { count, piece in
            if case .hole = piece { count + 1 } else { count }
        }
    }
}

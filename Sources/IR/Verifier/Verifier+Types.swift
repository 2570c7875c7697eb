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
            } else if case .declared(let fits) = node.operation.row.types, !fits(inference, node, declared) {
                fault("the declared type does not fit", node)
            }
        } catch {
            return fault(error.message, node)
        }
        checkBodies(node)
        checkDivision(node)
        node.operation.row.check?(&self, node)
    }

    /// Arrays are cut as they are stored, and so are the loops over them.
    private mutating func checkDivision(_ node: Node) {
        let distributions =
            node.results.map { module.type($0).placement.distribution }
            + (IterationSpace(of: node).map { [$0.distribution] } ?? [])
        if !distributions.allSatisfy(\.isStored) {
            fault("what is divided is not so along the axes that are stored first", node)
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

    // MARK: Bodies

    private mutating func checkBodies(_ node: Node) {
        let regions = node.regions
        switch node.bodies {
        case .none: if !regions.isEmpty { fault("an operation without bodies has some", node) }
        case .ways:
            let results = node.results
            if !regions.allSatisfy({ $0.arguments.isEmpty && flow($0.yielded, into: results) }) {
                fault("the ways do not yield the results", node)
            }
        case .fallback:
            if regions.count != 1 || !regions[0].arguments.isEmpty || !regions[0].yielded.isEmpty {
                fault("checks ahead of a loop have one body that yields nothing", node)
            }
        case .counted: checkForLoop(node)
        case .tested: checkWhileLoop(node)
        case .points: checkPoints(node)
        case .writes: checkUpdate(node)
        case .swept: break
        }
    }

    private mutating func checkPoints(_ node: Node) {
        guard let space = IterationSpace(of: node), let body = node.regions.first, node.regions.count <= 2 else {
            return
        }
        checkIndices(node, space, body.arguments.prefix(space.ranges.count))
    }

    /// What a loop's stage asks of it, and that ranks which share it run over the same space.
    mutating func checkLoop(_ loop: Loop, _ node: Node) {
        let isLocal = module.stage == .local
        let around = (isLocal && loop.hasReduction ? 2 : 0) + (node.inside == nil ? 0 : 2)
        if node[all: .around].count != around {
            fault(
                "a loop has its ranges, its extent and, in the local stage, its leaves and what lies inside as operands",
                node)
        }
        if isLocal, loop.yields.contains(.element) { fault("a loop of the local stage writes its elements", node) }
        if !isLocal, loop.distribution.isDivided {
            requireShared(IterationSpace(of: node)?.operands ?? [], "a divided loop runs over", node)
        }
    }

    private func flow(_ values: some Collection<Value>, into targets: some Collection<Value>) -> Bool {
        values.count == targets.count
            && zip(values, targets).allSatisfy { module.type($0).flows(into: module.type($1)) }
    }

    private mutating func checkForLoop(_ node: Node) {
        let arguments = node.regions[0].arguments
        let index = IRType.scalar(.i64, inference.join(node.range.ends))
        if !index.flows(into: module.type(arguments[0])) || !module.type(arguments[0]).isScalar {
            fault("the index of a for loop is not what its range makes it", node)
        }
        checkCarried(node, arguments.dropFirst())
        if !flow(node.regions[0].yielded, into: arguments.dropFirst()) {
            fault("the body does not yield what is carried", node)
        }
        checkVarying(node, arguments.dropFirst(), inference.join(node.range.ends) == .local)
    }

    private mutating func checkWhileLoop(_ node: Node) {
        let (condition, body) = (node.regions[0], node.regions[1])
        checkCarried(node, body.arguments[...])
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

    private mutating func checkCarried(_ node: Node, _ arguments: ArraySlice<Value>) {
        if !flow(node.carried, into: arguments) { fault("what is carried does not begin as it goes on", node) }
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
        guard let space = IterationSpace(of: node), let body = node.regions.first, node.regions.count == 1 else {
            return fault("an update has a base, its ranges and one body", node)
        }
        checkIndices(node, space, body.arguments[...])
        let base = module.type(node.base)
        let yielded = body.yielded.map(module.type)
        let rank = base.dimensions.count
        let types = [ElementType?](repeating: .i64, count: rank) + [base.element, .bool]
        if ![rank + 1, rank + 2].contains(yielded.count)
            || !zip(yielded, types).allSatisfy({ $0.isScalar && $0.element == $1 })
        {
            fault("an update's body yields an index for each axis, then the value, then whether it is written", node)
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

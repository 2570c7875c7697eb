import Language
import Source

/// Proves after every pass that a module is well formed:
///
/// * every value is defined once, before its uses, in a region that encloses them; extents are i64 numbers that are defined
///   before the arrays that they measure;
/// * operands, bodies and result types fit the operation (`TypeInference`);
/// * every operation belongs to the stage (`Verifier+Stages.swift`);
/// * an exchange that is started is finished, and its arrays are left alone until then (`Verifier+Exchanges.swift`);
/// * in the local stage, every reference is given away or released once (`Verifier+Ownership.swift`);
/// * nothing communicates in a `loop`'s body or under a condition, trip count or range that is `local`: a program that
///   passes cannot hang;
/// * what all ranks have together is sized, cut and sent by what they all know (`Verifier+Uniformity.swift`).
public struct Verifier {
    let module: Module
    let inference: TypeInference
    var faults: [IRFault] = []
    /// What the exchanges seen so far have brought.
    var halos: [Value: Halo] = [:]
    /// By id: whether the value is visible here, and whether it was defined anywhere.
    private var visible: [Bool]
    private var defined: [Bool]

    /// What the regions around a node mean for it.
    struct Surroundings {
        /// Some ranks may come here and others not, or a different number of times.
        var varies = false
        /// In the body of a `loop` or `update`.
        var inLoop = false
    }

    /// What is wrong, in the order of the text; empty when nothing is.
    public static func faults(in module: Module) -> [IRFault] {
        var verifier = Verifier(module)
        for definition in module.operators { verifier.check(definition) }
        verifier.region(module.body, Surroundings())
        verifier.checkExchanges(in: module.body)
        // An account of references makes sense only where every value is known.
        if module.stage == .local, verifier.faults.isEmpty { verifier.checkReferences(in: module.body) }
        if !module.body.arguments.isEmpty || !module.body.yielded.isEmpty {
            verifier.faults.append(IRFault("the program takes arguments or yields values"))
        }
        return verifier.faults
    }

    public static func verify(_ module: Module) throws(IRFault) {
        if let first = faults(in: module).first { throw first }
    }

    private init(_ module: Module) {
        self.module = module
        inference = TypeInference(module)
        visible = Array(repeating: false, count: module.types.count)
        defined = visible
    }

    mutating func fault(_ message: String, _ node: Node) {
        let text = Printer.print(node, in: module)
        let line = text.prefix { $0 != "\n" }
        faults.append(IRFault("\(message): \(line)", at: node.span))
    }

    /// Both bodies of an operator are numbers and control; each yields one number for each component.
    private mutating func check(_ definition: OperatorDefinition) {
        for body in [definition.identity, definition.combination] {
            region(body, Surroundings(varies: true, inLoop: true))
            body.forEachNode { node in
                if !node.operation.row.stages.contains(.operators) {
                    fault("no operation of a reduction operator", node)
                }
            }
        }
        let components = definition.identity.yielded.map(module.type)
        let taken = definition.combination.arguments.map(module.type)
        if !components.allSatisfy(\.isScalar) || taken != components + components
            || definition.combination.yielded.map(module.type) != components
        {
            faults.append(IRFault("the operator \(definition.name) does not combine two values to a third"))
        }
    }

    // MARK: Definitions and uses

    private mutating func region(_ region: Region, _ surroundings: Surroundings) {
        var local: [Value] = []
        for argument in region.arguments { define(argument, region.nodes.last, &local) }
        for (index, node) in region.nodes.enumerated() {
            if (node.operation == .yield) != (index == region.nodes.count - 1) {
                fault("a region ends with its one yield", node)
            }
            self.node(node, surroundings, &local)
        }
        if region.nodes.isEmpty { faults.append(IRFault("a region without a yield")) }
        for value in local { visible[value.id] = false }
    }

    private mutating func define(_ value: Value, _ node: Node?, _ local: inout [Value]) {
        guard module.types.indices.contains(value.id) else {
            faults.append(IRFault("%\(value.id) has no type", at: node?.span))
            return
        }
        if defined[value.id] { faults.append(IRFault("%\(value.id) is defined twice", at: node?.span)) }
        defined[value.id] = true
        visible[value.id] = true
        local.append(value)
        for dimension in module.type(value).dimensions where !isExtent(dimension) {
            faults.append(
                IRFault("%\(value.id) has the extent %\(dimension.id), no i64 defined before it", at: node?.span))
        }
    }

    func isVisible(_ value: Value) -> Bool { visible.indices.contains(value.id) && visible[value.id] }

    private func isExtent(_ value: Value) -> Bool {
        guard isVisible(value) else { return false }
        let type = module.type(value)
        return type.element == .i64 && type.isScalar
    }

    private mutating func node(_ node: Node, _ surroundings: Surroundings, _ local: inout [Value]) {
        let missing = node.operands.filter { !isVisible($0) }
        guard missing.isEmpty else {
            fault("not defined here: \(missing.map { "%\($0.id)" }.joined(separator: ", "))", node)
            return
        }
        checkStage(node)
        checkCommunication(node, surroundings)
        for (index, body) in node.regions.enumerated() {
            region(body, self.surroundings(of: node, region: index, surroundings))
        }
        if case .exchange(let brought) = node.operation {
            for (result, halo) in zip(node.results, brought) { halos[result] = halo }
        }
        // Results are visible to each other: a loaded array has the extents that come with it.
        for result in node.results where module.types.indices.contains(result.id) { visible[result.id] = true }
        for result in node.results {
            define(result, node, &local)
            checkExtents(of: result, node)
        }
        let known = node.results.allSatisfy { module.types.indices.contains($0.id) }
        if known, bodiesAreTyped(node) { checkTypes(node) }
    }

    /// Whether every value that the bodies take and yield has a type.
    private func bodiesAreTyped(_ node: Node) -> Bool {
        node.regions.allSatisfy { region in
            (region.arguments + region.yielded).allSatisfy { module.types.indices.contains($0.id) }
        }
    }

    // MARK: Communication

    private func surroundings(of node: Node, region: Int, _ around: Surroundings) -> Surroundings {
        var inner = around
        switch node.bodies {
        case .none, .swept: break
        case .ways, .fallback: inner.varies = around.varies || parts(node[all: .condition])
        case .counted: inner.varies = around.varies || parts(node[all: .lower] + node[all: .upper] + node[all: .step])
        case .tested:
            let condition = node.regions.first?.yielded.filter { module.types.indices.contains($0.id) } ?? []
            inner.varies = around.varies || parts(condition)
        // The second body of a loop stands between its turns.
        case .points: inner.inLoop = around.inLoop || region == 0
        case .writes: inner.inLoop = true
        }
        return inner
    }

    /// Whether ranks may see different values, or all but rank 0 none.
    private func parts(_ values: [Value]) -> Bool { inference.join(values) != .replicated }

    private mutating func checkCommunication(_ node: Node, _ surroundings: Surroundings) {
        guard node.regions.isEmpty else { return }
        if case .collective = node.operation, surroundings.inLoop {
            return fault("a collective in the body of a loop", node)
        }
        guard node.effects(in: module).contains(.communicates) else { return }
        if surroundings.inLoop { fault("communication in the body of a loop", node) }
        if surroundings.varies { fault("communication where not every rank may come", node) }
    }
}

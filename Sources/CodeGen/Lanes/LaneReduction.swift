import IR
import LLVMSupport
import Language

/// One reduction of a loop inside a vector body, of one leaf for each lane: the same operations in the same order as
/// `LoopReduction` does for one (docs/architecture.md, "Bits"). What are lanes there are the ways here.
struct LaneReduction {
    let emitter: Emitter
    let op: ReductionOperator
    let isOrdered: Bool
    private let elements: [ElementType]
    private let results: [Value]
    /// Whether a contribution's index is the loop's own: it then grows from one contribution to the next.
    private let isOwnIndex: Bool
    /// For each element of a contribution a vector for each way.
    private let places: [LLVMValue]

    private var builder: LLVMBuilder { emitter.builder }
    private var ways: Int { isOrdered ? Lanes.count : 1 }

    static func all(_ emitter: Emitter, _ loop: Loop, _ node: Node) throws -> [LaneReduction] {
        var results = node.results[...]
        var yields = node.regions[0].yielded[...]
        return try loop.yields.map { yield in
            guard case .reduction(let op) = yield, results.count >= op.arity, yields.count >= op.arity else {
                throw CodeGenFault("in the local stage loops yield contributions only")
            }
            defer {
                results = results.dropFirst(op.arity)
                yields = yields.dropFirst(op.arity)
            }
            let isOwnIndex = op.arity == 2 && loop.axes == 1 && yields.dropFirst().first == node.regions[0].arguments[0]
            return try LaneReduction(emitter, op, Array(results.prefix(op.arity)), isOwnIndex: isOwnIndex)
        }
    }

    private init(_ emitter: Emitter, _ op: ReductionOperator, _ results: [Value], isOwnIndex: Bool) throws {
        self.emitter = emitter
        self.op = op
        self.results = results
        self.isOwnIndex = isOwnIndex
        elements = try results.map(emitter.element)
        let isOrdered = op.dependsOnOrder(elements[0])
        self.isOrdered = isOrdered
        places = try elements.map { element in
            let vector = try emitter.memoryType(element).vector(Lanes.count)
            return emitter.slot(vector.array(isOrdered ? Lanes.count : 1))
        }
    }

    /// Before the loop. An index that only grows may begin as the first one, which then need not win against the identity.
    func start(first: LLVMValue, isEmpty: LLVMValue) throws {
        var identity = try emitter.identity(op, elements[0])
        if isOwnIndex { identity[1] = builder.select(isEmpty, identity[1], first) }
        for way in 0..<ways { try store(identity.map { builder.splat($0, Lanes.count) }, way: emitter.i64(way)) }
    }

    /// A contribution of every lane; without an order all go the one way.
    func add(_ values: [LLVMValue], way: LLVMValue) throws {
        let way = isOrdered ? way : emitter.i64(0)
        let old = try load(way: way)
        try store(isOwnIndex ? try later(old, values) : emitter.gather(op, elements, old, values), way: way)
    }

    /// minloc and maxloc of a pair and a later one: that one wins if it is strictly better; NaN is better than any number.
    private func later(_ old: [LLVMValue], _ new: [LLVMValue]) throws -> [LLVMValue] {
        let keeps = try emitter.scalar(op == .minloc ? .lessEqual : .greaterEqual, elements[0], [old[0], new[0]])
        var wins = builder.not(keeps)
        if elements[0].isFloat {
            wins = builder.binary(.and, wins, builder.not(builder.compare(.uno, old[0], old[0])))
        }
        return zip(new, old).map { builder.select(wins, $0, $1) }
    }

    /// After the loop: neighbours combine until one is left, the lower way on the left.
    func finish() throws {
        var values = try (0..<ways).map { try emitter.gathered(op, load(way: emitter.i64($0))) }
        while values.count > 1 {
            values = try (0..<values.count / 2).map {
                try emitter.combine(op, elements, values[2 * $0], values[2 * $0 + 1])
            }
        }
        for (result, value) in zip(results, values[0]) { emitter.define(result, .varying(value)) }
    }

    private func address(_ component: Int, way: LLVMValue) throws -> LLVMValue {
        builder.element(try emitter.memoryType(elements[component]).vector(Lanes.count), places[component], way)
    }

    private func load(way: LLVMValue) throws -> [LLVMValue] {
        try elements.indices.map { try emitter.loadVector(elements[$0], address($0, way: way)) }
    }

    private func store(_ values: [LLVMValue], way: LLVMValue) throws {
        for (component, value) in values.enumerated() {
            builder.store(emitter.inMemory(value, elements[component]), try address(component, way: way))
        }
    }
}

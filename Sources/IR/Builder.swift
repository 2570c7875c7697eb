import Language
import Source

/// Puts a module together, node after node, in the innermost open region.
///
///     let arguments = builder.beginRegion([.scalar(.i64)])
///     …append nodes…
///     let body = try builder.endRegion(yielding: [value])
///     let results = try builder.append(.forLoop, [lower, upper, step], regions: [body])
///
/// Result types are inferred (`TypeInference`); where they cannot be, or should be weaker, pass `types`.
public struct Builder {
    public private(set) var module: Module
    /// What new nodes say they come from; code that is part of the language comes from the call of it.
    public var span: Span {
        didSet {
            if span.file.isOfLanguage { span = oldValue }
            if let call, span.call == nil { span.call = call }
        }
    }
    /// The call whose body is being written out.
    public var call: WrittenCall?
    private var open: [Region]

    public init(stage: Stage, parameters: [ModuleParameter], file: SourceFile) {
        let body = Region(nodes: [])
        module = Module(
            stage: stage, parameters: parameters, types: [], body: body, file: SourceFileReference(file))
        span = Span(file, 0, 0)
        open = [body]
    }

    /// A builder that adds values to an existing module, for a pass that rewrites it: what is appended is collected apart, from
    /// `beginRegion` to `endRegion`, and `module.body` is as it was.
    public init(extending module: Module) {
        self.module = module
        span = Span(module.file.file, 0, 0)
        open = []
    }

    /// The finished module; every region but the outermost must have been ended.
    public consuming func finish() throws(IRFault) -> Module {
        guard open.count == 1, var body = open.popLast() else { throw IRFault("a region was left open") }
        body.nodes.append(Node(.yield, [], results: [], span))
        module.body = body
        return module
    }

    /// The builder, for someone who gives it back when done; until then this one is empty. A copy of a large module is saved.
    public mutating func handedOver() -> Builder {
        let stub = Module(
            stage: module.stage, parameters: [], types: [], body: Region(nodes: []), file: module.file)
        defer { self = Builder(extending: stub) }
        return self
    }

    // MARK: Regions

    /// Opens a region; what is appended goes there until `endRegion`. Gives its arguments.
    public mutating func beginRegion(_ arguments: [IRType] = []) -> [Value] {
        let values = arguments.map { module.newValue($0) }
        open.append(Region(arguments: values, nodes: []))
        return values
    }

    public mutating func endRegion(yielding values: [Value] = []) throws(IRFault) -> Region {
        guard var region = open.popLast() else { throw IRFault("no region is open", at: span) }
        region.nodes.append(Node(.yield, values, results: [], span))
        return region
    }

    /// A region with that body.
    public mutating func region(
        _ arguments: [IRType] = [], _ body: (inout Builder, [Value]) throws -> [Value]
    ) throws -> Region {
        let values = beginRegion(arguments)
        let yielded = try body(&self, values)
        return try endRegion(yielding: yielded)
    }

    /// Puts an operator of the program's own into the module's table.
    public mutating func define(_ definition: OperatorDefinition) { module.operators.append(definition) }

    // MARK: Nodes

    /// Appends any node. `types`: declared result types, where inference cannot give them or a weaker type is wanted.
    @discardableResult
    public mutating func append(
        _ operation: Operation, _ operands: [Value] = [], regions: [Region] = [], types: [IRType]? = nil
    ) throws(IRFault) -> [Value] {
        var node = Node(operation, operands, regions: regions, results: [], span)
        var resultTypes = types ?? []
        if types == nil {
            guard let inferred = try TypeInference(module).resultTypes(of: node) else {
                throw IRFault("the result types of \(operation) must be declared", at: span)
            }
            resultTypes = inferred
        }
        node.results = resultTypes.map { module.newValue($0) }
        try append(node)
        return node.results
    }

    /// Appends a node that is already complete.
    public mutating func append(_ node: Node) throws(IRFault) {
        guard !open.isEmpty else { throw IRFault("no region is open", at: span) }
        open[open.count - 1].nodes.append(node)
    }

    /// A value of that type for a node that the caller completes (a result that is named in another result's dimensions).
    public mutating func newValue(_ type: IRType) -> Value { module.newValue(type) }

    /// A copy of a node with results and bodies of its own, not yet appended.
    public mutating func clone(_ node: Node) -> Node {
        var names = Substitution()
        return module.clone(node, &names)
    }

    /// The same; `names` may already map values from outside, and afterwards maps what the node defines.
    public mutating func clone(_ node: Node, _ names: inout Substitution) -> Node { module.clone(node, &names) }

    private mutating func one(_ operation: Operation, _ operands: [Value] = []) throws(IRFault) -> Value {
        let results = try append(operation, operands)
        guard let value = results.first, results.count == 1 else {
            throw IRFault("\(operation) has not one result", at: span)
        }
        return value
    }

    // MARK: The common ones

    public mutating func constant(_ constant: Constant) throws(IRFault) -> Value { try one(.constant(constant)) }
    public mutating func i64(_ value: Int) throws(IRFault) -> Value { try constant(.i64(value)) }
    public mutating func bool(_ value: Bool) throws(IRFault) -> Value { try constant(.bool(value)) }

    public mutating func scalar(_ op: ScalarOperator, _ operands: Value...) throws(IRFault) -> Value {
        try one(.scalar(op), operands)
    }

    public mutating func scalar(_ op: ScalarOperator, operands: [Value]) throws(IRFault) -> Value {
        try one(.scalar(op), operands)
    }

    public mutating func convert(_ value: Value, to element: ElementType) throws(IRFault) -> Value {
        module.type(value).element == element ? value : try one(.convert(element), [value])
    }

    public mutating func text(_ text: String) throws(IRFault) -> Value { try one(.text(text)) }

    public mutating func element(_ array: Value, _ indices: [Value], _ bounds: Bounds) throws(IRFault) -> Value {
        try one(.element(bounds), [array] + indices)
    }

    public mutating func collective(_ collective: Collective, _ values: [Value]) throws(IRFault) -> [Value] {
        try append(.collective(collective), values)
    }

    public mutating func conditional(
        _ condition: Value, _ then: Region, _ otherwise: Region, types: [IRType]? = nil
    ) throws(IRFault) -> [Value] {
        try append(.conditional, [condition], regions: [then, otherwise], types: types)
    }

    // MARK: Loops

    /// The argument types of the body of a loop over that space.
    public func indexTypes(_ space: IterationSpace) -> [IRType] { TypeInference(module).indexTypes(space) }

    /// A data-parallel loop. `combined` (global stage): reductions of a divided loop are totals, not parts.
    public mutating func loop(
        _ space: IterationSpace, _ yields: [Loop.Yield], _ body: Region, combined: Bool = false
    ) throws(IRFault) -> [Value] {
        let loop = Loop(axes: space.ranges.count, space.distribution, yields: yields)
        let node = Node(.loop(loop), space.operands, regions: [body], results: [], span)
        let inferred = try TypeInference(module).resultTypes(of: node) ?? []
        let types = inferred.map { combined && $0.placement.isPart ? $0.with(placement: .replicated) : $0 }
        return try append(node.operation, node.operands, regions: [body], types: types)
    }

    /// An update of `base`: the body yields an index for each axis of it, then the value, and whether it is written if not all are.
    public mutating func update(
        _ base: Value, _ space: IterationSpace, _ bounds: Bounds, _ body: Region
    ) throws(IRFault) -> Value {
        let operation = Operation.update(axes: space.ranges.count, space.distribution, bounds)
        let results = try append(operation, [base] + space.operands, regions: [body])
        guard let value = results.first else { throw IRFault("an update without a result", at: span) }
        return value
    }
}

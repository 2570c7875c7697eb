import IR
import LLVMSupport
import Language

/// Parameters, ranks, time, text, files: what the runtime knows of the outside world.
extension Emitter {
    func emitQuery(_ node: Node) throws {
        switch node.operation {
        case .parameter(let index):
            let type = source.type(node.results[0])
            let out = slot(try type.element.map(memoryType) ?? llvm.pointer)
            callRuntime("pdl_parameter_get", [i64(index), out])
            let value = try type.element.map { try load($0, out, i64(0)) } ?? builder.load(llvm.pointer, out)
            define(node, [value])
        case .parameterGiven(let index):
            let given = callRuntime("pdl_parameter_given", [i64(index)])
            define(node, [builder.compare(.ne, given, given.type.null)])
        case .text(let text): define(node, [self.text(text)])
        case .sameText:
            let same = callRuntime("pdl_same_text", try node.operands.map { try uniform($0) })
            define(node, [builder.compare(.ne, same, same.type.null)])
        case .rank: define(node, [rank])
        case .ranks: define(node, [ranks])
        case .clock: define(node, [callRuntime("pdl_clock", [])])
        case .pair(let element): try emitPair(element, node)
        default: throw CodeGenFault("not a query: \(node.operation)")
        }
    }

    // MARK: Text

    private func emitPair(_ element: ElementType, _ node: Node) throws {
        let empty = try type(element).null
        let parts = try node.values.map(uniform)
        define(node, [builder.insert(parts[1], into: builder.insert(parts[0], into: empty, i64(0)), i64(1))])
    }

    func emitPrint(_ pieces: [PrintPiece], _ node: Node) throws {
        try putTogether(pieces, node.holes)
        callRuntime("pdl_print", [])
    }

    func emitCompose(_ pieces: [PrintPiece], _ node: Node) throws {
        try putTogether(pieces, node.holes)
        define(node, [callRuntime("pdl_compose", [])])
    }

    /// The message is put together only when the condition is false.
    func emitAssertion(_ pieces: [PrintPiece], _ node: Node) throws {
        try when(builder.not(try uniform(node.condition))) {
            try putTogether(pieces, node.holes)
            callRuntime("pdl_assert", [llvm.integer(8).constant(0), place(of: node)])
        }
    }

    private func putTogether(_ pieces: [PrintPiece], _ holes: [Value]) throws {
        var holes = holes[...]
        for piece in pieces {
            switch piece {
            case .text(let text): callRuntime("pdl_text", [self.text(text)])
            case .hole(let style, let digits, let width):
                guard let value = holes.popFirst() else { throw CodeGenFault("a hole without a number") }
                if source.type(value) == .text {
                    callRuntime("pdl_text", [try uniform(value)])
                    continue
                }
                let format = [code(of: style), i32(digits), i32(width)]
                callRuntime("pdl_hole", try shape(of: value) + [try data(of: value)] + format)
            }
        }
    }

    /// What a debugger or `show` shows.
    func emitShown(_ node: Node) throws {
        switch node.operation {
        case .named(let name, let variable): try emitName(name, variable, node)
        case .show(let name, let order, let isOwn): try emitShow(name, order, isOwn, node)
        default: throw CodeGenFault("not shown: \(node.operation)")
        }
    }

    private func emitShow(_ name: String, _ order: StorageOrder, _ isOwn: Bool, _ node: Node) throws {
        var array = try writtenDescription(of: node.value, order)
        // A part is shown as what this rank's contributions come to.
        array.placement = isOwn ? .local : source.type(node.part ?? node.value).placement
        callRuntime("pdl_show", [text(name), text(array.placement.prefix), describe(array)])
    }

    /// Element type, number of axes and extents, as the runtime takes them.
    private func shape(of value: Value) throws -> [LLVMValue] {
        let extents = try extents(of: value)
        return [code(of: try element(value)), i32(extents.count), stackArray(extents)]
    }

    /// The address of a number or of an array's elements.
    func data(of value: Value) throws -> LLVMValue {
        source.type(value).isScalar ? try spill(try uniform(value), try element(value)) : try uniform(value)
    }

    func emitCheckExtent(_ what: String, _ node: Node) throws {
        let expected = try uniform(node.compared.expected)
        let actual = try uniform(node.compared.actual)
        try fail(where: builder.compare(.ne, expected, actual)) { _ in
            callNoReturn("pdl_fail_extent", [place(of: node), text(what), expected, actual])
        }
    }

    /// The runtime multiplies the extents and fails at the first that is wrong.
    func emitCheckShape(_ node: Node) throws {
        var count = i64(1)
        for (axis, extent) in node.extents.enumerated() {
            count = callRuntime(
                "pdl_check_extent", [place(of: node), i64(axis), count, try uniform(extent)])
        }
    }

    // MARK: Files

    func emitLoad(_ order: StorageOrder, _ node: Node) throws {
        let array = node.results[0]
        let type = source.type(array)
        var description = ArrayDescription(try element(array), type.placement, llvm.pointer.null)
        description.extents = try node.extents.map(uniform)
        description.cuts = writtenCuts(of: type, order)
        let address = describe(description)
        callRuntime("pdl_load_open", [try uniform(node.path), try uniform(node.detail), address, place(of: node)])
        let extents = field("extents", of: RuntimeABI.array, at: address)
        for (axis, result) in node.results.dropFirst().enumerated() {
            define(result, .uniform(try load(.i64, extents, i64(axis))))
        }
        let block = try allocate(array)
        builder.store(block, field("data", of: RuntimeABI.array, at: address))
        callRuntime("pdl_load_read", [address, place(of: node)])
        define(array, .uniform(block))
    }

    // MARK: A library's function

    /// As a file is loaded.
    func emitArgument(_ index: Int, _ order: StorageOrder, _ node: Node) throws {
        let array = node.results[0]
        let extents = stackArray(try node.extents.map(uniform))
        callRuntime("pdl_argument_open", [i64(index), i32(node.extents.count), extents, place(of: node)])
        for (axis, result) in node.results.dropFirst().enumerated() {
            define(result, .uniform(try load(.i64, extents, i64(axis))))
        }
        let (bytes, margin) = try room(for: array)
        define(array, .uniform(callRuntime("pdl_argument_take", [i64(index), bytes, margin ?? i64(0)])))
    }

    func emitResult(_ index: Int, _ order: StorageOrder, _ node: Node) throws {
        let value = node.value
        let extents = stackArray(order.written(try extents(of: value)))
        callRuntime("pdl_result", [i64(index), extents, try data(of: value)])
    }

    func emitSave(_ order: StorageOrder, _ node: Node) throws {
        let array = describe(try writtenDescription(of: node.value, order))
        callRuntime("pdl_save", [try uniform(node.path), try uniform(node.detail), array, place(of: node)])
    }
}

extension Placement {
    /// What stands before the element type where a type is shown.
    fileprivate var prefix: String {
        switch self {
        case .replicated, .scattered: ""
        case .part(let op): "part(\(op.symbol)) "
        case .local: "local "
        case .root: "root "
        }
    }
}

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
        default: throw CodeGenFault("not a query: \(node.operation)")
        }
    }

    // MARK: Text

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

    func emitShow(_ name: String, _ order: StorageOrder, _ node: Node) throws {
        let value = node.value
        // A part is shown as what this rank's contributions come to.
        let placement = source.type(node.part ?? value).placement
        callRuntime(
            "pdl_show",
            [text(name), text(placement.prefix)] + (try shape(of: value, order))
                + [code(of: placement), divided(placement, order), try data(of: value)])
    }

    /// Element type, number of axes and extents, as the runtime takes them.
    private func shape(of value: Value, _ order: StorageOrder = .plain) throws -> [LLVMValue] {
        let extents = order.written(try extents(of: value))
        return [code(of: try element(value)), i32(extents.count), stackArray(extents)]
    }

    /// The address of a number or of an array's elements.
    private func data(of value: Value) throws -> LLVMValue {
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
        let element = try element(array)
        let asked = try node.extents.map(uniform)
        let extents = stackArray(asked)
        let axes = i32(asked.count)
        callRuntime(
            "pdl_load_open",
            [try uniform(node.path), try uniform(node.detail), code(of: element), axes, extents, place(of: node)])
        for (axis, result) in node.results.dropFirst().enumerated() {
            define(result, .uniform(try load(.i64, extents, i64(axis))))
        }
        let block = try allocate(array)
        let divided = divided(source.type(array).placement, order)
        callRuntime("pdl_load_read", [block, divided, place(of: node)])
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
        let block = try allocate(array)
        callRuntime("pdl_argument_read", [i64(index), block])
        define(array, .uniform(block))
    }

    func emitResult(_ index: Int, _ order: StorageOrder, _ node: Node) throws {
        let value = node.value
        let extents = stackArray(order.written(try extents(of: value)))
        callRuntime("pdl_result", [i64(index), extents, try data(of: value)])
    }

    func emitSave(_ order: StorageOrder, _ node: Node) throws {
        let array = node.value
        let type = source.type(array)
        callRuntime(
            "pdl_save",
            [try uniform(node.path), try uniform(node.detail)] + (try shape(of: array, order)) + [
                try data(of: array), code(of: type.placement), divided(type.placement, order), place(of: node),
            ])
    }
}

extension Emitter {
    /// The divided axis as it is written, which is stored first; PDL_NO_AXIS: none; PDL_GRID: the first two.
    private func divided(_ placement: Placement, _ order: StorageOrder) -> LLVMValue {
        i32(placement.distribution.isGrid ? -2 : placement.isDivided ? order.first : -1)
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

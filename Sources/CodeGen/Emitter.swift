import IR
import LLVMSupport
import Language
import Source

/// Writes one local-stage module as LLVM: a `pdl_program`, which says what the runtime must know of it and holds its code.
///
/// Each extension, in a file of its own, emits one kind of operation. Slots on the stack stand in the entry block, so that
/// LLVM turns them into registers.
final class Emitter {
    unowned let units: CodegenUnits
    let source: Module
    let target: Target
    let llvm: LLVMModule
    let builder: LLVMBuilder
    /// What each value became so far, by id.
    var environment: [Operand?]
    /// The i64 values that are known now.
    private(set) var knownIntegers: [Value: Int]
    /// In which loop code is being written, and for which lanes: changed by `within` alone, and by what is noted for the rest of a body.
    var context = LaneContext()
    /// How far apart the lanes' own tables stand, by the accumulator that is the first of them.
    var laneTables: [LLVMValue: LLVMValue] = [:]
    /// Arrays that may have the memory of another one, by what they are known as.
    var sameMemory: [Value: Value] = [:]
    /// Where stack slots stand: the first block of the function that is being written.
    private(set) var entry: LLVMBlock!
    let debugInfo: LLVMDebugInfo?
    /// The function that is being written, for the debugger; nil: it is not of the program's lines.
    var debugScope: LLVMDebugInfo.Scope?
    /// Where its variables are.
    var namedSlots: [NamedVariable: [LLVMValue]] = [:]
    var texts: [String: LLVMValue] = [:]
    var places: [PlaceKey: LLVMValue] = [:]
    var combineFunctions: [String: LLVMValue] = [:]
    private var fault: CodeGenFault?

    init(_ units: CodegenUnits) throws {
        self.units = units
        source = units.source
        let path = source.file.file.path
        let options = units.options
        target = options.target
        let processor = LLVMProcessor(triple: target.triple, cpu: target.cpu, features: target.features)
        llvm = LLVMModule(name: path, target: try LLVMTarget(processor, optimisation: options.optimisation))
        builder = LLVMBuilder(llvm)
        environment = Array(repeating: nil, count: source.types.count)
        debugInfo =
            options.debugInfo
            ? LLVMDebugInfo(llvm, path: path, directory: options.directory, isOptimised: options.optimisation > 0) : nil
        knownIntegers = units.integers
    }

    func emitProgram() throws {
        let run = llvm.definition("\(units.options.symbol).run", .function(llvm.void, []), .internal)
        defineProgram(run)
        try writing(run, as: "program", line: 1) {
            _ = try emit(source.body, [])
            builder.returnVoid()
        }
    }

    /// Must be called before the module is verified.
    func finish() throws {
        debugInfo?.finish()
        if let fault { throw fault }
    }

    /// Keeps the first fault that was met where code is written that cannot fail.
    func note(_ fault: CodeGenFault) { self.fault = self.fault ?? fault }

    /// Writes the body of a function, wherever the builder is, and comes back. `name`: as debuggers show it; nil: it is none of
    /// the program's lines.
    func writing(_ function: LLVMValue, as name: String?, line: Int, _ body: () throws -> Void) rethrows {
        let outer = (entry, context, debugScope, namedSlots)
        defer { (entry, context, debugScope, namedSlots) = outer }
        (entry, context, namedSlots) = (builder.entry(of: function), LaneContext(), [:])
        debugScope = name.flatMap { debugInfo?.describe(function, as: $0, line: line) }
        try builder.elsewhere {
            builder.move(to: entry)
            let start = builder.block("start")
            builder.move(to: start)
            if let debugScope {
                let place = LLVMDebugInfo.Place(path: source.file.file.path, line: line, column: 1)
                debugInfo?.place(builder, place, in: debugScope)
            }
            try body()
            builder.inside(entry) { builder.jump(start) }
        }
    }

    /// Emits a region with these arguments; gives what it yields.
    func emit(_ region: Region, _ arguments: [Operand]) throws -> [Operand] {
        for (argument, value) in zip(region.arguments, arguments) { define(argument, value) }
        if lanes == nil, !context.isInLoop, let functions = units.outlining.outlinedFunctions(of: region) {
            for function in functions { try emit(function) }
            return try region.yielded.map(operand)
        }
        for node in region.nodes {
            if case .yield = node.operation { return try node.operands.map(operand) }
            try emit(node)
        }
        return []
    }

    func emit(_ node: Node) throws {
        if let debugInfo, node.span.end > 0, let scope = scope(of: node.span) {
            debugInfo.place(builder, node.span.debugPlace, in: scope)
        }
        if node.regions.isEmpty, lanes == nil, node.results.contains(where: { source.type($0).isOwned }) {
            callRuntime("pdl_allocates", [place(of: node)])
        }
        profile(node)
        if node.regions.isEmpty, node.effects(in: source).contains(.communicates) {
            callRuntime("pdl_sends", [place(of: node)])
        }
        try emitOperation(of: node)
    }

    private func emitOperation(of node: Node) throws {
        switch node.operation {
        case .constant(let constant): try emitConstant(constant, node)
        case .scalar(let op): try emitScalar(op, node)
        case .convert(let element): try emitConvert(element, node)
        case .parameter, .parameterGiven, .text, .sameText, .rank, .ranks, .clock, .pair: try emitQuery(node)
        case .conditional: try emitConditional(node)
        case .forLoop, .whileLoop, .loop, .checkAhead:
            if lanes == nil {
                try emitStraightLoop(node)
            } else if let key = node.regions.first?.arguments.first, context.together.contains(key) {
                try emitTogether(node)
            } else {
                try emitSerially(node)
            }
        case .assemble, .ownBlock, .owned, .gridPlace, .allocate, .retain, .release, .unshare, .reuse, .leafRows,
            .tileSide, .pitch:
            try emitArray(node)
        case .read, .write, .accumulate, .checkIndex: try emitAccess(node)
        case .sweeps(let sweeps): try emitSweeps(sweeps, node)
        case .exchange, .startExchange, .finishExchange: try emitExchange(node)
        case .collective(let collective): try emitCollective(collective, node)
        case .fold: try emitFold(node)
        case .keyedContribution: throw CodeGenFault("keyedContribution is gone in the local stage")
        case .array(let operation): try emitArrayOperation(operation, node)
        case .loadFile(let order): try emitLoad(order, node)
        case .saveFile(let order): try emitSave(order, node)
        case .argument(let index, let order): try emitArgument(index, order, node)
        case .result(let index, let order): try emitResult(index, order, node)
        case .compose(let pieces): try emitCompose(pieces, node)
        case .print(let pieces): try emitPrint(pieces, node)
        case .named, .show: try emitShown(node)
        case .assertion(let pieces): try emitAssertion(pieces, node)
        case .checkExtent(let what): try emitCheckExtent(what, node)
        case .checkShape: try emitCheckShape(node)
        case .element, .neighbour, .update, .yield:
            throw CodeGenFault("not an operation of the local stage: \(node.operation)")
        }
    }

    // MARK: Values

    func define(_ value: Value, _ operand: Operand) { environment[value.id] = operand }
    func define(_ node: Node, _ values: [LLVMValue]) {
        for (result, value) in zip(node.results, values) { define(result, .uniform(value)) }
    }
    /// Writes code of a region a second time; what its values are for the code that goes on afterwards stays.
    func besides(_ region: Region, _ body: () throws -> Void) rethrows {
        var values: [Value] = region.arguments
        for node in region.nodes { node.forEachDefinition { values.append($0) } }
        let (outer, place) = (values.map { environment[$0.id] }, builder.current)
        try body()
        for (value, operand) in zip(values, outer) { environment[value.id] = operand }
        builder.move(to: place)
    }
    func note(_ value: Value, is integer: Int) { knownIntegers[value] = integer }

    func operand(_ value: Value) throws -> Operand {
        if let operand = environment[value.id] { return operand }
        guard let node = units.outlining.known[value] else {
            throw CodeGenFault("%\(value.id) is used before it is made")
        }
        try emitOperation(of: node)
        return try operand(value)
    }

    /// The one number (or array, or text) that a value is on all lanes.
    func uniform(_ value: Value) throws -> LLVMValue {
        let operand = try operand(value)
        guard operand.shape == .uniform else { throw CodeGenFault("%\(value.id) differs from lane to lane") }
        return operand.value
    }

    /// A number for each lane.
    func widened(_ operand: Operand) -> LLVMValue {
        switch operand {
        case .uniform, .part: builder.splat(operand.value, Lanes.count)
        case .linear(let base): builder.binary(.add, builder.splat(base, Lanes.count), laneNumbers)
        case .strided(let base, let stride):
            builder.binary(
                .add, builder.splat(base, Lanes.count),
                builder.binary(.mul, builder.splat(stride, Lanes.count), laneNumbers))
        case .varying(let value): value
        }
    }

    /// <0, 1, ..., 7>.
    var laneNumbers: LLVMValue { .vector((0..<Lanes.count).map { i64($0) }) }

    func i64(_ value: Int) -> LLVMValue { llvm.integer(64).constant(value) }
    func i32(_ value: Int) -> LLVMValue { llvm.integer(32).constant(value) }

    /// A place on the stack, made once for all turns of all loops.
    func slot(_ type: LLVMType) -> LLVMValue { builder.inside(entry) { builder.stackSlot(type) } }

    // MARK: Types

    /// An element in a register.
    func type(_ element: ElementType) throws -> LLVMType {
        switch element {
        case .bool: return llvm.integer(1)
        case .i32, .u32: return llvm.integer(32)
        case .i64, .u64: return llvm.integer(64)
        case .f32: return llvm.float
        case .f64: return llvm.double
        // On its way to what shows it.
        case .c64: return llvm.float.vector(2)
        case .c128: return llvm.double.vector(2)
        }
    }

    /// An element in memory: a bool takes a byte, 0 or 1.
    func memoryType(_ element: ElementType) throws -> LLVMType {
        element == .bool ? llvm.integer(8) : try type(element)
    }

    func element(_ value: Value) throws -> ElementType {
        guard let element = source.type(value).element else { throw CodeGenFault("%\(value.id) is not a number") }
        return element
    }
}

import IR
import LLVMSupport
import Language
import Source

/// Writes one local-stage module as LLVM: `void pdl_program(void)` and the tables that the runtime reads.
///
/// Each extension, in a file of its own, emits one kind of operation. Slots on the stack stand in the entry block, so that
/// LLVM turns them into registers.
final class Emitter {
    let source: Module
    let llvm: LLVMModule
    let builder: LLVMBuilder
    /// What each value became so far, by id.
    private var environment: [Operand?]
    /// The i64 values that are known now.
    private(set) var knownIntegers: [Value: Int] = [:]
    /// Conditions of a vector body that compare its innermost index with numbers: seldom do lanes disagree.
    var indexTests: Set<Value> = []
    /// Comparisons that come out the same for all indices of the stretch being written, with their results: see `IndexTests`.
    var testResults: [Value: LLVMValue] = [:]
    /// The vector body being written; nil in straight code.
    var lanes: Lanes?
    /// Where a vector body goes when a lane fails, if not to its report.
    var again: LLVMBlock?
    /// Loops inside it that run for all lanes at once: see `LanePlan`.
    var together: Set<Value> = []
    /// The square of elements that is being read there.
    var tile: Tile?
    /// Where the reductions stand that parts come from.
    var writtenAt: [Value: Span] = [:]
    /// How many rows around its block every scattered array has room for.
    let marginRows: Int
    let program: LLVMValue
    /// Where stack slots stand: the first block of the function that is being written.
    var entry: LLVMBlock
    /// Whether that function is the program, whose lines the debugger knows.
    var isInProgram = true
    private let debugInfo: LLVMDebugInfo?
    private let debugScope: LLVMDebugInfo.Scope?
    var texts: [String: LLVMValue] = [:]
    var places: [PlaceKey: LLVMValue] = [:]
    var combineFunctions: [String: LLVMValue] = [:]

    init(_ source: Module, _ target: LLVMTarget, _ options: CodeGenOptions) throws {
        self.source = source
        marginRows = source.widestHalo
        let path = source.file.file.path
        llvm = LLVMModule(name: path, target: target)
        builder = LLVMBuilder(llvm)
        environment = Array(repeating: nil, count: source.types.count)
        program = llvm.definition("pdl_program", .function(llvm.void, []), isInternal: false)
        entry = builder.entry(of: program)
        if options.debugInfo {
            let info = LLVMDebugInfo(
                llvm, path: path, directory: options.directory, isOptimised: options.optimisation > 0)
            debugInfo = info
            debugScope = info.describe(program, as: "program", line: 1)
        } else {
            debugInfo = nil
            debugScope = nil
        }
    }

    func emitProgram() throws {
        try defineParameterTable()
        defineMargins()
        builder.move(to: entry)
        let start = builder.block("start")
        builder.move(to: start)
        if let debugScope { debugInfo?.place(builder, line: 1, column: 1, in: debugScope) }
        _ = try emit(source.body, [])
        builder.returnVoid()
        builder.inside(entry) { builder.jump(start) }
        debugInfo?.finish()
    }

    /// Emits a region with these arguments; gives what it yields.
    func emit(_ region: Region, _ arguments: [Operand]) throws -> [Operand] {
        for (argument, value) in zip(region.arguments, arguments) { define(argument, value) }
        for node in region.nodes {
            if case .yield = node.operation { return try node.operands.map(operand) }
            try emit(node)
        }
        return []
    }

    private func emit(_ node: Node) throws {
        if isInProgram, let debugInfo, let debugScope, node.span.file === source.file.file {
            debugInfo.place(builder, line: node.span.line, column: node.span.column, in: debugScope)
        }
        if node.regions.isEmpty, node.effects(in: source).contains(.communicates) {
            callRuntime("pdl_sends", [place(of: node.operands.first.flatMap { writtenAt[$0] } ?? node.span)])
        }
        switch node.operation {
        case .constant(let constant): try emitConstant(constant, node)
        case .scalar(let op): try emitScalar(op, node)
        case .convert(let element): try emitConvert(element, node)
        case .parameter, .parameterGiven, .text, .rank, .ranks, .clock: try emitQuery(node)
        case .conditional: try emitConditional(node)
        case .forLoop, .whileLoop, .loop, .checkAhead:
            if lanes == nil {
                try emitStraightLoop(node)
            } else if let key = node.regions.first?.arguments.first, together.contains(key) {
                try emitTogether(node)
            } else {
                try emitSerially(node)
            }
        case .assemble, .ownBlock, .owned, .allocate, .retain, .release, .unshare, .reuse, .leafRows:
            try emitArray(node)
        case .read, .write, .accumulate, .checkIndex: try emitAccess(node)
        case .exchange(let halos): try emitExchange("pdl_exchange", halos, node)
        case .startExchange(let halos): try emitExchange("pdl_exchange_start", halos, node)
        case .finishExchange: callRuntime("pdl_exchange_finish", [])
        case .collective(let collective): try emitCollective(collective, node)
        case .fold: try emitFold(node)
        case .spread: throw CodeGenFault("spread is gone in the local stage")
        case .array(let operation): try emitArrayOperation(operation, node)
        case .loadFile: try emitLoad(node)
        case .saveFile: try emitSave(node)
        case .print(let pieces): try emitPrint(pieces, node)
        case .show(let name): try emitShow(name, node)
        case .assertion(let pieces): try emitAssertion(pieces, node)
        case .checkExtent(let what): try emitCheckExtent(what, node)
        case .element, .neighbour, .update, .yield:
            throw CodeGenFault("not an operation of the local stage: \(node.operation)")
        }
    }

    // MARK: Values

    func define(_ value: Value, _ operand: Operand) { environment[value.id] = operand }
    func define(_ node: Node, _ values: [LLVMValue]) {
        for (result, value) in zip(node.results, values) { define(result, .uniform(value)) }
    }
    /// Writes code whose values are those of code that goes on afterwards.
    func besides(_ body: () throws -> Void) rethrows {
        let (outer, place) = (environment, builder.current)
        try body()
        environment = outer
        builder.move(to: place)
    }
    func note(_ value: Value, is integer: Int) { knownIntegers[value] = integer }

    func operand(_ value: Value) throws -> Operand {
        guard let operand = environment[value.id] else { throw CodeGenFault("%\(value.id) is used before it is made") }
        return operand
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
        case .c64, .c128: throw CodeGenFault("no code for complex numbers yet")
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

internal import CLLVM

/// Appends instructions to a block.
public final class LLVMBuilder {
    let ref: OpaquePointer
    public let module: LLVMModule

    public init(_ module: LLVMModule) {
        self.module = module
        ref = LLVMCreateBuilderInContext(module.context)
    }

    deinit { LLVMDisposeBuilder(ref) }

    // MARK: Blocks

    /// A new block at the end of the current function.
    public func block(_ name: String) -> LLVMBlock {
        let function = LLVMGetBasicBlockParent(LLVMGetInsertBlock(ref))
        return LLVMBlock(LLVMAppendBasicBlockInContext(module.context, function, name))
    }
    /// The first block of a function that has none yet.
    public func entry(of function: LLVMValue) -> LLVMBlock {
        LLVMBlock(LLVMAppendBasicBlockInContext(module.context, function.ref, "entry"))
    }
    public var current: LLVMBlock { LLVMBlock(LLVMGetInsertBlock(ref)) }
    public func move(to block: LLVMBlock) { LLVMPositionBuilderAtEnd(ref, block.ref) }

    /// Runs `body` with the builder before the terminator of `block` or at its end, then comes back.
    public func inside<Result>(_ block: LLVMBlock, _ body: () throws -> Result) rethrows -> Result {
        let before = current
        if let terminator = LLVMGetBasicBlockTerminator(block.ref) {
            LLVMPositionBuilderBefore(ref, terminator)
        } else {
            move(to: block)
        }
        defer { move(to: before) }
        return try body()
    }

    /// Runs `body`, which writes another function and begins without a place in the source; then goes on where the builder was.
    public func elsewhere<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = LLVMGetInsertBlock(ref)
        let place = LLVMGetCurrentDebugLocation2(ref)
        LLVMSetCurrentDebugLocation2(ref, nil)
        defer {
            LLVMSetCurrentDebugLocation2(ref, place)
            if let before { LLVMPositionBuilderAtEnd(ref, before) }
        }
        return try body()
    }

    /// `value` of each field of a struct-valued call.
    public func field(of structure: LLVMValue, _ index: Int) -> LLVMValue {
        LLVMValue(LLVMBuildExtractValue(ref, structure.ref, UInt32(index), ""))
    }

    public func jump(_ block: LLVMBlock) { LLVMBuildBr(ref, block.ref) }
    /// The jump back of a loop. `asItIs`: LLVM shall neither vectorise nor unroll it.
    public func jumpBack(_ block: LLVMBlock, asItIs: Bool) {
        let jump = LLVMBuildBr(ref, block.ref)!
        if asItIs { LLVMSetMetadata(jump, module.metadataKind("llvm.loop"), module.plainLoop()) }
    }
    public func branch(_ condition: LLVMValue, _ then: LLVMBlock, _ otherwise: LLVMBlock) {
        LLVMBuildCondBr(ref, condition.ref, then.ref, otherwise.ref)
    }
    public func returnVoid() { LLVMBuildRetVoid(ref) }
    public func returnValue(_ value: LLVMValue) { LLVMBuildRet(ref, value.ref) }
    /// Returns a struct of these values, nothing when there are none.
    public func returnStructure(_ fields: [LLVMValue]) {
        var references = fields.map { Optional($0.ref) }
        if fields.isEmpty { returnVoid() } else { LLVMBuildAggregateRet(ref, &references, UInt32(fields.count)) }
    }
    public func unreachable() { LLVMBuildUnreachable(ref) }

    // MARK: Memory

    public func stackSlot(_ type: LLVMType) -> LLVMValue { LLVMValue(LLVMBuildAlloca(ref, type.ref, "")) }
    /// `alignment` 0: the type's own.
    public func load(_ type: LLVMType, _ address: LLVMValue, alignment: Int = 0) -> LLVMValue {
        let load = LLVMBuildLoad2(ref, type.ref, address.ref, "")!
        if alignment > 0 { LLVMSetAlignment(load, UInt32(alignment)) }
        return LLVMValue(load)
    }
    public func store(_ value: LLVMValue, _ address: LLVMValue, alignment: Int = 0) {
        let store = LLVMBuildStore(ref, value.ref, address.ref)!
        if alignment > 0 { LLVMSetAlignment(store, UInt32(alignment)) }
    }
    /// A load and a store of what is to stay in memory and not become a register.
    public func loadKept(_ type: LLVMType, _ address: LLVMValue) -> LLVMValue {
        let value = load(type, address)
        LLVMSetVolatile(value.ref, 1)
        return value
    }
    public func storeKept(_ value: LLVMValue, _ address: LLVMValue) {
        LLVMSetVolatile(LLVMBuildStore(ref, value.ref, address.ref), 1)
    }
    /// A store past the caches, of a vector that is aligned to its size.
    public func stream(_ value: LLVMValue, _ address: LLVMValue, alignment: Int) {
        let store = LLVMBuildStore(ref, value.ref, address.ref)!
        LLVMSetAlignment(store, UInt32(alignment))
        LLVMSetMetadata(store, module.metadataKind("nontemporal"), module.nontemporal())
    }
    /// The address of element `index`; a vector of indices gives a vector of addresses.
    public func element(_ type: LLVMType, _ base: LLVMValue, _ index: LLVMValue) -> LLVMValue {
        var indices: [OpaquePointer?] = [index.ref]
        return LLVMValue(LLVMBuildGEP2(ref, type.ref, base.ref, &indices, 1, ""))
    }
    public func field(_ type: LLVMType, _ base: LLVMValue, _ index: Int) -> LLVMValue {
        LLVMValue(LLVMBuildStructGEP2(ref, type.ref, base.ref, UInt32(index), ""))
    }

    // MARK: Values

    public func phi(_ type: LLVMType) -> LLVMValue { LLVMValue(LLVMBuildPhi(ref, type.ref, "")) }
    public func select(_ condition: LLVMValue, _ then: LLVMValue, _ otherwise: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildSelect(ref, condition.ref, then.ref, otherwise.ref, ""))
    }
    @discardableResult
    public func call(_ function: LLVMFunction, _ arguments: [LLVMValue]) -> LLVMValue {
        var references = arguments.map { Optional($0.ref) }
        return LLVMValue(
            LLVMBuildCall2(ref, function.type.ref, function.address.ref, &references, UInt32(arguments.count), ""))
    }
    @discardableResult
    public func intrinsic(_ name: String, _ types: [LLVMType], _ arguments: [LLVMValue]) throws -> LLVMValue {
        call(try module.intrinsic(name, types), arguments)
    }
    public func binary(_ operation: LLVMBinary, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildBinOp(ref, operation.opcode, a.ref, b.ref, ""))
    }
    public func compare(_ predicate: LLVMIntegerPredicate, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildICmp(ref, predicate.predicate, a.ref, b.ref, ""))
    }
    public func compare(_ predicate: LLVMFloatPredicate, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildFCmp(ref, predicate.predicate, a.ref, b.ref, ""))
    }
    public func not(_ a: LLVMValue) -> LLVMValue { LLVMValue(LLVMBuildNot(ref, a.ref, "")) }
    public func negateFloat(_ a: LLVMValue) -> LLVMValue { LLVMValue(LLVMBuildFNeg(ref, a.ref, "")) }
    public func cast(_ cast: LLVMCast, _ a: LLVMValue, to type: LLVMType) -> LLVMValue {
        LLVMValue(LLVMBuildCast(ref, cast.opcode, a.ref, type.ref, ""))
    }

    // MARK: Lanes

    public func lane(_ vector: LLVMValue, _ index: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildExtractElement(ref, vector.ref, index.ref, ""))
    }
    public func insert(_ value: LLVMValue, into vector: LLVMValue, _ index: LLVMValue) -> LLVMValue {
        LLVMValue(LLVMBuildInsertElement(ref, vector.ref, value.ref, index.ref, ""))
    }
    /// Lanes picked by number from `a` followed by `b`.
    public func shuffle(_ a: LLVMValue, _ b: LLVMValue, _ lanes: [Int]) -> LLVMValue {
        let mask = LLVMValue.vector(lanes.map { module.integer(32).constant($0) })
        return LLVMValue(LLVMBuildShuffleVector(ref, a.ref, b.ref, mask.ref, ""))
    }
    /// `value` in each of `count` lanes.
    public func splat(_ value: LLVMValue, _ count: Int) -> LLVMValue {
        let vector = value.type.vector(count)
        let first = insert(value, into: vector.poison, module.integer(64).constant(0))
        return shuffle(first, vector.poison, Array(repeating: 0, count: count))
    }
}

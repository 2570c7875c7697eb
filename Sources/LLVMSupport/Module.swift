internal import CLLVM

/// What LLVM has to say against a module: a fault of whoever built it.
public struct LLVMError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }

    /// Throws LLVM's message, if there is one, and frees it.
    static func check(_ failed: Bool, _ message: UnsafeMutablePointer<CChar>?) throws {
        defer { LLVMDisposeMessage(message) }
        if failed { throw LLVMError(message.map { String(cString: $0) } ?? "LLVM failed") }
    }
}

/// An LLVM module with a context of its own.
public final class LLVMModule {
    let context: OpaquePointer
    let ref: OpaquePointer
    public let target: LLVMTarget

    public init(name: String, target: LLVMTarget) {
        context = LLVMContextCreate()
        ref = LLVMModuleCreateWithNameInContext(name, context)
        self.target = target
        LLVMSetTarget(ref, target.triple)
        let layout = LLVMCreateTargetDataLayout(target.machine)
        LLVMSetModuleDataLayout(ref, layout)
        LLVMDisposeTargetData(layout)
    }

    deinit {
        LLVMDisposeModule(ref)
        LLVMContextDispose(context)
    }

    // MARK: Types

    public var void: LLVMType { LLVMType(LLVMVoidTypeInContext(context)) }
    public var pointer: LLVMType { LLVMType(LLVMPointerTypeInContext(context, 0)) }
    public var float: LLVMType { LLVMType(LLVMFloatTypeInContext(context)) }
    public var double: LLVMType { LLVMType(LLVMDoubleTypeInContext(context)) }
    public func integer(_ bits: Int) -> LLVMType { LLVMType(LLVMIntTypeInContext(context, UInt32(bits))) }
    public func structure(_ fields: [LLVMType]) -> LLVMType {
        var references = fields.map { Optional($0.ref) }
        return LLVMType(LLVMStructTypeInContext(context, &references, UInt32(fields.count), 0))
    }

    // MARK: Globals

    /// A constant; private unless it has a name that the linker is to see.
    public func constant(_ value: LLVMValue, exportedAs name: String? = nil) -> LLVMValue {
        let global = LLVMAddGlobal(ref, value.type.ref, name ?? "")!
        LLVMSetInitializer(global, value.ref)
        LLVMSetGlobalConstant(global, 1)
        if name == nil {
            LLVMSetLinkage(global, LLVMPrivateLinkage)
            LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr)
        }
        return LLVMValue(global)
    }

    /// The bytes of a C string, closed by a zero.
    public func text(_ text: String) -> LLVMValue {
        let bytes = Array(text.utf8).map { CChar(bitPattern: $0) }
        return LLVMValue(LLVMConstStringInContext2(context, bytes, bytes.count, 0))
    }

    /// A function of that name, declared once.
    public func function(_ name: String, _ type: LLVMType, _ attributes: [String] = []) -> LLVMValue {
        if let known = LLVMGetNamedFunction(ref, name) { return LLVMValue(known) }
        let function = LLVMAddFunction(ref, name, type.ref)!
        for attribute in attributes { add(attribute, to: function) }
        return LLVMValue(function)
    }

    /// Who sees a function: its module, its executable, everyone.
    public enum Visibility { case `internal`, hidden, exported }

    /// A function to be defined here: for the host's processor, and nothing unwinds.
    public func definition(_ name: String, _ type: LLVMType, _ visibility: Visibility) -> LLVMValue {
        let function = self.function(name, type, ["nounwind"])
        switch visibility {
        case .internal: LLVMSetLinkage(function.ref, LLVMInternalLinkage)
        case .hidden: LLVMSetVisibility(function.ref, LLVMHiddenVisibility)
        case .exported: break
        }
        for (key, value) in [("target-cpu", target.cpu), ("target-features", target.features)] {
            let attribute = LLVMCreateStringAttribute(
                context, key, UInt32(key.utf8.count), value, UInt32(value.utf8.count))
            LLVMAddAttributeAtIndex(function.ref, functionIndex, attribute)
        }
        return function
    }

    /// The declaration of an intrinsic (`llvm.fma`) for these types.
    public func intrinsic(_ name: String, _ types: [LLVMType]) throws -> LLVMFunction {
        let id = LLVMLookupIntrinsicID(name, name.utf8.count)
        guard id != 0 else { throw LLVMError("this LLVM has no intrinsic \(name)") }
        var references = types.map { Optional($0.ref) }
        let function = LLVMGetIntrinsicDeclaration(ref, id, &references, references.count)!
        return LLVMFunction(LLVMValue(function), LLVMType(LLVMGlobalGetValueType(function)))
    }

    private let functionIndex = LLVMAttributeIndex(bitPattern: -1)

    /// Says that what a function returns is memory that nothing else refers to, so aligned.
    public func returnsFreshMemory(_ function: LLVMValue, alignment: Int) {
        add("noalias", to: function.ref, at: 0)
        add("align", to: function.ref, at: 0, value: alignment)
    }

    public func isNeverInlined(_ function: LLVMValue) { add("noinline", to: function.ref) }
    /// Says that a parameter is an address that is a multiple of `alignment`.
    public func isAligned(_ function: LLVMValue, parameter: Int, _ alignment: Int) {
        add("align", to: function.ref, at: UInt32(parameter + 1), value: alignment)
    }
    /// Says that what a parameter points at is reached by it alone.
    public func isAlone(_ function: LLVMValue, parameter: Int) {
        add("noalias", to: function.ref, at: UInt32(parameter + 1))
    }

    /// `memory(none)` is written "memory" with the value 0; the others stand for themselves.
    private func add(_ attribute: String, to function: OpaquePointer, at index: UInt32? = nil, value: Int = 0) {
        let kind = LLVMGetEnumAttributeKindForName(attribute, attribute.utf8.count)
        LLVMAddAttributeAtIndex(
            function, index ?? functionIndex, LLVMCreateEnumAttribute(context, kind, UInt64(value)))
    }

    // MARK: Metadata

    func metadataKind(_ name: String) -> UInt32 { LLVMGetMDKindIDInContext(context, name, UInt32(name.utf8.count)) }

    /// A loop's own mark (it names itself, so no two are one) with the hints not to vectorise and not to unroll.
    func plainLoop() -> OpaquePointer {
        let own = LLVMTemporaryMDNode(context, nil, 0)
        let no = LLVMValueAsMetadata(integer(1).constant(0).ref)
        let vectorise = node([text("llvm.loop.vectorize.enable"), no])
        let loop = node([own, vectorise, node([text("llvm.loop.unroll.disable")])])
        LLVMMetadataReplaceAllUsesWith(own, loop)
        return LLVMMetadataAsValue(context, loop)
    }

    /// The mark of a store past the caches.
    func nontemporal() -> OpaquePointer? {
        LLVMMetadataAsValue(context, node([LLVMValueAsMetadata(integer(32).constant(1).ref)]))
    }

    private func node(_ operands: [OpaquePointer?]) -> OpaquePointer? {
        var operands = operands
        return LLVMMDNodeInContext2(context, &operands, operands.count)
    }

    private func text(_ text: String) -> OpaquePointer? { LLVMMDStringInContext2(context, text, text.utf8.count) }

    // MARK: Out

    public var text: String {
        let message = LLVMPrintModuleToString(ref)!
        defer { LLVMDisposeMessage(message) }
        return String(cString: message)
    }

    public func verify() throws {
        var message: UnsafeMutablePointer<CChar>?
        let failed = LLVMVerifyModule(ref, LLVMReturnStatusAction, &message) != 0
        try LLVMError.check(failed, message)
    }

    /// What LLVM's passes are for, in this order. The module's loops over elements are vectors already and its functions call
    /// nothing that could be inlined: what is left takes less than half the time of LLVM's own pipeline for -O3.
    private static let passes = [
        // Slots on the stack become registers.
        "sroa<modify-cfg>", "early-cse<memssa>", "simplifycfg", "instcombine<no-verify-fixpoint>", "simplifycfg",
        // What is the same in every turn leaves the loop; equal loads are one.
        "loop-mssa(loop-rotate,licm)", "gvn", "instcombine<no-verify-fixpoint>",
        // Plain loops: filling memory, combining two arrays.
        "loop(loop-idiom,indvars,loop-deletion)", "loop-vectorize", "dse",
        // Short inner loops become straight code, of which more is the same in every turn of the outer one.
        "loop-unroll<O3>", "early-cse", "instcombine<no-verify-fixpoint>", "loop-mssa(licm)", "adce", "simplifycfg",
    ]

    /// Runs LLVM's passes; nothing at level 0.
    public func optimise(_ level: Int) throws {
        guard level > 0 else { return }
        let options = LLVMCreatePassBuilderOptions()
        defer { LLVMDisposePassBuilderOptions(options) }
        let pipeline = "function(\(Self.passes.joined(separator: ",")))"
        if let error = LLVMRunPasses(ref, pipeline, target.machine, options) {
            let message = LLVMGetErrorMessage(error)
            defer { LLVMDisposeErrorMessage(message) }
            throw LLVMError(message.map { String(cString: $0) } ?? "LLVM's passes failed")
        }
    }

    public enum Output { case assembly, object }

    /// The module as a file; what it holds afterwards is of no more use.
    public func emit(_ output: Output) throws -> [UInt8] {
        var message: UnsafeMutablePointer<CChar>?
        var buffer: OpaquePointer?
        let kind = output == .object ? LLVMObjectFile : LLVMAssemblyFile
        let failed = LLVMTargetMachineEmitToMemoryBuffer(target.machine, ref, kind, &message, &buffer) != 0
        try LLVMError.check(failed, message)
        defer { LLVMDisposeMemoryBuffer(buffer) }
        let bytes = UnsafeRawBufferPointer(start: LLVMGetBufferStart(buffer), count: LLVMGetBufferSize(buffer))
        return Array(bytes)
    }
}

/// Something to call: its address and its type.
public struct LLVMFunction {
    public let address: LLVMValue
    public let type: LLVMType
    public init(_ address: LLVMValue, _ type: LLVMType) {
        self.address = address
        self.type = type
    }
}

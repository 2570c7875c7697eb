internal import CLLVM

/// Line information of one source file for a debugger: a compile unit, the file, functions and places.
public final class LLVMDebugInfo {
    private let builder: OpaquePointer
    private let module: LLVMModule
    private let file: OpaquePointer
    private let unit: OpaquePointer

    public init(_ module: LLVMModule, path: String, directory: String, isOptimised: Bool) {
        self.module = module
        builder = LLVMCreateDIBuilder(module.ref)
        file = LLVMDIBuilderCreateFile(builder, path, path.utf8.count, directory, directory.utf8.count)
        let producer = "pdlc"
        unit = LLVMDIBuilderCreateCompileUnit(
            builder, LLVMDWARFSourceLanguageC99, file, producer, producer.utf8.count, isOptimised ? 1 : 0, nil, 0, 0,
            nil, 0, LLVMDWARFEmissionFull, 0, 0, 0, nil, 0, nil, 0)
        addFlag("Debug Info Version", Int(LLVMDebugMetadataVersion()))
        addFlag("Dwarf Version", 4)
    }

    deinit { LLVMDisposeDIBuilder(builder) }

    private func addFlag(_ key: String, _ value: Int) {
        let metadata = LLVMValueAsMetadata(module.integer(32).constant(value).ref)
        LLVMAddModuleFlag(module.ref, LLVMModuleFlagBehaviorWarning, key, key.utf8.count, metadata)
    }

    /// Says that a function stands at a line under a name.
    public func describe(_ function: LLVMValue, as name: String, line: Int) -> Scope {
        let type = LLVMDIBuilderCreateSubroutineType(builder, file, nil, 0, LLVMDIFlagZero)
        let program = LLVMDIBuilderCreateFunction(
            builder, unit, name, name.utf8.count, name, name.utf8.count, file, UInt32(line), type, 0, 1, UInt32(line),
            LLVMDIFlagZero, 0)
        LLVMSetSubprogram(function.ref, program)
        return Scope(metadata: program!)
    }

    /// A function, as the place of instructions.
    public struct Scope { let metadata: OpaquePointer }

    /// The instructions that `builder` makes from now on stand at this place.
    public func place(_ builder: LLVMBuilder, line: Int, column: Int, in scope: Scope) {
        let location = LLVMDIBuilderCreateDebugLocation(
            module.context, UInt32(line), UInt32(column), scope.metadata, nil)
        LLVMSetCurrentDebugLocation2(builder.ref, location)
    }

    /// Must be called before the module is verified.
    public func finish() { LLVMDIBuilderFinalize(builder) }
}

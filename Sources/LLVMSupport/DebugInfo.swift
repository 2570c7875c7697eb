internal import CLLVM

/// What a debugger is told of a program: its files, functions, places and variables.
public final class LLVMDebugInfo {
    let builder: OpaquePointer
    let module: LLVMModule
    let file: OpaquePointer
    private let unit: OpaquePointer
    private let directory: String
    private var files: [String: OpaquePointer] = [:]
    private var inlined: [String: OpaquePointer] = [:]
    /// How many extents of arrays were described.
    var extents = 0

    public init(_ module: LLVMModule, path: String, directory: String, isOptimised: Bool) {
        self.module = module
        self.directory = directory
        builder = LLVMCreateDIBuilder(module.ref)
        file = LLVMDIBuilderCreateFile(builder, path, path.utf8.count, directory, directory.utf8.count)
        files[path] = file
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

    /// A place in a source file.
    public struct Place {
        let path: String
        let line, column: Int
        public init(path: String, line: Int, column: Int) { (self.path, self.line, self.column) = (path, line, column) }
    }

    /// A function, or the body of one that is written out at a call: where instructions stand.
    public struct Scope {
        let metadata: OpaquePointer
        /// The place of the call.
        var call: OpaquePointer?
    }

    /// Says that a function stands at a line under a name.
    public func describe(_ function: LLVMValue, as name: String, line: Int) -> Scope {
        let program = subprogram(name, file, line)
        LLVMSetSubprogram(function.ref, program)
        return Scope(metadata: program)
    }

    /// The body of a function that is written out where `outer` calls it.
    public func writtenOut(_ name: String, in path: String, line: Int, calledAt place: Place, in outer: Scope) -> Scope
    {
        let key = "\(path):\(name)"
        let program = inlined[key] ?? subprogram(name, file(path), line)
        inlined[key] = program
        return Scope(metadata: program, call: location(place, outer))
    }

    private func subprogram(_ name: String, _ file: OpaquePointer, _ line: Int) -> OpaquePointer {
        let type = LLVMDIBuilderCreateSubroutineType(builder, file, nil, 0, LLVMDIFlagZero)
        return LLVMDIBuilderCreateFunction(
            builder, unit, name, name.utf8.count, name, name.utf8.count, file, UInt32(line), type, 1, 1, UInt32(line),
            LLVMDIFlagZero, 0)
    }

    func file(_ path: String) -> OpaquePointer {
        if let known = files[path] { return known }
        let file = LLVMDIBuilderCreateFile(builder, path, path.utf8.count, directory, directory.utf8.count)!
        files[path] = file
        return file
    }

    /// The instructions that `builder` makes from now on stand at this place.
    public func place(_ builder: LLVMBuilder, _ place: Place, in scope: Scope) {
        LLVMSetCurrentDebugLocation2(builder.ref, location(place, scope))
    }

    func location(_ place: Place, _ scope: Scope) -> OpaquePointer {
        LLVMDIBuilderCreateDebugLocation(
            module.context, UInt32(place.line), UInt32(place.column), scope.metadata, scope.call)
    }

    /// Must be called before the module is verified.
    public func finish() { LLVMDIBuilderFinalize(builder) }
}

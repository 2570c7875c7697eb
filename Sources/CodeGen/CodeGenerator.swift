import IR
import LLVMSupport

public struct CodeGenOptions: Hashable, Sendable {
    /// 0 to 3, as in -O3.
    public var optimisation: Int
    /// Line information for a debugger.
    public var debugInfo: Bool
    /// The folder that the file's path is relative to, for a debugger.
    public var directory: String

    public init(optimisation: Int = 3, debugInfo: Bool = false, directory: String = ".") {
        self.optimisation = optimisation
        self.debugInfo = debugInfo
        self.directory = directory
    }
}

/// Something that must not happen: the module breaks the local stage's contract, or LLVM refuses what was made of it.
public struct CodeGenFault: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// IR (local) → LLVM, for the machine that pdlc runs on.
public struct CodeGenerator {
    public static func generate(_ module: Module, options: CodeGenOptions) throws -> GeneratedCode {
        guard module.stage == .local else { throw CodeGenFault("code is made of the local stage only") }
        let target = try LLVMTarget(optimisation: options.optimisation)
        let emitter = try Emitter(module, target, options)
        try emitter.emitProgram()
        do {
            try emitter.llvm.verify()
        } catch let error as LLVMError {
            throw CodeGenFault("LLVM's verifier: \(error)")
        }
        let text = emitter.llvm.text
        try emitter.llvm.optimise(options.optimisation)
        return GeneratedCode(llvm: text, module: emitter.llvm)
    }
}

/// A program as LLVM has it, to be looked at or linked with the runtime.
public struct GeneratedCode {
    /// The text before LLVM's optimiser.
    public let llvm: String
    private let module: LLVMModule

    init(llvm: String, module: LLVMModule) {
        self.llvm = llvm
        self.module = module
    }

    /// The text after LLVM's optimiser.
    public var optimisedLLVM: String { module.text }
    public func assembly() throws -> String { String(decoding: try module.emit(.assembly), as: UTF8.self) }
    /// An object file for the linker: defines what pdl.h says that generated code defines.
    public func object() throws -> [UInt8] { try module.emit(.object) }
}

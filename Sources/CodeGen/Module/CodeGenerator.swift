import IR
import LLVMSupport

public struct CodeGenOptions: Hashable, Sendable {
    /// 0 to 3, as in -O3.
    public var optimisation: Int
    /// Line information for a debugger.
    public var debugInfo: Bool
    /// Say at run time which line the program is at, for a profile.
    public var profile = false
    /// The folder that the file's path is relative to, for a debugger.
    public var directory: String
    public var target: Target
    /// The name of the module's `pdl_program`: `pdl_main`, or one for each function of a library.
    public var symbol: String

    public init(
        optimisation: Int = 3, debugInfo: Bool = false, directory: String = ".", target: Target = .native,
        symbol: String = "pdl_main"
    ) {
        self.optimisation = optimisation
        self.debugInfo = debugInfo
        self.directory = directory
        self.target = target
        self.symbol = symbol
    }
}

/// Something that must not happen: the module breaks the local stage's contract, or LLVM refuses what was made of it.
public struct CodeGenFault: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// IR (local) → LLVM, for a target.
public struct CodeGenerator {
    public static func generate(_ module: Module, options: CodeGenOptions) throws -> GeneratedCode {
        guard module.stage == .local else { throw CodeGenFault("code is made of the local stage only") }
        let units = try CodegenUnits(module, options)
        return GeneratedCode(units: units.emitters.map(\.llvm), optimisation: options.optimisation)
    }
}

/// A program as LLVM has it before its optimiser, to be looked at or, once, to be made something else.
public struct GeneratedCode: ~Copyable {
    private let units: [LLVMModule]
    private let optimisation: Int

    init(units: [LLVMModule], optimisation: Int) {
        self.units = units
        self.optimisation = optimisation
    }

    public var llvm: String { units.map(\.text).joined(separator: "\n") }

    /// The text after LLVM's optimiser.
    public consuming func optimisedLLVM() throws -> String { try finished(\.text).joined(separator: "\n") }
    public consuming func assembly() throws -> String {
        try finished { String(decoding: try $0.emit(.assembly), as: UTF8.self) }.joined(separator: "\n")
    }
    /// Object files for the linker: together they define what pdl.h says that generated code defines.
    public consuming func objects() throws -> [[UInt8]] { try finished { try $0.emit(.object) } }

    /// Optimises the units side by side, and what `result` makes of each.
    private consuming func finished<Result: Sendable>(
        _ result: @Sendable (LLVMModule) throws -> Result
    ) throws -> [Result] {
        let level = optimisation
        return try sideBySide(units) { unit in
            do {
                try unit.verify()
            } catch let error as LLVMError {
                throw CodeGenFault("LLVM's verifier: \(error)")
            }
            try unit.optimise(level)
            return try result(unit)
        }
    }
}

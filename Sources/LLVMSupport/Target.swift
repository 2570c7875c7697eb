internal import CLLVM

/// The machine that pdlc runs on, as LLVM knows it.
public final class LLVMTarget {
    let machine: OpaquePointer
    let triple: String
    public let cpu: String
    let features: String

    /// The host. `level` is 0 to 3, as in -O3.
    public init(optimisation level: Int) throws {
        guard LLVMInitializeNativeTarget() == 0, LLVMInitializeNativeAsmPrinter() == 0 else {
            throw LLVMError("this LLVM cannot make code for this machine")
        }
        triple = LLVMTarget.take(LLVMGetDefaultTargetTriple())
        cpu = LLVMTarget.take(LLVMGetHostCPUName())
        features = LLVMTarget.take(LLVMGetHostCPUFeatures())
        var target: OpaquePointer?
        var message: UnsafeMutablePointer<CChar>?
        let failed = LLVMGetTargetFromTriple(triple, &target, &message) != 0
        try LLVMError.check(failed, message)
        let levels = [LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault, LLVMCodeGenLevelAggressive]
        machine = LLVMCreateTargetMachine(
            target, triple, cpu, features, levels[max(0, min(level, 3))], LLVMRelocPIC, LLVMCodeModelDefault)
    }

    deinit { LLVMDisposeTargetMachine(machine) }

    /// Whether the processor has this feature: `avx2`.
    public func has(_ feature: String) -> Bool { features.split(separator: ",").contains("+\(feature)") }

    private static func take(_ message: UnsafeMutablePointer<CChar>?) -> String {
        defer { LLVMDisposeMessage(message) }
        return message.map { String(cString: $0) } ?? ""
    }
}

extension LLVMTarget {
    /// `19.1.7`
    public static var version: String {
        var (major, minor, patch): (UInt32, UInt32, UInt32) = (0, 0, 0)
        LLVMGetVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}

internal import CLLVM

/// A processor's names and features, as LLVM writes them.
public struct LLVMProcessor: Sendable {
    public let triple: String
    public let cpu: String
    public let features: String

    public init(triple: String, cpu: String, features: String) {
        (self.triple, self.cpu, self.features) = (triple, cpu, features)
    }
}

/// What LLVM makes code for.
public final class LLVMTarget {
    let machine: OpaquePointer
    let triple: String
    let cpu: String
    let features: String

    /// `level` is 0 to 3, as in -O3.
    public init(_ processor: LLVMProcessor, optimisation level: Int) throws {
        LLVMTarget.register(processor.triple)
        (triple, cpu, features) = (processor.triple, processor.cpu, processor.features)
        var target: OpaquePointer?
        var message: UnsafeMutablePointer<CChar>?
        let failed = LLVMGetTargetFromTriple(triple, &target, &message) != 0
        try LLVMError.check(failed, message)
        let levels = [LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault, LLVMCodeGenLevelAggressive]
        machine = LLVMCreateTargetMachine(
            target, triple, cpu, features, levels[max(0, min(level, 3))], LLVMRelocPIC, LLVMCodeModelDefault)
    }

    deinit { LLVMDisposeTargetMachine(machine) }

    /// The machine that pdlc runs on.
    public static var host: LLVMProcessor {
        LLVMProcessor(
            triple: take(LLVMGetDefaultTargetTriple()), cpu: take(LLVMGetHostCPUName()),
            features: take(LLVMGetHostCPUFeatures()))
    }

    private static func register(_ triple: String) {
        if triple.hasPrefix("aarch64") {
            LLVMInitializeAArch64TargetInfo()
            LLVMInitializeAArch64Target()
            LLVMInitializeAArch64TargetMC()
            LLVMInitializeAArch64AsmPrinter()
        } else {
            LLVMInitializeX86TargetInfo()
            LLVMInitializeX86Target()
            LLVMInitializeX86TargetMC()
            LLVMInitializeX86AsmPrinter()
        }
    }

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

import CodeGen
import FoundationEssentials
import LLVMSupport
import Source

/// Looks at everything that a program needs to be built and run here.
public struct Doctor {
    public struct Finding: Sendable {
        public var isFine: Bool
        public var subject: String
        public var detail: String
    }

    private let mpicc: String?
    private let mpiexec: String?

    public init(mpicc: String?, mpiexec: String?) {
        (self.mpicc, self.mpiexec) = (mpicc, mpiexec)
    }

    /// In the order in which things are needed; ends at the first that makes the rest pointless.
    public func examine() async throws -> [Finding] {
        var findings = [llvm()]
        let cache = try Cache()
        findings.append(Finding(isFine: true, subject: "cache", detail: cache.folder))
        do {
            let toolchain = try await Toolchain(mpicc: mpicc, cache: cache)
            let name = "\(toolchain.family.rawValue) \(toolchain.version)"
            findings.append(Finding(isFine: true, subject: "mpicc", detail: "\(toolchain.mpicc): \(name)"))
            let launcher = try toolchain.launcher(mpiexec)
            findings.append(try await version(of: launcher, for: toolchain))
            findings.append(try await trial(toolchain, Runner(toolchain: toolchain, launcher: launcher), cache))
        } catch let problem as UsageError {
            findings.append(Finding(isFine: false, subject: "MPI", detail: problem.description))
        }
        return findings
    }

    private func llvm() -> Finding {
        let target = Target.native
        let missing = target.missing
        let lacks = missing.isEmpty ? "" : ", which lacks \(missing.joined(separator: " and "))"
        return Finding(
            isFine: missing.isEmpty, subject: "LLVM", detail: "\(LLVMTarget.version), code for \(target.cpu)\(lacks)")
    }

    private func version(of launcher: String, for toolchain: Toolchain) async throws -> Finding {
        let family = try await Toolchain.Family(ofLauncher: launcher)
        let fits = family == nil || family == toolchain.family
        return Finding(
            isFine: fits, subject: "mpiexec",
            detail: launcher
                + (fits ? "" : ": belongs to \(family?.rawValue ?? ""), not to \(toolchain.family.rawValue)"))
    }

    /// A program of two ranks, from its text to its output.
    private func trial(_ toolchain: Toolchain, _ runner: Runner, _ cache: Cache) async throws -> Finding {
        let file = SourceFile(
            path: "doctor.pdl", "let a = scatter(f64(arange(1000)))\nprint \"{sum(a)} {ranks()}\"\n")
        let compilation = Compilation(file)
        let executable = Files.temporaryName(beside: cache.folder + "/doctor")
        defer { try? FileManager.default.removeItem(atPath: executable) }
        try await compilation.build(to: executable, toolchain: toolchain, cache: cache)
        let outcome = try await Tool.run(
            runner.command(executable, ranks: 2, arguments: []), environment: runner.environment)
        let runs = outcome.succeeded && outcome.output == "499500.0 2\n"
        return Finding(
            isFine: runs, subject: "two ranks",
            detail: runs ? "a program runs" : "a program fails: \(outcome.output)\(outcome.errors)")
    }
}

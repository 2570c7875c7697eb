import CodeGen
import Embedded
import FoundationEssentials

/// The C runtime as an object file: compiled by the user's own MPI compiler when it is first needed, then kept.
struct RuntimeCache {
    let cache: Cache
    let toolchain: Toolchain
    var target = Target.native
    /// For a library instead of a program; for one that measures itself.
    var isForLibrary = false
    var isProfiled = false

    /// For the processor that the program's own code is for. Contraction stays off: only the program's own `a*b + c` is fused.
    private var flags: [String] {
        ["-std=gnu11", "-O2"] + target.runtimeFlags + ["-fPIC", "-ffp-contract=off", "-Wall", "-c"]
            + (isForLibrary ? ["-DPDL_LIBRARY"] : []) + (isProfiled ? ["-DPDL_PROFILE"] : [])
    }

    /// The path of the object.
    func object() async throws -> String {
        var key = Fingerprint(toolchain.identity, flags.joined(separator: " "))
        // A home folder may be shared by machines of several kinds.
        if target == .native { key.add(Files.processorFeatures()) }
        for file in RuntimeSources.files {
            key.add(Array(file.name.utf8))
            key.add(file.text)
        }
        let object = cache.path("runtime", key, ".o")
        if !FileManager.default.fileExists(atPath: object) { try await compile(to: object) }
        return object
    }

    private func compile(to object: String) async throws {
        let folder = Files.temporaryName(beside: object)
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        try RuntimeSources.write(into: folder)
        // The wrapper itself: this happens once, and it knows best.
        let compiled = "\(folder)/runtime.o"
        let outcome = try await Tool.run(
            [toolchain.mpicc] + flags + ["\(folder)/\(RuntimeSources.main)", "-o", compiled])
        guard outcome.succeeded else {
            throw CompilerFault("\(toolchain.mpicc) cannot compile the runtime:\n\(outcome.errors)")
        }
        try Files.move(compiled, to: object)
    }
}

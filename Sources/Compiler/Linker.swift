import CodeGen
import FoundationEssentials
import Language

/// Object and runtime → executable, by the compiler that stands behind the user's `mpicc`.
public struct Linker {
    let cache: Cache
    let toolchain: Toolchain
    let target: Target
    /// Whether the program measures itself.
    let isProfiled: Bool

    public init(cache: Cache, toolchain: Toolchain, target: Target = .native, isProfiled: Bool = false) {
        (self.cache, self.toolchain, self.target, self.isProfiled) = (cache, toolchain, target, isProfiled)
    }

    /// Writes `output` whole or not at all. `objects` are what stands in the object files, `fileKinds` what the program loads and saves.
    public func link(objects: [[UInt8]], fileKinds: Set<FileKind> = [], to output: String) async throws {
        let runtime = try await RuntimeCache(
            cache: cache, toolchain: toolchain, target: target, isProfiled: isProfiled
        ).object()
        let libraries = try await FileLibraryCache(cache: cache).objects(
            for: fileKinds, toolchain: toolchain, target: target)
        let stem = Files.temporaryName(beside: "\(cache.folder)/program")
        let objectFiles = objects.indices.map { "\(stem).\($0).o" }
        defer { for file in objectFiles { try? FileManager.default.removeItem(atPath: file) } }
        for (file, object) in zip(objectFiles, objects) { try Files.write(object, to: file) }
        try await link(objectFiles + [runtime] + libraries.files, to: output, libraries: libraries.flags)
    }

    /// Links files, or compiles and links them, to an output that appears whole or not at all.
    func link(
        _ inputs: [String], to output: String, flags: [String] = [], libraries: [String] = []
    ) async throws {
        guard Files.isFolder(Files.folder(of: output)) else {
            throw UsageError("cannot write \(output): there is no folder \(Files.folder(of: output))")
        }
        let temporary = Files.temporaryName(beside: output)
        let inputs = flags + inputs + ["-o", temporary, "-Wl,--as-needed", "-lsleef", "-lm"] + libraries
        let outcome = try await Tool.run([toolchain.command[0]] + inputs + toolchain.command.dropFirst())
        guard outcome.succeeded else {
            try? FileManager.default.removeItem(atPath: temporary)
            throw UsageError(Self.explain(outcome.errors, output: output, toolchain: toolchain))
        }
        try Files.move(temporary, to: output)
    }

    private static func explain(_ errors: String, output: String, toolchain: Toolchain) -> String {
        if errors.contains("-lsleef") {
            return "cannot find the math library SLEEF; install it, for example `apt install libsleef-dev`"
        }
        return "cannot link \(output) with \(toolchain.mpicc):\n\(errors)"
    }
}

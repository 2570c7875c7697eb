import FoundationEssentials
import Glibc

/// Executables that `pdlc run` has built, by everything that they were made from: running a program again starts at once.
public struct ExecutableCache {
    private static let limit = 64
    let cache: Cache

    public init(cache: Cache) { self.cache = cache }

    /// The executable's path; it is built when it is not there.
    public func executable(of compilation: Compilation, toolchain: Toolchain) async throws -> String {
        var key = Fingerprint(
            compilation.file.path, "\(compilation.options)", toolchain.identity, Files.signature("/proc/self/exe"))
        key.add(compilation.file.text)
        for file in try compilation.typed().imports { key.add(file.text) }
        let path = cache.path("run", key)
        if access(path, X_OK) == 0 {
            utimensat(AT_FDCWD, path, nil, 0)
        } else {
            try await compilation.build(to: path, toolchain: toolchain, cache: cache)
            cache.prune("run", limit: Self.limit)
        }
        return path
    }
}

extension Compilation {
    /// What `pdlc build` makes of `samples/psum.pdl`: `psum`.
    public var executableName: String {
        let stem = Files.stem(of: file.path)
        // Without an extension the executable would be the program's own file.
        return stem == file.path ? stem + ".out" : stem
    }
}

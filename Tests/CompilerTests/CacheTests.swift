import FoundationEssentials
import Glibc
import Testing

@testable import Compiler

@Suite struct CacheTests {
    @Test func partsOfAFingerprintDoNotRunTogether() {
        #expect("\(Fingerprint("ab", "c"))" != "\(Fingerprint("a", "bc"))")
        #expect("\(Fingerprint("a"))" == "\(Fingerprint("a"))")
        #expect("\(Fingerprint())".count == 32)
        #expect("\(Fingerprint("a"))" != "\(Fingerprint("b"))")
    }

    @Test func pruningKeepsTheNewest() throws {
        let folder = try Folder()
        for index in 0..<5 {
            let path = "\(folder.path)/run-\(index)"
            try Files.write([1], to: path)
            let date = Date(timeIntervalSince1970: Double(1000 + index))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        try Files.write([1], to: "\(folder.path)/other-0")
        folder.cache.prune("run", limit: 2)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(left == ["other-0", "run-3", "run-4"])
    }

    /// What stands in a cache is executed: a folder that others could have written to is passed over.
    @Test func aFolderOfOthersIsNoCache() throws {
        let folder = try Folder()
        func cache() throws -> String {
            try Cache(environment: ["XDG_CACHE_HOME": folder.path, "HOME": folder.path + "/home"]).folder
        }
        let (first, second) = (folder.path + "/pdlc", folder.path + "/home/.cache/pdlc")
        #expect(try cache() == first)
        chmod(first, 0o777)
        #expect(try cache() == second)
        try FileManager.default.removeItem(atPath: first)
        symlink(second, first)
        #expect(try cache() == second)
        #expect(try Cache(environment: ["XDG_CACHE_HOME": "", "HOME": folder.path + "/home"]).folder == second)
    }

    @Test func severalAtOnceMakeOneRuntime() async throws {
        let folder = try Folder()
        let toolchain = try await Toolchain(cache: folder.cache)
        let runtime = RuntimeCache(cache: folder.cache, toolchain: toolchain)
        async let first = runtime.object()
        async let second = runtime.object()
        let paths = try await [first, second]
        #expect(paths[0] == paths[1])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.count { $0.hasSuffix(".o") } == 1)
        #expect(!left.contains { $0.contains(".tmp") })
    }

    @Test func aFailedLinkLeavesTheOldExecutable() async throws {
        let folder = try Folder()
        let output = folder.path + "/program"
        try Files.write(Array("old".utf8), to: output)
        let linker = Linker(cache: folder.cache, toolchain: try await Toolchain(cache: folder.cache))
        await #expect(throws: UsageError.self) { try await linker.link(objects: [Array("no object".utf8)], to: output) }
        #expect(Files.read(output) == Array("old".utf8))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!left.contains { $0.contains(".tmp") })
    }
}
